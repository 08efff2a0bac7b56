import re
from pathlib import Path

import pytest

import domain

ROOT = Path(domain.__file__).parents[1]
BY_KEY = re.compile(r"""\.(?:refs|facts)(?:\[|\.get\(|\.items\()|\.value\("(?:who|work|text)"\)""")


@pytest.mark.parametrize("floor", ["bot", "cogs", "db"])
def test_no_floor_above_the_domain_reads_entries_by_json_keys(floor: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / floor).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if BY_KEY.search(line)
    ]
    assert not found, "read these with a class of domain/decision_log/kinds.py"
