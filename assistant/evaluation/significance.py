"""Confidence intervals and tests, by resampling questions: no assumption on how scores are spread."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Resamples, and the seed that makes the same scores give the same interval.
RESAMPLES = 2_000
PERMUTATIONS = 9_999
SEED = 20_251
LEVEL = 0.95

Statistic = Callable[[NDArray[np.int64]], float]


def bootstrap_mean(values: Sequence[float]) -> tuple[float, float]:
    """The 95% interval of a mean, by percentile bootstrap (Efron, 1979); where all values are one, that value."""
    from scipy.stats import bootstrap

    sample = np.asarray(values, float)
    if len(sample) < 2 or np.ptp(sample) == 0:
        return float(sample.mean()), float(sample.mean())
    found = bootstrap(
        (sample,), np.mean, n_resamples=RESAMPLES, confidence_level=LEVEL, method="percentile", rng=_generator()
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def bootstrap_statistic(statistic: Statistic, questions: int) -> tuple[float, float] | None:
    """The 95% interval of any figure of a set of questions; None where it is undefined in a tenth of the resamples.

    Args:
        statistic: gives the figure for the questions of these indices, repeats and all; NaN where it is undefined.
        questions: how many there are.
    """
    generator = _generator()
    drawn = generator.integers(0, questions, (RESAMPLES // 2, questions))
    values = np.array([statistic(indices) for indices in drawn])
    values = values[~np.isnan(values)]
    if len(values) < 0.9 * len(drawn):
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def randomisation_test(before: Sequence[float], after: Sequence[float]) -> float:
    """The p-value of a difference in means of paired scores, two-sided, by swapping each pair at random.

    Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
    Evaluation", 2007. All swaps are tried where there are few pairs.
    """
    from scipy.stats import permutation_test

    a, b = np.asarray(before, float), np.asarray(after, float)
    differ = a != b
    if differ.sum() < 2:  # swapping a single pair gives as great a difference
        return 1.0

    def difference(x: NDArray[Any], y: NDArray[Any], axis: int = -1) -> NDArray[Any]:
        return np.asarray(np.mean(y - x, axis=axis))

    found = permutation_test(
        (a[differ], b[differ]),  # a pair without a difference changes nothing, swapped or not
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        rng=_generator(),
    )
    return float(found.pvalue)


def _generator() -> np.random.Generator:
    return np.random.default_rng(SEED)
