"""Reading the three forms of a proof: JSONL, the ZIP, and the page that checks itself.

Uploads are untrusted: nothing is unpacked to disk, only small files are read whole, and a ZIP holds exactly the four
files that the bot puts into it.
"""

import json
import struct
import zipfile
import zlib
from codecs import BOM_UTF8 as BOM
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Any

from domain.proof import page
from domain.proof import zip_file as proof_zip
from domain.proof.records import LINE_LIMIT, BrokenError

SMALL_FILE_LIMIT = 256 * 1024
"""The most bytes of the other files in a ZIP; the bot writes less than a tenth."""

DIRECTORY_LIMIT = 64 * 1024
UNPACKED_LIMIT = 100
"""The highest compression ratio of a log; its hashes keep an honest one below 40."""

_TABLES = (b'"Time (UTC)"', b"[Content_Types].xml", b"xl/")
"""The start of CSV and XLSX exports."""

_EDITED = "It was edited, or another program wrote it."
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error)


def read_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a binary file, at most LINE_LIMIT + 1 bytes of each, whatever the file is."""
    while line := stream.readline(LINE_LIMIT + 1):
        yield line


def proof_lines(stream: IO[bytes], notes: list[str]) -> Iterator[bytes]:
    """Yield the lines of the proof in `stream`, in any of the three forms.

    Args:
        stream: Binary, can seek.
        notes: Collects what is odd about the form but breaks nothing.

    Raises:
        BrokenError: The form itself is wrong; raised while reading or after the last line.
    """
    start = stream.read(64)
    stream.seek(0)
    if any(sign in start for sign in _TABLES):
        raise BrokenError(None, "This is a table for people, not a proof", "Export jsonl, html or proof to check it.")
    if start.startswith(b"PK"):
        yield from _zip_lines(stream)
    elif start.removeprefix(BOM).lstrip()[:9].lower() == b"<!doctype":
        yield from _page_lines(stream, notes)
    else:
        yield from read_lines(stream)


def _page_lines(stream: IO[bytes], notes: list[str]) -> Iterator[bytes]:
    around = sha256()
    lines = read_lines(stream)
    for line in lines:
        around.update(line)
        if line.rstrip() == page.LOG_BEGINS:
            break
    else:
        raise BrokenError(None, "The page holds no log", "Only a page that the bot made can be checked.")
    for line in lines:
        if line.rstrip() == page.LOG_ENDS:
            around.update(line)
            break
        yield from line.splitlines(keepends=True)  # at each \r too, as browsers do
    for line in lines:
        around.update(line)
    if around.digest() != page.frame_digest():
        notes.append(
            "The page around the log is not the one that this version of the bot makes: another version made it, or "
            "somebody changed what it shows. Only the log in it was checked."
        )


def _zip_lines(stream: IO[bytes]) -> Iterator[bytes]:
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = _members(archive)
            manifest = _manifest(_small(archive, members[proof_zip.MANIFEST]))
            for name in proof_zip.BESIDE:
                _compare(manifest, name, sha256(_small(archive, members[name])).hexdigest())
            yield from _log_lines(archive, members[proof_zip.LOG], manifest)
    except _UNREADABLE as error:
        raise BrokenError(
            None, "The ZIP cannot be read", "It was damaged, or it is no ZIP that the bot made."
        ) from error


def _check_directory(stream: IO[bytes]) -> None:
    """Refuse a directory that is too large for four files before `zipfile` reads it."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - DIRECTORY_LIMIT))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22 or tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise BrokenError(None, "The ZIP cannot be read", "It is cut off, or it is no ZIP that the bot made.")
    count, length = struct.unpack_from("<HL", tail, end + 10)
    if count > len(proof_zip.FILES) or length > DIRECTORY_LIMIT:
        raise BrokenError(None, f"The ZIP holds {count} files", f"A proof holds {_listed()}, each once.")


def _listed() -> str:
    return ", ".join(proof_zip.FILES[:-1]) + f" and {proof_zip.FILES[-1]}"


def _members(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    members = {info.filename: info for info in archive.infolist()}
    if len(members) != len(archive.infolist()) or set(members) != set(proof_zip.FILES):
        names = ", ".join(sorted(ascii(info.filename)[1:-1][:40] for info in archive.infolist()))
        raise BrokenError(None, f"The ZIP holds {names or 'nothing'}", f"A proof holds {_listed()}, each once.")
    for info in members.values():
        _check_size(info)
    return members


def _check_size(info: zipfile.ZipInfo) -> None:
    # `zipfile` unpacks other methods without a limit
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        what = f"{info.filename} in the ZIP is packed as no file that the bot makes"
        raise BrokenError(None, what, "It was not unpacked; pack the files anew with a common program.")
    limit = UNPACKED_LIMIT * info.compress_size if info.filename == proof_zip.LOG else SMALL_FILE_LIMIT
    if info.file_size > limit:
        what = f"{info.filename} in the ZIP would unpack to {info.file_size:,} bytes"
        raise BrokenError(None, what, "No file that the bot makes does so; it was not unpacked.")


def _small(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        return file.read(SMALL_FILE_LIMIT)


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("schema") != proof_zip.SCHEMA:
        raise BrokenError(None, f"{proof_zip.MANIFEST} in the ZIP is not a manifest", _EDITED)
    return manifest


def _compare(manifest: Mapping[str, Any], name: str, found: str) -> None:
    files = manifest.get("files")
    file = files.get(name) if isinstance(files, dict) else None
    if not isinstance(file, dict) or file.get("sha256") != found:
        raise BrokenError(None, f"{name} in the ZIP is not the file that {proof_zip.MANIFEST} names", _EDITED)


def _log_lines(archive: zipfile.ZipFile, info: zipfile.ZipInfo, manifest: Mapping[str, Any]) -> Iterator[bytes]:
    digest, first = sha256(), b""
    with archive.open(info) as file:
        for line in read_lines(file):
            first = first or line
            digest.update(line)
            yield line
    said = json.loads(first) if first else {}
    if any(manifest.get(key) != value for key, value in said.items() if key != "format"):
        what = f"{proof_zip.MANIFEST} in the ZIP and the first line of {proof_zip.LOG} say different things"
        raise BrokenError(None, what, _EDITED)
    _compare(manifest, proof_zip.LOG, digest.hexdigest())
