"""Answers that another program gave: a file of answers, or a TREC run."""

from pathlib import Path
from typing import Any

from assistant.evaluation.formats.trec import read_run
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord, RecordedHit
from assistant.questions_file import read_text
from corpus.errors import EvaluationError
from indexes.embedding.packaged_model import sha256


class RecordedSystem:
    """Gives what a file holds. A TREC run has rankings and no answers, and is measured as retrieval alone."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            EvaluationError: it is neither; says which line is wrong.
        """
        self._path = path
        self._answers = _answers(path) if path.suffix in (".jsonl", ".json") else _rankings(path)

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        """The recorded answer.

        Raises:
            EvaluationError: the file has none.
        """
        if question.id not in self._answers:
            raise EvaluationError(f"{self._path.name} holds no answer to {question.id}")
        return self._answers[question.id]

    def provenance(self) -> dict[str, Any]:
        """The file and its hash."""
        return {"file": str(self._path), "sha256": sha256(self._path)}


def _answers(path: Path) -> dict[str, AnswerRecord]:
    answers: dict[str, AnswerRecord] = {}
    for number, line in enumerate(read_text(path, EvaluationError).split("\n"), 1):
        if line.strip():
            record = AnswerRecord.read(path, number, line)
            if record.id in answers:
                raise EvaluationError(f"{path}:{number} answers {record.id} again")
            answers[record.id] = record
    return answers


def _rankings(path: Path) -> dict[str, AnswerRecord]:
    return {
        question_id: AnswerRecord(
            id=question_id, retrieved=[RecordedHit(release_id=i, score=score) for i, score in ranking]
        )
        for question_id, ranking in read_run(path).items()
    }
