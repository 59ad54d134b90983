"""Abstention: whether the system knows what the corpus does not hold, and which threshold would serve it best."""

import itertools
import math
import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.evaluation.metrics.abstention import (
    COSTS,
    area_under,
    precision_recall_f1,
    recommend,
    risk_coverage,
    summarise_abstention,
)
from assistant.evaluation.metrics.scores import QuestionScore
from assistant.evaluation.questions import QuestionType
from assistant.evaluation.record import AnswerRecord

UNANSWERABLE = QuestionType.UNANSWERABLE


def score(
    confidence: float | None = 0.5,
    right: bool = True,
    kind: QuestionType = QuestionType.FACTOID,
    abstained: bool = False,
    error: str = "",
    name: str = "w-1",
) -> QuestionScore:
    return QuestionScore(
        id=name, type=kind, slice="w", abstained=abstained, confidence=confidence,
        right_if_answered=right and kind is not UNANSWERABLE, values={}, error=error,
    )  # fmt: skip


@st.composite
def runs(draw: st.DrawFn, confidences: st.SearchStrategy[float] | None = None) -> list[QuestionScore]:
    """Some questions with a confidence each, many of them equal."""
    if confidences is None:
        confidences = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1)
    kinds = st.sampled_from([QuestionType.FACTOID, QuestionType.FALSE_PREMISE, UNANSWERABLE])
    drawn = draw(st.lists(st.tuples(confidences, st.booleans(), kinds, st.booleans()), min_size=1, max_size=12))
    return [score(*fields, name=f"w-{n}") for n, fields in enumerate(drawn)]


# --- precision, recall, F1 ---


@pytest.mark.parametrize(
    ("unanswerable", "abstained", "expected"),
    [
        ([1, 1, 0, 0], [1, 0, 1, 0], (1 / 2, 1 / 2, 1 / 2)),
        ([1, 0, 0, 0], [1, 1, 1, 0], (1 / 3, 1, 1 / 2)),
        ([1, 1, 1, 0], [1, 0, 0, 0], (1, 1 / 3, 1 / 2)),
        ([1, 0], [0, 1], (0, 0, 0)),
        ([1, 0], [0, 0], (None, 0, 0)),
        ([0, 0], [1, 0], (0, None, 0)),
        ([0, 0], [0, 0], (None, None, None)),
    ],
)
def test_abstaining_is_a_sign_that_there_is_no_answer(
    unanswerable: list[int], abstained: list[int], expected: tuple[float | None, ...]
) -> None:
    found = precision_recall_f1(np.array(unanswerable, bool), np.array(abstained, bool))
    assert tuple(None if math.isnan(value) else value for value in found) == pytest.approx(expected)


@settings(deadline=None)  # the first example imports it
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_scikit_learn_agrees(drawn: list[tuple[bool, bool]]) -> None:
    from sklearn.metrics import precision_recall_fscore_support

    unanswerable, abstained = np.array(drawn).T
    expected = precision_recall_fscore_support(unanswerable, abstained, average="binary", zero_division=np.nan)[:3]
    assert precision_recall_f1(unanswerable, abstained) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("scores", "reasons"),
    [
        (
            [score()],
            {
                "precision": "nothing was abstained from",
                "recall": "every question here has an answer in the corpus",
                "f1": "neither an abstention nor a question without an answer",
            },
        ),
        ([score(abstained=True)], {"recall": "every question here has an answer in the corpus"}),
        (
            [score(kind=UNANSWERABLE)],
            {
                "precision": "nothing was abstained from",
                "false_abstention": "no question here has an answer in the corpus",
            },
        ),
        ([score(kind=UNANSWERABLE, abstained=True), score()], {}),
        ([score(None)], {"area": "the system does not say how confident it is"}),
    ],
)
def test_an_undefined_figure_says_why(scores: list[QuestionScore], reasons: dict[str, str]) -> None:
    summary = summarise_abstention(scores)
    for name in ("precision", "recall", "f1", "false_abstention", "area"):
        measure = getattr(summary, name)
        if name in reasons:
            assert (measure.value, measure.why) == (None, reasons[name]), name
        elif name in ("precision", "recall", "f1") and scores[0].confidence is None:
            assert measure.why, name
        else:
            assert measure.value is not None, name
            assert measure.why == "", name


@settings(deadline=None, max_examples=25)
@given(runs())
def test_no_figure_is_ever_not_a_number(scores: list[QuestionScore]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        summary = summarise_abstention(scores)
    assert "nan" not in repr(summary)
    for name in ("precision", "recall", "f1", "false_abstention", "area"):
        measure = getattr(summary, name)
        assert (measure.value is None) == bool(measure.why), name
        if measure.low is not None:
            assert 0 <= measure.low <= measure.high <= 1, name


@settings(deadline=None, max_examples=25)
@given(runs())
def test_false_abstention_is_over_what_has_an_answer(scores: list[QuestionScore]) -> None:
    kept = [one.abstained for one in scores if one.type is not UNANSWERABLE]
    assert summarise_abstention(scores).false_abstention.value == (
        pytest.approx(sum(kept) / len(kept)) if kept else None
    )


# --- risk and coverage ---

WORKED = [
    score(0.9, True, name="a"),
    score(0.8, False, name="b"),
    score(0.8, True, name="c"),
    score(0.3, True, name="d"),
    score(0.1, True, UNANSWERABLE, name="e"),
]


def test_risk_and_coverage_by_hand() -> None:
    points = [(point.threshold, point.coverage, point.risk) for point in risk_coverage(WORKED)]
    assert points == [
        (0.9, 1 / 5, 0),
        (0.8, 3 / 5, pytest.approx(1 / 3)),
        (0.3, 4 / 5, 1 / 4),
        (0.1, 1, 2 / 5),
    ]
    assert area_under(WORKED) == pytest.approx((0 + 1 / 4 + 1 / 3 + 1 / 4 + 2 / 5) / 5)


def test_the_summary_holds_the_curve_the_area_and_a_threshold_a_cost() -> None:
    summary = summarise_abstention(WORKED)
    assert summary.curve == risk_coverage(WORKED)
    assert summary.area.value == pytest.approx(area_under(WORKED))
    assert summary.thresholds == [recommend(WORKED, cost) for cost in COSTS]
    assert summary.area.low is not None
    assert summary.area.low <= area_under(WORKED) <= (summary.area.high or 0)


@given(runs())
def test_coverage_rises_to_all_and_the_last_risk_is_the_share_that_is_not_right(scores: list[QuestionScore]) -> None:
    curve = risk_coverage(scores)
    coverages = [point.coverage for point in curve]
    assert coverages == sorted(set(coverages))
    assert coverages[-1] == 1
    assert curve[-1].risk == pytest.approx(sum(not one.right_if_answered for one in scores) / len(scores))
    assert [point.threshold for point in curve] == sorted({one.confidence or 0 for one in scores}, reverse=True)
    for point in curve:
        answered = [one for one in scores if (one.confidence or 0) >= point.threshold]
        assert point.coverage == pytest.approx(len(answered) / len(scores))
        assert point.risk == pytest.approx(sum(not one.right_if_answered for one in answered) / len(answered))


@given(runs(st.integers(0, 20).map(lambda n: n / 20)))
def test_only_the_order_of_confidences_counts(scores: list[QuestionScore]) -> None:
    stretched = [one.model_copy(update={"confidence": math.exp(3 * (one.confidence or 0)) - 7}) for one in scores]
    assert area_under(stretched) == area_under(scores)
    assert [(p.coverage, p.risk) for p in risk_coverage(stretched)] == [
        (p.coverage, p.risk) for p in risk_coverage(scores)
    ]
    for cost in COSTS:
        one, other = recommend(scores, cost), recommend(stretched, cost)
        assert (one.coverage, one.correct, one.wrong) == (other.coverage, other.correct, other.wrong)


def test_right_answers_first_is_the_least_area_and_last_the_greatest() -> None:
    confidences = [0.9, 0.7, 0.5, 0.3, 0.1]
    areas = {
        order: area_under([score(c, r, name=str(c)) for c, r in zip(confidences, order, strict=True)])
        for order in set(itertools.permutations([True, True, True, False, False]))
    }
    assert min(areas, key=lambda order: areas[order]) == (True, True, True, False, False)
    assert max(areas, key=lambda order: areas[order]) == (False, False, True, True, True)


def test_the_area_does_not_depend_on_the_names_of_equally_confident_questions() -> None:
    right_first = [score(0.5, True, name="a"), score(0.5, False, name="b")]
    wrong_first = [score(0.5, False, name="a"), score(0.5, True, name="b")]
    assert area_under(right_first) == area_under(wrong_first)


@pytest.mark.parametrize(
    "least",
    [
        0.2,
        pytest.param(-3.5),
    ],
)
def test_a_question_that_failed_has_the_least_confidence_of_all(least: float) -> None:
    scores = [score(least + 1, name="a"), score(least, name="b"), score(None, False, error="killed", name="c")]
    assert [(point.coverage, point.risk) for point in risk_coverage(scores)][:2] == [(1 / 3, 0), (2 / 3, 0)]


# --- thresholds ---


def value_of(scores: Sequence[QuestionScore], answered: Sequence[bool], cost: float) -> float:
    """Right answers and right abstentions, less the cost of wrong answers, a question."""
    total = 0.0
    for one, is_answered in zip(scores, answered, strict=True):
        if is_answered:
            total += 1 if one.right_if_answered else -cost
        else:
            total += one.type is UNANSWERABLE
    return total / len(scores)


def applied(scores: Sequence[QuestionScore], threshold: float) -> list[bool]:
    return [one.confidence is not None and one.confidence >= threshold for one in scores]


def test_thresholds_by_hand() -> None:
    scores = [score(0.9), score(0.7, False), score(0.5), score(0.4, False), score(0.2, True, UNANSWERABLE)]
    free, dear = (recommend(scores, cost) for cost in (0.0, 1.0))
    assert (free.coverage, free.correct, free.wrong) == (4 / 5, 3 / 5, 2 / 5)
    assert free.threshold == pytest.approx(0.3), "midway between what is answered and what is not"
    assert (dear.coverage, dear.correct, dear.wrong) == (3 / 5, 3 / 5, 1 / 5)
    assert dear.threshold == pytest.approx(0.45)


@given(runs(), st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_no_threshold_is_better_than_the_one_recommended(scores: list[QuestionScore], cost: float) -> None:
    best = recommend(scores, cost)
    everywhere = [-1.0, 2.0, *(one.confidence or 0 for one in scores)]
    values = {threshold: value_of(scores, applied(scores, threshold), cost) for threshold in everywhere}
    assert best.correct - cost * best.wrong == pytest.approx(max(values.values()))
    most = max(sum(applied(scores, t)) for t, value in values.items() if value == pytest.approx(max(values.values())))
    assert best.coverage == pytest.approx(most / len(scores)), "of equals, the one that answers most"


@given(runs(st.integers(1, 40).map(lambda n: n / 40)), st.sampled_from(COSTS))
def test_where_something_is_answered_the_threshold_does_what_it_says(scores: list[QuestionScore], cost: float) -> None:
    best = recommend(scores, cost)
    if best.coverage:
        answered = applied(scores, best.threshold)
        assert sum(answered) / len(scores) == pytest.approx(best.coverage)
        assert value_of(scores, answered, cost) == pytest.approx(best.correct - cost * best.wrong)


@pytest.mark.parametrize("confidences", [[1.0], [0.0], [0.5], [0.3, 0.5]])
def test_a_threshold_above_all_confidences_answers_nothing(confidences: list[float]) -> None:
    scores = [score(confidence, kind=UNANSWERABLE) for confidence in confidences]
    best = recommend(scores, 0.0)
    assert best.coverage == 0
    assert not any(applied(scores, best.threshold))


def test_a_threshold_between_neighbouring_confidences_tells_them_apart() -> None:
    scores = [score(0.5, True, UNANSWERABLE), score(float(np.nextafter(0.5, 1)))]
    best = recommend(scores, 0.0)
    assert best.coverage == 1 / 2
    assert applied(scores, best.threshold) == [False, True]


# --- without confidences ---


def test_without_confidences_there_is_no_curve_and_the_rest_stands() -> None:
    scores = [
        score(None, kind=UNANSWERABLE, abstained=True),
        score(None, kind=UNANSWERABLE),
        score(None, abstained=True),
        score(None),
    ]
    summary = summarise_abstention(scores)
    assert (summary.precision.value, summary.recall.value, summary.f1.value) == (1 / 2, 1 / 2, 1 / 2)
    assert summary.false_abstention.value == 1 / 2
    assert summary.area.why == "the system does not say how confident it is"
    assert summary.curve == []
    assert summary.thresholds == []


def test_a_failure_has_no_confidence_and_does_not_hide_those_of_the_others() -> None:
    summary = summarise_abstention([score(0.9), score(None, False, error="killed")])
    assert [(point.coverage, point.risk) for point in summary.curve] == [(1 / 2, 0), (1, 1 / 2)]


def test_one_answer_without_a_confidence_leaves_no_curve() -> None:
    assert summarise_abstention([score(0.9), score(None)]).curve == []


def test_the_confidence_of_a_failure_does_not_stand_in_for_that_of_an_answer() -> None:
    assert summarise_abstention([score(0.9, False, error="killed"), score(None)]).curve == []


def test_no_question_is_no_crash() -> None:
    assert summarise_abstention([]).area.value is None


@pytest.mark.parametrize("confidence", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_confidence_is_a_number(confidence: str) -> None:
    with pytest.raises(ValidationError):
        AnswerRecord.model_validate_json(f'{{"id": "w-1", "confidence": {confidence}}}')
