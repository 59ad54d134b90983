"""The briefing in a real browser: answers collected in the chat, put in order, edited while they are checked, saved."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import IN_A_BROWSER, ask

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = IN_A_BROWSER

QUESTIONS = ("Which executive order was Choe Un Jong designated under, and why?", "Why was Tornado Cash sanctioned?")


@pytest.fixture
def collected(page: "Page") -> "Page":
    """The tab with two answers in it."""
    for question in QUESTIONS:
        ask(page, question)
        page.locator("#chat a[href*='#brief-']").last.click()
        page.get_by_text("Added to the briefing").last.wait_for()
    page.get_by_role("tab", name="Briefing").click()
    page.locator(".briefing-card").nth(1).wait_for()
    return page


def field(page: "Page", name: str, card: int = 0) -> "Locator":
    return page.locator(".briefing-card").nth(card).locator(f"[data-field='{name}']")


def headings(page: "Page") -> list[str]:
    return [heading.input_value() for heading in page.locator(".briefing-card input").all()]


def edit(page: "Page", old: str, new: str) -> None:
    """Change the first answer's text as a person does, and stay in it."""
    text = field(page, "text")
    assert old in text.input_value()
    text.fill(text.input_value().replace(old, new))


def saved(page: "Page", button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator("#briefing-files").get_by_role("button", name=button, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_an_empty_briefing_explains_itself(page: "Page") -> None:
    page.get_by_role("tab", name="Briefing").click()
    page.get_by_text("No answers collected yet").wait_for()
    assert page.get_by_role("button", name="Word", exact=True).count() == 0


def test_an_edit_is_checked_while_the_cursor_stays_in_it(collected: "Page") -> None:
    edit(collected, "13810", "13382")
    card = collected.locator(".briefing-card").first
    card.locator(".badge", has_text="not supported").wait_for()
    assert "E.O. 13810" in card.locator(".reasons").inner_text()
    assert field(collected, "text").evaluate("field => field === document.activeElement")
    assert "13382" in field(collected, "text").input_value()
    collected.get_by_text("1 sentence needs a look").wait_for()
    card.locator(".open-release").first.click()
    collected.locator("#reader article[data-release='jy1539'] mark").first.wait_for()
    card.get_by_role("button", name="Restore the answer").click()
    card.locator(".badge", has_text="verbatim").first.wait_for()
    assert "13810" in field(collected, "text").input_value()


def test_cards_are_moved_and_removed_by_the_keyboard(collected: "Page") -> None:
    collected.locator(".briefing-card").first.get_by_role("button", name="Move down").focus()
    collected.keyboard.press("Enter")
    collected.wait_for_function("document.querySelector('.briefing-card input').value.startsWith('Why was Tornado')")
    assert headings(collected) == list(reversed(QUESTIONS))
    assert "Choe Un Jong" in field(collected, "text", 1).input_value()
    moved = "document.activeElement.closest('li').querySelector('input').value"
    assert collected.evaluate(moved) == QUESTIONS[0]  # the focus goes with the card
    collected.locator(".briefing-card").first.get_by_role("button", name="Remove from the briefing").press("Enter")
    collected.wait_for_function("document.querySelectorAll('.briefing-card').length === 1")
    assert headings(collected) == [QUESTIONS[0]]


def test_what_is_saved_is_what_was_typed_a_moment_before(collected: "Page", tmp_path: Path) -> None:
    collected.get_by_label("Title of the briefing").fill("North Korea")
    edit(collected, "13810", "13382")
    data = json.loads(saved(collected, "JSON", tmp_path).read_text(encoding="utf-8"))  # pressed before any pause
    assert data["title"] == "North Korea"
    sentence = data["sections"][0]["questions"][0]["sentences"][0]
    assert "13382" in sentence["text"]
    assert sentence["doubt"].startswith("Not supported")
    markdown = saved(collected, "Markdown", tmp_path)
    assert markdown.name == "North-Korea.md"
    assert "**[Not supported: " in markdown.read_text(encoding="utf-8")
    assert saved(collected, "Word", tmp_path).read_bytes()[:2] == b"PK"


def test_a_briefing_survives_a_reload(collected: "Page") -> None:
    collected.get_by_role("button", name="Add a section").click()
    field(collected, "heading", 2).fill("Rescues")
    edit(collected, "13810", "13382")
    collected.locator(".badge", has_text="not supported").first.wait_for()
    collected.wait_for_function("localStorage.getItem('briefing').includes('13382')")
    collected.reload()
    collected.get_by_role("tab", name="Briefing").click()
    collected.locator(".briefing-card .badge", has_text="not supported").first.wait_for()
    assert headings(collected) == [*QUESTIONS, "Rescues"]
    assert "13382" in field(collected, "text").input_value()


@pytest.mark.parametrize("width", [1024, 390])
def test_nothing_overflows_sideways_and_every_button_is_large_enough(collected: "Page", width: int) -> None:
    collected.set_viewport_size({"width": width, "height": 844})
    assert collected.evaluate("document.documentElement.scrollWidth") <= width
    for button in collected.locator(".briefing-card button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 24, re.sub(r"\s+", " ", button.evaluate("b => b.outerHTML"))
