"""The page as a whole: open to everybody, alone with its server, and fit for every window."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import IN_A_BROWSER, TABS, ask, go_to, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"
#: Rules about what Gradio draws itself and gives no handle on; see docs/desk.md.
NOT_OURS: list[str] = []

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module", params=["light", "dark"])
def asked(request: pytest.FixtureRequest, browser: "Browser", address: str) -> Iterator["Page"]:
    """The page in each theme, with an answer on it."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    visit(page, f"{address}/?__theme={request.param}")
    ask(page, QUESTION)
    yield page
    page.context.close()


@pytest.mark.parametrize("tab", TABS)
def test_axe_finds_nothing_serious(asked: "Page", tab: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    go_to(asked, tab)
    asked.wait_for_timeout(600)  # what fades in has its colours then
    found = Axe().run(asked, options={"rules": {rule: {"enabled": False} for rule in NOT_OURS}}).response["violations"]
    assert [
        (violation["id"], node["target"], node["failureSummary"])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ] == []


def test_the_page_asks_no_other_host_for_anything(browser: "Browser", address: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, address)
    ask(page, QUESTION)
    for tab in TABS:
        go_to(page, tab)
        page.wait_for_timeout(500)
    outside = [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))]
    assert asked
    assert outside == []
    page.context.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_tab_overflows_sideways(browser: "Browser", address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.set_default_timeout(60_000)
    visit(page, address)
    for tab in TABS:
        go_to(page, tab)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
    page.context.close()


def test_every_tab_is_reached_by_the_keyboard(page: "Page") -> None:
    page.get_by_role("tab", name="Chat").focus()
    for tab in TABS[1:]:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("tab", name=tab, selected=True).wait_for()


def test_the_page_says_in_which_language_it_is_and_has_one_first_heading(page: "Page") -> None:
    assert page.evaluate("document.documentElement.lang")
    assert page.locator("h1").all_inner_texts() == ["Treasury releases"]
