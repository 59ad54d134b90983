"""The chat in a real browser, against the real server over the starter corpus."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from indexes.generation import Home
from tests.browser.conftest import IN_A_BROWSER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def address(starter_home: Home) -> Iterator[str]:
    """The real server, started as a person starts it."""
    env = {**os.environ, "ASSISTANT_HOME": str(starter_home.folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "ui", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, f"the server said {line!r}"
        try:
            yield found.group()
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(20_000)
    page.goto(address)
    yield page
    page.context.close()


def ask(page: "Page", question: str) -> None:
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def test_the_first_page_says_what_is_indexed_and_offers_questions(page: "Page") -> None:
    page.get_by_text("Starter corpus: digests in our own words").wait_for()
    assert "indexed today" in page.locator("#corpus").inner_text()
    page.get_by_role("button", name=re.compile("Why was Tornado Cash sanctioned")).click()
    page.locator("#sources .source mark").first.wait_for()
    assert "jy0916" in page.locator("#sources").inner_text()


def test_an_answer_is_cited_and_its_quote_is_marked_in_its_paragraph(page: "Page") -> None:
    ask(page, QUESTION)
    page.locator("#sources .source mark").first.wait_for()
    cited = page.locator("#sources .source").count()
    page.locator("#chat .bot a[href^='#cite-jy1539']").nth(cited - 1).wait_for()  # the answer streams
    answer = page.locator("#chat .bot").last.inner_text()
    assert "E.O. 13810" in answer
    quotes = [" ".join(quote.split()) for quote in page.locator("#sources .source mark").all_inner_texts()]
    assert quotes
    assert all(quote in " ".join(answer.split()) for quote in quotes)
    paragraph = page.locator("#sources .source blockquote").first.inner_text()
    assert len(paragraph) >= len(quotes[0])
    link = page.locator("#sources .source header a").first
    assert link.get_attribute("href") == "https://home.treasury.gov/news/press-releases/jy1539"
    assert "digest" in page.locator("#sources .source header").first.inner_text()


def test_a_marker_leads_to_its_source_and_stays_on_the_page(page: "Page") -> None:
    ask(page, QUESTION)
    marker = page.locator("#chat a[href^='#cite-']").first
    marker.wait_for()
    name = (marker.get_attribute("href") or "").removeprefix("#")
    marker.click()
    page.locator(f"[id='{name}'].chosen").wait_for()
    assert len(page.context.pages) == 1


def test_a_follow_up_leans_on_the_question_before_it(page: "Page") -> None:
    ask(page, "Who is Choe Un Jong?")
    page.locator("#chat a[href^='#cite-jy1539']").first.wait_for()
    ask(page, "Under which executive order was she designated?")
    page.locator("#chat .bot", has_text="E.O. 13810").last.wait_for()


def test_an_abstention_shows_no_source(page: "Page") -> None:
    ask(page, "Who won the 2018 World Cup?")
    page.locator("#chat .bot", has_text="Not in the corpus").wait_for()
    page.locator("#sources .empty").wait_for()


def test_a_bad_question_is_told_and_the_chat_goes_on(page: "Page") -> None:
    ask(page, "a" * 5000)
    page.locator("#chat .bot", has_text="4,000 are the most").wait_for()
    ask(page, "Why was Tornado Cash sanctioned?")
    page.locator("#chat a[href^='#cite-jy0916']").first.wait_for()


def test_markup_in_a_question_stays_text(page: "Page") -> None:
    ask(page, 'Who is <img src=x onerror="window.hurt = 1"> **Gertler**?')
    page.locator("#chat .bot").first.wait_for()
    time.sleep(0.5)
    assert page.evaluate("window.hurt") is None


def test_history_survives_a_reload(page: "Page") -> None:
    ask(page, "Why was Tornado Cash sanctioned?")
    page.locator("#chat a[href^='#cite-jy0916']").first.wait_for()
    page.wait_for_timeout(500)
    page.reload()
    page.locator("button, td", has_text=re.compile("Why was Tornado")).first.wait_for()


def test_the_page_asks_no_other_host_for_anything(browser: "Browser", address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    ask(page, QUESTION)
    page.locator("#chat a[href^='#cite-jy1539']").first.wait_for()
    outside = [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))]
    assert asked
    assert outside == []
    page.context.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_overflows_sideways(browser: "Browser", address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(address)
    ask(page, QUESTION)
    page.locator("#sources .source mark").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
