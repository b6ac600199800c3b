"""An installed Chromium for the tests of the workspace's page."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP = (1280, 800)
PHONE = (390, 844)

NewPage = Callable[..., Page]


def installed() -> str | None:
    """Where the first of the known browsers is, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, once for the tests of a module. Without one a developer skips and CI fails.

    Not for longer: while Playwright runs, nothing else may run an event loop in this thread.
    """
    program = installed()
    if program is None and os.environ.get("CI"):
        pytest.fail("no Chromium or Chrome is installed, and CI must play the page")
    if program is None:
        pytest.skip("the page is played in Chromium: install it, for instance with apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens a page: new_page(PHONE) or new_page(*, locale="en-US"). What goes wrong in its scripts fails the test."""
    contexts = []
    wrong: list[str] = []

    def opened(size: tuple[int, int] = DESKTOP, locale: str = "zh-CN") -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
