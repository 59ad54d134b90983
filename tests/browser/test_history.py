"""Conversations in a real browser: kept on the server, found, renamed, deleted, exported, and each user's own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import IN_A_BROWSER, ask, serving, visit
from ui.web.login import add_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_A_BROWSER


def sidebar(page: "Page") -> None:
    page.locator("#history .toggle-button").click()
    page.locator("#new-conversation").wait_for()


def test_a_conversation_survives_a_reload_and_opens_from_the_list(page: "Page") -> None:
    ask(page, "Why was Tornado Cash sanctioned?")
    page.wait_for_url(re.compile("conversation="))
    page.reload()
    page.locator("#chat a[href*='#cite-jy0916']").first.wait_for()
    sidebar(page)
    page.locator("#new-conversation").click()
    page.locator("#chat .bot").wait_for(state="detached")
    page.locator("#conversations button", has_text="Why was Tornado Cash").first.click()
    page.locator("#chat a[href*='#cite-jy0916']").first.wait_for()
    page.locator("#conversations button[aria-current]", has_text="Why was Tornado Cash").wait_for()


def test_conversations_are_found_renamed_exported_and_deleted(page: "Page") -> None:
    ask(page, "Who is Dan Gertler?")
    sidebar(page)
    page.get_by_role("button", name="This conversation").click()
    page.get_by_label("New name").fill("<b>Kipushi</b> & more")
    page.get_by_role("button", name="Rename").click()
    page.locator("#conversations button[aria-current]", has_text="<b>Kipushi</b> & more").wait_for()
    page.get_by_label("Find in questions and answers").fill("gertler kipushi")
    page.wait_for_function("document.querySelectorAll('#conversations li').length === 1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "Who is Dan Gertler?" in text
    assert "sm0243" in text
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    page.locator("#chat .bot").wait_for(state="detached")
    page.get_by_text("No conversation holds").wait_for()


@pytest.fixture(scope="module")
def guarded(desk_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that asks for a name and a password."""
    users = tmp_path_factory.mktemp("users") / "users"
    for name in ("ann", "bob"):
        add_user(users, name, f"{name} has a long word")
    with serving(desk_home, ("--port", "0", "--auth", str(users))) as (address, _):
        yield address


def log_in(browser: "Browser", address: str, name: str, password: str) -> "Page":
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.get_by_label("username").fill(name)
    page.get_by_label("password").fill(password)
    page.get_by_role("button", name="Login").click()
    return page


def test_nothing_of_one_user_is_seen_by_another(browser: "Browser", guarded: str) -> None:
    ann = log_in(browser, guarded, "ann", "ann has a long word")
    ann.locator("#question textarea").wait_for()
    ann.locator("#conversations :is(.empty, ul)").wait_for(state="attached")
    ask(ann, "Who is Dan Gertler?")
    ann.wait_for_url(re.compile("conversation="))
    mine = ann.url
    answer = (ann.locator("#chat a[href*='#link-']").get_attribute("href") or "").removeprefix("#link-")
    bob = log_in(browser, guarded, "bob", "bob has a long word")
    bob.locator("#question textarea").wait_for()
    for address in (mine, f"{guarded}/?answer={answer}"):
        visit(bob, address)
        assert bob.locator("#chat .bot").count() == 0
    bob.get_by_text("somebody else’s").wait_for()
    sidebar(bob)
    bob.get_by_text("What you ask is kept here").wait_for()
    ann.context.close()
    bob.context.close()


def test_a_wrong_password_lets_nobody_in(browser: "Browser", guarded: str) -> None:
    page = log_in(browser, guarded, "ann", "a guess")
    page.get_by_text("Incorrect").wait_for()
    assert page.locator("#question").count() == 0
    page.context.close()
