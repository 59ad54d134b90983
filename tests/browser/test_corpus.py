"""The corpus tab in a real browser, against the real server over the starter corpus."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import IN_A_BROWSER, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = IN_A_BROWSER


def opened(page: "Page") -> "Page":
    """The page with the corpus tab in front and its list there."""
    page.get_by_role("tab", name="Corpus").click()
    page.locator(".corpus-results .corpus-list li").first.wait_for()
    return page


def part(page: "Page", name: str) -> None:
    page.locator(".corpus-parts").get_by_role("tab", name=name).click()


def titles(page: "Page") -> "Locator":
    return page.locator(".corpus-results .open-release")


def test_releases_are_browsed_searched_and_narrowed(page: "Page") -> None:
    opened(page)
    status = page.locator(".corpus-results .corpus-status")
    assert re.fullmatch(r"\d+ releases, newest first", status.inner_text())
    words = page.get_by_label("Search the releases")
    words.fill("Tornado Cash mixer")
    words.press("Enter")
    page.get_by_text(re.compile(r"The \d+ best of \d+ releases")).wait_for()
    assert titles(page).first.get_attribute("data-release") == "jy0916"
    assert "Tornado Cash" in page.locator(".corpus-excerpt mark").all_inner_texts()
    page.get_by_text("The same as a table").click()
    page.get_by_role("button", name="Only 2023").click()
    page.locator(".corpus-results .corpus-about", has_text=", 2022 ·").first.wait_for(state="detached")
    assert all(", 2023 ·" in about for about in page.locator(".corpus-results .corpus-about").all_inner_texts())
    page.get_by_role("button", name="Show all releases").click()
    page.get_by_text("releases, newest first").wait_for()
    page.get_by_role("button", name="Next →").first.click()
    page.get_by_text(re.compile(r"21–\d+ of \d+")).wait_for()
    assert page.locator(".corpus-results .corpus-list").get_attribute("start") == "21"


def test_a_range_of_the_plot_narrows_the_list(page: "Page") -> None:
    opened(page)
    status = page.locator(".corpus-results .corpus-status")
    everything = status.inner_text()
    box = page.locator(".corpus-plot svg.marks").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_function("before => document.querySelector('.corpus-status').innerText !== before", arg=everything)
    since, until = (page.get_by_label(f"{name} year").input_value() for name in ("From", "To"))
    assert since[:4] < until[:4]


def test_a_title_opens_the_release_in_the_reader(page: "Page") -> None:
    opened(page)
    title = titles(page).first.inner_text()
    titles(page).first.focus()
    page.keyboard.press("Enter")
    page.locator("#reader, .reader").get_by_text(title).first.wait_for()


def test_mentions_are_counted_and_a_misspelled_name_is_one_press_away(page: "Page") -> None:
    opened(page)
    part(page, "Mentions")
    name = page.get_by_label("Mentions of a name over time")
    name.fill("Treasurry Department")
    name.press("Enter")
    page.get_by_text("No release mentions “Treasurry Department”").wait_for()
    page.get_by_role("button", name="Treasury Department", exact=True).click()
    page.get_by_text(re.compile(r"\d+ releases mention it")).wait_for()
    assert name.input_value() == "Treasury Department"
    page.locator(".corpus-excerpt mark").locator("visible=true").first.wait_for()
    name.fill('<img src=x onerror="window.hurt = 1">')
    name.press("Enter")
    page.get_by_text("No release mentions “<img").wait_for()
    assert page.evaluate("window.hurt") is None


def test_problems_and_the_index_are_told(page: "Page") -> None:
    opened(page)
    part(page, "Problems")
    page.get_by_text("problems with documents").wait_for()
    part(page, "Index")
    page.locator(".corpus-facts").get_by_text("digests in our words").wait_for()
    assert page.get_by_role("button", name="Sync the sources").count() == 0


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (1024, "light"), (390, "light")])
def test_nothing_overflows_sideways_and_nothing_is_asked_of_another_host(
    browser: "Browser", address: str, width: int, theme: str
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 844})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, f"{address}?__theme={theme}")
    opened(page)
    page.set_viewport_size({"width": width, "height": 844})  # tabs that do not fit go into a menu
    page.locator(".corpus-plot svg.marks").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#work').scrollWidth <= document.querySelector('#work').clientWidth")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    page.context.close()
