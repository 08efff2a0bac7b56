"""A fast check of lines that are exactly as the bot writes them, which nearly all are.

`skim` recognises a line by its shape and hashes slices of it without parsing. Anything doubtful or wrong is left to the
careful walk in `domain.proof.walk`, which alone decides.
"""

import re
from binascii import hexlify, unhexlify
from hashlib import sha256

from domain.proof.walk import Walk

_CONTROLS = bytes(range(32))
_UNLIKELY = b"\\" + _CONTROLS

_STRING = rb'"[^"]*+"'
_ATOM = rb"(?:" + _STRING + rb"|-?(?:0|[1-9][0-9]{0,14}+)|null|true|false)"
_VALUE = rb"(?:" + _ATOM + rb"|\[(?:" + _ATOM + rb"(?:," + _ATOM + rb")*+)?\])"
_OBJECT = rb"\{(?:" + _STRING + rb":" + _VALUE + rb"(?:," + _STRING + rb":" + _VALUE + rb")*+)?\}"
_MAYBE = rb'(?:null|"([^"]*+)")'
_SNOWFLAKE = rb'(?:null|"([0-9]{1,20}+)")'
_BODY = re.compile(
    rb'\{"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)","facts":' + _OBJECT
    + rb',"interaction":' + _SNOWFLAKE + rb',"log":"([^"]*+)","question":(?:null|' + _OBJECT + rb'),"refs":' + _OBJECT
    + rb',"seq":([1-9][0-9]{0,14}+),"text":' + _MAYBE + rb',"type":"([^"]*+)","v":1,"verdict":(?:null|' + _STRING
    + rb'),"who":' + _MAYBE + rb',"work":' + _MAYBE + rb"\}"
)  # fmt: skip
"""A body without a backslash and without objects in objects."""

_PART = rb'(?:null|\{"salt":"([^"]*+)","value":"(?>((?:[^}]*+\})+?)"\}))'
_BEGIN, _BETWEEN = b'{"body":"{', b'}","hash":"'
_REST = re.compile(rb'([^"]*+)","who":' + _PART + rb',"work":' + _PART + rb',"text":' + _PART + rb"\}\n")


def skim(walk: Walk, line: bytes) -> bool:
    """Take the next step of `walk` if `line` is a sound entry in full, as the bot writes it.

    Returns:
        False, with `walk` as it was, for anything else: a stub, an erasure, a blank, a fault.
    """
    try:
        return _skim(walk, line)
    except ValueError:  # no UTF-8, no hex, no such day
        return False


def _skim(walk: Walk, line: bytes) -> bool:
    end = line.find(_BETWEEN)
    if end < 0 or not line.startswith(_BEGIN):
        return False
    body = _unescaped(line[9 : end + 1])
    told = _BODY.fullmatch(body)
    rest = _REST.fullmatch(line, end + len(_BETWEEN))
    if told is None or rest is None or b"\\" in body:
        return False
    at, interaction, log, seq, text, kind, who, work = told.groups()
    shown, who_salt, who_value, work_salt, work_value, text_salt, text_value = rest.groups()
    head = sha256(walk.head + sha256(body).digest()).digest()
    sound = (
        kind != b"erased"
        and int(seq) == walk.seq + 1
        and log == walk.log.encode()
        and hexlify(head) == shown
        and who == _commitment(who_salt, who_value)
        and work == _commitment(work_salt, work_value)
        and text == _commitment(text_salt, text_value)
    )
    if sound:
        walk.step_known(head, at.decode(), None if interaction is None else int(interaction))
    return sound


def _commitment(salt: bytes | None, value: bytes | None) -> bytes | None:
    if salt is None or value is None:
        return None
    return hexlify(sha256(unhexlify(salt) + _unescaped(value)).digest())


def _unescaped(raw: bytes) -> bytes:
    r"""Return the value of a JSON string whose only escapes are \" and \\, without control characters.

    Raises:
        ValueError: there is something else in it, or it is no UTF-8.
    """
    if not raw.isascii():
        raw.decode()
    text = raw.translate(None, _UNLIKELY)
    if raw.count(b'\\"') == len(raw) - len(text) == text.count(b'"'):
        return text  # by far the most: every backslash stands before a quote, every quote after one
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        raise ValueError("it holds a control character")
    pairs = raw.replace(b"\\\\", b"\0")
    text = pairs.replace(b'\\"', b'"')
    if b"\\" in text or text.count(b'"') != len(pairs) - len(text):
        raise ValueError("it is escaped in another way, or ends before it should")
    return text.replace(b"\0", b"\\")
