"""Somebody at the workspace's page: looks for what it says, as a person or a screen reader does, and uses that."""

import re
from contextlib import AbstractContextManager
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from tests.support.chromium import PATIENCE

PAUSE = 450
"""Longer than the page waits before it tells of what is typed, in milliseconds."""


class Player:
    """One browser window on the workspace at `url`; whose eyes it has changes with `be`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url

    def be(self, person: str, at: str = "") -> None:
        """Look at a conversation with this person's eyes: the DM with the app, unless a channel or "home" is named."""
        self.page.goto(f"{self._url}/?{urlencode({'as': person} | ({'at': at} if at else {}))}")

    def say(self, text: str) -> None:
        """Type into the composer, and Enter."""
        box = self.page.get_by_role("main").get_by_role("combobox")
        box.fill(text)
        with self._answered("command"):
            box.press("Enter")

    def press(self, label: str, number: str, *, sure: bool = False) -> None:
        """The newest button of this name for this record; `sure` answers its question."""
        of_record = self.page.locator(f'#stream [data-value="{number}"]')
        button = of_record.and_(self.page.get_by_role("button", name=label, exact=True)).last
        with self._answered("click"):
            button.click()
            if sure:
                self.page.locator("dialog.confirm [data-answer=confirm]").click()

    def fill(self, **values: str) -> None:
        """Fill inputs of the open modal by their labels and send it."""
        for label, value in values.items():
            _enter(self._modal.get_by_label(re.compile(f"^{label}")), value)
        with self._answered("submit"):
            self._modal.locator("[data-submit]").click()

    def types_slowly(self, label: str, text: str) -> None:
        """Into an input of the open modal, with a pause after each character in which the bot may answer."""
        self._modal.get_by_label(re.compile(f"^{label}")).click()
        for character in text:
            self.page.keyboard.insert_text(character)
            self.page.wait_for_timeout(PAUSE)

    def has_typed(self, label: str, text: str) -> None:
        """What stands in an input."""
        expect(self._modal.get_by_label(re.compile(f"^{label}"))).to_have_value(text)

    def hears(self, text: str) -> None:
        """What stands in the conversation, or comes to stand there without a reload."""
        expect(self.page.locator("#stream")).to_contain_text(text)
        expect(self._modal).to_be_hidden()

    def is_told(self, text: str) -> None:
        """What the open modal says."""
        expect(self._modal).to_contain_text(text)

    def sees_a_picture_in_the_thread(self) -> None:
        """Opens the newest thread; a picture stands there and has been loaded."""
        self.page.locator("#stream .replies").last.click()
        picture = self.page.locator("#thread .picture img").last
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        self.page.locator("#close-thread").click()

    def wait_until(self, moment: str) -> None:
        """Let the company's clock run to a moment such as 2026-03-09T09:00."""
        self.page.locator("#clock-toggle").click()
        self.page.locator("#clock-to").fill(moment)
        with self._answered("clock"):
            self.page.locator("#clock-form").get_by_role("button").click()
        expect(self.page.locator("#clock-toggle time").first).to_have_attribute("datetime", re.compile(f"^{moment}"))

    def nothing_sticks_out(self) -> None:
        """The page does not scroll sideways."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    def _answered(self, act: str) -> AbstractContextManager[object]:
        """Until the workspace has answered, which it does when the bot is quiet."""
        return self.page.expect_response(f"**/_control/{act}", timeout=2 * PATIENCE)

    @property
    def _modal(self) -> Locator:
        return self.page.locator("dialog#modal")


def _enter(field: Locator, value: str) -> None:
    if field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)
