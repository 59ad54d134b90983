"""Intervals and p-values by resampling: the same every time, and right where they can be worked out."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.evaluation.significance import bootstrap_mean, bootstrap_statistic, randomisation_test

shares = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]) | st.floats(0, 1)
samples = st.lists(shares, min_size=1, max_size=30)
pairs = st.lists(st.tuples(shares, shares), min_size=1, max_size=9)


# --- bootstrap ---


@settings(deadline=None, max_examples=60)
@given(samples)
def test_the_interval_is_the_same_every_time_and_holds_the_mean(values: list[float]) -> None:
    low, high = bootstrap_mean(values)
    assert (low, high) == bootstrap_mean(values)
    assert low - 1e-9 <= sum(values) / len(values) <= high + 1e-9
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


@pytest.mark.parametrize("values", [[0.0], [1.0], [1 / 3], [0.0, 0.0], [1.0] * 50, [0.1] * 7])
def test_where_all_values_are_one_the_interval_is_that_value(values: list[float]) -> None:
    assert bootstrap_mean(values) == pytest.approx((values[0], values[0]))


def test_the_interval_is_that_of_the_binomial_for_rights_and_wrongs() -> None:
    """400 of 1,000: the normal interval is 0.400 plus and minus 0.0304."""
    low, high = bootstrap_mean([1.0] * 400 + [0.0] * 600)
    assert low == pytest.approx(0.3696, abs=0.004)
    assert high == pytest.approx(0.4304, abs=0.004)


def test_more_questions_make_it_narrower() -> None:
    widths = [high - low for low, high in (bootstrap_mean([0.0, 1.0] * n) for n in (5, 50, 500))]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 5 * widths[2]


def test_the_interval_of_any_figure_is_like_that_of_the_mean() -> None:
    values = np.array([0.0, 1.0, 1.0, 0.0, 1.0] * 20)
    found = bootstrap_statistic(lambda indices: float(values[indices].mean()), len(values))
    assert found is not None
    assert found == bootstrap_statistic(lambda indices: float(values[indices].mean()), len(values))
    assert found == pytest.approx(bootstrap_mean(values.tolist()), abs=0.03)


@pytest.mark.parametrize(("undefined", "defined"), [(0.0, True), (0.05, True), (0.2, False), (1.0, False)])
def test_a_figure_that_is_often_undefined_has_no_interval(undefined: float, defined: bool) -> None:
    calls = itertools.count()

    def figure(indices: NDArray[np.int64]) -> float:
        return float("nan") if next(calls) % 100 < 100 * undefined else 0.5

    assert bootstrap_statistic(figure, 10) == ((0.5, 0.5) if defined else None)


def test_a_figure_of_one_question_is_that_figure() -> None:
    assert bootstrap_statistic(lambda indices: float(indices.sum()), 1) == (0.0, 0.0)


# --- randomisation ---


def enumerated(before: Sequence[float], after: Sequence[float]) -> float:
    """The share of all swaps of pairs that give at least as great a difference either way."""
    differences = np.subtract(after, before)
    swapped = [abs(np.dot(signs, differences)) for signs in itertools.product((1, -1), repeat=len(differences))]
    return float(np.mean([value >= abs(differences.sum()) - 1e-9 for value in swapped]))


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        ([0, 0], [1, 1], 2 / 4),
        ([0, 0, 0], [1, 1, 1], 2 / 8),
        ([0, 0, 0, 0, 0], [1, 1, 1, 1, 1], 2 / 32),
        ([0, 0, 0, 0, 1], [1, 1, 1, 1, 0], 12 / 32),
        ([0, 0, 1, 1], [1, 1, 0, 0], 1),
        ([0, 0, 0, 1, 0, 1], [1, 1, 1, 1, 0, 1], 2 / 8),
        ([0.2, 0.5, 0.1], [0.4, 0.4, 0.5], 4 / 8),
    ],
)
def test_all_swaps_of_few_pairs_are_tried(before: list[float], after: list[float], p: float) -> None:
    assert enumerated(before, after) == pytest.approx(p)
    assert randomisation_test(before, after) == pytest.approx(p)


@settings(deadline=None)
@given(pairs)
def test_the_p_value_is_the_share_of_swaps_with_as_great_a_difference(drawn: list[tuple[float, float]]) -> None:
    before, after = ([round(4 * value) / 4 for value in values] for values in zip(*drawn, strict=True))
    assert randomisation_test(before, after) == pytest.approx(enumerated(before, after))


@settings(deadline=None)
@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=25))
def test_it_is_two_sided_and_the_same_every_time(drawn: list[tuple[float, float]]) -> None:
    before, after = map(list, zip(*drawn, strict=True))
    p = randomisation_test(before, after)
    assert 0 < p <= 1
    assert randomisation_test(before, after) == p
    assert randomisation_test(after, before) == pytest.approx(p)


@settings(deadline=None)
@given(samples)
def test_identical_runs_do_not_differ(values: list[float]) -> None:
    assert randomisation_test(values, values) == 1.0


@pytest.mark.parametrize("questions", [1, 2, 200])
def test_one_question_that_differs_proves_nothing(questions: int) -> None:
    assert randomisation_test([0.0] * questions, [1.0] + [0.0] * (questions - 1)) == 1.0


def test_a_clear_difference_has_a_small_p_value_and_noise_has_not() -> None:
    assert randomisation_test([0.0] * 40, [1.0] * 30 + [0.0] * 10) < 0.001
    noise = np.random.default_rng(7).integers(0, 2, (2, 200)).astype(float)
    assert randomisation_test(noise[0].tolist(), noise[1].tolist()) > 0.05


def test_under_no_difference_small_p_values_are_rare() -> None:
    """Of runs that are alike, a twentieth has p < 0.05, by the definition of p."""
    generator = np.random.default_rng(11)
    values = [randomisation_test(*generator.integers(0, 2, (2, 40)).astype(float).tolist()) for _ in range(100)]
    assert sum(p < 0.05 for p in values) <= 12
    assert min(values) < 0.5 < max(values)
