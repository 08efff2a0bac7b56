"""Reading piece and cut from messages, file names and one typed line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signoffs.slate import CUTS, PIECE_LENGTH, check_piece
from domain.signoffs.slate_reader import Slate, read_slate, read_typed, typed
from domain.text import clean_line, piece_key

PIECES = st.text(min_size=1, max_size=PIECE_LENGTH).map(clean_line).filter(bool)
NAMES = st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8}){0,2}( \d{2}s)?", fullmatch=True).filter(
    lambda name: not name.lower().startswith(("cut", "ver", "new", "latest", "for", "from"))
)


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("Here's cut 7 for tonight", ["HarbourLights_30s_v07_graded.mp4"], ("HarbourLights 30s", 7)),
        ("", ["_v12.mov"], ("", 12)),
        ("V03", [], ("", 3)),
        ("v3", ["Spot.mov"], ("Spot", 3)),
        ("Harbour Lights 30s cut 3 is up, please look https://review.example/v9/x", [], ("Harbour Lights 30s", 3)),
        ("Cut 3 of Harbour Lights is up", [], ("Harbour Lights", 3)),
        ("Morning!\n**Teaser** v4\nthanks", [], ("Teaser", 4)),
        ("<@123456789012345678> Teaser cut 2 <:cut9:123456789012345678>", [], ("Teaser", 2)),
        ("# Teaser\n- cut 4", [], ("", 4)),
        ("hey all, what do you think of what we did yesterday night?", [], ("", None)),
        ("", ["notes.pdf", "Spot_60s_V003.mov"], ("Spot 60s", 3)),
        ("", [], ("", None)),
    ],
)
def test_a_message_is_read_as_the_crew_means_it(text: str, files: list[str], expected: tuple[str, int | None]) -> None:
    slate = read_slate(text, files)
    assert (slate.piece, slate.cut) == expected


@given(NAMES, st.integers(CUTS[0], CUTS[-1]), st.sampled_from(["v{}", "V{:03}", "cut{}", "version_{}", "cut-{}"]))
def test_every_way_to_name_a_file_leads_to_its_known_piece(piece: str, cut: int, mention: str) -> None:
    number = mention.format(cut)
    for joined in (piece.replace(" ", "_"), piece.replace(" ", ""), piece.replace(" ", "-").lower(), piece):
        for name in (f"{joined}_{number}.mov", f"{joined}_{number}_graded_FINAL.mp4", f"DEL_{joined}_{number}.mxf"):
            assert read_slate("new one", [name], ["Other", piece]) == Slate(piece, cut)


def test_the_longest_known_piece_wins_and_only_whole_words_count() -> None:
    known = ["Harbour", "Harbour Lights", "Light", "arbour"]
    assert read_slate("harbour lights v2", [], known).piece == "Harbour Lights"
    assert read_slate("Harbours v2", [], known).piece == "Harbours"


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=4), st.lists(st.text(max_size=30), max_size=4))
def test_any_message_can_be_read(text: str, files: list[str], known: list[str]) -> None:
    slate = read_slate(text, files, known)
    assert slate.cut is None or slate.cut in CUTS
    assert slate.piece in known or len(slate.piece) <= PIECE_LENGTH


@given(PIECES, st.integers(CUTS[0], CUTS[-1]), st.sampled_from(["", "https://review.example/v9?cut=3", "http://a.b/"]))
def test_the_text_of_a_form_is_read_back_exactly(piece: str, cut: int, link: str) -> None:
    assert read_typed(f"{typed(piece, cut)} {link}") == Slate(check_piece(piece), cut, link)


@given(st.text(max_size=200))
def test_any_typed_line_can_be_read(text: str) -> None:
    slate = read_typed(text)
    assert piece_key(slate.piece) in piece_key(text) or slate.cut is not None or slate.link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harbour v4 https://review.example/v9", Slate("Harbour", 4, "https://review.example/v9")),
        ("<https://review.example/x> Harbour cut 4", Slate("Harbour", 4, "https://review.example/x")),
        ("Harbour", Slate("Harbour", None)),
        ("Version 2, cut 5", Slate("Version 2", 5)),
        ("cut 5", Slate("", 5)),
        ("", Slate("", None)),
    ],
)
def test_a_typed_line_is_read_as_it_was_meant(text: str, expected: Slate) -> None:
    assert read_typed(text) == expected


@pytest.mark.parametrize(("piece", "cut", "line"), [("", 0, ""), ("", 3, "cut 3"), ("Spot", 0, "Spot")])
def test_unknown_parts_are_left_for_people_to_type(piece: str, cut: int, line: str) -> None:
    assert typed(piece, cut) == line
