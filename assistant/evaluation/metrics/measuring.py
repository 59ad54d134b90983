"""From the values of questions to a figure."""

from collections.abc import Iterable

from assistant.evaluation.metrics.scores import Measure
from assistant.evaluation.significance import bootstrap_mean


def measure(values: Iterable[float | None], absent: str) -> Measure:
    """The mean and its interval of the questions that have a value; without any, the reason."""
    known = [value for value in values if value is not None]
    if not known:
        return Measure(why=absent)
    low, high = bootstrap_mean(known)
    return Measure(value=sum(known) / len(known), low=low, high=high, n=len(known))
