"""Reports: one page that asks for nothing, the same in Markdown and JSON, whatever the answers hold."""

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from selectolax.lexbor import LexborHTMLParser

from assistant.evaluation.questions import STARTER_QUESTIONS, read_question_set
from assistant.evaluation.report.writing import write_report
from assistant.evaluation.run_folder import SystemRun, system_runs
from assistant.settings import Settings
from corpus.errors import EvaluationError
from tests.assistant.evaluation.conftest import QUOTE, RELEASE, SYSTEMS, abstained, asked, evaluate, right

#: Attributes by which a browser would fetch something, or run it.
FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "xlink:href", "manifest"}
HOSTILE = "</script><script>window.hurt=1</script><img src=\"https://evil.example/x.png\" onerror='window.hurt=1'>"


@pytest.fixture(scope="module")
def report(starter_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the starter run."""
    folder = tmp_path_factory.mktemp("report")
    write_report([starter_run], folder)
    return folder


@pytest.fixture(scope="module")
def hostile(starter_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of answers that try to be more than text."""
    folder = tmp_path_factory.mktemp("hostile")
    citations = [
        {
            "marker": 1,
            "release_id": RELEASE,
            "quote": f"{QUOTE} {HOSTILE}",
            "title": HOSTILE,
            "url": "javascript:hurt()",
        },
        {"marker": 2, "release_id": "a|b", "quote": "data | pipe", "url": "data:text/html,<script>hurt()</script>"},
        {"marker": 3, "release_id": "c", "quote": "q", "url": 'https://home.example/"onclick="hurt()'},
        {"marker": 4, "release_id": "d", "quote": "q", "url": " https://home.example/"},
        {"marker": 5, "release_id": "<d>", "quote": "q", "url": "//evil.example/x"},
    ]
    said = f"| a | b |\n| --- | --- |\n{HOSTILE} ]]> <!-- [1] {{{{ 7*7 }}}} [x](javascript:hurt())\x00"
    rows = [
        asked(
            "a-1",
            text=f"Who is {HOSTILE} | she |?\n# and he",
            note=HOSTILE,
            history=[{"role": "user", "content": HOSTILE}],
        ),
        asked('"><b>x', gold_facts=[[HOSTILE], ["|"]], gold_releases=[["<i>"], ["|"]]),
        asked("a-3", "unanswerable"),
    ]
    answers = [
        right("a-1", answer=said, citations=citations),
        right('"><b>x', answer="", error=HOSTILE),
        abstained("a-3", withheld=right("a-3", answer=HOSTILE)),
    ]
    run = evaluate(folder, rows, answers, starter_settings, name="theirs|<b>&amp;")
    write_report([run.folder.parent], folder)
    return folder


def page(folder: Path) -> LexborHTMLParser:
    return LexborHTMLParser((folder / "report.html").read_text(encoding="utf-8"))


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.mark.parametrize("which", ["report", "hostile"])
def test_the_page_has_nothing_that_a_browser_would_fetch(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    tree = page(folder)
    links = 0
    for tag, attributes in Tags((folder / "report.html").read_text(encoding="utf-8")).found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "image", "audio", "video"), tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            if name in FETCHING:
                assert value.startswith("#"), (tag, name, value)
            if name == "href":
                links += 1
                assert tag == "a" or value.startswith("#")
                assert re.match("https?://|#", value), value
            if name == "style":
                assert not re.search(r"url\((?!#)", value)
    assert links
    for style in tree.css("style"):
        assert "@import" not in style.text()
        assert not re.search(r"url\(\s*['\"]?(?!#)", style.text())
    (script,) = tree.css("script")
    assert not re.search(r"fetch|XMLHttpRequest|import\s*\(|https?:|WebSocket|innerHTML", script.text())
    (policy,) = [node for node in tree.css("meta") if node.attributes.get("http-equiv")]
    assert "default-src 'none'" in policy.attributes["content"]


def test_links_lead_to_the_releases(report: Path) -> None:
    links = {node.attributes["href"] for node in page(report).css("a")}
    assert "https://home.treasury.gov/news/press-releases/jy1539" in links
    assert all(link.startswith("https://home.treasury.gov/news/") for link in links)


def test_what_answers_hold_stays_text(hostile: Path) -> None:
    tree = page(hostile)
    assert len(tree.css("script")) == 1
    assert tree.css("b > x, i, d, body > b") == []
    first = tree.css_first("#questions .question")
    shown = first.text()
    for text in (
        "Who is </script><script>window.hurt=1",
        "| a | b |",
        "{{ 7*7 }}",
        "[x](javascript:hurt())",
        "]]> <!--",
    ):
        assert text in shown
    assert shown.count(HOSTILE) >= 5  # question, note, turn, title, quote, answer
    assert [(a.text(), a.attributes["href"]) for a in first.css("a")] == [
        ("c", 'https://home.example/"onclick="hurt()')
    ]
    failed, withheld = tree.css("#questions .question")[1:]
    assert failed.css_first(".answer").text() == HOSTILE
    assert failed.css_first(".id").text() == '"><b>x'
    assert HOSTILE in withheld.css_first(".withheld").text()
    assert "theirs|<b>&amp;" in tree.css_first("th[scope=row]").text()
    assert {option.text() for option in tree.css("select[name=system] option")} == {"theirs|<b>&amp;"}


def test_every_question_stands_there_with_every_system(report: Path, starter_run: Path) -> None:
    tree = page(report)
    questions = read_question_set(STARTER_QUESTIONS)
    shown = tree.css("#questions .question")
    assert [node.css_first(".id").text() for node in shown] == [question.id for question in questions]
    assert [node.css_first(".text").text() for node in shown] == [question.question for question in questions]
    runs = system_runs(starter_run)
    for number, node in enumerate(shown):
        assert [heading.text().split()[1] for heading in node.css("article h3")] == [f"{name}:" for name in SYSTEMS]
        outcomes = (node.attributes["data-outcomes"] or "").split()
        scores = [run.metrics.questions[number] for run in runs]
        assert [outcome == "correct" for outcome in outcomes] == [score.correct for score in scores]
        disagree = len({score.correct for score in scores}) == 2
        assert ("data-disagree" in node.attributes) is disagree
        for score, article in zip(scores, node.css("article"), strict=True):
            assert [reason.text() for reason in article.css(".missing li")] == score.missing
    assert [option.text() for option in tree.css("select[name=system] option")] == list(SYSTEMS)
    headline = tree.css("section.table")[0]
    assert [row.css_first("th").text() for row in headline.css("tbody tr")] == list(SYSTEMS)
    assert len(tree.css("figure svg")) == 4


def test_the_page_says_how_the_run_was_made(report: Path, starter_run: Path) -> None:
    told = page(report).css_first("#provenance").text()
    run = SystemRun(starter_run / "assistant", "assistant")
    for value in ("code", "corpus_hash", "generation", "encoder", "embedding_model"):
        assert run.provenance.made_from[value] in told
    for value in (run.run.questions_hash, run.run.version, run.run.python, str(run.run.machine["processor"])):
        assert value in told


def test_the_tables_hold_the_figures_of_the_run(report: Path, starter_run: Path) -> None:
    headline = page(report).css("section.table")[0]
    columns = [node.text() for node in headline.css("thead th")]
    for row, run in zip(headline.css("tbody tr"), system_runs(starter_run), strict=True):
        cells = dict(zip(columns[1:], [cell.text().split()[0] for cell in row.css("td")], strict=True))
        for name in ("correct", "facts", "cited", "quotes", "recall@5"):
            assert cells[name] == f"{run.metrics.all.measures[name].value:.3f}"
        assert cells["MRR"] == f"{run.metrics.all.measures['mrr'].value:.3f}"
        assert cells["failed"] == "0"


def test_differences_to_the_first_system_are_marked_where_they_are_beyond_chance(report: Path) -> None:
    table = page(report).css("section.table")[1]
    assert table.css_first("h2").text() == "Difference to assistant"
    cells = table.css("td")
    assert len(cells) == (len(SYSTEMS) - 1) * 5
    for cell in cells:
        p = float(re.search(r"p = ([\d.]+)", cell.attributes["title"] or "")[1])  # type: ignore[index]
        assert cell.text().endswith("*") is (p < 0.05)


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        pytest.param(
            [asked("a-1"), asked("a-2")], [abstained(i, timings_ms={}) for i in ("a-1", "a-2")], id="abstained"
        ),
        pytest.param([asked("a-1", "unanswerable")], [right("a-1", confidence=None, timings_ms={})], id="unanswerable"),
        pytest.param([asked("a-1")], [], id="failed"),
    ],
)
def test_a_figure_without_a_value_says_so_with_a_reason(
    starter_settings: Settings, tmp_path: Path, questions: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    evaluate(tmp_path, questions, answers, starter_settings)
    write_report([tmp_path / "run"], tmp_path)
    tree = page(tmp_path)
    without = [cell for cell in tree.css("section.table td") if cell.text() == "n/a"]
    assert len(without) > 5
    assert all(cell.attributes.get("title") for cell in without)
    notes = [note.text() for note in tree.css("section.table .note")]
    assert len(notes) > 3
    assert all(re.fullmatch(r"n/a \(.+\): .+", note) for note in notes)
    for section in tree.css("section.table"):
        if "Latency" not in section.css_first("h2").text():  # its memory stands beside the total alone
            assert all(cell.text().strip() for cell in section.css("td"))
    for file in ("report.html", "report.md", "report.json"):
        assert not re.search(r"\b(nan|None|inf|NaN|Infinity)\b", (tmp_path / file).read_text(encoding="utf-8"))


def tables_of(markdown: str) -> list[list[int]]:
    """For every table of a Markdown text, the cells of its rows."""
    lines = markdown.split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    spans = [token.map for token in tokens if token.type == "table_open" and token.map]
    return [
        [len(escapedSplit(line.strip()[1:-1])) for line in lines[start:end] if line.strip()] for start, end in spans
    ]


@pytest.mark.parametrize("which", ["report", "hostile"])
def test_markdown_tables_are_whole(which: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(which)
    tables = tables_of((folder / "report.md").read_text(encoding="utf-8"))
    rows = [len(section.css("tr")) for section in page(folder).css("section.table")]
    assert [len(table) - 1 for table in tables] == rows  # less the line below the header
    assert all(len(set(table)) == 1 for table in tables)
    assert all(table[0] > 1 for table in tables)


def test_markdown_has_every_question_and_system(report: Path) -> None:
    tokens = MarkdownIt("commonmark").parse((report / "report.md").read_text(encoding="utf-8"))
    headings = [
        "".join(child.content for child in after.children or [])
        for token, after in itertools.pairwise(tokens)
        if token.type == "heading_open"
    ]
    for question in read_question_set(STARTER_QUESTIONS):
        assert f"{question.id} ({question.type}): {question.question}" in headings
    text = (report / "report.md").read_text(encoding="utf-8")
    for system in SYSTEMS:
        assert len(re.findall(rf"^- \*\*{system}: (correct|wrong|abstained)\.\*\*", text, re.M)) == 115


def test_what_answers_hold_stays_text_in_markdown(hostile: Path) -> None:
    tokens = MarkdownIt("commonmark").parse((hostile / "report.md").read_text(encoding="utf-8"))
    inner = [child for token in tokens for child in [token, *(token.children or [])]]
    assert [token.content for token in inner if token.type in ("html_block", "html_inline")] == []


def test_json_is_strict_and_holds_all(report: Path, starter_run: Path) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"report.json holds {constant}")

    found = json.loads((report / "report.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert [system["label"] for system in found["systems"]] == list(SYSTEMS)
    assert len(found["questions"]) == 115
    for system, run in zip(found["systems"], system_runs(starter_run), strict=True):
        assert system["metrics"]["all"] == run.metrics.all.model_dump(mode="json")
        assert [answer["id"] for answer in system["answers"]] == list(run.answers)
        assert system["provenance"]["made_from"] == run.provenance.made_from


def test_the_same_runs_give_the_same_bytes(report: Path, starter_run: Path, tmp_path: Path) -> None:
    write_report([starter_run], tmp_path)
    for name in ("report.html", "report.md", "report.json"):
        assert (tmp_path / name).read_bytes() == (report / name).read_bytes()
    write_report([starter_run / system for system in SYSTEMS], tmp_path)
    assert (tmp_path / "report.html").read_bytes() == (report / "report.html").read_bytes()


def test_plots_are_written_as_png_where_they_are_wanted(starter_run: Path, report: Path, tmp_path: Path) -> None:
    files = write_report([starter_run / "bm25"], tmp_path, plots=True)
    plots = [file for file in files if file.suffix == ".png"]
    assert {file.stem for file in plots} == {"recall-by-rank", "risk-coverage", "time-to-answer", "correct-by-type"}
    assert all(file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n") for file in plots)
    assert not list(report.glob("**/*.png"))


@pytest.mark.parametrize(
    "name",
    [
        "plain-name_1.2",
        "two words",
        pytest.param("cost $_$"),
        pytest.param("_old"),
        pytest.param("运行"),
    ],
)
def test_a_system_may_have_any_name(starter_settings: Settings, tmp_path: Path, name: str) -> None:
    evaluate(tmp_path, [asked("a-1")], [right("a-1")], starter_settings, name=name)
    write_report([tmp_path / "run"], tmp_path)
    tree = page(tmp_path)
    assert name in [row.text() for row in tree.css("th[scope=row]")]
    assert name in tree.css_first("#recall-by-rank").text()


def test_two_runs_of_one_system_are_told_apart_by_their_folders(starter_settings: Settings, tmp_path: Path) -> None:
    for week in ("monday", "friday"):
        run = evaluate(tmp_path / week, [asked("a-1")], [right("a-1")], starter_settings)
        run.folder.parent.rename(tmp_path / f"{week}-run")
    write_report([tmp_path / "monday-run", tmp_path / "friday-run"], tmp_path)
    found = json.loads((tmp_path / "report.json").read_text())
    assert [system["label"] for system in found["systems"]] == ["monday-run/theirs", "friday-run/theirs"]


def test_two_runs_whose_folders_are_called_alike_are_told_apart(starter_settings: Settings, tmp_path: Path) -> None:
    for week in ("monday", "friday"):
        evaluate(tmp_path / week, [asked("a-1")], [right("a-1")], starter_settings)
    write_report([tmp_path / "monday" / "run", tmp_path / "friday" / "run"], tmp_path)


def test_what_cannot_be_reported_is_told(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    other = evaluate(tmp_path, [asked("a-1")], [right("a-1")], starter_settings)
    with pytest.raises(EvaluationError, match=r"runs of different questions: .*starter-run, .*run"):
        write_report([starter_run, other.folder.parent], tmp_path)
    with pytest.raises(EvaluationError, match="given twice"):
        write_report([other.folder, other.folder], tmp_path)
    with pytest.raises(EvaluationError, match=r"the run .*nowhere is none"):
        write_report([tmp_path / "nowhere"], tmp_path)


def test_a_report_into_a_file_is_told(starter_run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match=r"file/report.html cannot be written"):
        write_report([starter_run / "bm25"], tmp_path / "file")
