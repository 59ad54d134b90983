"""What an answer costs: milliseconds by stage."""

from collections.abc import Sequence

import numpy as np

from assistant.evaluation.metrics.scores import Percentiles, QuestionScore


def latency(scores: Sequence[QuestionScore]) -> dict[str, Percentiles]:
    """Median, 95th and 99th percentile of every stage over the questions that were timed, the total last."""
    stages = list(dict.fromkeys(stage for score in scores for stage in score.timings_ms))
    stages.sort(key=lambda stage: stage == "total")
    return {stage: percentiles([s.timings_ms[stage] for s in scores if stage in s.timings_ms]) for stage in stages}


def percentiles(milliseconds: Sequence[float]) -> Percentiles:
    """The median, and times that really occurred at or below the 95th and 99th percentile.

    >>> percentiles([10, 20, 30, 40])
    Percentiles(median=25.0, p95=30.0, p99=30.0)
    """
    p95, p99 = np.percentile(milliseconds, [95, 99], method="lower")
    return Percentiles(median=float(np.median(milliseconds)), p95=float(p95), p99=float(p99))
