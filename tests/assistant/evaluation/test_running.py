"""Running question sets: what a run's folder holds, that it can be stopped and gone on with, and what it refuses."""

import contextlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ir_measures
import psutil
import pytest

from assistant.evaluation import running
from assistant.evaluation.metrics.scores import RunMetrics
from assistant.evaluation.questions import STARTER_QUESTIONS, EvaluationQuestion, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.report.writing import write_report
from assistant.evaluation.run_folder import SystemRun, questions_hash, read_answers, system_runs
from assistant.evaluation.running import run_evaluation
from assistant.evaluation.systems.index import code_hash
from assistant.settings import ANSWERING, Settings
from corpus.errors import AssistantError, EvaluationError, QuestionError, StaleIndexError
from corpus.starter import STARTER
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Home
from tests.assistant.evaluation.conftest import (
    QUOTE,
    RELEASE,
    SYSTEMS,
    abstained,
    asked,
    evaluate,
    right,
    write_lines,
    wrong,
)
from tests.conftest import write_release
from tests.shared import SHARED

SCORE = SHARED / "tools" / "score.py"
#: Asked in runs of their own: some of every slice, those with a history, and some that are abstained from.
SUBSET = [
    question
    for n, question in enumerate(read_question_set(STARTER_QUESTIONS))
    if n % 24 == 0 or (question.history and n % 2) or (not question.answerable and n % 3 == 0)
]


class Watched:
    """A ``Progress`` that keeps the steps it is told, and does something at each."""

    def __init__(self, then: Callable[[int], None] = lambda count: None) -> None:
        self.steps: list[int] = []
        self._then = then

    @contextmanager
    def __call__(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        def advance(steps: int) -> None:
            self.steps.append(steps)
            self._then(len(self.steps))

        yield advance


@contextmanager
def started(home: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """``assistant eval run``, under way in a process group of its own, as in a terminal."""
    env = {**os.environ, "ASSISTANT_HOME": str(home)}
    command = [sys.executable, "-m", "ui", "eval", "run", *args]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=env, start_new_session=True) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    for _ in range(6_000):
        if happened():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    pytest.fail("it did not happen in a minute")


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def untimed(answers: dict[str, AnswerRecord]) -> dict[str, dict[str, Any]]:
    """Answers without what differs from run to run."""
    return {i: without_times(answer.model_dump(mode="json")) for i, answer in answers.items()}


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(inner) for name, inner in value.items() if name != "timings_ms"}
    return value


def copied(run: Path, to: Path, *systems: str) -> Path:
    """A copy of a run, of some of its systems."""
    others = [system for system in SYSTEMS if system not in systems]
    shutil.copytree(run, to, ignore=shutil.ignore_patterns(*others))
    return to


def strict_json(path: Path) -> Any:
    """What a file holds, where every number is one that JSON has."""

    def refuse(constant: str) -> None:
        pytest.fail(f"{path} holds {constant}")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


# --- the folder ---


def test_a_run_is_a_folder_of_these_files(starter_run: Path) -> None:
    found = {path.relative_to(starter_run).as_posix() for path in starter_run.rglob("*") if path.is_file()}
    each = "answers.jsonl retrieval.trec system.json metrics.json".split()
    assert found - {".lock"} == {"run.json", "questions.jsonl", *(f"{s}/{name}" for s in SYSTEMS for name in each)}
    assert [run.label for run in system_runs(starter_run)] == list(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_answers_lie_in_the_order_of_the_questions_and_keep_the_contract(starter_run: Path, system: str) -> None:
    rows = [json.loads(line) for line in lines_of(starter_run / system / "answers.jsonl")]
    assert [row["id"] for row in rows] == [question.id for question in read_question_set(STARTER_QUESTIONS)]
    for row in rows:
        assert row.keys() >= set(
            "id question answer abstained confidence sentences citations retrieved timings_ms".split()
        )
        assert row["error"] == ""
        assert row["timings_ms"]["total"] > 0
        assert 0 < len(row["retrieved"]) <= 20
        assert len({hit["release_id"] for hit in row["retrieved"]}) == len(row["retrieved"])
        for citation in row["citations"]:
            assert citation.keys() >= set("marker release_id title date url section paragraph start end quote".split())
        assert bool(row["citations"]) is not row["abstained"]
        markers = {citation["marker"] for citation in row["citations"]}
        assert all(set(sentence["citations"]) <= markers for sentence in row["sentences"])


def test_only_the_assistant_withholds_and_only_where_it_abstains(starter_run: Path) -> None:
    for run in system_runs(starter_run):
        withheld = [answer for answer in run.answers.values() if answer.withheld]
        assert all(answer.abstained for answer in withheld)
        assert bool(withheld) is (run.label == "assistant")


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_trec_run_is_read_by_ir_measures_and_has_the_same_figures(starter_run: Path, system: str) -> None:
    run = SystemRun(starter_run / system, system)
    ranked = list(ir_measures.read_trec_run(str(run.folder / "retrieval.trec")))
    gold = [ir_measures.Qrel(q.id, release_id, 1) for q in run.questions for release_id in q.gold_ids]
    measures = [ir_measures.parse_measure(name) for name in ("RR@20", "Success@1")]
    found = ir_measures.calc_aggregate(measures, gold, ranked)
    assert found[measures[0]] == pytest.approx(run.metrics.all.measures["mrr"].value, abs=1e-9)
    single = [q for q in run.questions if len(q.gold_releases) == 1]
    first = [score.values["recall@1"] for score in run.metrics.questions if score.id in {q.id for q in single}]
    gold = [qrel for qrel in gold if qrel.query_id in {q.id for q in single}]
    assert ir_measures.calc_aggregate(measures, gold, ranked)[measures[1]] == pytest.approx(sum(first) / len(first))


def test_a_run_says_what_makes_it_repeatable(starter_run: Path, starter_home: Home) -> None:
    questions = read_question_set(STARTER_QUESTIONS)
    generation = starter_home.open()
    manifest, name = generation.manifest, generation.name
    generation.close()
    for run in system_runs(starter_run):
        assert run.run.questions_hash == questions_hash(questions) == questions_hash(run.questions)
        assert (run.run.questions, run.run.count) == ("starter_questions.jsonl", len(questions))
        assert run.run.python == sys.version.split()[0]
        assert {"numpy", "scipy", "ir-measures", "onnxruntime", "faiss-cpu"} <= run.run.libraries.keys()
        assert run.run.machine["cores"] == os.cpu_count()
        assert all(run.run.machine.values())
        made = run.provenance.made_from
        assert (made["generation"], made["corpus_hash"]) == (name, manifest.corpus_hash)
        assert (made["releases"], made["chunks"]) == (manifest.releases, manifest.chunks)
        assert made["code"] == code_hash()
        assert made["embedding_model"] == DEFAULT_MODEL
        assert made["encoder"]
        assert (run.provenance.name, run.provenance.workers) == (run.label, 2)
        assert run.provenance.peak_memory_mb > 50
        assert run.provenance.load_seconds > 0
    settings = SystemRun(starter_run / "assistant", "assistant").provenance.made_from["settings"]
    assert settings == Settings(home=starter_home.folder).model_dump(mode="json", include=ANSWERING)


# --- the figures ---


@pytest.mark.parametrize(
    ("metric", "floor"),
    [
        ("correct", 0.67),  # measured: 0.713 (the gate refuses three more than the one before: 0.757)
        ("facts", 0.76),  # 0.802
        ("cited", 0.84),  # 0.881
        ("precision", 0.96),  # 0.986
        ("recall@1", 0.86),  # 0.891
        ("recall@5", 0.95),  # 0.980
        ("mrr", 0.95),  # 0.983
        ("quotes", 1.0),  # 1: nothing else will do
        ("exact", 1.0),  # 1
        ("citation_recall", 1.0),  # 1: a sentence is what it cites
    ],
)
def test_the_assistant_keeps_to_its_floors_on_the_starter_set(starter_run: Path, metric: str, floor: float) -> None:
    found = SystemRun(starter_run / "assistant", "assistant").metrics.all.measures[metric]
    assert found.value is not None
    assert found.value >= floor


def test_the_assistant_abstains_no_more_than_before_from_what_the_corpus_holds(starter_run: Path) -> None:
    found = SystemRun(starter_run / "assistant", "assistant").metrics.abstention
    assert found.false_abstention.value is not None
    assert found.false_abstention.value <= 0.14  # measured: 0.109
    assert found.recall.value is not None
    assert found.recall.value >= 0.20  # measured: 0.286, of 14 near misses; 0.143 with the gate before


@pytest.mark.skipif(not SCORE.is_file(), reason=f"the other scorer is not at {SCORE}")
@pytest.mark.parametrize("system", SYSTEMS)
def test_figures_agree_with_a_scorer_that_was_written_apart(starter_run: Path, tmp_path: Path, system: str) -> None:
    run = SystemRun(starter_run / system, system)
    command = [sys.executable, str(SCORE), str(STARTER_QUESTIONS), str(run.answers_file)]
    subprocess.run([*command, "--corpus", str(STARTER), "--json", str(tmp_path / "s.json")], check=True, timeout=120)
    theirs = json.loads((tmp_path / "s.json").read_text())["summary"]
    parts = {"ALL": run.metrics.all, **run.metrics.by_type}
    assert theirs.keys() == parts.keys()
    compared = 0
    for name, part in parts.items():
        assert part.n == theirs[name]["n"]
        for column in theirs[name].keys() & part.measures.keys():
            ours = part.measures[column].value
            assert (ours is None) is (theirs[name][column] is None), (name, column)
            assert ours is None or ours == pytest.approx(theirs[name][column], abs=0.001), (name, column)
            compared += 1
    assert compared == 9 * len(parts)
    assert run.metrics.abstention.false_abstention.value == pytest.approx(theirs["ALL"]["false abstain"], abs=0.001)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_answers_are_the_same_from_any_number_of_workers_and_in_another_run(
    starter_run: Path, starter_settings: Settings, tmp_path: Path, workers: int
) -> None:
    questions = write_lines(tmp_path / "subset.jsonl", (question.model_dump_json() for question in SUBSET))
    (run,) = run_evaluation(questions, ["assistant"], tmp_path / "run", starter_settings, workers=workers)
    whole = SystemRun(starter_run / "assistant", "assistant")
    assert list(run.answers) == [question.id for question in SUBSET]
    assert untimed(run.answers) == {question.id: untimed(whole.answers)[question.id] for question in SUBSET}
    before = {score.id: score.model_dump(exclude={"timings_ms"}) for score in whole.metrics.questions}
    assert all(score.model_dump(exclude={"timings_ms"}) == before[score.id] for score in run.metrics.questions)
    assert run.provenance.workers == workers


# --- stopping and going on ---


@pytest.mark.parametrize(
    ("system", "cut"),
    [
        pytest.param("assistant", lambda line: line[: len(line) // 2], id="in a line"),
        pytest.param("bm25", lambda line: line[: len(line) // 3], id="in a line of another system"),
        pytest.param("bm25", lambda line: b"", id="between lines"),
        pytest.param("bm25", lambda line: line[:-1], id="before the end of the line"),
        pytest.param(
            "bm25",
            lambda line: line[: line.index("“".encode()) + 1],
            id="in a character",
        ),
    ],
)
def test_a_run_that_was_cut_goes_on_where_it_stopped(
    starter_run: Path, starter_settings: Settings, tmp_path: Path, system: str, cut: Callable[[bytes], bytes]
) -> None:
    folder = copied(starter_run, tmp_path / "run", system)
    file = folder / system / "answers.jsonl"
    whole = lines_of(file)
    kept = next(n for n in range(len(whole) - 5, 0, -1) if "“".encode() in whole[n])
    rest = cut(whole[kept])
    file.write_bytes(b"".join(whole[:kept]) + rest)
    kept += rest == whole[kept][:-1]  # only its line break is gone
    watched = Watched()
    (run,) = run_evaluation(STARTER_QUESTIONS, [system], folder, starter_settings, progress=watched)
    assert watched.steps == [kept] + [1] * (len(whole) - kept)
    assert lines_of(file)[:kept] == whole[:kept]
    before = SystemRun(starter_run / system, system)
    assert untimed(run.answers) == untimed(before.answers)
    assert list(run.answers) == list(before.answers)
    assert run.metrics.all == before.metrics.all
    assert run.metrics.abstention == before.metrics.abstention
    assert run.provenance.started == before.provenance.started
    assert run.provenance.made_from == before.provenance.made_from


def test_a_line_that_is_no_answer_in_the_midst_is_told(
    starter_run: Path, starter_settings: Settings, tmp_path: Path
) -> None:
    folder = copied(starter_run, tmp_path / "run", "bm25")
    file = folder / "bm25" / "answers.jsonl"
    whole = lines_of(file)
    file.write_bytes(b"".join([*whole[:2], b'{"id": 7}\n', *whole[3:]]))
    with pytest.raises(EvaluationError, match=r"answers.jsonl:3 is no answer: id: "):
        run_evaluation(STARTER_QUESTIONS, ["bm25"], folder, starter_settings)


def test_a_run_that_has_ended_asks_nothing_again(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    folder = copied(starter_run, tmp_path / "run", "bm25")
    watched = Watched()
    run_evaluation(STARTER_QUESTIONS, ["bm25"], folder, starter_settings, progress=watched, workers=3)
    assert watched.steps == [115]
    for name in ("answers.jsonl", "retrieval.trec", "metrics.json"):
        assert (folder / "bm25" / name).read_bytes() == (starter_run / "bm25" / name).read_bytes()


def test_a_killed_run_leaves_no_process_behind_and_goes_on(
    starter_run: Path, starter_settings: Settings, tmp_path: Path
) -> None:
    questions = read_question_set(STARTER_QUESTIONS)[:16]
    file = write_lines(tmp_path / "questions.jsonl", (question.model_dump_json() for question in questions))
    out, answers = tmp_path / "run", tmp_path / "run" / "assistant" / "answers.jsonl"
    with started(starter_settings.home, str(file), "--out", str(out), "--workers", "2") as process:
        wait_for(lambda: len(lines_of(answers)) >= 3, process)
        with pytest.raises(EvaluationError, match="another process is writing to"):
            run_evaluation(file, ["assistant"], out, starter_settings)
        workers = psutil.Process(process.pid).children(recursive=True)
        assert len(workers) >= 2
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert psutil.wait_procs(workers, timeout=10)[1] == []
    before = [line for line in lines_of(answers) if line.endswith(b"\n")]
    assert 3 <= len(before) < len(questions)
    with pytest.raises(EvaluationError, match="has not ended; run the same command again"):
        system_runs(out)
    watched = Watched()
    (run,) = run_evaluation(file, ["assistant"], out, starter_settings, progress=watched)
    assert watched.steps == [len(before)] + [1] * (len(questions) - len(before))
    assert lines_of(answers)[: len(before)] == before
    whole = untimed(SystemRun(starter_run / "assistant", "assistant").answers)
    assert untimed(run.answers) == {question.id: whole[question.id] for question in questions}


def test_ctrl_c_says_how_to_go_on(starter_settings: Settings, tmp_path: Path) -> None:
    out, answers = tmp_path / "run", tmp_path / "run" / "assistant" / "answers.jsonl"
    with started(starter_settings.home, "starter", "--out", str(out)) as process:
        wait_for(lambda: len(lines_of(answers)) >= 2, process)
        os.killpg(process.pid, signal.SIGINT)
        said, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == ""
    assert told.splitlines() == [f"what is answered lies in {out}; give the same command to go on", "stopped"]
    assert 2 <= len(read_answers(answers)) < 115
    assert [line for line in lines_of(answers) if not line.endswith(b"\n")] == []


def test_ctrl_c_while_a_system_is_opened_ends_without_a_traceback(starter_settings: Settings, tmp_path: Path) -> None:
    with started(starter_settings.home, "starter", "--out", str(tmp_path / "run")) as process:

        def opening() -> bool:
            children = psutil.Process(process.pid).children()
            return any("spawn_main" in part for child in children for part in child.cmdline())

        wait_for(opening, process)
        time.sleep(0.2)  # it imports for longer than that
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in told


# --- what a run refuses, and beginning again ---


def test_a_run_of_other_questions_is_refused(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    folder = copied(starter_run, tmp_path / "run", "bm25")
    other = write_lines(tmp_path / "other.jsonl", [asked("a-1")])
    with pytest.raises(EvaluationError, match=r"other questions \(starter_questions.jsonl, .*--fresh"):
        run_evaluation(other, ["bm25"], folder, starter_settings)
    assert (folder / "questions.jsonl").read_bytes() == (starter_run / "questions.jsonl").read_bytes()


def test_a_run_with_other_settings_is_refused(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    folder = copied(starter_run, tmp_path / "run", "assistant")
    other = Settings(home=starter_settings.home, sentences=2)
    with pytest.raises(EvaluationError, match=r"was begun with another settings; .*--fresh"):
        run_evaluation(STARTER_QUESTIONS, ["assistant"], folder, other)
    assert lines_of(folder / "assistant" / "answers.jsonl") == lines_of(starter_run / "assistant" / "answers.jsonl")


def test_a_run_over_another_index_is_refused(
    starter_run: Path, home: Home, releases_folder: Path, tmp_path: Path
) -> None:
    build_index(releases_folder, home, DEFAULT_MODEL)
    folder = copied(starter_run, tmp_path / "run", "bm25")
    with pytest.raises(EvaluationError, match=r"begun with another .*corpus_hash.*generation.*; .*--fresh"):
        run_evaluation(STARTER_QUESTIONS, ["bm25"], folder, Settings(home=home.folder))


def test_a_system_called_alike_but_another_is_refused(starter_settings: Settings, tmp_path: Path) -> None:
    evaluate(tmp_path, [asked("a-1")], [right("a-1")], starter_settings)
    with pytest.raises(EvaluationError, match="begun with another sha256"):
        evaluate(tmp_path, [asked("a-1")], [wrong("a-1")], starter_settings)


def test_fresh_begins_again(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    folder = copied(starter_run, tmp_path / "run", "bm25")
    other = write_lines(tmp_path / "other.jsonl", [asked("a-1"), asked("a-2")])
    (run,) = run_evaluation(other, ["bm25"], folder, starter_settings, fresh=True)
    assert list(run.answers) == ["a-1", "a-2"]
    assert run.metrics.all.n == 2
    assert run.run.questions == "other.jsonl"


@pytest.mark.parametrize(
    "name",
    [
        "answers.jsonl",
        "theirs.jsonl",
        "run.trec",
    ],
)
def test_fresh_removes_nothing_that_no_run_wrote(starter_settings: Settings, tmp_path: Path, name: str) -> None:
    lines = ["a-1 Q0 jy1539 1 0.5 x"] if name.endswith(".trec") else [right("a-1")]
    recorded = write_lines(tmp_path / "run" / "mine" / name, lines)
    before = recorded.read_bytes()
    file = write_lines(tmp_path / "questions.jsonl", [asked("a-1")])
    for _ in range(2):
        run_evaluation(file, [str(recorded)], tmp_path / "run", starter_settings, fresh=True)
    assert recorded.read_bytes() == before


def test_answers_to_other_questions_are_never_taken_for_answers_to_these(
    starter_settings: Settings, tmp_path: Path
) -> None:
    first = write_lines(tmp_path / "first.jsonl", [asked("a-1", text="Who is Choe Un Jong?")])
    second = write_lines(tmp_path / "second.jsonl", [asked("a-1", text="Why was Tornado Cash sanctioned?")])
    run_evaluation(first, ["bm25", "dense"], tmp_path / "run", starter_settings)
    run_evaluation(second, ["bm25"], tmp_path / "run", starter_settings, fresh=True)
    (run,) = run_evaluation(second, ["dense"], tmp_path / "run", starter_settings)
    assert run.answers["a-1"].question == "Why was Tornado Cash sanctioned?"


def test_systems_of_a_run_that_was_begun_again_with_others_are_in_no_report(
    starter_settings: Settings, tmp_path: Path
) -> None:
    first, second = (write_lines(tmp_path / f"{n}.jsonl", [asked(f"{n}-1")]) for n in ("a", "b"))
    run_evaluation(first, ["bm25", "dense"], tmp_path / "run", starter_settings)
    run_evaluation(second, ["bm25"], tmp_path / "run", starter_settings, fresh=True)
    write_report([tmp_path / "run"], tmp_path / "report")
    assert [run.label for run in system_runs(tmp_path / "run")] == ["bm25"]


def test_a_run_that_was_begun_again_and_stopped_has_not_ended(starter_settings: Settings, tmp_path: Path) -> None:
    questions, answers = [asked("a-1"), asked("a-2")], [right("a-1"), right("a-2")]
    evaluate(tmp_path, questions, answers, starter_settings)

    def stop(count: int) -> None:
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(tmp_path, questions, answers, starter_settings, fresh=True, progress=Watched(stop))
    with pytest.raises(EvaluationError, match="has not ended"):
        system_runs(tmp_path / "run")


def test_a_run_during_which_the_index_changes_does_not_mix_the_two(
    home: Home, releases_folder: Path, tmp_path: Path
) -> None:
    build_index(releases_folder, home, DEFAULT_MODEL)
    file = write_lines(tmp_path / "questions.jsonl", [asked(f"a-{n}", text="Who runs Harbor?") for n in range(8)])

    def change_the_index(count: int) -> None:
        if count == 2:
            write_release(releases_folder / "2024-05-06-ab0004.md", "A Bergen Notice", "Karl Moe runs Harbor now.")
            build_index(releases_folder, home, DEFAULT_MODEL)

    with contextlib.suppress(EvaluationError, StaleIndexError):  # to refuse is right, too
        run_evaluation(
            file, ["assistant"], tmp_path / "run", Settings(home=home.folder), progress=Watched(change_the_index)
        )
    run = SystemRun(tmp_path / "run" / "assistant", "assistant")
    made_by = {answer.model_dump()["provenance"]["generation"] for answer in run.answers.values()}
    ended = (run.folder / "metrics.json").exists()
    assert not ended or made_by == {run.provenance.made_from["generation"]}


def test_answers_are_measured_by_the_index_that_they_come_from(
    home: Home, releases_folder: Path, tmp_path: Path
) -> None:
    build_index(releases_folder, home, DEFAULT_MODEL)
    file = write_lines(tmp_path / "questions.jsonl", [asked(f"a-{n}", text="Who runs Harbor?") for n in range(4)])

    def change_the_index(count: int) -> None:
        if count == 2:
            next(releases_folder.rglob("*ab0001.md")).unlink()
            build_index(releases_folder, home, DEFAULT_MODEL)

    with contextlib.suppress(EvaluationError, StaleIndexError):  # to refuse is right, too
        run_evaluation(file, ["bm25"], tmp_path / "run", Settings(home=home.folder), progress=Watched(change_the_index))
    run = SystemRun(tmp_path / "run" / "bm25", "bm25")
    cited = {citation.release_id for answer in run.answers.values() for citation in answer.citations}
    ended = (run.folder / "metrics.json").exists()
    assert "ab0001" in cited
    assert not ended or run.metrics.all.measures["quotes"].value == 1


# --- questions that fail ---


def test_a_question_that_a_system_fails_on_scores_0_and_the_run_goes_on(
    starter_settings: Settings, tmp_path: Path
) -> None:
    rows = [asked("a-1"), asked("a-2", text="Who " + "is " * 1_700 + "it?"), asked("a-3", "unanswerable")]
    file = write_lines(tmp_path / "questions.jsonl", rows)
    (run,) = run_evaluation(file, ["assistant"], tmp_path / "run", starter_settings)
    assert run.metrics.failed == 1
    before, failed, after = run.metrics.questions
    assert failed.error.startswith("QuestionError: the question has 5,107 characters")
    assert failed.missing == [failed.error]
    assert failed.values["correct"] == failed.values["facts"] == failed.values["recall@20"] == 0
    assert before.error == after.error == ""
    assert before.timings_ms
    write_report([tmp_path / "run"], tmp_path / "run")
    for name in ("report.html", "report.md"):
        assert "4,000 are the most" in (tmp_path / "run" / name).read_text(encoding="utf-8")
    watched = Watched()
    run_evaluation(file, ["assistant"], tmp_path / "run", starter_settings, progress=watched)
    assert watched.steps == [2, 1]  # what failed is asked again


class Deadly:
    """A system whose process ends over questions that say so."""

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        if "die" in question.question:
            os._exit(13)
        if "raise" in question.question:
            raise ZeroDivisionError("by nothing")
        return AnswerRecord.model_validate(right(question.id))

    def provenance(self) -> dict[str, Any]:
        return {"made": Path("here"), "of": "nothing"}


def become_deadly(name: str, settings: Settings) -> None:
    """Stands where a worker becomes one, and is sent to it by its name."""
    if name == "dense":
        os._exit(14)
    running.open_system = lambda name, settings: Deadly()  # type: ignore[assignment]
    running._become_worker(name, settings)


@pytest.mark.parametrize(
    ("texts", "workers"), [("die ok ok raise ok", 1), ("ok ok die ok raise ok ok ok", 3), ("ok die die ok die", 2)]
)
def test_a_process_that_dies_over_a_question_takes_no_other_answer_with_it(
    starter_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: str, workers: int
) -> None:
    monkeypatch.setattr(running, "_become_worker", become_deadly)
    rows = [asked(f"a-{n}", text=text) for n, text in enumerate(texts.split())]
    file = write_lines(tmp_path / "questions.jsonl", rows)
    (run,) = run_evaluation(file, ["bm25"], tmp_path / "run", starter_settings, workers=workers)
    told = {"die": "the process died over this question", "raise": "ZeroDivisionError: by nothing", "ok": ""}
    assert [answer.error for answer in run.answers.values()] == [told[text] for text in texts.split()]
    assert [score.correct for score in run.metrics.questions] == [text == "ok" for text in texts.split()]
    assert run.metrics.failed == len([text for text in texts.split() if text != "ok"])


def test_a_process_that_dies_while_its_system_is_opened_is_told(
    starter_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_become_worker", become_deadly)
    file = write_lines(tmp_path / "questions.jsonl", [asked("a-1")])
    with pytest.raises(EvaluationError, match="the process of dense died while it was opened"):
        run_evaluation(file, ["dense"], tmp_path / "run", starter_settings)


def test_questions_under_way_in_a_process_that_somebody_kills_are_asked_again(
    starter_run: Path, starter_settings: Settings, tmp_path: Path
) -> None:
    questions = read_question_set(STARTER_QUESTIONS)[:10]
    file = write_lines(tmp_path / "questions.jsonl", (question.model_dump_json() for question in questions))

    def kill_the_worker(count: int) -> None:
        if count == 3:
            for child in psutil.Process().children():
                if any("spawn_main" in part for part in child.cmdline()):
                    child.kill()

    watched = Watched(kill_the_worker)
    (run,) = run_evaluation(file, ["assistant"], tmp_path / "run", starter_settings, progress=watched)
    assert run.metrics.failed == 0
    whole = untimed(SystemRun(starter_run / "assistant", "assistant").answers)
    assert untimed(run.answers) == {question.id: whole[question.id] for question in questions}


# --- answers that another program gave ---


def test_recorded_answers_are_measured_as_those_that_are_given_now(
    starter_run: Path, starter_settings: Settings, tmp_path: Path
) -> None:
    before = SystemRun(starter_run / "assistant", "assistant")
    recorded = shutil.copy(before.answers_file, tmp_path / "last-week.jsonl")
    (run,) = run_evaluation(STARTER_QUESTIONS, [str(recorded)], tmp_path / "run", starter_settings)
    assert run.label == "last-week"
    assert run.metrics == before.metrics
    assert lines_of(run.answers_file) == lines_of(before.answers_file)
    assert run.provenance.name == "recorded"
    assert run.provenance.made_from["file"] == str(recorded)
    assert len(run.provenance.made_from["sha256"]) == 64


def test_a_trec_run_is_measured_as_retrieval(starter_run: Path, starter_settings: Settings, tmp_path: Path) -> None:
    before = SystemRun(starter_run / "rrf", "rrf")
    recorded = shutil.copy(before.folder / "retrieval.trec", tmp_path / "theirs.trec")
    (run,) = run_evaluation(STARTER_QUESTIONS, [str(recorded)], tmp_path / "run", starter_settings)
    for name in ("recall@1", "recall@5", "recall@20", "mrr", "ndcg@10"):
        assert run.metrics.all.measures[name] == before.metrics.all.measures[name]
    assert run.metrics.recall_by_k == before.metrics.recall_by_k
    assert run.metrics.all.measures["quotes"].value is None
    assert run.metrics.all.measures["quotes"].why == "nothing was cited"
    assert run.metrics.failed == 0
    assert run.metrics.latency_note == "the answers hold no times"


def test_a_question_without_a_recorded_answer_has_failed(starter_settings: Settings, tmp_path: Path) -> None:
    run = evaluate(tmp_path, [asked("a-1"), asked("a-2")], [right("a-1"), right("a-9")], starter_settings)
    assert [answer.error for answer in run.answers.values()] == [
        "",
        "EvaluationError: theirs.jsonl holds no answer to a-2",
    ]
    assert run.metrics.all.measures["correct"].value == 0.5


@pytest.mark.parametrize(
    ("name", "lines", "told"),
    [
        ("theirs.jsonl", ['{"id": "a-1"}', "{"], r"theirs.jsonl:2 is no answer: "),
        ("theirs.jsonl", ['{"answer": "x"}'], r"theirs.jsonl:1 is no answer: id: Field required"),
        ("theirs.jsonl", ['{"id": "a-1", "citations": [{}]}'], r"is no answer: citations\.0\.release_id: "),
        ("theirs.jsonl", ["[]"], r"theirs.jsonl:1 is no answer: "),
        ("theirs.trec", ["a-1 Q0 jy1539 1 0.5"], r"theirs.trec:1 has 5 columns, not 6"),
        ("theirs.trec", ["a-1 Q0 jy1539 1 high x"], r"theirs.trec:1: 'high' is no score"),
    ],
)
def test_a_bad_line_of_recorded_answers_is_told(
    starter_settings: Settings, tmp_path: Path, name: str, lines: list[str], told: str
) -> None:
    recorded = write_lines(tmp_path / name, lines)
    file = write_lines(tmp_path / "questions.jsonl", [asked("a-1")])
    with pytest.raises(EvaluationError, match=told):
        run_evaluation(file, [str(recorded)], tmp_path / "run", starter_settings)


@pytest.mark.parametrize(
    ("questions", "systems", "out", "told"),
    [
        ("none.jsonl", ["bm25"], "run", r"none.jsonl cannot be read: No such file"),
        ("twice.jsonl", ["bm25"], "run", r"twice.jsonl has an id twice; look with: assistant eval lint"),
        ("bad.jsonl", ["bm25"], "run", r"bad.jsonl:2: type: "),
        ("empty.jsonl", ["bm25"], "run", r"empty.jsonl holds no question"),
        ("good.jsonl", ["bm52"], "run", r"bm52 is neither a system \(assistant, bm25, .*\) nor a file"),
        ("good.jsonl", ["none.trec"], "run", r"none.trec is neither a system"),
        ("good.jsonl", ["x/good.jsonl", "y/good.jsonl"], "run", r"two systems would be called good; rename a file"),
        ("good.jsonl", ["llamaindex-citations"], "run", r"llm_url|ASSISTANT_LLM_URL"),
        ("good.jsonl", ["bm25"], "file", r"file is a file; --out names a folder"),
        ("good.jsonl", ["bm25"], "file/run", r"file/run cannot be written: Not a directory"),
    ],
)
def test_what_cannot_be_run_is_told(
    starter_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    questions: str,
    systems: list[str],
    out: str,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("good.jsonl", "x/good.jsonl", "y/good.jsonl"):
        write_lines(Path(name), [asked("a-1")])
    write_lines(Path("twice.jsonl"), [asked("a-1"), asked("a-1", text="Another?")])
    write_lines(Path("bad.jsonl"), [asked("a-1"), asked("a-2", "riddle")])
    write_lines(Path("empty.jsonl"), [""])
    Path("file").write_text("")
    with pytest.raises((QuestionError, AssistantError), match=told):
        run_evaluation(Path(questions), systems, Path(out), starter_settings)


# --- figures without a value ---


@pytest.mark.parametrize(
    ("questions", "answers"),
    [
        pytest.param(
            [asked("a-1"), asked("a-2"), asked("a-3", "unanswerable")],
            [abstained("a-1"), abstained("a-2"), abstained("a-3")],
            id="all abstained",
        ),
        pytest.param([asked("a-1"), asked("a-2"), asked("a-3", "unanswerable")], [], id="all failed"),
        pytest.param([asked("a-1")], [right("a-1")], id="one question"),
        pytest.param(
            [asked("a-1", "unanswerable"), asked("a-2", "unanswerable")],
            [abstained("a-1"), wrong("a-2")],
            id="only unanswerable",
        ),
        pytest.param(
            [asked("a-1"), asked("a-2", "unanswerable")],
            [right("a-1", confidence=None, timings_ms={}), abstained("a-2", confidence=None, timings_ms={})],
            id="neither confidences nor times",
        ),
        pytest.param(
            [asked("a-1"), asked("a-2")], [right("a-1", confidence=None), {"id": "a-2"}], id="one with no confidence"
        ),
        pytest.param([asked("a-1", gold_facts=[]), asked("a-2", gold_releases=[])], [right("a-1")], id="no gold"),
        pytest.param(
            [asked("a-1")], [right("a-1", retrieved=[], timings_ms={"total": 0})], id="nothing found, no time"
        ),
    ],
)
def test_every_figure_is_a_number_or_says_why_not(
    starter_settings: Settings, tmp_path: Path, questions: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    run = evaluate(tmp_path, questions, answers, starter_settings)
    measures = list(all_measures(strict_json(run.folder / "metrics.json")))
    assert len(measures) > 30
    for measure in measures:
        if measure["value"] is None:
            assert measure["why"], measure
            assert measure["low"] is measure["high"] is None
        else:
            assert measure["n"] > 0
            assert math.isfinite(measure["value"])
            assert measure["low"] is None or measure["low"] <= measure["value"] <= measure["high"]
    assert RunMetrics.model_validate(strict_json(run.folder / "metrics.json")) == run.metrics
    write_report([tmp_path / "run"], tmp_path / "run")
    strict_json(tmp_path / "run" / "report.json")


def all_measures(value: Any) -> Iterator[dict[str, Any]]:
    """Every figure anywhere in a tree."""
    if isinstance(value, dict):
        if value.keys() >= {"value", "low", "high", "why"}:
            yield value
        else:
            for inner in value.values():
                yield from all_measures(inner)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param('{"id": "a-1", "timings_ms": {"total": NaN}}', id="a time that is none"),
        pytest.param('{"id": "a-1", "timings_ms": {"total": -1}}', id="a time before the question"),
        pytest.param(
            '{"id": "a-1", "retrieved": [{"release_id": "jy1539", "score": 1e999}]}', id="a score without end"
        ),
        pytest.param('{"id": "a-1", "confidence": NaN}', id="a confidence that is none"),
        pytest.param('{"id": "a-1", "confidence": 1.7e308}', id="a confidence above which is none"),
    ],
)
def test_recorded_numbers_that_are_none_are_told_with_their_line(
    starter_settings: Settings, tmp_path: Path, answer: str
) -> None:
    with pytest.raises(EvaluationError, match=r"theirs.jsonl:1 is no answer"):
        evaluate(tmp_path, [asked("a-1")], [answer], starter_settings)


def test_a_trec_run_has_six_columns_whatever_the_ids_are(starter_settings: Settings, tmp_path: Path) -> None:
    answer = right("a 1", retrieved=[{"release_id": "jy 1539", "score": 1.0}])
    run = evaluate(tmp_path, [asked("a 1")], [answer], starter_settings)
    assert [len(line.split()) for line in lines_of(run.folder / "retrieval.trec")] == [6]


def test_quotes_are_judged_by_the_release_that_the_index_holds(starter_settings: Settings, tmp_path: Path) -> None:
    changed = {"marker": 1, "release_id": RELEASE, "quote": QUOTE.replace("wife", "sister")}
    unknown = {"marker": 1, "release_id": "zz9999", "quote": QUOTE}
    answers = [right("a-1"), right("a-2", citations=[changed]), right("a-3", citations=[unknown])]
    run = evaluate(tmp_path, [asked("a-1"), asked("a-2"), asked("a-3")], answers, starter_settings)
    assert [score.values["quotes"] for score in run.metrics.questions] == [1, 0, 0]
    assert [score.correct for score in run.metrics.questions] == [True, False, False]
    assert run.metrics.questions[1].missing == [f"misquotes {RELEASE}"]
