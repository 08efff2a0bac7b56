"""The sqlite3 shell as a floor for exports; Python's own modules if it is not installed."""

import contextlib
import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Literal

CSV_QUERY = """
    SELECT
        at, type, verdict, work_value ->> 'piece', work_value ->> 'cut', who_value ->> 'name',
        'u' || (who_value ->> 'id'), who_value ->> 'roles', work_value ->> 'uses', work_value ->> 'tools',
        work_value ->> 'client_told', work_value ->> 'flags', work_value ->> 'link', text_value ->> 'reason',
        body ->> '$.question.id',
        body ->> '$.facts.poll', work_value ->> 'task', body ->> '$.facts.ground', body ->> '$.facts.turnout',
        body ->> '$.facts.quorum', body ->> '$.facts.counts.execution', body ->> '$.facts.counts.judgment',
        body ->> '$.facts.counts.abstain', who_value ->> '$.decider.name', text_value ->> 'conditions',
        body ->> '$.facts.review', text_value ->> 'dissent',
        body ->> 'refs', body ->> 'facts', hash, seq
    FROM decision WHERE guild_id = 100000000000000000 ORDER BY seq
"""
JSON_QUERY = """
    SELECT body, hash, who_salt, who_value, work_salt, work_value, text_salt, text_value
    FROM decision WHERE guild_id = 100000000000000000 ORDER BY seq
"""
_QUERIES = {"csv": CSV_QUERY, "json": JSON_QUERY}


def shell_export(form: Literal["csv", "json"], database: Path, folder: Path) -> float:
    """Return the seconds that the shell takes to write the log to a file."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print("no sqlite3 shell here: the floor is Python's sqlite3 module", file=sys.stderr)
        return _by_module(form, database, folder)
    before = perf_counter()
    with (folder / "floor").open("wb") as file:
        subprocess.run([shell, f"-{form}", str(database), _QUERIES[form]], stdout=file, check=True)
    return perf_counter() - before


def _by_module(form: str, database: Path, folder: Path) -> float:
    before = perf_counter()
    with contextlib.closing(sqlite3.connect(database)) as connection, (folder / "floor").open("w") as file:
        rows = connection.execute(_QUERIES[form])
        if form == "csv":
            csv.writer(file).writerows(rows)
        else:
            names = [column[0] for column in rows.description]
            file.writelines(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)
    return perf_counter() - before
