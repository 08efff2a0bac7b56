"""`python -m benchmarks.training.practice`: write domain/faq/questions from tests/data/faq_train.jsonl.

Run it after a change to that file, then `python -m benchmarks.training.calibrate` and
`python -m benchmarks.training.vectors`.
"""

import json
from collections.abc import Iterable, Mapping

from benchmarks.tools.questions import Question, read
from domain.faq.knowledge import load_essays
from domain.faq.practice import QUESTIONS

PRACTICE = """\
# Further ways to ask for the essays' entries, in the voices of crews. They help to rank and are never shown: what an
# entry shows are its alternates in ../essays. From tests/data/faq_train.jsonl; a question about two entries stands with
# both.
"""
DECOYS = """\
# Questions that the essays do not answer: close to them (“near”) or about anything else (“far”). A question that is
# more like these than like an entry is not answered. From tests/data/faq_train.jsonl.
"""


def practice(known: Iterable[Question]) -> dict[str, list[str]]:
    """Return the questions of each entry of the essays, in their order."""
    known = list(known)
    return {entry.id: [one.text for one in known if entry.id in one.labels] for entry in load_essays()}


def decoys(known: Iterable[Question]) -> dict[str, list[str]]:
    """Return the questions that no entry answers, by kind."""
    known = [one for one in known if not one.labels]
    return {kind: [one.text for one in known if one.kind == kind] for kind in ("near", "far")}


def as_toml(lists: Mapping[str, Iterable[str]]) -> str:
    """Format lists of texts, one text a line."""
    lines: list[str] = []
    for key, texts in lists.items():
        lines += ["", f"{key} = [", *(f"    {json.dumps(text, ensure_ascii=False)}," for text in texts), "]"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both files."""
    known = read("faq_train.jsonl")
    for name, head, lists in (("practice", PRACTICE, practice(known)), ("decoys", DECOYS, decoys(known))):
        (QUESTIONS / f"{name}.toml").write_text(head + as_toml(lists), encoding="utf-8")


if __name__ == "__main__":
    main()
