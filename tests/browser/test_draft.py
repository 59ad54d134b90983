"""A draft checked in a real browser: pasted or uploaded, filtered, its evidence opened, its files saved."""

from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from tests.assistant.briefing.test_draft_check import ERRORS, PAGE
from tests.browser.conftest import IN_A_BROWSER

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = IN_A_BROWSER


@pytest.fixture
def tab(page: "Page") -> "Page":
    """The page with the tab open."""
    page.get_by_role("tab", name="Check a draft").click()
    page.get_by_text("Nothing checked yet").wait_for()
    return page


def check(page: "Page", text: str = "") -> None:
    if text:
        page.get_by_label("Text to check").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()


def test_a_page_is_checked_filtered_and_its_evidence_opened(tab: "Page") -> None:
    check(tab, PAGE)
    tab.locator(".draft-counts").wait_for()
    assert tab.locator(".sentence.wrong").count() == len(ERRORS)
    blocks, holding = tab.locator(".draft-block"), tab.locator(".draft-block.holds")
    assert holding.count() > 0
    tab.get_by_label("Only what needs attention").check()
    assert tab.locator(".draft-block:visible").count() == blocks.count() - holding.count()
    assert tab.locator(".evidence details:visible").count() == 0
    tab.get_by_label("Only what needs attention").uncheck()
    assert tab.locator(".draft-block:visible").count() == blocks.count()
    wrong = tab.locator(".evidence article", has_text="E.O. 13382").first
    wrong.locator(".open-release").first.click()
    tab.locator("#reader article[data-release='jy1539'] mark.chosen").wait_for()
    sign = tab.locator("a.sign").first
    sign.click()
    evidence = tab.locator(sign.get_attribute("href") or "")
    assert evidence.get_attribute("open") is not None
    assert evidence.evaluate("node => node === document.activeElement")


def test_a_check_can_be_stopped(tab: "Page") -> None:
    check(tab, PAGE * 20)
    tab.locator("#draft-results progress").wait_for()
    tab.get_by_role("button", name="Stop").click()
    tab.get_by_text("Stopped.").wait_for()
    tab.wait_for_timeout(500)
    assert tab.locator("#draft-results progress").count() == 0
    assert tab.get_by_role("button", name="Check", exact=True).is_enabled()


def test_a_word_document_is_checked_and_comes_back_with_comments(tab: "Page", tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("OFAC sanctioned the mixer Tornado Cash on August 9, 2022 (jy0916).")
    document.save(str(tmp_path / "note.docx"))
    tab.locator("#draft-file input[type=file]").set_input_files(tmp_path / "note.docx")
    tab.locator("#draft-file", has_text="note").wait_for()
    tab.get_by_label("Text to check").wait_for(state="hidden")
    check(tab)
    tab.locator(".sentence.wrong ins", has_text="August 8, 2022").wait_for()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Word with comments").click()
    assert download.value.suggested_filename == "note-checked.docx"
    download.value.save_as(tmp_path / "checked.docx")
    (comment,) = docx.Document(str(tmp_path / "checked.docx")).comments
    assert "August 8, 2022" in comment.text


def test_what_cannot_be_checked_is_told_in_words(tab: "Page", tmp_path: Path) -> None:
    check(tab)
    tab.get_by_role("alert").get_by_text("paste a text, or choose a file").wait_for()
    (tmp_path / "broken.docx").write_bytes(b"no Word document")
    tab.locator("#draft-file input[type=file]").set_input_files(tmp_path / "broken.docx")
    tab.get_by_label("Text to check").wait_for(state="hidden")
    check(tab)
    tab.get_by_role("alert").get_by_text("open it in Word and save it again").wait_for()


@pytest.mark.parametrize("width", [1024, 390])
def test_nothing_overflows_sideways(tab: "Page", width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    check(tab, f"{'x' * 300} was sanctioned by OFAC in 2022. Brian E. Nielson spoke of Tornado Cash [jy0916].")
    tab.locator(".draft-counts").wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
