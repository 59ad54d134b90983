"""Questions with gold answers: the model, and the set that ships with the program."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, field_validator

from assistant.questions_file import QuestionLine, read_questions

#: 115 questions in our own words over the starter corpus.
STARTER_QUESTIONS = Path(__file__).parent / "starter_questions.jsonl"


class QuestionType(StrEnum):
    """What kind of answer is asked for."""

    FACTOID = "factoid"
    NUMERIC = "numeric"
    DATE = "date"
    LIST = "list"
    DEFINITION = "definition"
    REASON = "reason"
    MULTI_RELEASE = "multi_release"
    TEMPORAL = "temporal"
    YESNO = "yesno"
    FOLLOWUP = "followup"
    UNANSWERABLE = "unanswerable"
    FALSE_PREMISE = "false_premise"


class EvaluationQuestion(QuestionLine):
    """A question and what a right answer holds.

    ``gold_releases`` are groups of release ids: a right answer cites at least one of every group. ``gold_facts`` are
    what it states, each a list of accepted forms. Both are empty where the corpus holds no answer.
    """

    type: QuestionType
    gold_releases: list[list[str]] = Field(default_factory=list)
    gold_facts: list[list[str]] = Field(default_factory=list)
    note: str = ""

    @field_validator("gold_releases")
    @classmethod
    def _lower(cls, groups: list[list[str]]) -> list[list[str]]:
        return [[release_id.lower() for release_id in group] for group in groups]

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds an answer; one that corrects a false premise counts."""
        return self.type is not QuestionType.UNANSWERABLE

    @property
    def slice(self) -> str:
        """The part of the set that the question belongs to: its id up to the first dash."""
        return self.id.partition("-")[0]

    @property
    def gold_ids(self) -> frozenset[str]:
        """All gold releases, whatever their group."""
        return frozenset(release_id for group in self.gold_releases for release_id in group)


def question_set_path(name: Path) -> Path:
    """The file of a question set; ``starter`` is the set that ships with the program."""
    return STARTER_QUESTIONS if str(name) == "starter" and not name.exists() else name


def read_question_set(path: Path) -> list[EvaluationQuestion]:
    """The questions of a file.

    Raises:
        QuestionError: it cannot be read, or a line is no such question; says which.
    """
    return [question for _, question in read_questions(path, EvaluationQuestion)]
