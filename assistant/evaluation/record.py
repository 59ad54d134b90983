"""An answer as an evaluation reads it: the contract of ``assistant answer``, of any system that keeps it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, ValidationError

from assistant.answers.answer import Answer
from assistant.questions_file import first_fault
from corpus.errors import EvaluationError


class RecordedSentence(BaseModel):
    """One sentence and the markers of what it cites."""

    text: str
    citations: list[int] = []
    verdict: str = ""


class RecordedCitation(BaseModel):
    """A quote of a release. Without ``start`` and ``end``, the quote is looked for in the release."""

    model_config = ConfigDict(extra="allow")

    marker: int = 0
    release_id: str
    quote: str = ""
    start: int | None = None
    end: int | None = None
    title: str = ""
    url: str = ""


class RecordedHit(BaseModel):
    """A release that was found."""

    model_config = ConfigDict(allow_inf_nan=False)

    release_id: str
    score: float = 0.0


class AnswerRecord(BaseModel):
    """One line of a run's ``answers.jsonl``.

    ``withheld`` is what the system would have answered where it abstained; ``error`` why it gave no answer at all.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    id: str
    question: str = ""
    answer: str = ""
    abstained: bool = False
    confidence: Annotated[float, Field(ge=-1e300, le=1e300)] | None = None
    sentences: list[RecordedSentence] = []
    citations: list[RecordedCitation] = []
    retrieved: list[RecordedHit] = []
    timings_ms: dict[str, NonNegativeFloat] = {}
    withheld: "AnswerRecord | None" = None
    error: str = ""

    @classmethod
    def of(cls, answer: Answer, question_id: str, withheld: "AnswerRecord | None" = None) -> "AnswerRecord":
        """The record of an answer, all its fields kept."""
        return cls.model_validate({**answer.model_dump(mode="json"), "id": question_id, "withheld": withheld})

    @classmethod
    def read(cls, path: Path, number: int, line: str | bytes) -> "AnswerRecord":
        """The record that a line of a file holds.

        Raises:
            EvaluationError: it holds none; says what is wrong.
        """
        try:
            return cls.model_validate_json(line)
        except ValidationError as error:
            raise EvaluationError(f"{path}:{number} is no answer: {first_fault(error)}") from error

    @property
    def ranked(self) -> list[str]:
        """Distinct releases found, best first, lower-cased."""
        return list(dict.fromkeys(hit.release_id.lower() for hit in self.retrieved))
