"""A run on disk: a folder with the questions, and a folder for every system that answered them.

    RUN/run.json                  what was run: hash of the questions, versions, machine
    RUN/questions.jsonl           the question set
    RUN/SYSTEM/answers.jsonl      the answers, one a line, in the order of the questions
    RUN/SYSTEM/retrieval.trec     what was found, as a TREC run
    RUN/SYSTEM/system.json        what makes the answers repeatable
    RUN/SYSTEM/metrics.json       every figure, and the scores of every question

Each file but ``answers.jsonl``, which grows by whole lines, is replaced in one go.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.evaluation.formats.trec import run_lines
from assistant.evaluation.metrics.scores import Measure, RunMetrics
from assistant.evaluation.questions import EvaluationQuestion, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.whole_files import replacing
from corpus.errors import EvaluationError

FORMAT = 1

M = TypeVar("M", bound=BaseModel)


class RunProvenance(BaseModel):
    """What was run, and where."""

    format: int = FORMAT
    questions: str
    questions_hash: str
    count: int
    version: str
    python: str
    libraries: dict[str, str]
    machine: dict[str, str | int]


class JudgeSummary(BaseModel):
    """What a language model thinks of the answers. It is an opinion, and reported apart."""

    model: str
    score: Measure
    verdicts: dict[str, str]


class SystemProvenance(BaseModel):
    """What makes the answers of a system repeatable, and what they took."""

    name: str
    description: str
    made_from: dict[str, Any]
    started: datetime
    workers: int
    load_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    judge: JudgeSummary | None = None


@dataclass(frozen=True)
class SystemRun:
    """The answers of one system. ``label`` is its name in tables."""

    folder: Path
    label: str

    @property
    def answers_file(self) -> Path:
        """Where the answers are."""
        return self.folder / "answers.jsonl"

    @cached_property
    def questions(self) -> list[EvaluationQuestion]:
        """The question set."""
        return read_question_set(self.folder.parent / "questions.jsonl")

    @cached_property
    def answers(self) -> dict[str, AnswerRecord]:
        """The answers, by the question's id."""
        return {answer.id: answer for answer in read_answers(self.answers_file)}

    @cached_property
    def metrics(self) -> RunMetrics:
        """Its figures."""
        return _read(self.folder / "metrics.json", RunMetrics)

    @cached_property
    def provenance(self) -> SystemProvenance:
        """What made it."""
        return _read(self.folder / "system.json", SystemProvenance)

    @cached_property
    def run(self) -> RunProvenance:
        """What the run was made of."""
        return _read(self.folder.parent / "run.json", RunProvenance)

    def write_answers(self, answers: Sequence[AnswerRecord]) -> None:
        """Replace the answers, and the TREC run made of them."""
        write_whole(self.answers_file, (answer.model_dump_json() + "\n" for answer in answers))
        write_whole(self.folder / "retrieval.trec", run_lines(answers, self.label))

    def write(self, part: RunMetrics | SystemProvenance) -> None:
        """Replace the metrics or the provenance."""
        name = "metrics.json" if isinstance(part, RunMetrics) else "system.json"
        write_whole(self.folder / name, [part.model_dump_json(indent=1), "\n"])


def system_runs(path: Path) -> list[SystemRun]:
    """The systems of a run's folder, or the one whose folder it is, in the order in which they ran.

    Raises:
        EvaluationError: there is none that has ended.
    """
    if (path / "metrics.json").is_file():
        return [SystemRun(path, path.name)]
    found = [SystemRun(folder.parent, folder.parent.name) for folder in path.glob("*/metrics.json")]
    if not found:
        state = (
            "has not ended; run the same command again, and it goes on" if (path / "run.json").exists() else "is none"
        )
        raise EvaluationError(f"the run {path} {state}")
    return sorted(found, key=lambda run: (run.provenance.started, run.label))


def single_run(path: Path) -> SystemRun:
    """The one system of a folder.

    Raises:
        EvaluationError: there are several; names them.
    """
    runs = system_runs(path)
    if len(runs) > 1:
        raise EvaluationError(f"{path} holds several systems; say which: {', '.join(str(r.folder) for r in runs)}")
    return runs[0]


def read_answers(path: Path) -> list[AnswerRecord]:
    """The whole lines of a file of answers; a last line that a kill cut short is left out.

    Raises:
        EvaluationError: another line is no answer.
    """
    answers: list[AnswerRecord] = []
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return answers
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                answers.append(AnswerRecord.read(path, number, line))
            except EvaluationError:
                if number < len(lines):
                    raise
    return answers


def write_whole(path: Path, parts: Iterable[str]) -> None:
    """Write a file so that it is there whole or as it was.

    Raises:
        EvaluationError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.writelines(parts)
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error


def remove_systems(folder: Path) -> None:
    """Remove the systems of a run, and nothing that a run does not write."""
    for provenance in folder.glob("*/system.json"):
        with suppress(EvaluationError, OSError):
            _read(provenance, SystemProvenance)
            for name in ("answers.jsonl", "retrieval.trec", "metrics.json", "system.json"):
                (provenance.parent / name).unlink(missing_ok=True)
            provenance.parent.rmdir()


def questions_hash(questions: Sequence[EvaluationQuestion]) -> str:
    """What names a question set: the hash of all that its questions hold."""
    return hashlib.sha256("".join(q.model_dump_json() for q in questions).encode()).hexdigest()[:16]


def _read(path: Path, model: type[M]) -> M:
    try:
        return model.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise EvaluationError(f"{path} is missing or damaged; run the evaluation again: {error}") from error
