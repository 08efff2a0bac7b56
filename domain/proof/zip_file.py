"""The proof as a ZIP for a delivery folder: the log, a manifest, a README, and a verifier that only needs Python."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from typing import IO

from domain.export.filters import Manifest
from domain.proof import read_template

SCHEMA = "circle-take/proof/1"
LOG, MANIFEST, VERIFIER, README = "log.jsonl", "manifest.json", "verify.py", "README.txt"
FILES = (README, LOG, MANIFEST, VERIFIER)
BESIDE = (README, VERIFIER)
"""The other files; only the figures in the README differ between ZIPs."""


def write_zip(file: IO[bytes], blocks: Iterator[tuple[int, bytes]], manifest: Manifest) -> Iterator[int]:
    """Write the ZIP to `file` and yield the number of entries in each block once it is written.

    The same blocks and manifest give the same bytes: the order, the times and the attributes are fixed.
    """
    beside = {README: _readme(manifest).encode(), VERIFIER: read_template(VERIFIER).encode()}
    files = {name: _described(data) for name, data in beside.items()}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_info(README, manifest), beside[README])
        digest, size = sha256(), 0
        with archive.open(_info(LOG, manifest), "w", force_zip64=manifest.found.total > 10**6) as log:
            for count, block in blocks:
                log.write(block)
                digest.update(block)
                size += len(block)
                yield count
        files[LOG] = {"bytes": size, "sha256": digest.hexdigest()}
        archive.writestr(_info(MANIFEST, manifest), _manifest_json(manifest, files))
        archive.writestr(_info(VERIFIER, manifest), beside[VERIFIER])


def _described(data: bytes) -> dict[str, object]:
    return {"bytes": len(data), "sha256": sha256(data).hexdigest()}


def _manifest_json(manifest: Manifest, files: dict[str, dict[str, object]]) -> bytes:
    value = {"schema": SCHEMA} | manifest.value() | {"count": manifest.found.total, "files": files}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _info(name: str, manifest: Manifest) -> zipfile.ZipInfo:
    """Return the header of a compressed member, dated when the proof was made (UTC) and readable by everyone."""
    info = zipfile.ZipInfo(name, manifest.made_at.astimezone(UTC).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _readme(manifest: Manifest) -> str:
    value = manifest.value()
    asked = "; ".join(f"{name}: {what}" for name, what in manifest.wanted.value().items())
    return read_template(README).format(
        shown=manifest.found.shown,
        total=manifest.found.total,
        head=manifest.found.head,
        asked=asked,
        made_at=value["made_at"],
        made_by=value["made_by"] or "the bot",
        bot=manifest.bot,
        log=manifest.log,
    )
