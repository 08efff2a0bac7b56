"""Every figure in the documentation names a case of `make bench`, and every case is documented."""

import re
from pathlib import Path

from benchmarks.__main__ import every_case, names
from benchmarks.tools.long_log import LongLog

ROOT = Path(__file__).parents[2]
TOLD = ROOT / "docs" / "capacity.md"
OTHERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "hosting.md"]
CELL = re.compile(r"^ *\| `([a-z0-9-]+)` \|", re.MULTILINE)
CODE = re.compile(r"`([a-z]+(?:-[a-z0-9]+)+)`")


def measured(tmp_path: Path) -> set[str]:
    """Return the names of all cases."""
    return {name for case in every_case(LongLog(tmp_path, 1)) for name in names(case)}


def test_capacity_page_has_every_case_and_no_other(tmp_path: Path) -> None:
    rows = CELL.findall(TOLD.read_text(encoding="utf-8"))
    assert sorted(rows) == sorted(measured(tmp_path))


def test_every_figure_named_in_the_documents_is_a_case(tmp_path: Path) -> None:
    cases = measured(tmp_path)
    families = {name.split("-")[0] for name in cases}
    texts = {file.name: CODE.findall(file.read_text(encoding="utf-8")) for file in OTHERS}
    named = {(file, word) for file, words in texts.items() for word in words if word.split("-")[0] in families}
    assert {(file, word) for file, word in named if word not in cases} == set()
