"""Runs a question set through systems, each in worker processes of its own.

So none is measured in another's memory, and none can take the run down. Whatever is answered is on disk at once; a run
that was stopped goes on.
"""

import json
import multiprocessing
import os
import platform
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.evaluation.machine import library_versions, machine
from assistant.evaluation.questions import EvaluationQuestion, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.run_folder import (
    RunProvenance,
    SystemProvenance,
    SystemRun,
    questions_hash,
    read_answers,
    remove_systems,
    write_whole,
)
from assistant.evaluation.scoring import score_run
from assistant.evaluation.systems.system import System, chosen_systems, describe, is_known, open_system, system_label
from assistant.settings import Settings
from corpus.errors import AssistantError, EvaluationError, StaleIndexError
from corpus.progress import Progress, silent
from indexes.generation import Home


@dataclass(frozen=True, slots=True)
class Opened:
    """What a worker says of the system that it opened."""

    made_from: dict[str, Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Worked:
    """An answer, and the most memory, in MB, that its process has had."""

    answer: AnswerRecord
    memory_mb: float


def run_evaluation(
    questions_file: Path,
    systems: Sequence[str],
    out: Path,
    settings: Settings,
    *,
    workers: int = 1,
    fresh: bool = False,
    progress: Progress = silent,
) -> list[SystemRun]:
    """Answer a question set with systems, and measure the answers.

    Answers that ``out`` holds already are kept, where the same system gave them; those that failed are asked again.

    Args:
        questions_file: the question set.
        systems: names, files of recorded answers, or ``all``.
        out: the run's folder.
        settings: of the assistant; the home whose index is searched.
        workers: processes for each system. More than one is faster, and makes each answer slower.
        fresh: begin again; what ``out`` holds of an earlier run goes.
        progress: told of every answer.

    Raises:
        QuestionError: the question set cannot be read.
        EvaluationError: ``out`` holds a run of something else, or cannot be written.
        AssistantError: a system cannot be opened.
    """
    questions = read_question_set(questions_file)
    if len({question.id for question in questions}) < len(questions):
        raise EvaluationError(f"{questions_file} has an id twice; look with: assistant eval lint {questions_file}")
    chosen = chosen_systems(systems, settings)
    with _locked(out):
        _prepare(out, questions_file, questions, fresh)
        return _run_all(questions, chosen, out, settings, workers, progress)


def _run_all(
    questions: Sequence[EvaluationQuestion],
    chosen: Sequence[str],
    out: Path,
    settings: Settings,
    workers: int,
    progress: Progress,
) -> list[SystemRun]:
    runs = []
    for name in chosen:
        run = SystemRun(out / system_label(name), system_label(name))
        _answer_all(run, name, questions, settings, workers, progress)
        run = SystemRun(run.folder, run.label)
        generation = Home(settings.home).open()
        try:
            if run.provenance.made_from.get("generation", generation.name) != generation.name:
                raise StaleIndexError(f"the index was replaced while {name} ran; begin again with --fresh")
            run.write(score_run(questions, run.answers, generation.releases))
        finally:
            generation.close()
        runs.append(run)
    if settings.judge_model:
        from assistant.evaluation.judge import judge_run

        for run in runs:
            judge_run(run, settings, progress)
    return [SystemRun(run.folder, run.label) for run in runs]


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Have the run's folder alone."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except FileExistsError as error:
        raise EvaluationError(f"{out} is a file; --out names a folder") from error
    except Timeout as error:
        raise EvaluationError(f"another process is writing to {out}; wait for it, or choose another --out") from error
    except OSError as error:
        raise EvaluationError(f"{out} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def _prepare(out: Path, questions_file: Path, questions: Sequence[EvaluationQuestion], fresh: bool) -> None:
    """Make the run's folder, or see that it is one of these questions."""
    provenance = RunProvenance(
        questions=questions_file.name,
        questions_hash=questions_hash(questions),
        count=len(questions),
        version=version("treasury-assistant"),
        python=platform.python_version(),
        libraries=library_versions(),
        machine=machine(),
    )
    if fresh:
        remove_systems(out)
    elif (out / "run.json").exists():
        before = SystemRun(out / "any", "any").run
        if before.questions_hash != provenance.questions_hash:
            raise EvaluationError(
                f"{out} is a run of other questions ({before.questions}, {before.questions_hash}); "
                "choose another --out, or begin again with --fresh"
            )
    write_whole(out / "questions.jsonl", (question.model_dump_json() + "\n" for question in questions))
    write_whole(out / "run.json", [provenance.model_dump_json(indent=1), "\n"])


def _answer_all(
    run: SystemRun,
    name: str,
    questions: Sequence[EvaluationQuestion],
    settings: Settings,
    workers: int,
    progress: Progress,
) -> None:
    """Bring a system's answers to the full set, and write what made them."""
    kept = {answer.id: answer for answer in read_answers(run.answers_file) if not answer.error}
    before = run.provenance if kept and (run.folder / "system.json").exists() else None
    left = [question for question in questions if question.id not in kept]
    if before and not left:
        workers = 1
    with closing(_Pool(name, settings, workers)) as pool:
        opened = pool.open()
        if before and before.made_from != opened.made_from:
            changed = sorted(
                key
                for key in before.made_from.keys() | opened.made_from.keys()
                if before.made_from.get(key) != opened.made_from.get(key)
            )
            raise EvaluationError(
                f"{run.folder} was begun with another {', '.join(changed)}; "
                "choose another --out, or begin again with --fresh"
            )
        provenance = SystemProvenance(
            name=name if is_known(name) else "recorded",
            description=describe(name),
            made_from=opened.made_from,
            started=before.started if before else datetime.now(UTC),
            workers=before.workers if before and not left else workers,
            load_seconds=round(opened.seconds, 2),
            peak_memory_mb=before.peak_memory_mb if before else 0.0,
        )
        run.write(provenance)
        run.write_answers(list(kept.values()))
        with (
            run.answers_file.open("a", encoding="utf-8") as file,
            progress(run.label, len(questions)) as advance,
        ):
            advance(len(kept))
            for worked in pool.answers(left):
                file.write(worked.answer.model_dump_json() + "\n")
                file.flush()
                kept[worked.answer.id] = worked.answer
                provenance.peak_memory_mb = max(provenance.peak_memory_mb, round(worked.memory_mb, 1))
                advance(1)
    run.write_answers([kept[question.id] for question in questions])
    run.write(provenance)


class _Pool:
    """Worker processes that hold one system. A worker that dies is replaced, and its question has failed."""

    def __init__(self, name: str, settings: Settings, workers: int) -> None:
        self._name = name
        self._settings = settings
        self._workers = workers
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_become_worker,
            initargs=(self._name, self._settings),
        )

    def open(self) -> Opened:
        """Have the system opened.

        Raises:
            AssistantError: it cannot be; says why.
        """
        try:
            with _ignoring_interrupts():
                opened = self._executor.submit(_open)
            return opened.result()
        except BrokenProcessPool as error:
            raise EvaluationError(f"the process of {self._name} died while it was opened; is memory short?") from error

    def answers(self, questions: Sequence[EvaluationQuestion]) -> Iterator[Worked]:
        """The answers, in the order of the questions.

        Where a process dies, the questions under way are asked again one at a time: the one it dies over has failed.
        """
        left = deque(questions)
        waiting: deque[tuple[EvaluationQuestion, Future[Worked]]] = deque()
        suspects = 0
        while left or waiting:
            try:
                while left and len(waiting) < (1 if suspects else 2 * self._workers):
                    waiting.append((left[0], self._executor.submit(_answer, left[0])))
                    left.popleft()
                worked = waiting[0][1].result()
            except BrokenProcessPool:
                self._executor.shutdown(wait=False, cancel_futures=True)
                self._executor = self._start()
                under_way = [question for question, _ in waiting]
                waiting.clear()
                if len(under_way) != 1:
                    left.extendleft(reversed(under_way))
                    suspects = len(under_way)
                    continue
                worked = Worked(_failed(under_way[0], "the process died over this question"), 0.0)
            else:
                waiting.popleft()
            suspects = max(0, suspects - 1)
            yield worked

    def close(self) -> None:
        """Stop the processes; what they have not begun is not begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Have the processes that start meanwhile ignore Ctrl-C from their first moment: it is the parent's to handle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


_system: System | None = None
_opened: Opened | AssistantError | None = None


def _become_worker(name: str, settings: Settings) -> None:
    """Open the system, once for a process; die with the parent."""
    global _system, _opened
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    started = time.perf_counter()
    try:
        _system = open_system(name, settings)
        seconds = time.perf_counter() - started
        _opened = Opened(json.loads(json.dumps(_system.provenance(), default=str)), seconds)
    except AssistantError as error:
        _opened = error
    except Exception as error:
        _opened = EvaluationError(f"{name} cannot be opened: {type(error).__name__}: {error}")


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _open() -> Opened:
    if isinstance(_opened, Opened):
        return _opened
    raise _opened or EvaluationError("the system was not opened")


def _answer(question: EvaluationQuestion) -> Worked:
    """The answer to one question; one that fails is an answer with its error."""
    import psutil

    if _system is None:
        _open()
    try:
        assert _system is not None  # noqa: S101
        answer = _system.answer(question)
    except StaleIndexError:  # not of this question: the run cannot go on
        raise
    except Exception as error:
        answer = _failed(question, f"{type(error).__name__}: {error}")
    memory = psutil.Process().memory_info()
    return Worked(answer, memory.rss / 1e6)


def _failed(question: EvaluationQuestion, reason: str) -> AnswerRecord:
    return AnswerRecord(id=question.id, question=question.question, error=reason)
