"""Ranking by meaning: the same answer every time, for any text, and nothing loaded before it is needed."""

import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import load_engine
from bot.semantic.engine import Engine
from bot.semantic.model import LONGEST, Model
from bot.semantic.vectors import SENTENCE, Vectors
from bot.semantic.wordpiece import END, START, UNKNOWN, WordPiece, words
from domain.faq.knowledge import Knowledge, load_essays
from domain.faq.matcher import FaqEntry, Matcher
from domain.ranking.gate import FaqOutcome

ROOT = Path(__file__).parents[3]
ESSAYS = load_essays()
ODD = [
    "",
    " \n\t ",
    "🎬🎬🔥",
    "<@123456789012345678> <#987654321098765432> @everyone <:clap:123456789012345678>",
    "مرحبا، متى يبدأ التصوير غدا؟",
    "\u202eyalp\u202c \u0000 \ud800",
    "``` **__~~||",
    "¿Cuándo es la comida en el rodaje?",
    "明天几点开机",
]


@pytest.fixture(scope="module")
def matcher(engine: Engine) -> Matcher:
    return engine.build(Knowledge(0, ESSAYS))


def test_words_are_split_as_bert_splits_them() -> None:
    assert words("Café, don't!") == ["cafe", ",", "don", "'", "t", "!"]
    assert words("a\u200bb \u4e2d\u6587") == ["ab", "\u4e2d", "\u6587"]
    pieces = WordPiece()
    assert pieces.size == 30522
    assert pieces.tokens("unaffable", 9) == [START, 14477, 20961, 3468, END]
    assert pieces.tokens("x" * 101, 9) == [START, UNKNOWN, END]
    assert pieces.tokens("film " * 500, 9) == [START, *[2143] * 7, END]


@given(st.text(max_size=200), st.integers(2, 40))
def test_any_text_becomes_a_bounded_number_of_known_tokens(text: str, most: int) -> None:
    tokens = PIECES.tokens(text, most)
    assert 2 <= len(tokens) <= most
    assert all(0 <= token < 30522 for token in tokens)


PIECES = WordPiece()


def test_vectors_survive_storage_and_do_not_depend_on_what_was_read_with_them(engine: Engine) -> None:
    text = "who signs this cut"
    alone = engine.read([text])[text]
    among = engine.read([text, "a much longer text that is read in the same batch as the short one before it"])[text]
    stored = Vectors.from_bytes(alone.to_bytes())
    assert stored.to_bytes() == alone.to_bytes()
    assert alone.sentence.shape == (SENTENCE,)
    assert abs(alone.sentence.astype(int) - among.sentence.astype(int)).max() <= 1


@pytest.mark.parametrize("entry", ESSAYS, ids=lambda entry: entry.id)
def test_an_entrys_own_words_are_answered_with_it(entry: FaqEntry, matcher: Matcher) -> None:
    assert matcher.ask(entry.question).entry == entry
    assert matcher.ask(f"so tell me, {entry.question.lower()}").ranked[0] == entry


@pytest.mark.parametrize("question", ODD)
def test_questions_without_a_topic_are_not_covered(question: str, matcher: Matcher) -> None:
    answer = matcher.ask(question)
    assert answer.outcome is FaqOutcome.UNKNOWN
    assert len(answer.ranked) >= 3


def test_mentions_and_markdown_do_not_hide_the_topic(matcher: Matcher) -> None:
    assert matcher.ask("<@42> what are **happy accidents**??").ranked[0].id == "happy-accidents"
    assert matcher.ask("`is my job` ~~safe~~ ||as a gaffer||").outcome is not FaqOutcome.UNKNOWN


def test_a_question_of_6000_characters_gets_an_answer_in_bounded_time(matcher: Matcher) -> None:
    began = process_time()
    answer = matcher.ask("why does the wind in a shot help? " * 177)
    assert answer.ranked[0].id == "happy-accidents"
    assert process_time() - began < 1
    assert len(PIECES.tokens("film " * 1200, LONGEST)) == LONGEST


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_sane_answer_and_the_same_one_again(question: str) -> None:
    matcher = load_engine().build(Knowledge(0, ESSAYS))
    answer = matcher.ask(question)
    assert 0 <= answer.score <= 1
    assert len(set(answer.ranked)) == len(answer.ranked) >= 3
    assert matcher.ask(question) == answer


def test_no_entries_and_one_entry_are_enough(engine: Engine) -> None:
    lunch = FaqEntry("lunch-box", "Where do I order a packed lunch?", "Ask Mira before nine.", None, (), ())
    assert engine.build(Knowledge(1, ())).ask("who wrote this").ranked == ()
    alone = engine.build(Knowledge(1, (lunch,)))
    assert alone.ask("where can i get a lunch box").ranked == (lunch,)
    assert alone.ask("packed lunch, how do i order one").outcome is not FaqOutcome.UNKNOWN


def test_a_servers_decoy_is_refused_until_one_of_its_entries_answers(engine: Engine) -> None:
    asked = "what is creative friction on our set"
    assert engine.build(Knowledge(1, ESSAYS)).ask(asked).outcome is not FaqOutcome.UNKNOWN
    refusing = engine.build(Knowledge(2, ESSAYS, (asked,)))
    assert refusing.ask(asked).outcome is FaqOutcome.UNKNOWN
    assert refusing.ask("what is creative friction").outcome is not FaqOutcome.UNKNOWN
    wifi = FaqEntry("wifi", "What is the wifi password?", "It is on the board in the office.", None, (), ())
    assert engine.build(Knowledge(1, ESSAYS)).ask("whats the wifi password here").outcome is FaqOutcome.UNKNOWN
    assert engine.build(Knowledge(2, (*ESSAYS, wifi))).ask("whats the wifi password here").entry == wifi


def test_an_entry_of_two_lines_competes_with_those_of_fifty_phrasings(engine: Engine) -> None:
    rain = FaqEntry(
        "rain", "What happens if it rains?", "Rain cover is stage two. The first AD decides at four.", None, (), ()
    )
    assert engine.build(Knowledge(1, (*ESSAYS, rain))).ask("bad weather plan for tomorrow").ranked[0] == rain


CODE = """
from bot.answers import load_engine
from domain.faq.knowledge import Knowledge, load_essays
matcher = load_engine().build(Knowledge(0, load_essays()))
answers = [matcher.ask(question) for question in ("is my job safe", "dull ai output", "lunch?")]
print([(answer.score, answer.outcome.value, [entry.id for entry in answer.ranked]) for answer in answers])
"""


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_processes_give_identical_scores() -> None:
    assert python(CODE, PYTHONHASHSEED="1") == python(CODE, PYTHONHASHSEED="2")


def test_importing_the_bot_loads_nothing_of_it() -> None:
    code = "import sys, bot.client, bot.cli, cogs.faq; print({'numpy', 'onnxruntime'} & sys.modules.keys())"
    assert python(code) == "set()\n"


def test_another_model_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bot.semantic import Unavailable, model

    (tmp_path / "model.onnx").write_bytes(b"another")
    monkeypatch.setattr(model, "_model_file", lambda: tmp_path / "model.onnx")
    with pytest.raises(Unavailable, match="another model"):
        Model()


@pytest.mark.skipif(sys.platform != "linux", reason="where a library leaves its files is told by the system")
def test_the_models_runtime_keeps_no_id_of_the_machine_and_reports_to_nobody(tmp_path: Path) -> None:
    code = "import os, bot.answers; bot.answers.load_engine(); print(len(os.listdir('/proc/self/task')))"
    assert python(code, HOME=str(tmp_path), ORT_DISABLE_TELEMETRY="0") == "1\n", "a thread that sends"
    assert list(tmp_path.rglob("*")) == []
