"""The evaluation tab in a real browser: runs are listed, looked into and compared, and quotes open in the reader."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.engine import Assistant
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from indexes.generation import Home
from tests.assistant.evaluation.conftest import QUOTE, RELEASE, abstained, asked, right, write_lines, wrong
from tests.browser.conftest import IN_A_BROWSER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_A_BROWSER

HOSTILE = "<img src=x onerror='window.hurt = 1'> ${window.hurt = 1} {{value}}"
#: More than a page of questions; with every answer but two wrong.
QUESTIONS = [asked(f"a-{n}", "date" if n % 2 else "factoid") for n in range(28)]
QUESTIONS += [asked("b-1", "unanswerable"), asked("b-2", text=f"Who sailed {HOSTILE}?")]
ANSWERS = [*(wrong(f"a-{n}") for n in range(28)), abstained("b-1"), right("b-2", answer=f"{QUOTE} [1] {HOSTILE}")]
LATER = [*(right(f"a-{n}") if n < 9 else wrong(f"a-{n}") for n in range(28)), right("b-1"), right("b-2")]


@pytest.fixture(scope="module")
def runs(starter: Assistant, starter_home: Home, desk_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of one system and one that was stopped; every quote has its place in the release."""
    folder = tmp_path_factory.mktemp("runs")
    release = starter.release(RELEASE)
    assert release
    start = release.text.index(QUOTE)
    questions = write_lines(folder / "harbor.jsonl", QUESTIONS)
    for name, answers in (("first", ANSWERS), ("second", LATER)):
        for answer in answers:
            for citation in answer.get("citations", []):
                citation.update(start=start, end=start + len(QUOTE))
        answered = write_lines(folder / "theirs.jsonl", answers)
        run_evaluation(questions, [str(answered)], desk_home / "runs" / name, Settings(home=starter_home.folder))
    stopped = shutil.copytree(desk_home / "runs" / "first", desk_home / "runs" / "stopped")
    (stopped / "theirs" / "metrics.json").unlink()
    (stopped / "theirs" / "answers.jsonl").touch()
    return desk_home / "runs"


@pytest.fixture
def tab(page: "Page", runs: Path) -> "Page":
    page.get_by_role("tab", name="Evaluation").click()
    page.locator("#evaluation-figures h2", has_text="second").wait_for()
    return page


def questions(page: "Page") -> list[str]:
    return page.locator("#evaluation-questions .question > summary .id").all_inner_texts()


def choose(page: "Page", label: str, option: str) -> None:
    """Choose in a drop-down, by the keyboard."""
    box = page.get_by_role("listbox", name=label, exact=True).or_(page.get_by_role("combobox", name=label, exact=True))
    box.first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_the_newest_whole_run_is_open_and_another_opens_with_its_button(tab: "Page") -> None:
    assert tab.locator("#evaluation-runs button").all_inner_texts() == ["stopped", "second", "first"]
    assert "theirs has not ended: 30 of 30 answered" in tab.locator("#evaluation-runs tbody").first.inner_text()
    tab.get_by_role("button", name="first", exact=True).click()
    tab.locator("#evaluation-figures h2", has_text="first").wait_for()
    assert tab.locator("#evaluation-runs [aria-current]").all_inner_texts() == ["first"]
    assert tab.evaluate("document.activeElement.textContent") == "first"
    tab.get_by_role("button", name="stopped", exact=True).click()
    tab.locator("#evaluation-figures .fault", has_text="it goes on").wait_for()


def test_plots_stand_in_the_ink_of_the_page(tab: "Page") -> None:
    plot = tab.get_by_role("img", name=re.compile("^Recall by rank: .*theirs: "))
    plot.wait_for()
    inks = set()
    for theme in ("light", "dark"):
        tab.evaluate("theme => document.body.classList.toggle('dark', theme === 'dark')", theme)
        ink, page = tab.evaluate(
            "[getComputedStyle(document.querySelector('#evaluation-plots text')).fill,"
            " getComputedStyle(document.querySelector('#evaluation-plots')).color]"
        )
        assert ink == page
        inks.add(ink)
    assert len(inks) == 2
    caps = "getComputedStyle(document.querySelector('#evaluation-runs')).strokeLinejoin"
    assert tab.evaluate(caps) == "miter"  # what matplotlib sets stays within its plots


def test_questions_are_filtered_paged_and_read(tab: "Page") -> None:
    tab.get_by_role("button", name="first", exact=True).click()
    tab.locator("#evaluation-figures h2", has_text="first").wait_for()
    tab.get_by_role("tab", name="Questions").click()
    position = tab.locator("#evaluation-position")
    position.get_by_text("1–25 of 28").wait_for()
    tab.get_by_role("button", name="Next", exact=True).click()
    position.get_by_text("26–28 of 28").wait_for()
    assert questions(tab) == ["a-25", "a-26", "a-27"]
    assert tab.get_by_role("button", name="Next", exact=True).is_disabled()
    tab.get_by_label("Words").press_sequentially("a-27")
    position.get_by_text("1–1 of 1").wait_for()
    question = tab.locator("#evaluation-questions .question").first
    question.locator("> summary").press("Enter")
    assert "not said" in question.locator("ul.gold").inner_text()
    assert (question.locator("a.ask").get_attribute("href") or "").startswith("?ask=Whose%20wife")
    tab.get_by_label("Words").fill("")
    position.get_by_text("1–25 of 28").wait_for()
    choose(tab, "Outcome", "correct")
    position.get_by_text("1–2 of 2").wait_for()
    assert questions(tab) == ["b-1", "b-2"]
    assert HOSTILE in tab.locator("#evaluation-questions .question").nth(1).text_content()  # type: ignore[operator]
    assert tab.evaluate("window.hurt") is None


def test_a_marker_opens_the_release_at_its_quote(tab: "Page") -> None:
    tab.get_by_role("tab", name="Questions").click()
    question = tab.locator("#evaluation-questions .question").first
    question.locator("> summary").click()
    question.locator(".answer .open-release").click()
    tab.locator("#reader mark", has_text=QUOTE).wait_for()
    assert question.get_attribute("open") is not None


def test_two_runs_are_compared(tab: "Page") -> None:
    tab.get_by_role("tab", name="Compare").click()
    comparison = tab.locator("#evaluation-comparison")
    comparison.get_by_text("A is first / theirs, B is second / theirs").wait_for()
    assert comparison.get_by_role("heading", name="9 now right").is_visible()
    assert "▲ better" in comparison.get_by_role("row", name=re.compile("^correct 30 ")).first.inner_text()
    choose(tab, "A: before", "second / theirs")
    comparison.get_by_role("heading", name="0 now right").wait_for()


def test_a_run_that_was_made_meanwhile_comes_with_a_refresh(tab: "Page", runs: Path) -> None:
    shutil.copytree(runs / "first", runs / "third")
    try:
        tab.get_by_role("button", name="Refresh", exact=True).click()
        tab.get_by_role("button", name="third", exact=True).wait_for()
        assert tab.locator("#evaluation-runs [aria-current]").all_inner_texts() == ["second"]
    finally:
        shutil.rmtree(runs / "third")


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_overflows_sideways(browser: "Browser", address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 844})
    page.goto(address)
    page.get_by_role("tab", name="Evaluation").click()
    page.locator("#evaluation-figures h2").wait_for()
    page.set_viewport_size({"width": width, "height": 844})  # tabs that do not fit go into a menu
    for name, shown in (("Figures", "#evaluation-plots svg"), ("Questions", "#evaluation-questions .question")):
        page.get_by_role("tab", name=name).click()
        page.locator(shown).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(
            "document.querySelector('#work').scrollWidth <= document.querySelector('#work').clientWidth"
        )
    page.close()
