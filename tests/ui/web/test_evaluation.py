"""The evaluation tab: every run and question told, markers that lead to quotes, and nothing taken for markup."""

import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.evaluation.comparing import Comparison, Difference, compare
from assistant.evaluation.listing import AGAIN, Fault, ListedRun, RunLibrary
from assistant.evaluation.report.asked import MISSED, all_asked, matching
from assistant.evaluation.report.plots import svg_plots
from assistant.evaluation.report.tables import Cell, Table
from assistant.evaluation.run_folder import RunProvenance, SystemRun
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from indexes.generation import Home
from tests.assistant.evaluation.conftest import QUOTE, RELEASE, abstained, asked, right, write_lines, wrong
from ui.web.rendering import compared_runs
from ui.web.rendering.compared_runs import comparison_html
from ui.web.rendering.evaluated_questions import answer_html, position_html, questions_html
from ui.web.rendering.evaluation import RUNS_SHOWN, SYSTEMS_SHOWN, fault_html, figures_html, plots_html, runs_html
from ui.web.tabs.evaluation import last_two

HOSTILE = "<img src=x onerror='hurt()'> </details><script>hurt()</script> \"quoted\" & {{7*7}} ${hurt()}"
QUESTIONS = [
    asked("a-1"),
    asked(
        "a-2", "date", text=f"When did {HOSTILE} sail?", note=HOSTILE, gold_facts=[[HOSTILE], ["wife of Choe Chol Min"]]
    ),
    asked("a-3", "date", history=[{"role": "user", "content": HOSTILE}]),
    asked("b-1", "unanswerable"),
    asked("b-2", "list", text="Which ports & piers (50% of them)?"),
    asked("b-3", "list"),
]
OURS = [
    right("a-1"),
    right("a-2", answer=f"{QUOTE} {HOSTILE[:20]} [1] Section [7] of it."),
    abstained("a-3", withheld=right("a-3")),
    abstained("b-1"),
    wrong("b-2"),
    wrong("b-3"),
]
THEIRS = [
    wrong("a-1"),
    right("a-2"),
    wrong("a-3"),
    right("b-1"),
    right("b-2", answer="", error=HOSTILE),
    right("b-3"),
]


@pytest.fixture(scope="module")
def runs(starter_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run of two systems, the first of them named like markup."""
    folder = tmp_path_factory.mktemp("evaluation")
    questions = write_lines(folder / "harbor<b>.jsonl", QUESTIONS)
    systems = [
        str(write_lines(folder / f"{n}.jsonl", rows)) for n, rows in (("ours<b>&amp;", OURS), ("theirs", THEIRS))
    ]
    run_evaluation(questions, systems, folder / "runs" / "first<i>", Settings(home=starter_home.folder))
    return folder / "runs"


@pytest.fixture(scope="module")
def systems(runs: Path) -> list[SystemRun]:
    return RunLibrary(runs).open("first<i>")


def parsed(html: str) -> LexborHTMLParser:
    tree = LexborHTMLParser(html)
    assert tree.css("script, img, i, b b, iframe, [onerror]") == []
    return tree


def questions(systems: list[SystemRun], label: str = "ours<b>&amp;") -> dict[str, LexborNode]:
    """Every question as it is shown, by its id."""
    run = next(run for run in systems if run.label == label)
    others = {"a-1": [("theirs", "wrong")]}
    nodes = parsed(questions_html(all_asked([run]), others)).css("details.question")
    return {node.css_first(".id").text(): node for node in nodes}


# --- runs ---


def test_without_runs_it_says_how_to_make_one(tmp_path: Path) -> None:
    told = parsed(runs_html([], tmp_path)).body
    assert told is not None
    assert f"assistant eval run starter --out {tmp_path}/first" in told.text()


def test_a_run_is_a_button_with_its_figures(runs: Path) -> None:
    tree = parsed(runs_html(RunLibrary(runs).runs(), runs, "first<i>"))
    (button,) = tree.css("button[data-pick]")
    assert (button.attributes["data-pick"], button.text(), button.attributes["aria-current"]) == ("first<i>",) * 2 + (
        "true",
    )
    assert [node.text() for node in tree.css("thead th")] == [
        "run", "system", "correct", "facts", "precision", "false abstain", "median ms", "failed",
    ]  # fmt: skip
    assert "6 of harbor<b>.jsonl" in tree.css_first("th[scope=rowgroup]").text()
    assert [row.css_first("td").text() for row in tree.css("tbody tr")] == ["ours<b>&amp;", "theirs"]
    assert tree.css("tbody tr")[0].css("td")[1].text().split() == ["0.333", "0.00–0.67"]


def listed(name: str, systems: int = 1, **fields: Any) -> ListedRun:
    labels = [f"system-{n}" for n in range(systems)]
    rows = [[Cell(label), Cell("0.5")] for label in labels]
    made = RunProvenance(
        questions="harbor.jsonl", questions_hash="abc", count=5, version="1", python="3", libraries={}, machine={}
    )
    whole: dict[str, Any] = {
        "started": datetime.datetime(2025, 3, 4, tzinfo=datetime.UTC),
        "provenance": made,
        "systems": labels,
        "figures": Table("", ["system", "correct"], rows) if rows else None,
        "faults": [],
    }
    return ListedRun(name=name, **{**whole, **fields})


def test_what_is_wrong_with_a_run_stands_in_its_row_with_how_to_go_on(tmp_path: Path) -> None:
    faults = [Fault(f"{HOSTILE}/metrics.json is damaged", AGAIN)]
    tree = parsed(runs_html([listed("half", 0, provenance=None, faults=faults), listed("whole")], tmp_path))
    told = tree.css("tbody")[0].text()
    assert f"⚠ {HOSTILE}/metrics.json is damaged" in told
    assert AGAIN in told
    assert "questions unknown" in told
    assert [button.text() for button in tree.css("button")] == ["half", "whole"]


def test_many_runs_and_systems_are_counted_where_they_are_not_shown(tmp_path: Path) -> None:
    many = [listed(f"run-{n}") for n in range(RUNS_SHOWN + 3)]
    tree = parsed(runs_html([listed("wide", SYSTEMS_SHOWN + 4), *many], tmp_path))
    assert len(tree.css("tbody")) == RUNS_SHOWN
    assert len(tree.css("tbody")[0].css("tr")) == SYSTEMS_SHOWN + 1
    assert "and 4 more" in tree.css("tbody")[0].text()
    assert "4 older runs" in tree.css_first(".note").text()


def test_the_last_two_runs_of_the_same_questions_are_compared_first() -> None:
    other = listed("c", provenance=listed("").provenance.model_copy(update={"questions_hash": "def"}))  # type: ignore[union-attr]
    assert last_two([listed("d"), other, listed("b"), listed("a")]) == ("b/system-0", "d/system-0")
    assert last_two([listed("half", 0), listed("d"), listed("b")]) == ("b/system-0", "d/system-0")
    assert last_two([listed("d", 2), other]) == ("d/system-1", "d/system-0")
    assert last_two([listed("d")]) == (None, "d/system-0")
    assert last_two([]) == (None, None)


# --- one run ---


def test_figures_stand_by_system_and_by_type_with_the_rest_behind_a_summary(systems: list[SystemRun]) -> None:
    tree = parsed(figures_html("first<i>", systems))
    assert tree.css_first("h2").text() == "first<i>"
    shown = [node.text() for node in tree.css("h3") if not inside_details(node)]
    assert shown == ["Where each system stands", "correct, by type"]
    standing, by_type = [table for table in tree.css("table") if not inside_details(table)]
    assert [node.text() for node in standing.css("thead th")] == ["ours<b>&amp;", "theirs"]
    assert [node.text() for node in by_type.css("tbody th")] == ["date", "factoid", "list", "unanswerable"]
    assert "Latency and memory" in [node.text() for node in tree.css("details h3")]
    assert all(frame.attributes["tabindex"] == "0" for frame in tree.css(".scroll"))


def inside_details(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "details":
        parent = parent.parent
    return parent is not None


def test_plots_say_in_words_what_they_show_and_change_nothing_else_on_the_page(systems: list[SystemRun]) -> None:
    html = plots_html(svg_plots(systems))
    tree = parsed(html)
    plots = tree.css("figure > svg[role=img]")
    assert len(plots) == 4
    told = [plot.attributes["aria-label"] or "" for plot in plots]
    assert all("ours<b>&amp;: " in words and "theirs: " in words for words in told)
    assert "0.80 at 1" in told[0]
    assert "median 12 ms" in told[2]
    assert "factoid 1.00" in told[3]
    assert "*{" not in html  # a rule of an inline SVG holds for the whole page
    assert "currentColor" in html
    assert "#010203" not in html


# --- questions ---


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["a-1", "a-2", "a-3", "b-1", "b-2", "b-3"]),
        ({"outcome": "correct"}, ["a-1", "b-1"]),
        ({"outcome": MISSED}, ["a-2", "a-3", "b-2", "b-3"]),
        ({"outcome": "wrong"}, ["a-2", "b-2", "b-3"]),
        ({"outcome": "abstained"}, ["a-3"]),
        ({"outcome": "failed"}, []),
        ({"kind": "date"}, ["a-2", "a-3"]),
        ({"kind": "date", "outcome": "abstained"}, ["a-3"]),
        ({"words": "  PORTS 50% "}, ["b-2"]),
        ({"words": "piers nowhere"}, []),
        ({"words": "b-1"}, ["b-1"]),
        ({"words": "daughter"}, ["b-2", "b-3"]),
        ({"words": "<script>"}, ["a-2"]),
    ],
    ids=str,
)
def test_questions_are_found_by_outcome_type_and_words(
    systems: list[SystemRun], conditions: dict[str, str], expected: list[str]
) -> None:
    found = matching(all_asked(systems[:1]), **conditions)
    assert [a.question.id for a in found] == expected


def test_a_question_stands_with_what_was_expected_and_what_came_of_it(systems: list[SystemRun]) -> None:
    node = questions(systems)["a-2"]
    assert node.css_first("summary .text").text() == f"When did {HOSTILE} sail?"
    assert node.css_first("summary .outcome").text() == "✗ wrong"
    assert [item.text() for item in node.css("ul.gold li")] == [
        f"✗ not said {HOSTILE}",
        "✓ said wife of Choe Chol Min",
        f"✓ cited {RELEASE}",
    ]
    assert any(f"does not say “{HOSTILE}”" in item.text() for item in node.css("ul.missing li"))
    assert HOSTILE in node.css_first(".about").text()
    assert questions(systems)["a-1"].css_first("summary .outcome").text() == "✓ correct"
    assert "the other systems: theirs ✗ wrong" in questions(systems)["a-1"].text()


def test_a_question_that_the_corpus_cannot_answer_says_so(systems: list[SystemRun]) -> None:
    assert "The corpus holds no answer" in questions(systems)["b-1"].text()
    assert questions(systems)["b-1"].css("ul.gold") == []


def test_what_was_withheld_said_before_or_failed_is_told(systems: list[SystemRun]) -> None:
    node = questions(systems)["a-3"]
    assert node.css_first("summary .outcome").text() == "∅ abstained"
    assert QUOTE in next(d.text() for d in node.css("details") if "withheld" in d.css_first("summary").text())
    assert HOSTILE in node.css_first(".turn").text()
    failed = questions(systems, "theirs")["b-2"]
    assert failed.css_first("summary .outcome").text() == "! failed"
    assert f"No answer: {HOSTILE}" in failed.css_first(".answer").text()


def test_a_marker_opens_the_release_at_its_quote_and_other_brackets_stay_text(systems: list[SystemRun]) -> None:
    answer = systems[0].answers["a-2"].model_copy(deep=True)
    answer.citations[0].start, answer.citations[0].end = 120, 260
    node = parsed(answer_html(answer)).css_first(".answer")
    (button,) = node.css("button.open-release")
    assert {name: button.attributes[f"data-{name}"] for name in ("release", "start", "end")} == {
        "release": RELEASE,
        "start": "120",
        "end": "260",
    }
    assert button.attributes["aria-label"] == f"Source 1, {RELEASE}"
    assert "Section [7] of it." in node.text()


@pytest.mark.parametrize(
    ("text", "markers", "left"),
    [
        ("It sailed. [1] It sank. [2]", ["1", "2"], "It sailed.1 It sank.2"),
        ("It sailed. [1, 2]", ["1", "2"], "It sailed.12"),
        ("It sailed. [1,9]", [], "It sailed. [1,9]"),
        ("It sailed. [99999999999999999999999]", [], "It sailed. [99999999999999999999999]"),
        ("[1]", ["1"], "1"),
        ("[x] [] [1", [], "[x] [] [1"),
    ],
)
def test_markers_in_an_answer(systems: list[SystemRun], text: str, markers: list[str], left: str) -> None:
    (citation,) = systems[0].answers["a-1"].citations
    cited = [citation.model_copy(update={"marker": marker}) for marker in (1, 2)]
    answer = systems[0].answers["a-1"].model_copy(update={"answer": text, "citations": cited})
    node = parsed(answer_html(answer)).css_first(".answer")
    assert [button.text() for button in node.css("button")] == markers
    assert node.text() == left
    assert all("data-start" not in button.attributes for button in node.css("button"))  # the quote has no place here


def test_a_missed_question_can_be_asked_in_the_chat(systems: list[SystemRun]) -> None:
    shown = questions(systems)
    links = {i: [link.attributes["href"] or "" for link in node.css("a.ask")] for i, node in shown.items()}
    assert {i for i, found in links.items() if found} == {"a-2", "a-3", "b-2", "b-3"}
    (href,) = links["b-2"]
    assert parse_qs(urlsplit(href).query) == {"ask": ["Which ports & piers (50% of them)?"]}
    (href,) = links["a-2"]
    assert parse_qs(urlsplit(href).query) == {"ask": [f"When did {HOSTILE} sail?"]}


def test_no_question_that_meets_the_conditions_is_told() -> None:
    assert "take a condition away" in questions_html([], {})


def test_the_position_within_the_questions_is_told() -> None:
    assert "26–50 of 1,200" in position_html(25, 50, 1200)
    assert "no question" in position_html(0, 0, 0)


# --- two runs ---


def test_a_comparison_tells_differences_and_the_questions_that_flipped(systems: list[SystemRun]) -> None:
    a, b = systems
    tree = parsed(comparison_html(compare(a, b), a, b))
    rows = {row.css_first("th").text(): row for row in tree.css("table")[0].css("tbody tr")}
    assert [cell.text() for cell in rows["correct"].css("td")][:4] == ["6", "0.333", "0.167", "-0.167"]
    assert rows["correct"].css("td")[-1].text() == "≈ may be chance"
    assert rows["recall@1"].css("td")[-1].text() in ("= the same", "≈ may be chance")
    assert [heading.text() for heading in tree.css(".flips h3")] == ["2 no longer right", "1 now right"]
    lost, gained = [[node.css_first(".id").text() for node in part.css(".question")] for part in tree.css(".flips")]
    assert (lost, gained) == (["a-1", "b-1"], ["b-3"])
    first = tree.css_first(".flips .question")
    assert [heading.text() for heading in first.css("h4")] == ["A", "B"]
    assert "daughter" in first.text()
    assert len(first.css("button.open-release")) == 2


def test_only_the_first_of_many_flips_are_shown(systems: list[SystemRun], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compared_runs, "FLIPS_SHOWN", 1)
    tree = parsed(comparison_html(compare(*systems), *systems))
    assert len(tree.css_first(".flips").css(".question")) == 1
    assert "The first 1 are shown" in tree.css_first(".flips .note").text()


def test_a_run_against_itself_shows_no_change(systems: list[SystemRun]) -> None:
    a = systems[0]
    tree = parsed(comparison_html(compare(a, a), a, a))
    assert {row.css("td")[-1].text() for row in tree.css("tbody tr")} == {"= the same"}
    assert [heading.text() for heading in tree.css(".flips h3")] == ["0 no longer right", "0 now right"]


@pytest.mark.parametrize(
    ("difference", "p", "lower_is_better", "verdict"),
    [
        (0.2, 0.01, False, "▲ better"),
        (-0.2, 0.01, False, "▼ worse"),
        (-0.2, 0.01, True, "▲ better"),
        (0.2, 0.01, True, "▼ worse"),
        (0.2, 0.06, False, "≈ may be chance"),
        (-0.2, 0.5, False, "≈ may be chance"),
        (0.0, 1.0, False, "= the same"),
    ],
)
def test_a_verdict_is_a_sign_and_a_word(
    systems: list[SystemRun], difference: float, p: float, lower_is_better: bool, verdict: str
) -> None:
    found = Difference(
        metric="correct",
        n=9,
        before=0.5,
        after=0.5 + difference,
        difference=difference,
        low=-0.1,
        high=0.1,
        p=p,
        lower_is_better=lower_is_better,
    )
    comparison = Comparison(
        a="a", b="b", questions=9, all=[found], by_type={}, flips=[], only_before=["x-1"], only_after=[]
    )
    tree = parsed(comparison_html(comparison, *systems))
    assert tree.css_first("tbody tr").css("td")[-1].text() == verdict
    assert tree.css_first(".note").text() == "B lacks 1: x-1"


def test_a_fault_is_told_as_text() -> None:
    assert HOSTILE in parsed(fault_html(HOSTILE)).css_first(".fault").text()
