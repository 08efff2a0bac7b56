"""Writing the log as a proof: a manifest, then a line for every entry, so that anybody can recompute the chain."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from domain.decision_log.chain import digest_of
from domain.export.filters import Manifest

LINES_TO_A_BLOCK = 500


class ProofRow(NamedTuple):
    """An entry as it is stored, in bytes: nothing is parsed, so nothing can get lost.

    `shown` is 1 for an entry in full, 0 for a stub. A salt is None if there never was such a part, and empty if it was
    erased.
    """

    seq: int
    shown: int
    body: bytes
    hash: bytes
    who_salt: bytes | None
    who: bytes | None
    work_salt: bytes | None
    work: bytes | None
    text_salt: bytes | None
    text: bytes | None


def proof_blocks(rows: Iterable[ProofRow], manifest: Manifest) -> Iterator[tuple[int, bytes]]:
    """Yield a proof block by block, each with the number of entries in it.

    The first block is the manifest. A line for every entry of the log follows, from entry 1 on. An entry that is not
    shown is a stub with the digest of its body, so that every filtered copy leads to the same head.
    """
    yield 0, manifest.line()
    block: list[bytes] = []
    withheld = frozenset(manifest.withheld)
    for row in rows:
        block.append(_full(row, withheld) if row.shown else _stub(row))
        if len(block) == LINES_TO_A_BLOCK:
            yield len(block), b"".join(block)
            block.clear()
    yield len(block), b"".join(block)


def _stub(row: ProofRow) -> bytes:
    return b'{"seq":%d,"digest":"%b"}\n' % (row.seq, digest_of(row.body))


def _full(row: ProofRow, withheld: Collection[str]) -> bytes:
    _, _, body, entry_hash, who_salt, who, work_salt, work, text_salt, text = row
    return b'{"body":"%b","hash":"%b","who":%b,"work":%b,"text":%b}\n' % (
        _quoted(body),
        entry_hash,
        _part(who_salt, who, "who" in withheld),
        _part(work_salt, work, "work" in withheld),
        _part(text_salt, text, "text" in withheld),
    )


def _part(salt: bytes | None, value: bytes | None, withheld: bool) -> bytes:  # noqa: FBT001 - named, it costs a tenth
    if salt is None:
        return b"null"
    if not salt or value is None:
        return b'"erased"'
    return b'"withheld"' if withheld else b'{"salt":"%b","value":"%b"}' % (salt, _quoted(value))


def _quoted(text: bytes) -> bytes:
    """Escape JSON text, which has no control characters, for the inside of a JSON string."""
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
