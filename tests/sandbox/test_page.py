"""The page in a real browser, phone-sized, as members of the crew use it."""

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import Self

import pytest
from playwright.async_api import Browser, Error, Locator, Page, expect

from sandbox.crew import CHANNELS, CREW
from tests.browser import AS_LONG_AS_IT_TAKES
from tests.sandbox.conftest import PHONE

pytestmark = pytest.mark.asyncio(loop_scope="module")

SETTLED = re.compile("Preview ready|Viewer switched|Action completed")
"""What the page says when nothing is under way; the text depends on what came last."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A channel's page."""

    page: Page

    @classmethod
    async def open(cls, browser: Browser, sandbox: str, channel: str = "crew") -> Self:
        page = await browser.new_page(viewport=PHONE)
        page.set_default_timeout(AS_LONG_AS_IT_TAKES)
        await page.goto(f"{sandbox}channel/{channel}")
        await expect(page.locator("#channel-composer-input")).to_be_visible()
        return cls(page)

    async def become(self, person: str) -> None:
        await self.page.select_option("#viewer-picker", label=person)
        await expect(self.page.locator("#action-status")).to_have_text(SETTLED)

    async def slash(self, command: str, **options: str) -> None:
        await self.page.fill("#channel-composer-input", f"/{command}")
        await self.page.locator(".command-entry").first.click()
        for name, text in options.items():
            field = self.page.locator(f'.command-option-input[data-option="{name}"]')
            while not await field.count():
                await self.page.locator(".command-ghost").click()
                with contextlib.suppress(Error):  # a late suggestion for the field before took the list's place
                    await self.page.get_by_role("option", name=name).first.click(timeout=1000)
            await field.fill(text)
        await self.page.click("#send-message")

    async def press(self, label: str) -> None:
        await self.page.locator("#preview-app, .session-menu").get_by_role("button", name=label).last.click()

    def said(self, words: str) -> Locator:
        return self.page.locator("#channel-timeline").get_by_text(words).last


async def test_the_front_page_lists_the_crew_and_links_to_each_channel(browser: Browser, sandbox: str) -> None:
    page = await browser.new_page(viewport=PHONE)
    page.set_default_timeout(AS_LONG_AS_IT_TAKES)
    await page.goto(sandbox)
    for person in CREW:
        await expect(page.get_by_text(f"{person}, ")).to_be_visible()
    for channel in CHANNELS:
        await page.goto(sandbox)
        await page.get_by_role("link", name=f"#{channel}").click()
        await expect(page.locator("#channel-name")).to_have_text(channel)


async def test_a_question_typed_in_the_composer_is_answered(browser: Browser, sandbox: str) -> None:
    chat = await Chat.open(browser, sandbox)
    await chat.slash("faq ask", question="why do directors rush to AI?")
    await expect(chat.said("From the essay")).to_be_visible()


async def test_a_refusal_leaves_the_page_usable(browser: Browser, sandbox: str) -> None:
    chat = await Chat.open(browser, sandbox)
    await chat.slash("poll open", task="Too short", closes="1m")
    await expect(chat.said("at least 15 minutes")).to_be_visible()
    await chat.slash("help")
    await expect(chat.said("AI executes where execution is the job")).to_be_visible()


async def test_votes_are_seen_by_others_and_the_poll_closes_by_itself(browser: Browser, sandbox: str) -> None:
    gus, lena = await Chat.open(browser, sandbox), await Chat.open(browser, sandbox)
    await gus.become("Gus Ferreira")
    await lena.become("Lena Vogt")
    await gus.slash("poll open", task="Rough cut of scene 4", closes="15m")
    await expect(lena.said("Rough cut of scene 4")).to_be_visible()
    await lena.press("Human judgment")
    await expect(lena.said("Your vote on poll")).to_be_visible()
    await expect(gus.said("1 of 3 needed")).to_be_visible()
    await expect(gus.page.get_by_text("Your vote on poll")).to_have_count(0)

    front = await browser.new_page(viewport=PHONE)
    front.set_default_timeout(AS_LONG_AS_IT_TAKES)
    await front.goto(sandbox)
    await front.get_by_role("button", name="Skip 15 minutes").click()
    for chat in (gus, lena):
        await expect(chat.said("Turnout 1, quorum 3.")).to_be_visible()


async def test_presses_at_the_same_moment_are_all_answered(browser: Browser, sandbox: str) -> None:
    ravi, priya = await Chat.open(browser, sandbox), await Chat.open(browser, sandbox)
    await ravi.become("Ravi Menon")
    await priya.become("Priya Nair")
    await ravi.slash("poll open", task="Pressed by two")
    await expect(priya.said("Pressed by two")).to_be_visible()

    async def press_often(chat: Chat) -> None:
        for _ in range(2):
            await chat.press("Abstain")

    await asyncio.gather(press_often(ravi), press_often(priya))
    for chat in (ravi, priya):
        await expect(chat.page.locator("#channel-timeline").get_by_text("Your vote on poll")).to_have_count(2)


async def test_names_after_an_at_sign_become_signers(browser: Browser, sandbox: str) -> None:
    chat = await Chat.open(browser, sandbox, "delivery")
    await chat.slash("signoff open", piece="Harbour Lights 30s", cut="1", signers="@Mara Lindqvist @Editorial")
    await chat.press("Submit")
    await expect(chat.said("@Editorial")).to_be_visible()
    await expect(chat.said("@Mara Lindqvist")).to_be_visible()


async def test_a_session_that_was_ended_can_be_opened_again(browser: Browser, sandbox: str) -> None:
    chat = await Chat.open(browser, sandbox)
    await chat.page.get_by_text("More", exact=True).click()
    await chat.press("End preview session")
    await expect(chat.page.locator("#channel-composer-input")).to_be_hidden()
    await Chat.open(browser, sandbox)
