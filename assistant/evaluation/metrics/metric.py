"""What a metric of single questions is."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.evaluation.metrics.case import Case


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of one question. A run's figure is its mean over the questions that have one.

    ``absent`` says why a question may have none.
    """

    name: str
    title: str
    of: Callable[[Case], float | None]
    absent: str
    lower_is_better: bool = False
