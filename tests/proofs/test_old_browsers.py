"""The page in browsers that lack what newer ones have: the check comes first and depends on nothing after it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.decision_log.entries import EntryType, NewEntry
from domain.proof import page as page_module
from domain.proof import read_template
from domain.proof.page import page_blocks
from tests.browser import AS_LONG_AS_IT_TAKES
from tests.domain.proof.logs import START, Log, proof
from tests.proofs.cases import BROKEN, UNPINNED, busy_log
from tests.proofs.checks import as_page, by_page

ES5 = Path(__file__).with_name("old_browser.js").read_text(encoding="utf-8")
CHECK = ("sha256.js", "walk.js", "check.js")
LIST = ("words.js", "entries.js", "view.js", "start.js")
UNLISTED = re.compile("^This browser cannot list the entries. The check above does not need the list;")
NOTHING_YET = "Nothing was checked here yet"
VERIFY = "circle-take verify FILE"
SYNTAX_ERROR = "\n}{\n"

NOT_NEEDED = (
    *("Array.prototype.at", "Object.hasOwn", "structuredClone", "String.prototype.replaceAll", "BigInt", "crypto"),
    *("TextDecoder", "TextEncoder", "Promise", "Map", "Set", "Symbol", "Proxy", "Reflect", "Intl", "performance"),
    *("Uint8Array.from", "Array.from", "Array.prototype.includes", "Array.prototype.find", "Array.prototype.flatMap"),
    *("Object.entries", "Object.values", "Object.fromEntries", "Object.assign", "Number.isInteger", "Math.cbrt"),
    *("String.prototype.padStart", "String.prototype.startsWith", "String.prototype.includes"),
    *("Element.prototype.append", "Element.prototype.replaceChildren", "HTMLElement.prototype.dataset"),
    *("Array.prototype[Symbol.iterator]", "globalThis"),
)
NEEDED = ("Uint8Array", "Int32Array", "JSON", "Object.keys", "Array.isArray", "Date.prototype.toISOString", "Date.now")

OpenPage: TypeAlias = Callable[[str], Page]
"""A page in a browser in which this script ran first."""


@pytest.fixture
def browser_after(chromium: Browser) -> Iterator[OpenPage]:
    pages: list[Page] = []

    def opened(script: str) -> Page:
        pages.append(chromium.new_page())
        pages[-1].set_default_timeout(AS_LONG_AS_IT_TAKES)
        pages[-1].add_init_script(script)
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    return saved(tmp_path, proof(busy_log()))


def saved(folder: Path, lines: list[bytes]) -> Path:
    file = folder / "log.html"
    file.write_bytes(as_page(lines))
    return file


def tampered(folder: Path) -> Path:
    return saved(folder, [line.replace(b"The sky", b"The sea") for line in proof(busy_log())])


@pytest.mark.parametrize("script", [*(f"delete {name};" for name in NOT_NEEDED), ES5], ids=[*NOT_NEEDED, "all"])
def test_the_check_needs_none_of_it(browser_after: OpenPage, tmp_path: Path, honest: Path, script: str) -> None:
    page = browser_after(script)
    assert by_page(page, honest).code == UNPINNED
    outcome = by_page(page, tampered(tmp_path))
    assert outcome.code == BROKEN
    assert outcome.said.startswith("Broken at entry 3\n")


@pytest.mark.parametrize("name", NEEDED)
def test_where_the_check_cannot_be_done_no_log_is_called_broken(
    browser_after: OpenPage, honest: Path, name: str
) -> None:
    page = browser_after(f"delete {name};")
    page.goto(honest.as_uri())
    expect(page.locator("#proof")).to_have_attribute("data-state", "unchecked")
    expect(page.locator("#why")).to_contain_text(VERIFY)
    expect(page.locator("#progress")).to_be_hidden()


def test_pins_and_counts_need_no_more_than_the_check(browser_after: OpenPage, tmp_path: Path) -> None:
    log = busy_log()
    page = browser_after(ES5)
    by_page(page, saved(tmp_path, proof(log)), log.entries[4].receipt)
    expect(page.locator("#verdict")).to_have_text("Intact and pinned")
    expect(page.locator("#counts")).to_contain_text("10 of 10 entries are here in full")
    expect(page.locator("#count")).to_have_text(UNLISTED)
    expect(page.locator("#filters")).to_be_hidden()


@pytest.mark.parametrize("name", ["Array.prototype.at", "Object.hasOwn", "String.prototype.replaceAll", "BigInt"])
def test_the_list_and_the_chart_do_without_what_is_new(browser_after: OpenPage, honest: Path, name: str) -> None:
    page = browser_after(f"delete {name};")
    page.goto(honest.as_uri())
    expect(page.locator(".entry")).to_have_count(10)
    expect(page.locator("#chart-box svg")).to_be_visible()


@pytest.fixture
def with_fault(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Add `text` to one of the page's files; the page's policy lets it run."""

    def add(file: str, text: str) -> None:
        text_of = read_template
        monkeypatch.setattr(page_module, "read_template", lambda name: text_of(name) + (text if name == file else ""))
        monkeypatch.setattr(page_module, "_frame", page_module._frame.__wrapped__)

    return add


@pytest.mark.parametrize("fault", [SYNTAX_ERROR, "\nthrow new Error('wrong');\n", "\nasync = await ??= 1;\n"])
@pytest.mark.parametrize("file", [*LIST, "chart.js"])
def test_a_later_script_that_fails_leaves_the_verdict(
    browser_after: OpenPage, with_fault: Callable[[str, str], None], tmp_path: Path, file: str, fault: str
) -> None:
    with_fault(file, fault)
    page = browser_after("")
    assert by_page(page, saved(tmp_path, proof(busy_log()))).code == UNPINNED
    assert by_page(page, tampered(tmp_path)).code == BROKEN


def test_a_list_that_cannot_be_shown_says_so(
    browser_after: OpenPage, with_fault: Callable[[str, str], None], tmp_path: Path
) -> None:
    with_fault("view.js", "\nsearch = null;\n")
    page = browser_after("")
    page.goto(saved(tmp_path, proof(busy_log())).as_uri())
    expect(page.locator("#verdict")).to_have_text("Intact, but not pinned")
    expect(page.locator("#count")).to_have_text(UNLISTED)


def test_a_chart_that_cannot_be_drawn_is_left_out(
    browser_after: OpenPage, with_fault: Callable[[str, str], None], tmp_path: Path
) -> None:
    with_fault("chart.js", SYNTAX_ERROR)
    page = browser_after("")
    page.goto(saved(tmp_path, proof(busy_log())).as_uri())
    expect(page.locator(".entry")).to_have_count(10)
    expect(page.locator("#filters")).to_be_visible()
    expect(page.locator("#chart-box")).to_be_hidden()


@pytest.mark.parametrize("file", CHECK)
def test_a_check_that_cannot_be_read_claims_nothing(
    browser_after: OpenPage, with_fault: Callable[[str, str], None], tmp_path: Path, file: str
) -> None:
    with_fault(file, SYNTAX_ERROR)
    page = browser_after("")
    page.goto(saved(tmp_path, proof(busy_log())).as_uri())
    claims_nothing(page)


def test_without_javascript_the_page_claims_nothing(chromium: Browser, honest: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(honest.as_uri())
    claims_nothing(page)
    expect(page.locator("noscript p")).to_be_visible()
    context.close()


def claims_nothing(page: Page) -> None:
    """What the page says before anything ran: that nothing was checked, and what to do."""
    expect(page.locator("#verdict")).to_have_text(NOTHING_YET)
    expect(page.locator("#why")).to_contain_text(VERIFY)
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator("#pin-form")).to_be_hidden()
    expect(page.locator("#filters")).to_be_hidden()


def test_the_check_is_written_in_the_oldest_javascript() -> None:
    after = b"".join(block for _, block in page_blocks([])).decode()
    script = re.findall(r"<script>(.*?)</script>", after, re.DOTALL)[0]
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', script), flags=re.DOTALL)
    newer = r"=>|`|\.\.\.|\?\?|\?\.|\*\*|\b(?:let|const|class|async|await|yield|of|get|set|super)\b(?!\()|\\[pu]\{"
    assert not re.findall(newer, code)


def test_texts_of_any_length_hash_as_they_should(browser_after: OpenPage, tmp_path: Path) -> None:
    log = Log()
    for length in range(140):
        text = {"reason": "x" * length, "more": "é\u20ac😀"[: length % 4]}
        log.add(NewEntry(EntryType.EXPORT, START, text=text))
    assert by_page(browser_after(""), saved(tmp_path, proof(log))).code == UNPINNED
