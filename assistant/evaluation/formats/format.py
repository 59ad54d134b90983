"""What a format is, and which there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from assistant.evaluation.questions import EvaluationQuestion, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.questions_file import read_text
from corpus.errors import EvaluationError


class Format(StrEnum):
    """The formats of question sets. ``jsonl`` is this project's own."""

    JSONL = "jsonl"
    BEIR = "beir"
    TREC = "trec"
    RAGAS = "ragas"


@dataclass(slots=True)
class Imported:
    """The questions of a set, and what of it is no question here, with why."""

    questions: list[EvaluationQuestion]
    passed_over: list[str] = field(default_factory=list)


def read_format(path: Path, format: Format) -> Imported:  # noqa: A002 - the word that everybody uses
    """Read a question set.

    Raises:
        QuestionError: it cannot be read; says which line is wrong.
    """
    from assistant.evaluation.formats import beir, ragas, trec

    if format is Format.JSONL:
        return Imported(read_question_set(path))
    read = {Format.BEIR: beir.read_questions, Format.TREC: trec.read_questions, Format.RAGAS: ragas.read_questions}
    imported = read[format](path)
    if not imported.questions:
        raise EvaluationError(f"{path} holds no question that can be used: {'; '.join(imported.passed_over[:3])}")
    return imported


def write_format(
    path: Path,
    format: Format,  # noqa: A002
    questions: Sequence[EvaluationQuestion],
    answers: Mapping[str, AnswerRecord] | None = None,
) -> list[Path]:
    """Write a question set, and the answers to it where they are given; gives the files written.

    Raises:
        EvaluationError: they cannot be written.
    """
    from assistant.evaluation.formats import beir, ragas, trec

    try:
        if format is Format.BEIR:
            return beir.write_questions(path, questions)
        if format is Format.TREC:
            return trec.write_questions(path, questions, answers or {})
        if format is Format.RAGAS:
            return ragas.write_questions(path, questions, answers or {})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(question.model_dump_json() + "\n" for question in questions), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}") from error
    return [path]


def read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, one a line, each with its number.

    Raises:
        EvaluationError: it cannot be read, or a line is no JSON object.
    """
    for number, line in enumerate(read_text(path, EvaluationError).split("\n"), 1):
        if line.strip():
            try:
                found = from_json(line, allow_inf_nan=False)
            except ValueError as error:
                raise EvaluationError(f"{path}:{number} is no JSON: {error}") from error
            if not isinstance(found, dict):
                raise EvaluationError(f"{path}:{number} is no JSON object")
            yield number, found
