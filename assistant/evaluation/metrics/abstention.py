"""Abstention: whether a system knows what the corpus does not hold."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics.scores import AbstentionSummary, CurvePoint, Measure, QuestionScore, Threshold
from assistant.evaluation.questions import QuestionType
from assistant.evaluation.significance import bootstrap_mean, bootstrap_statistic

#: What a wrong answer may cost, in right ones: nothing (most right answers), or as much as one earns.
COSTS = (0.0, 1.0)


def summarise_abstention(scores: Sequence[QuestionScore]) -> AbstentionSummary:
    """Precision, recall and F1 of abstaining, false abstention, and the risk-coverage curve with its thresholds."""
    unanswerable = np.array([score.type is QuestionType.UNANSWERABLE for score in scores])
    abstained = np.array([score.abstained for score in scores])
    kept = [float(score.abstained) for score in scores if score.type is not QuestionType.UNANSWERABLE]
    precision, recall, f1 = (
        _over_questions(lambda i, n=n: precision_recall_f1(unanswerable[i], abstained[i])[n], len(scores), why)
        for n, why in enumerate(("nothing was abstained from", "every question here has an answer in the corpus", ""))
    )
    f1.why = f1.why and "neither an abstention nor a question without an answer"
    low, high = bootstrap_mean(kept) if kept else (None, None)
    false_abstention = (
        Measure(value=float(np.mean(kept)), low=low, high=high, n=len(kept))
        if kept
        else Measure(why="no question here has an answer in the corpus")
    )
    confidences = [score.confidence for score in scores if score.confidence is not None]
    if len(confidences) < len(scores) - sum(bool(score.error) for score in scores) or not confidences:
        return AbstentionSummary(
            precision=precision,
            recall=recall,
            f1=f1,
            false_abstention=false_abstention,
            area=Measure(why="the system does not say how confident it is"),
        )
    return AbstentionSummary(
        precision=precision,
        recall=recall,
        f1=f1,
        false_abstention=false_abstention,
        area=_over_questions(lambda i: area_under([scores[n] for n in i]), len(scores), ""),
        curve=risk_coverage(scores),
        thresholds=[recommend(scores, cost) for cost in COSTS],
    )


def precision_recall_f1(unanswerable: NDArray[np.bool_], abstained: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "abstained" as a sign of "unanswerable"; NaN where one is undefined.

    >>> precision_recall_f1(np.array([True, True, False, False]), np.array([True, False, True, False]))
    (0.5, 0.5, 0.5)
    """
    hits = int(np.sum(unanswerable & abstained))
    predicted, actual = int(np.sum(abstained)), int(np.sum(unanswerable))
    return (
        hits / predicted if predicted else float("nan"),
        hits / actual if actual else float("nan"),
        2 * hits / (predicted + actual) if predicted + actual else float("nan"),
    )


def risk_coverage(scores: Sequence[QuestionScore]) -> list[CurvePoint]:
    """The risk-coverage curve (El-Yaniv and Wiener, 2010), one point for each confidence that a question has.

    Risk is the share of the answered questions whose answer is wrong; whatever is answered to a question that has no
    answer is wrong.
    """
    ordered, wrong = _by_confidence(scores)
    confidence = [_confidence(score) for score in ordered]
    return [
        CurvePoint(threshold=confidence[n], coverage=(n + 1) / len(ordered), risk=float(np.mean(wrong[: n + 1])))
        for n in range(len(ordered))
        if n + 1 == len(ordered) or confidence[n + 1] < confidence[n]
    ]


def area_under(scores: Sequence[QuestionScore]) -> float:
    """The area under the risk-coverage curve: the mean risk over all coverages (Geifman and El-Yaniv, 2017)."""
    _, wrong = _by_confidence(scores)
    return float(np.mean(np.cumsum(wrong) / np.arange(1, len(wrong) + 1)))


def recommend(scores: Sequence[QuestionScore], cost: float) -> Threshold:
    """The threshold that maximises right answers and right abstentions less ``cost`` times wrong answers.

    With cost 0 that is ``correct``; "effective reliability" (Whitehead et al., 2022) with a right abstention earning
    as much as a right answer. Of thresholds that are equally good, the lowest: it answers most.
    """
    confidence = np.array([_confidence(score) for score in scores])
    answerable = np.array([score.type is not QuestionType.UNANSWERABLE for score in scores])
    right = np.array([score.right_if_answered for score in scores])
    best: Threshold | None = None
    levels = [*sorted(set(confidence.tolist())), float(np.nextafter(confidence.max(), np.inf))]
    for n, level in enumerate(levels):
        answered = confidence >= level
        correct = float(np.mean((answered & right) | (~answered & ~answerable)))
        wrong = float(np.mean(answered & ~right))
        if best is None or correct - cost * wrong > best.correct - cost * best.wrong + 1e-12:
            middle = (level + levels[n - 1]) / 2 if n else level
            best = Threshold(
                cost=cost, threshold=middle, coverage=float(np.mean(answered)), correct=correct, wrong=wrong
            )
    assert best is not None  # noqa: S101 - there is at least one level
    return best


def _by_confidence(scores: Sequence[QuestionScore]) -> tuple[list[QuestionScore], NDArray[np.bool_]]:
    ordered = sorted(scores, key=lambda score: (-_confidence(score), score.id))
    return ordered, np.array([not score.right_if_answered for score in ordered])


def _confidence(score: QuestionScore) -> float:
    """A question that failed has the least confidence there is."""
    return score.confidence if score.confidence is not None else 0.0


def _over_questions(statistic: "object", questions: int, why: str) -> Measure:
    value = statistic(np.arange(questions))  # type: ignore[operator]
    if np.isnan(value):
        return Measure(why=why or "undefined")
    interval = bootstrap_statistic(statistic, questions)  # type: ignore[arg-type]
    return Measure(value=value, low=interval and interval[0], high=interval and interval[1], n=questions)
