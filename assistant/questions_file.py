"""A file of questions answered into a file of answers, one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.engine import Assistant
from assistant.question import Turn
from assistant.whole_files import replacing
from corpus.errors import QuestionError
from corpus.progress import Progress, silent


class _HistoryLine(BaseModel):
    role: Literal["user", "assistant"]
    content: str


class QuestionLine(BaseModel):
    """One line of a file of questions; fields that are not named here are left alone."""

    id: str
    question: str
    history: list[_HistoryLine] = []

    @property
    def turns(self) -> list[Turn]:
        """The history as the assistant takes it."""
        return [Turn(turn.role, turn.content) for turn in self.history]


Q = TypeVar("Q", bound=QuestionLine)


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """What came of a file of questions. ``failed`` holds line numbers with reasons."""

    answered: int
    abstained: int
    failed: list[tuple[int, str]]


def read_text(path: Path, error_type: type[QuestionError] = QuestionError) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        QuestionError: it cannot be read; of the type that is given.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise error_type(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a line, in words."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else fault["msg"]


def parse_questions(path: Path, model: type[Q]) -> tuple[list[tuple[int, Q]], list[tuple[int, str]]]:
    """The questions of a file, and the lines that are none with why, each with its number; empty lines are passed over.

    Raises:
        QuestionError: the file cannot be read.
    """
    questions, bad = [], []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            try:
                questions.append((number, model.model_validate_json(line)))
            except ValidationError as error:
                bad.append((number, first_fault(error)))
    return questions, bad


def read_questions(path: Path, model: type[Q]) -> list[tuple[int, Q]]:
    """The questions of a file with their line numbers.

    Raises:
        QuestionError: the file cannot be read, or a line is no question; says which.
    """
    questions, bad = parse_questions(path, model)
    if bad:
        number, reason = bad[0]
        raise QuestionError(f'{path}:{number}: {reason}; a line is like {{"id": "1", "question": "Who ...?"}}')
    if not questions:
        raise QuestionError(f"{path} holds no question")
    return questions


def answer_file(assistant: Assistant, questions: Path, out: Path, progress: Progress = silent) -> AnswerReport:
    """Answer every question of a file. A question that cannot be answered gets a line with its ``error``.

    Raises:
        QuestionError: the questions cannot be read or the answers cannot be written.
    """
    asked = read_questions(questions, QuestionLine)
    abstained, failed = 0, []
    try:
        with replacing(out) as file, progress("answering", len(asked)) as advance:
            for number, line in asked:
                try:
                    answer = assistant.ask(line.question, line.turns).model_copy(update={"id": line.id})
                    abstained += answer.abstained
                    file.write(answer.model_dump_json() + "\n")
                except QuestionError as error:
                    failed.append((number, str(error)))
                    row = {"id": line.id, "question": line.question[:200], "answer": "", "error": str(error)}
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                advance(1)
    except OSError as error:
        raise QuestionError(f"{out} cannot be written: {error.strerror}") from error
    return AnswerReport(len(asked) - len(failed), abstained, failed)
