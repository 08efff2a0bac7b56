"""Proofs: the files that anyone can verify, and the verifier."""

from pathlib import Path

_TEMPLATE = Path(__file__).parent / "template"


def read_template(name: str) -> str:
    """Return the text of a file that travels with proofs."""
    return (_TEMPLATE / name).read_text(encoding="utf-8")
