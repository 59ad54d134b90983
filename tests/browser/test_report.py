"""A report in a real browser, opened as the file that it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from assistant.evaluation.report.writing import write_report
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from indexes.generation import Home
from tests.assistant.evaluation.conftest import abstained, asked, evaluate, right, write_lines, wrong
from tests.browser.conftest import IN_A_BROWSER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = IN_A_BROWSER

QUESTIONS = [
    asked("harbor-1"),
    asked("harbor-2", "date"),
    asked("harbor-3", "date", text="When did the <b>ÉTOILE</b> sail?"),
    asked("port-1", "unanswerable"),
    asked("port-2", "list"),
]
#: What each system makes of them; the second lacks an answer.
OURS = [right("harbor-1"), wrong("harbor-2"), right("harbor-3"), abstained("port-1"), wrong("port-2")]
THEIRS = [
    right("harbor-1"),
    right("harbor-2"),
    abstained("harbor-3", withheld=right("harbor-3")),
    wrong("port-1", answer='Zanzibar <img src="x" onerror="window.hurt = 1">'),
]
#: A question and an answer of words that are wider than a screen.
LONG = asked("long-1", text="a" * 300, history=[{"role": "user", "content": "b" * 300}], note="c" * 300)
LONG_ANSWER = wrong(
    "long-1", answer="d" * 300, citations=[{"release_id": "e" * 300, "title": "f" * 300, "quote": "g" * 300}]
)


@pytest.fixture(scope="session")
def report(starter_home: Home, shared_folder: Path) -> Path:
    folder = shared_folder / "report-in-a-browser"
    with FileLock(shared_folder / "report-in-a-browser.lock"):
        if not folder.exists():
            questions = write_lines(folder / "questions.jsonl", QUESTIONS)
            systems = [
                str(write_lines(folder / f"{n}.jsonl", rows)) for n, rows in (("ours", OURS), ("theirs", THEIRS))
            ]
            run_evaluation(questions, systems, folder / "run", Settings(home=starter_home.folder))
            write_report([folder / "run"], folder / "run")
    return folder / "run" / "report.html"


@pytest.fixture
def told() -> list[str]:
    """What the page asks for, and what its console says."""
    return []


@pytest.fixture
def page(browser: "Browser", report: Path, told: list[str]) -> Iterator["Page"]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.on("request", lambda request: told.append(request.url))
    page.on("console", lambda message: told.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"error: {error}"))
    page.goto(report.as_uri())
    yield page
    page.context.close()


def shown(page: "Page") -> list[str]:
    return page.locator("#questions .question:visible .id").all_inner_texts()


def test_the_page_asks_for_itself_alone_and_complains_of_nothing(page: "Page", report: Path, told: list[str]) -> None:
    for question in page.locator("#questions .question").all():
        question.locator("summary").click()
    page.wait_for_timeout(200)
    assert told == [report.as_uri()]
    assert page.evaluate("window.hurt") is None
    assert "Zanzibar <img" in page.locator("#questions .question").nth(3).inner_text()
    assert shown(page) == [str(question["id"]) for question in QUESTIONS]
    assert page.locator("#count").inner_text() == "5 of 5"
    assert all(
        box and box["height"] > 100 for box in (plot.bounding_box() for plot in page.locator("figure svg").all())
    )


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"type": "date"}, ["harbor-2", "harbor-3"]),
        ({"type": "unanswerable"}, ["port-1"]),
        ({"slice": "port"}, ["port-1", "port-2"]),
        ({"outcome": "correct"}, ["harbor-1", "harbor-3", "port-1"]),
        ({"outcome": "wrong"}, ["harbor-2", "port-2"]),
        ({"outcome": "abstained"}, []),
        ({"system": "theirs", "outcome": "correct"}, ["harbor-1", "harbor-2"]),
        ({"system": "theirs", "outcome": "wrong"}, ["port-1"]),
        ({"system": "theirs", "outcome": "abstained"}, ["harbor-3"]),
        ({"system": "theirs", "outcome": "failed"}, ["port-2"]),
        ({"disagree": True}, ["harbor-2", "harbor-3", "port-1"]),
        ({"disagree": True, "type": "date", "outcome": "wrong"}, ["harbor-2"]),
        ({"words": " étoile "}, ["harbor-3"]),
        ({"words": "<b>"}, ["harbor-3"]),
        ({"words": "zanzibar"}, ["port-1"]),
        ({"words": "holds no answer to port-2"}, ["port-2"]),
        ({"words": "nothing holds this"}, []),
    ],
    ids=str,
)
def test_filters_show_what_is_asked_for(page: "Page", chosen: dict[str, Any], expected: list[str]) -> None:
    for name, value in chosen.items():
        control = page.locator(f"#filter [name={name}]")
        if name == "words":
            control.press_sequentially(value)
        elif name == "disagree":
            control.check()
        else:
            control.select_option(label=value)
    assert shown(page) == expected
    assert page.locator("#count").inner_text() == f"{len(expected)} of 5"
    page.evaluate("document.getElementById('filter').reset()")
    page.locator("#filter [name=words]").press_sequentially(" ")
    assert len(shown(page)) == 5


def test_enter_in_the_search_box_stays_on_the_page(page: "Page", report: Path, told: list[str]) -> None:
    box = page.locator("#filter [name=words]")
    box.fill("zanzibar")
    box.press("Enter")
    page.wait_for_timeout(200)
    assert page.url == report.as_uri()
    assert shown(page) == ["port-1"]
    assert told == [report.as_uri()]


def test_a_question_opens_by_the_keyboard(page: "Page") -> None:
    page.locator("#filter [name=disagree]").focus()
    page.keyboard.press("Tab")
    question = page.locator("#questions .question").first
    assert question.get_attribute("open") is None
    assert page.evaluate("document.activeElement.querySelector('.id').textContent") == "harbor-1"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert question.get_attribute("open") is not None
    assert question.locator(".answer").first.is_visible()
    page.keyboard.press("Space")
    assert question.get_attribute("open") is None


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_makes_the_page_wider_than_the_screen(page: "Page", width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for question in page.locator("#questions .question").all():
        question.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_wider_than_the_screen_are_broken(page: "Page", starter_home: Home, tmp_path: Path) -> None:
    run = evaluate(tmp_path, [LONG], [LONG_ANSWER], Settings(home=starter_home.folder))
    page.goto(write_report([run.folder.parent], tmp_path)[0].as_uri())
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator("#questions summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_figures_are_read_in_the_light_and_in_the_dark(page: "Page") -> None:
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours.append(
            page.evaluate(
                "[getComputedStyle(document.querySelector('figure text')).fill,"
                " getComputedStyle(document.querySelector('figure')).backgroundColor]"
            )
        )
    assert colours[0][0] != colours[1][0]
    assert colours[0][1] != colours[1][1]
    assert all(ink != paper for ink, paper in colours)
