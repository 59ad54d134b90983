"""The scores of one question, and the figures of a run: models, and how a figure without a value says why."""

from pydantic import BaseModel

from assistant.evaluation.questions import QuestionType


class QuestionScore(BaseModel):
    """All that was measured of one answer.

    ``values`` are by metric; None where the metric says nothing of this question. ``right_if_answered`` is whether it
    would have been right had the system never abstained. ``missing`` says in words what a right answer would have had.
    """

    id: str
    type: QuestionType
    slice: str
    abstained: bool
    confidence: float | None
    right_if_answered: bool
    values: dict[str, float | None]
    group_ranks: list[int | None] = []
    missing: list[str] = []
    error: str = ""
    timings_ms: dict[str, float] = {}

    @property
    def correct(self) -> bool:
        """The headline."""
        return self.values["correct"] == 1


class Measure(BaseModel):
    """A figure with its 95% interval over ``n`` questions; without a value, ``why`` says why."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    why: str = ""


class CurvePoint(BaseModel):
    """Answering only from ``threshold`` on: the share of questions answered, and the share of these that is wrong."""

    threshold: float
    coverage: float
    risk: float


class Threshold(BaseModel):
    """The threshold that is best where a wrong answer costs ``cost`` times what a right one earns.

    With coverage 0 it is above every confidence: better not to answer at all.
    """

    cost: float
    threshold: float
    coverage: float
    correct: float
    wrong: float


class AbstentionSummary(BaseModel):
    """How well a system knows what it does not know. ``curve`` is empty where it gives no confidence."""

    precision: Measure
    recall: Measure
    f1: Measure
    false_abstention: Measure
    area: Measure
    curve: list[CurvePoint] = []
    thresholds: list[Threshold] = []


class Percentiles(BaseModel):
    """Milliseconds."""

    median: float
    p95: float
    p99: float


class Part(BaseModel):
    """The figures of some of the questions: all, or those of one type or slice."""

    n: int
    measures: dict[str, Measure]


class RunMetrics(BaseModel):
    """The figures of one system over one question set."""

    all: Part
    by_type: dict[str, Part]
    by_slice: dict[str, Part]
    recall_by_k: dict[int, Measure]
    abstention: AbstentionSummary
    latency_ms: dict[str, Percentiles]
    latency_note: str = ""
    failed: int
    questions: list[QuestionScore]
