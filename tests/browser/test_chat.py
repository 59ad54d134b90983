"""The chat in a real browser, against the real server over the starter corpus."""

import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import IN_A_BROWSER, ask, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"

pytestmark = IN_A_BROWSER


def test_the_first_page_says_what_is_indexed_and_offers_questions(page: "Page") -> None:
    page.get_by_text("digests in our own words").wait_for()
    assert "indexed today" in page.locator("#standing").inner_text()
    page.get_by_text("Why was Tornado Cash sanctioned").first.click()
    page.locator("#sources .source").first.wait_for()
    assert "jy0916" in page.locator("#sources").inner_text()


def test_an_answer_is_cited_and_its_release_is_open_at_the_quote(page: "Page") -> None:
    ask(page, QUESTION)
    answer = page.locator("#chat .bot").last.inner_text()
    assert "E.O. 13810" in answer
    quote = page.locator("#reader mark.chosen")
    quote.wait_for()
    assert " ".join(quote.inner_text().split()) in " ".join(answer.split())
    assert "What Choe Chol Min did" in page.locator("#reader article").inner_text()  # the whole release is there
    link = page.locator("#reader header a")
    assert link.get_attribute("href") == "https://home.treasury.gov/news/press-releases/jy1539"
    assert link.get_attribute("rel") == "noopener noreferrer"
    marker = page.locator("#chat a[href*='#cite-jy1539']").first
    assert (marker.get_attribute("title") or "").startswith("Verbatim")


def test_a_marker_opens_its_quote_and_stays_on_the_page(page: "Page") -> None:
    ask(page, "Why was Tornado Cash sanctioned, and what happened to Blender.io?")
    markers = page.locator("#chat a[href*='#cite-']")
    last = markers.last
    release, start = re.match(r"#cite-(.+)-(\d+)-\d+", last.get_attribute("href") or "").groups()  # type: ignore[union-attr]
    last.click()
    page.locator(f"#reader article[data-release='{release}'] mark.chosen[data-start='{start}']").wait_for()
    assert len(page.context.pages) == 1
    marked = page.locator("#reader mark").count()
    if marked > 1:
        page.get_by_role("button", name="Next quote").click()
        assert page.locator("#reader mark.chosen").get_attribute("data-start") != start
    visible = page.locator("#reader mark.chosen").bounding_box()
    pane = page.locator("#reader").bounding_box()
    assert visible
    assert pane
    assert pane["y"] <= visible["y"] <= pane["y"] + pane["height"]


def test_pointing_at_a_marker_lights_its_source_up(page: "Page") -> None:
    ask(page, "Why was Tornado Cash sanctioned, and what happened to Blender.io?")
    marker = page.locator("#chat a[href*='#cite-']").last
    name = (marker.get_attribute("href") or "").removeprefix("#")
    marker.hover()
    page.locator(f"[id='{name}'].pointed").wait_for()


def test_a_marker_opens_by_the_keyboard(page: "Page") -> None:
    ask(page, QUESTION)
    ask(page, "Who is Dan Gertler?")
    page.locator("#chat a[href*='#cite-jy1539']").first.focus()
    page.keyboard.press("Enter")
    page.locator("#reader article[data-release='jy1539'] mark.chosen").wait_for()


def test_a_follow_up_leans_on_the_question_before_it(page: "Page") -> None:
    ask(page, "Who is Choe Un Jong?")
    ask(page, "Under which executive order was she designated?")
    page.locator("#chat .bot", has_text="E.O. 13810").last.wait_for()


def test_an_abstention_shows_no_source(page: "Page") -> None:
    ask(page, "Who won the 2018 World Cup?")
    page.locator("#chat .bot", has_text="Not in the corpus").wait_for()
    assert page.locator("#sources .source").count() == 0
    assert page.locator("#chat a[href*='#brief-']").count() == 0


def test_a_bad_question_is_told_and_the_chat_goes_on(page: "Page") -> None:
    box = page.locator("#question textarea")
    box.fill("a" * 5000)
    box.press("Enter")
    page.locator("#chat .bot", has_text="4,000 are the most").wait_for()
    ask(page, "Why was Tornado Cash sanctioned?")
    page.locator("#chat a[href*='#cite-jy0916']").first.wait_for()


def test_an_empty_question_is_not_asked(page: "Page") -> None:
    box = page.locator("#question textarea")
    box.fill("   ")
    box.press("Enter")
    page.get_by_text("Type a question first").wait_for()
    assert page.locator("#chat .bot").count() == 0


def test_markup_in_a_question_stays_text(page: "Page") -> None:
    ask(page, 'Who is <img src=x onerror="window.hurt = 1"> **Gertler**?')
    assert "<img src=x" in page.locator("#chat .user").first.inner_text()
    time.sleep(0.5)
    assert page.evaluate("window.hurt") is None


def test_what_was_understood_can_be_taken_out_and_put_back(page: "Page") -> None:
    ask(page, "Why was Tornado Cash sanctioned in the summer of 2022?")
    chip = page.get_by_role("checkbox", name=re.compile("summer of 2022"))
    chip.wait_for()
    asked = page.locator("#chat .user").count()
    chip.click()
    page.wait_for_function("!document.querySelector('#understood input').checked")
    page.locator("#chat a[href*='#link-']").last.wait_for()
    assert page.locator("#chat .user").count() == asked  # asked again in its place
    page.get_by_role("checkbox", name=re.compile("summer of 2022")).click()
    page.locator("#understood input:checked").wait_for()


def test_filters_narrow_what_is_searched(page: "Page") -> None:
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("From").fill("2019")
    page.get_by_label("To", exact=True).fill("May 2021")
    ask(page, "Why was Tornado Cash sanctioned?")
    cited = page.locator("#sources .place").all_inner_texts()
    assert all(re.search(r"20(19|20|21)", place) for place in cited)
    page.get_by_label("From").fill("whenever")
    page.locator("#question textarea").fill("Why?")
    page.locator("#question textarea").press("Enter")
    page.get_by_text("is no day, month or year").wait_for()


def test_an_answer_is_copied_with_its_references(page: "Page") -> None:
    ask(page, QUESTION)
    page.get_by_role("link", name="Copy with references").click()
    page.locator("#clip .seen", has_text="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "E.O. 13810" in copied
    assert "[1] jy1539, " in copied
    page.get_by_role("link", name="Copy as rich text").click()
    page.wait_for_function(
        "navigator.clipboard.read().then(all => all[0].types.includes('text/html'))", timeout=5_000, polling=200
    )


def test_the_link_of_an_answer_opens_it_with_its_citations(page: "Page", address: str) -> None:
    ask(page, QUESTION)
    page.get_by_role("link", name="Copy link").click()
    page.locator("#clip .seen", has_text="Link copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    ask(page, "Who is Dan Gertler?")
    visit(page, link)
    page.locator("#chat a[href*='#cite-jy1539']").first.wait_for()
    page.locator("#sources .source", has_text="jy1539").first.wait_for()
    page.locator("#reader mark.chosen").wait_for()
    page.goto(f"{address}/?answer=nobody")
    page.get_by_text("no answer under this address").wait_for()


def test_a_question_is_asked_again_and_in_other_words(page: "Page") -> None:
    ask(page, "Who is Dan Gertler?")
    page.get_by_role("button", name="Retry").last.click()
    page.locator("#chat a[href*='#cite-']").first.wait_for()
    assert page.locator("#chat .user").count() == 1
    page.get_by_role("button", name="Edit").last.click()
    box = page.locator("#chat .user textarea")
    box.fill("Why was Tornado Cash sanctioned?")
    page.get_by_role("button", name="Submit").first.click()
    page.locator("#chat a[href*='#cite-jy0916']").first.wait_for()
    assert page.locator("#chat .user").count() == 1


def test_what_somebody_thinks_of_an_answer_is_kept(page: "Page") -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Feedback").click()
    page.get_by_text("Wrong fact").click()
    page.get_by_text("Kept: wrong fact").first.wait_for()


def test_slash_goes_to_the_question(page: "Page") -> None:
    page.locator("#question textarea").wait_for()
    page.locator("#title").click()
    page.keyboard.press("/")
    page.keyboard.type("Who?")
    assert page.locator("#question textarea").input_value() == "Who?"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_overflows_sideways(browser: "Browser", address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    visit(page, address)
    ask(page, QUESTION)
    page.locator("#reader mark").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
