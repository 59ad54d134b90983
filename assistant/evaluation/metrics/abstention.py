"""Abstention: whether a system knows what the corpus does not hold."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics.measuring import measure
from assistant.evaluation.metrics.retrieval import NOT_ANSWERABLE
from assistant.evaluation.metrics.scores import AbstentionSummary, CurvePoint, Measure, QuestionScore, Threshold
from assistant.evaluation.questions import QuestionType
from assistant.evaluation.significance import bootstrap_statistic

#: What a wrong answer may cost, in right ones: nothing (most right answers), or as much as one earns.
COSTS = (0.0, 1.0)


def summarise_abstention(scores: Sequence[QuestionScore]) -> AbstentionSummary:
    """Precision, recall and F1 of abstaining, false abstention, and the risk-coverage curve with its thresholds."""
    unanswerable = np.array([score.type is QuestionType.UNANSWERABLE for score in scores], bool)
    abstained = np.array([score.abstained for score in scores], bool)
    reasons = (
        "nothing was abstained from",
        "every question here has an answer in the corpus",
        "neither an abstention nor a question without an answer",
    )

    def of(n: int, why: str) -> Measure:
        return _over_questions(lambda i: precision_recall_f1(unanswerable[i], abstained[i])[n], len(scores), why)

    precision, recall, f1 = (of(n, why) for n, why in enumerate(reasons))
    answered = [score for score in scores if not score.error]
    confident = bool(answered) and all(score.confidence is not None for score in answered)
    return AbstentionSummary(
        precision=precision,
        recall=recall,
        f1=f1,
        false_abstention=measure(
            [float(score.abstained) for score in scores if score.type is not QuestionType.UNANSWERABLE], NOT_ANSWERABLE
        ),
        area=_over_questions(lambda i: area_under([scores[n] for n in i]), len(scores), "no question")
        if confident
        else Measure(why="the system does not say how confident it is" if answered else "nothing was answered"),
        curve=risk_coverage(scores) if confident else [],
        thresholds=[recommend(scores, cost) for cost in COSTS] if confident else [],
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
    confidence, wrong = _by_confidence(scores)
    return [
        CurvePoint(threshold=float(confidence[end - 1]), coverage=end / len(scores), risk=float(np.mean(wrong[:end])))
        for end in _ends(confidence)
    ]


def area_under(scores: Sequence[QuestionScore]) -> float:
    """The area under the risk-coverage curve: the mean risk over all coverages (Geifman and El-Yaniv, 2017).

    Of questions with the same confidence none comes first: each counts with the share of them that is wrong.
    """
    confidence, wrong = _by_confidence(scores)
    start = 0
    for end in _ends(confidence):
        wrong[start:end] = np.mean(wrong[start:end])
        start = end
    return float(np.mean(np.cumsum(wrong) / np.arange(1, len(wrong) + 1)))


def recommend(scores: Sequence[QuestionScore], cost: float) -> Threshold:
    """The threshold that maximises right answers and right abstentions less ``cost`` times wrong answers.

    With cost 0 that is ``correct``; "effective reliability" (Whitehead et al., 2022) with a right abstention earning
    as much as a right answer. Of thresholds that are equally good, the lowest: it answers most.
    """
    confidence = _confidences(scores)
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
            threshold = middle if n and middle > levels[n - 1] else level  # two neighbouring floats have no middle
            best = Threshold(
                cost=cost, threshold=threshold, coverage=float(np.mean(answered)), correct=correct, wrong=wrong
            )
    assert best is not None  # noqa: S101 - there is at least one level
    return best


def _by_confidence(scores: Sequence[QuestionScore]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Confidences, greatest first, and for each 1 where an answer would be wrong."""
    confidence = _confidences(scores)
    wrong = np.array([float(not score.right_if_answered) for score in scores])
    order = np.argsort(-confidence, kind="stable")
    return confidence[order], wrong[order]


def _ends(confidence: NDArray[np.float64]) -> list[int]:
    """Where each block of equal confidences ends."""
    return [n for n in range(1, len(confidence) + 1) if n == len(confidence) or confidence[n] < confidence[n - 1]]


def _confidences(scores: Sequence[QuestionScore]) -> NDArray[np.float64]:
    """The confidences; a question that failed has the least of all."""
    known = [score.confidence for score in scores if score.confidence is not None]
    least = np.nextafter(min(known, default=0.0), -np.inf)
    return np.array([least if score.confidence is None else score.confidence for score in scores])


def _over_questions(statistic: Callable[[NDArray[np.int64]], float], questions: int, why: str) -> Measure:
    value = statistic(np.arange(questions)) if questions else float("nan")
    if np.isnan(value):
        return Measure(why=why)
    low, high = bootstrap_statistic(statistic, questions) or (None, None)
    return Measure(value=value, low=low, high=high, n=questions)
