"""``assistant eval`` as a person meets it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from indexes.generation import Home
from tests.assistant.evaluation.conftest import abstained, asked, right, write_lines, wrong
from tests.ui.test_cli import assert_one_line_error, run

QUESTIONS = [asked("a-1"), asked("a-2", "date"), asked("a-3", "unanswerable"), asked("a-4")]
BEFORE = [right("a-1"), right("a-2"), wrong("a-3"), wrong("a-4")]
AFTER = [right("a-1"), wrong("a-2"), abstained("a-3")]


@pytest.fixture(scope="session")
def folder(starter_home: Home, shared_folder: Path) -> Path:
    """Two runs of recorded answers to the same questions. Tests read them; none writes to them."""
    folder = shared_folder / "cli-eval"
    with FileLock(shared_folder / "cli-eval.lock"):
        if not folder.exists():
            questions = write_lines(folder / "questions.jsonl", QUESTIONS)
            for name, answers in (("before", BEFORE), ("after", AFTER)):
                file = write_lines(folder / f"{name}.jsonl", answers)
                options = ("--system", str(file), "--out", str(folder / f"{name}-run"))
                result = run("eval", "run", str(questions), *options, home=starter_home.folder)
                assert result.returncode == 0, result.stderr
                (folder / f"{name}.out").write_text(result.stdout, encoding="utf-8")
                (folder / f"{name}.err").write_text(result.stderr, encoding="utf-8")
    return folder


def said(*args: object) -> str:
    """What a command that succeeds prints."""
    result = run("eval", *map(str, args))
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_help_names_every_command_and_loads_none_of_the_heavy_libraries() -> None:
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = 'torch llama_index faiss onnxruntime numpy pydantic scipy matplotlib jinja2 ir_measures'.split()\n"
        "print(sorted(set(heavy) & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script, "eval", "--help"], capture_output=True, text=True)
    assert result.stderr.strip() == "[]"
    for command in ("lint", "run", "compare", "report", "convert"):
        assert f"\n  {command} " in result.stdout


@pytest.mark.parametrize(
    "command",
    [
        "lint",
        "run",
        pytest.param("compare"),
        "report",
        "convert",
    ],
)
def test_help_of_a_command_loads_none_of_the_heavy_libraries(command: str) -> None:
    script = (
        "import sys\nfrom ui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'pydantic', 'scipy'} & set(sys.modules)), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script, "eval", command, "--help"], capture_output=True, text=True)
    assert result.stdout.startswith("Usage:")
    assert result.stderr.strip() == "[]"


# --- lint ---


def test_the_starter_set_is_right(starter_home: Home) -> None:
    result = run("eval", "lint", "starter", home=starter_home.folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert "starter_questions.jsonl: 115 questions, 0 wrong" in result.stdout


def test_lint_shows_each_finding_and_exits_with_1(starter_home: Home, tmp_path: Path) -> None:
    rows = [asked("a-1"), asked("a-1", text="Again?"), asked("a-2", gold_releases=[["zz99"]], text="Who?"), "{"]
    file = str(write_lines(tmp_path / "bad.jsonl", rows))
    result = run("eval", "lint", file, home=starter_home.folder)
    assert result.returncode == 1
    for rule in ("duplicate id", "unknown id", "not a question"):
        assert rule in result.stdout
    result = run("eval", "lint", file, "--json", home=starter_home.folder)
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert {(row["line"], row["rule"]) for row in found} >= {
        (2, "duplicate id"),
        (3, "unknown id"),
        (4, "not a question"),
    }


def test_what_is_only_worth_a_look_fails_where_that_is_asked_for(starter_home: Home, tmp_path: Path) -> None:
    text = "Whose wife is Choe Un Jong, who lives in Beijing and is at the embassy there"
    file = str(
        write_lines(tmp_path / "near.jsonl", [asked("a-1", text=f"{text}?"), asked("a-2", text=f"{text}, then?")])
    )
    result = run("eval", "lint", file, home=starter_home.folder)
    assert result.returncode == 0
    assert "0 wrong, 1 worth a look" in result.stdout
    assert run("eval", "lint", file, "--strict", home=starter_home.folder).returncode == 1


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("lint", "none.jsonl"), "none.jsonl cannot be read"),
        (("run", "none.jsonl", "--out", "run"), "none.jsonl cannot be read"),
        (("report", "nowhere"), "the run nowhere is none"),
        (("compare", "nowhere", "nowhere"), "the run nowhere is none"),
        (("convert", "none.jsonl", "--to", "beir", "--out", "x"), "none.jsonl cannot be read"),
    ],
)
def test_errors_end_in_one_line(
    starter_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_one_line_error(run("eval", *args, home=starter_home.folder), told, code=2)


def test_without_an_index_a_run_says_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert_one_line_error(run("eval", "run", "starter", "--out", str(out), home=tmp_path), "assistant index", code=1)
    assert_one_line_error(run("eval", "lint", "starter", home=tmp_path), "assistant index", code=1)


# --- run ---


def test_a_run_prints_its_tables_and_where_it_lies(folder: Path) -> None:
    text = (folder / "before.out").read_text(encoding="utf-8")
    lines = {line.split("  ")[0].strip(): line.split() for line in text.splitlines() if line.strip()}
    assert "0.500" in lines["correct"]
    assert "1.000" in lines["quotes"]
    for title in ("Where each system stands", "Abstention", "correct, by type", "Latency and memory"):
        assert title in text
    for kind in ("date", "factoid", "unanswerable"):
        assert kind in lines
    assert text.rstrip().endswith(f"look at it with: assistant eval report {folder / 'before-run'}")
    assert "before: 4 in" in (folder / "before.err").read_text(encoding="utf-8")


def test_what_failed_is_told_apart_from_the_tables(folder: Path) -> None:
    told = (folder / "after.err").read_text(encoding="utf-8")
    assert "failed: after on a-4: EvaluationError: after.jsonl holds no answer to a-4" in told
    assert "holds no answer" not in (folder / "after.out").read_text(encoding="utf-8")


@pytest.fixture
def again(folder: Path, starter_home: Home, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Gives the first run's command once more, to which options can be added; it asks nothing again."""
    questions, answers = (str(folder / name) for name in ("questions.jsonl", "before.jsonl"))
    out = str(shutil.copytree(folder / "before-run", tmp_path / "before-run"))
    return lambda *more: run(
        "eval", "run", questions, "--system", answers, "--out", out, *more, home=starter_home.folder
    )


def test_figures_are_printed_as_json(again: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    result = again("--json")
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert list(found) == ["before"]
    assert found["before"]["all"]["measures"]["correct"]["value"] == 0.5
    assert found["before"]["by_type"].keys() == {"date", "factoid", "unanswerable"}
    assert "questions" not in found["before"]


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ("--fail-under correct=0.5 --fail-under quotes=1 --fail-over false_abstention=0", 0, []),
        ("--fail-under correct=0.6 --fail-over words=5", 1, ["correct is 0.500, under 0.6", "words is 7.000, over 5"]),
        ("--fail-under correct[list]=0.6", 1, ["correct[list] is n/a (no question of the type list)"]),
    ],
)
def test_a_run_is_a_gate(
    again: Callable[..., subprocess.CompletedProcess[str]], options: str, code: int, told: list[str]
) -> None:
    result = again(*options.split())
    assert result.returncode == code
    assert [line for line in result.stderr.splitlines() if line.startswith("failed:")] == [f"failed: {t}" for t in told]
    assert "Where each system stands" in result.stdout


def test_a_wrong_bound_is_told_before_anything_is_done(starter_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "run"
    result = run("eval", "run", "starter", "--out", str(out), "--fail-under", "right=1", home=starter_home.folder)
    assert_one_line_error(result, "'right=1' is no bound", code=2)
    assert not out.exists()


def test_a_bound_that_is_no_number_is_told_in_one_line(starter_home: Home, tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    result = run("eval", "run", "starter", "--out", out, "--fail-under", "correct=0.6.0", home=starter_home.folder)
    assert_one_line_error(result, "is no bound", code=2)


def test_a_run_of_other_questions_is_refused_in_one_line(folder: Path, starter_home: Home) -> None:
    out = str(folder / "before-run")
    result = run("eval", "run", "starter", "--out", out, home=starter_home.folder)
    assert_one_line_error(result, "is a run of other questions (questions.jsonl, ", "--fresh", code=2)


# --- compare ---


def test_a_comparison_says_what_changed(folder: Path) -> None:
    text = said("compare", folder / "before-run", folder / "after-run")
    assert text.startswith(f"A  {folder / 'before-run' / 'before'}\nB  {folder / 'after-run' / 'after'}\n4 questions")
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    assert rows["correct"][1:5] == ["4", "0.500", "0.500", "+0.000"]
    assert rows["date"][1:5] == ["1", "1.000", "0.000", "-1.000"]
    assert "1 now right" in text
    assert "1 no longer right" in text
    flat = " ".join(text.split())
    assert "why B does not say “wife of Choe Chol Min”" in flat
    assert "why A answered, though the corpus holds no answer" in flat


def test_a_comparison_is_printed_as_json(folder: Path) -> None:
    found = json.loads(said("compare", folder / "before-run", folder / "after-run" / "after", "--json"))
    assert (found["a"], found["b"], found["questions"]) == ("before", "after", 4)
    assert [(flip["id"], flip["better"]) for flip in found["flips"]] == [("a-2", False), ("a-3", True)]
    assert found["by_type"].keys() == {"factoid", "date", "unanswerable"}


@pytest.mark.parametrize(
    ("a", "b", "options", "told"),
    [
        ("before", "after", [], []),
        ("before", "after", ["--no-regression"], []),  # as many right as before
        ("before", "after", ["--fail-under", "correct=0.6"], ["correct is 0.500, under 0.6"]),
        ("before", "before", ["--no-regression", "--fail-over", "words=1"], ["words is 7.000, over 1"]),
    ],
)
def test_a_comparison_is_a_gate(folder: Path, a: str, b: str, options: list[str], told: list[str]) -> None:
    result = run("eval", "compare", str(folder / f"{a}-run"), str(folder / f"{b}-run"), *options)
    assert result.stderr.splitlines() == [f"failed: {reason}" for reason in told]
    assert result.returncode == (1 if told else 0)


def test_no_regression_fails_where_fewer_are_right(folder: Path, starter_home: Home, tmp_path: Path) -> None:
    worse = str(write_lines(tmp_path / "worse.jsonl", [wrong("a-1"), *BEFORE[1:]]))
    out = str(tmp_path / "run")
    questions = str(folder / "questions.jsonl")
    assert run("eval", "run", questions, "--system", worse, "--out", out, home=starter_home.folder).returncode == 0
    result = run("eval", "compare", str(folder / "before-run"), out, "--no-regression", "--flips", "0")
    assert result.returncode == 1
    assert result.stderr == "failed: correct fell by 0.250 to 0.250 (p = 1.000)\n"
    assert "a-1" in result.stdout


# --- report ---


def test_a_report_is_written_where_it_is_wanted(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    files = said("report", folder / "before-run", folder / "after-run", "--out", out, "--plots").split()
    assert {Path(file).relative_to(out).as_posix() for file in files} == {
        "report.html",
        "report.md",
        "report.json",
        *(f"plots/{name}.png" for name in "recall-by-rank risk-coverage time-to-answer correct-by-type".split()),
    }
    assert all(Path(file).stat().st_size > 1_000 for file in files)
    assert [system["label"] for system in json.loads((out / "report.json").read_text())["systems"]] == [
        "before",
        "after",
    ]


def test_a_report_lies_in_the_run_unless_said_otherwise(folder: Path, tmp_path: Path) -> None:
    out = shutil.copytree(folder / "after-run", tmp_path / "run")
    assert said("report", out).split() == [str(out / name) for name in ("report.html", "report.md", "report.json")]


# --- convert ---


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("jsonl", {"id", "question", "type", "history", "gold_releases", "gold_facts", "note"}),
        ("beir", {"id", "question", "type", "history", "gold_releases", "gold_facts", "note"}),
        ("ragas", {"id", "question", "type", "history", "gold_releases", "gold_facts", "note"}),
        ("trec", {"id", "question", "gold_releases"}),
    ],
)
def test_the_starter_set_goes_into_a_format_and_back(tmp_path: Path, target: str, kept: set[str]) -> None:
    there, back = tmp_path / "there", tmp_path / "back.jsonl"
    assert "115 questions: " in said("convert", "starter", "--to", target, "--out", there)
    result = run("eval", "convert", str(there), "--from", target, "--to", "jsonl", "--out", str(back))
    assert result.returncode == 0, result.stderr
    said("convert", "starter", "--to", "jsonl", "--out", tmp_path / "whole.jsonl")
    whole = [row for row in read(tmp_path / "whole.jsonl") if target != "trec" or row["gold_releases"]]
    assert [{name: row[name] for name in kept} for row in read(back)] == [
        {name: " ".join(row[name].split()) if target == "trec" and name == "question" else row[name] for name in kept}
        for row in whole
    ]
    passed_over = [line for line in result.stderr.splitlines() if line.startswith("passed over ")]
    assert len(passed_over) == 115 - len(whole)


def test_of_a_run_the_answers_come_along(folder: Path, tmp_path: Path) -> None:
    said("convert", folder / "before-run", "--to", "ragas", "--out", tmp_path / "samples.jsonl")
    samples = read(tmp_path / "samples.jsonl")
    assert [sample["response"] for sample in samples] == [answer["answer"] for answer in BEFORE]
    said("convert", folder / "before-run" / "before", "--to", "trec", "--out", tmp_path / "trec")
    first = (tmp_path / "trec" / "run.txt").read_text().splitlines()[0].split()
    assert [*first[:4], float(first[4])] == ["a-1", "Q0", "jy1539", "1", 1.0]
