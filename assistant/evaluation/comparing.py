"""Two runs over the same questions, compared question by question."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from assistant.evaluation.metrics import METRICS
from assistant.evaluation.metrics.metric import Metric
from assistant.evaluation.metrics.scores import QuestionScore
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.run_folder import SystemRun
from assistant.evaluation.significance import LEVEL, bootstrap_mean, randomisation_test
from corpus.errors import EvaluationError

#: A difference is held to be real below this p-value.
ALPHA = 1 - LEVEL


class Difference(BaseModel):
    """How a metric changed over the ``n`` questions for which both runs have it; ``p`` by a randomisation test."""

    metric: str
    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    lower_is_better: bool

    @property
    def worse(self) -> bool:
        """Whether the change is for the worse, however small."""
        return self.difference > 0 if self.lower_is_better else self.difference < 0

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely cause."""
        return self.p < ALPHA


class Flip(BaseModel):
    """A question that one run has right and the other has not."""

    id: str
    type: QuestionType
    question: str
    better: bool
    before: str
    after: str
    why: list[str]


class Comparison(BaseModel):
    """Run B against run A. ``only_before`` and ``only_after`` are ids of questions that the other run lacks."""

    a: str
    b: str
    questions: int
    all: list[Difference]
    by_type: dict[str, Difference]
    flips: list[Flip]
    only_before: list[str]
    only_after: list[str]


def compare(a: SystemRun, b: SystemRun) -> Comparison:
    """Compare run ``b`` with run ``a`` over the questions that both have.

    Raises:
        EvaluationError: they have none in common, or one question reads differently in the two.
    """
    asked = {question.id: question for question in a.questions}
    asked_after = {question.id: question for question in b.questions}
    common = [question_id for question_id in asked if question_id in asked_after]
    if not common:
        raise EvaluationError(f"{a.folder} and {b.folder} have no question in common")
    for question_id in common:
        if _judged_by(asked[question_id]) != _judged_by(asked_after[question_id]):
            raise EvaluationError(f"the question {question_id} or its gold differs between {a.folder} and {b.folder}")
    scores_a = {score.id: score for score in a.metrics.questions}
    scores_b = {score.id: score for score in b.metrics.questions}
    before, after = [scores_a[i] for i in common], [scores_b[i] for i in common]
    correct = next(metric for metric in METRICS if metric.name == "correct")
    by_type = {}
    for kind in QuestionType:
        pairs = [(x, y) for x, y in zip(before, after, strict=True) if x.type is kind]
        found = _difference(correct, [x for x, _ in pairs], [y for _, y in pairs])
        if found:
            by_type[str(kind)] = found
    flips = [
        Flip(
            id=x.id,
            type=x.type,
            question=asked[x.id].question,
            better=y.correct,
            before=a.answers[x.id].answer or f"(no answer: {x.error})",
            after=b.answers[x.id].answer or f"(no answer: {y.error})",
            why=x.missing if y.correct else y.missing,
        )
        for x, y in zip(before, after, strict=True)
        if x.correct != y.correct
    ]
    return Comparison(
        a=a.label,
        b=b.label,
        questions=len(common),
        all=[found for metric in METRICS if (found := _difference(metric, before, after))],
        by_type=by_type,
        flips=sorted(flips, key=lambda flip: flip.better),
        only_before=[question_id for question_id in asked if question_id not in asked_after],
        only_after=[question_id for question_id in asked_after if question_id not in asked],
    )


def _judged_by(question: EvaluationQuestion) -> dict[str, Any]:
    """What answers are judged by; a note changes nothing."""
    return question.model_dump(exclude={"note"})


def _difference(metric: Metric, before: Sequence[QuestionScore], after: Sequence[QuestionScore]) -> Difference | None:
    pairs = [
        (x, y)
        for first, second in zip(before, after, strict=True)
        if (x := first.values.get(metric.name)) is not None and (y := second.values.get(metric.name)) is not None
    ]
    if not pairs:
        return None
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    low, high = bootstrap_mean([y - x for x, y in pairs])
    return Difference(
        metric=metric.name,
        n=len(pairs),
        before=sum(xs) / len(xs),
        after=sum(ys) / len(ys),
        difference=sum(ys) / len(ys) - sum(xs) / len(xs),
        low=low,
        high=high,
        p=randomisation_test(xs, ys),
        lower_is_better=metric.lower_is_better,
    )
