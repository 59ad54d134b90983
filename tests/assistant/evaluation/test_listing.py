"""The list of runs: what is whole, what is wrong with the rest, and that doing what it says mends it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.evaluation.listing import Fault, ListedRun, RunLibrary
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from corpus.errors import EvaluationError
from tests.assistant.evaluation.conftest import abstained, asked, right, write_lines, wrong

QUESTIONS = [asked("a-1"), asked("a-2", "date"), asked("b-1", "unanswerable")]
ANSWERS = [right("a-1"), wrong("a-2"), abstained("b-1")]


@pytest.fixture(scope="module")
def made(starter_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a run is made from, and one run, in ``runs``. Tests copy that."""
    folder = tmp_path_factory.mktemp("listing")
    write_lines(folder / "harbor.jsonl", QUESTIONS)
    write_lines(folder / "theirs.jsonl", ANSWERS)
    _run(folder, folder / "runs" / "first", starter_settings)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "runs", tmp_path / "runs")
    return tmp_path


def _run(made: Path, out: Path, settings: Settings, fresh: bool = False) -> None:
    run_evaluation(made / "harbor.jsonl", [str(made / "theirs.jsonl")], out, settings, fresh=fresh)


def listed(folder: Path) -> list[ListedRun]:
    return RunLibrary(folder / "runs").runs()


def test_a_whole_run_is_listed_with_its_figures(folder: Path) -> None:
    (run,) = listed(folder)
    assert (run.name, run.systems, run.faults) == ("first", ["theirs"], [])
    assert run.provenance is not None
    assert (run.provenance.questions, run.provenance.count) == ("harbor.jsonl", 3)
    assert run.figures is not None
    ((system, *figures),) = run.figures.rows
    shown = dict(zip(run.figures.columns[1:], figures, strict=True))
    assert system.text == "theirs"
    assert shown["correct"].text == "0.667"
    assert shown["correct"].interval
    assert {"facts", "precision", "false abstain", "median ms", "failed"} <= shown.keys()


def test_the_newest_run_comes_first(folder: Path) -> None:
    later = shutil.copytree(folder / "runs" / "first", folder / "runs" / "a-later-one")
    system = later / "theirs" / "system.json"
    began = listed(folder)[0].started
    system.write_text(system.read_text().replace(f'"started": "{began.year}', f'"started": "{began.year + 1}'))
    assert [run.name for run in listed(folder)] == ["a-later-one", "first"]


def test_what_holds_nothing_of_a_run_is_not_listed(folder: Path) -> None:
    (folder / "runs" / "notes.txt").write_text("of no use")
    (folder / "runs" / "empty").mkdir()
    (folder / "runs" / "report").mkdir()
    (folder / "runs" / "report" / "report.json").write_text("{}")
    assert [run.name for run in listed(folder)] == ["first"]


def test_a_folder_that_is_not_there_holds_no_runs(tmp_path: Path) -> None:
    assert RunLibrary(tmp_path / "nowhere").runs() == []


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="file cannot be read: Not a directory"):
        RunLibrary(tmp_path / "file").runs()


def _write(name: str, text: str) -> Callable[[Path], object]:
    return lambda run: (run / name).write_text(text)


def _remove(*names: str) -> Callable[[Path], object]:
    return lambda run: [(run / name).unlink() for name in names]


def _stop_halfway(run: Path) -> None:
    (run / "theirs" / "metrics.json").unlink()
    answers = run / "theirs" / "answers.jsonl"
    lines = answers.read_text().splitlines(keepends=True)
    answers.write_text(lines[0] + lines[1][:20])


def _replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda run: (run / name).write_text((run / name).read_text().replace(old, new))


DAMAGE = {
    "stopped": (_stop_halfway, "theirs has not ended: 1 of 3 answered", "again"),
    "just-begun": (lambda run: shutil.rmtree(run / "theirs"), "no system has answered yet", "again"),
    "unmeasured": (_remove("theirs/metrics.json"), "theirs has not ended: 3 of 3 answered", "again"),
    "metrics-cut": (_write("theirs/metrics.json", '{"all": '), "theirs/metrics.json is damaged", "again"),
    "metrics-of-others": (
        _replace("theirs/metrics.json", '"id": "a-1"', '"id": "z-1"'),
        "theirs/metrics.json is of other questions",
        "again",
    ),
    "metrics-older": (
        _replace("theirs/metrics.json", '"cited":', '"quoted":'),
        "theirs was measured by another version",
        "fresh",
    ),
    "answers-gone": (_remove("theirs/answers.jsonl"), "theirs has not ended: 0 of 3 answered", "again"),
    "system-cut": (_write("theirs/system.json", "{"), "theirs/system.json is missing or damaged", "remove"),
    "run-cut": (_write("run.json", "[]"), "run.json is missing or damaged", "fresh"),
    "run-of-another-format": (_replace("run.json", '"format": 1', '"format": 99'), "it is of format 99", "fresh"),
    "questions-cut": (_write("questions.jsonl", '{"id": '), "its questions cannot be used", "again"),
    "questions-gone": (_remove("questions.jsonl"), "its questions cannot be used", "again"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_wrong_with_a_run_is_told_and_doing_what_it_says_mends_it(
    made: Path, folder: Path, starter_settings: Settings, name: str
) -> None:
    damage, what, remedy = DAMAGE[name]
    damage(folder / "runs" / "first")
    (run,) = listed(folder)
    (fault,) = run.faults
    assert isinstance(fault, Fault)
    assert fault.what.startswith(what)
    assert "\n" not in str(fault)
    assert ("--fresh" in fault.remedy) is (remedy == "fresh")
    assert ("remove the folder theirs" in fault.remedy) is (remedy == "remove")
    if remedy == "remove":
        shutil.rmtree(folder / "runs" / "first" / "theirs")
    _run(made, folder / "runs" / "first", starter_settings, fresh=remedy == "fresh")
    (run,) = listed(folder)
    assert (run.systems, run.faults) == (["theirs"], [])


def test_a_damaged_system_leaves_the_others_to_be_shown(folder: Path) -> None:
    run = folder / "runs" / "first"
    shutil.copytree(run / "theirs", run / "broken")
    (run / "broken" / "system.json").write_text("{")
    library = RunLibrary(folder / "runs")
    (found,) = library.runs()
    assert found.systems == ["theirs"]
    assert [fault.what for fault in found.faults] == ["broken/system.json is missing or damaged"]
    assert [system.label for system in library.open("first")] == ["theirs"]
    with pytest.raises(EvaluationError, match="no whole system 'broken'"):
        library.system("first", "broken")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"id": "a-1"}\n{"x"\n{"id": "b-1"}\n', r"answers.jsonl:2 is no answer.*--fresh", id="damaged"),
        pytest.param('{"id": "a-1"}\n' * 3, r"answers.jsonl has no answer to a-2; give the command", id="another's"),
    ],
)
def test_damaged_answers_are_told_when_they_are_looked_at(folder: Path, text: str, expected: str) -> None:
    (folder / "runs" / "first" / "theirs" / "answers.jsonl").write_text(text)
    with pytest.raises(EvaluationError, match=expected):
        RunLibrary(folder / "runs").system("first", "theirs")


@pytest.mark.parametrize("name", ["", ".", "..", "../runs/first", "nowhere", "first/theirs", "/etc"])
def test_only_a_run_of_the_folder_is_opened(folder: Path, name: str) -> None:
    with pytest.raises(EvaluationError, match="holds no run"):
        RunLibrary(folder / "runs").open(name)


def test_a_run_that_is_not_whole_is_not_opened(folder: Path) -> None:
    (folder / "runs" / "first" / "theirs" / "metrics.json").unlink()
    with pytest.raises(EvaluationError, match="the run first: theirs has not ended"):
        RunLibrary(folder / "runs").open("first")


def test_a_run_is_read_again_when_it_has_changed_and_only_then(folder: Path) -> None:
    library = RunLibrary(folder / "runs")
    before = library.open("first")
    assert library.open("first") is before
    assert library.runs() == library.runs()
    answers = folder / "runs" / "first" / "theirs" / "answers.jsonl"
    answers.write_text(answers.read_text().replace("somebody", "nobody"))
    after = library.system("first", "theirs")
    assert after.answers["a-2"].answer.startswith("She is nobody")
    shutil.rmtree(folder / "runs" / "first")
    assert library.runs() == []
