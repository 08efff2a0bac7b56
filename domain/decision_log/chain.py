"""Bytes and hashes of the decision log: canonical text, salted commitments, the chain, receipts.

The formulas of the chain, for anybody who wants to write another verifier (everything is hashed as bytes)::

    commitment = SHA256(salt, 16 bytes || value, UTF-8)          one for each of who, work and text
    digest_n   = SHA256(body_n, UTF-8)
    hash_n     = SHA256(hash_{n-1}, 32 bytes || digest_n, 32 bytes),  hash_0 = 32 zero bytes
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

Salts: TypeAlias = Callable[[], bytes]

GENESIS = "0" * 64
"""The hash before entry 1."""

SALT_BYTES = 16
SAFE_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 7493, section 2.2)."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canon(value: object) -> str:
    """Return the one JSON text of `value`; for our ASCII keys it equals RFC 8785.

    Raises:
        TypeError: for a float, bytes, or anything but str, int, bool, None, list, tuple and dict.
        ValueError: for a string with NUL or a lone surrogate, an integer beyond ±(2**53 - 1), or a key that
            is not ASCII. Clean what people type with `domain.text` first.
    """
    _check(value)
    return _encode(value)


def _check(value: object) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_key(key)
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif not (value is None or isinstance(value, int)):
        raise TypeError(f"the log keeps no {type(value).__name__}")
    elif isinstance(value, int) and abs(value) > SAFE_INTEGER:
        raise ValueError("the log keeps integers up to 2**53 - 1; write longer ids as strings")


def _check_key(key: object) -> None:
    if not isinstance(key, str):
        raise TypeError("keys in the log are strings")
    if not key.isascii() or "\0" in key:
        raise ValueError("keys in the log are plain ASCII")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("the log keeps no NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("the log keeps no lone surrogate") from error


@dataclass(frozen=True, slots=True)
class Part:
    """A committed part of an entry: it can be withheld or erased without touching the chain.

    Attributes:
        salt: 16 random bytes in hex; without it nobody can guess the value back from its commitment.
        value: Canonical JSON text.
    """

    salt: str
    value: str

    @property
    def commitment(self) -> str:
        """The hash that stands in the entry's body; 64 hex digits."""
        return commitment(self.salt, self.value)


def new_salt() -> bytes:
    """Return 16 random bytes from the system's generator."""
    return secrets.token_bytes(SALT_BYTES)


def new_log_id() -> str:
    """Return the random name of a server's log: 128 bits in hex."""
    return secrets.token_hex(16)


def make_part(value: object, salts: Salts = new_salt) -> Part:
    """Commit to `value`; raise what `canon` raises, or ValueError if the salt is not 16 bytes long."""
    salt = salts()
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt is {SALT_BYTES} bytes long")
    return Part(salt.hex(), canon(value))


def commitment(salt: str, value: str) -> str:
    """Return the commitment to `value` under `salt` (hex); ValueError if the salt is not hex."""
    return sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def digest(body: str) -> str:
    """Return the SHA-256 of an entry's body; 64 hex digits."""
    return sha256(body.encode()).hexdigest()


def digest_of(body: bytes) -> bytes:
    """Return the `digest` of a body as bytes."""
    return sha256(body).hexdigest().encode()


def link(previous: str, body_digest: str) -> str:
    """Return the hash of an entry from the hash before it and the digest of its body, all hex."""
    return sha256(bytes.fromhex(previous) + bytes.fromhex(body_digest)).hexdigest()


def receipt(seq: int, entry_hash: str) -> str:
    """Return what a signer keeps: the entry's number and the first 12 hex digits of its hash.

    The verifier takes it as a pin.
    """
    return f"{seq}:{entry_hash[:12]}"
