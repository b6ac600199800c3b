"""Pages in a real browser, at the width of a desk and of a phone."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support import browser

DESKTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE = 15_000
"""For one answer, in milliseconds; a machine that runs other tests besides is slow."""

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, once for the tests of a module. Without one a developer skips and CI fails.

    Not for longer: while Playwright runs, nothing else may run an event loop in this thread.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = browser.launched(playwright)
        if found is None:
            (pytest.fail if browser.in_ci() else pytest.skip)(browser.NONE)
        yield found
        found.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens a page: new_page(PHONE) or new_page(*, locale="en-US"). What goes wrong in its scripts fails the test."""
    contexts = []
    wrong: list[str] = []

    def opened(size: tuple[int, int] = DESKTOP, locale: str = "zh-CN") -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
