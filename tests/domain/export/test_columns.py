from domain.export.columns import BALLOT_COLUMNS, OUTCOME_COLUMNS, CastBallot, ballot_rows, cell
from domain.export.tables import HEADERS, Cutter
from tests.domain.proof.logs import START, table, working_day


def row_of(cast: CastBallot) -> dict[str, str]:
    header, row = ballot_rows([cast])
    return dict(zip(header, row, strict=True))


def test_a_table_without_ballots_has_no_header_either() -> None:
    assert list(ballot_rows([])) == []


def test_a_ballot_names_its_voter_unless_it_is_secret_or_they_are_erased() -> None:
    named = CastBallot(1, "Grade", "open", "judgment", "175928847299117063", owner=True, at=START, reason="Taste")
    assert list(row_of(named).values()) == [
        *("1", "Grade", "open", "u175928847299117063", "judgment", "yes", "2026-11-20T10:00:00.123Z", "Taste")
    ]
    erased = CastBallot(1, "Grade", "open", "judgment", "erased:7", owner=False, at=START)
    assert row_of(erased)["Voter's Discord id"] == "(erased)"
    secret = row_of(CastBallot(1, "Grade", "secret", "judgment"))
    assert [name for name, cell in secret.items() if cell] == ["Poll", "Task", "Ballot", "Vote"]
    assert list(secret) == [header for header, _ in BALLOT_COLUMNS]


def test_only_outcomes_fill_the_columns_of_outcomes() -> None:
    log = working_day()
    log.erase((3, "who"), (3, "work"), (3, "text"))
    own = [HEADERS.index(column.header) for column in OUTCOME_COLUMNS]
    cutter = Cutter(cell)
    assert {cutter.cells(row)[place] for row in table(log.entries) for place in own} == {""}
