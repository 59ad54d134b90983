"""Gates: what must hold of a run for a build to pass."""

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.metrics.scores import Measure, RunMetrics
from assistant.evaluation.questions import QuestionType
from corpus.errors import EvaluationError

_BOUND = re.compile(r"([\w@]+)(?:\[(\w+)\])?=(\d+(?:\.\d*)?|\.\d+)")
#: What says how much is said, not how well.
NOT_QUALITY = ("words",)
#: Figures of a whole run.
OF_ALL = ("false_abstention", "abstention_f1")


@dataclass(frozen=True, slots=True)
class Bound:
    """A metric's bound, over all questions or those of one type: ``correct=0.60``, ``recall@5[followup]=0.83``."""

    metric: str
    type: str
    value: float

    def __str__(self) -> str:
        return f"{self.metric}{f'[{self.type}]' if self.type else ''}"


def parse_bound(text: str) -> Bound:
    """Read a bound.

    Raises:
        EvaluationError: it is none, or names no metric.
    """
    found = _BOUND.fullmatch(text.strip())
    names = [*(metric.name for metric in METRICS), *OF_ALL]
    if not found or found[1] not in names:
        raise EvaluationError(f"{text!r} is no bound such as correct=0.60; the metrics: {', '.join(names)}")
    if found[2] and found[2] not in list(QuestionType):
        raise EvaluationError(f"{text!r}: there is no type {found[2]}; the types: {', '.join(QuestionType)}")
    if found[2] and found[1] in OF_ALL:
        raise EvaluationError(f"{text!r}: {found[1]} is a figure of all questions, not of one type")
    return Bound(found[1], found[2] or "", float(found[3]))


def broken_bounds(metrics: RunMetrics, under: Sequence[str] = (), over: Sequence[str] = ()) -> list[str]:
    """What lies under or over its bound, in words; a figure without a value breaks its bound."""
    broken = []
    for texts, breaks, word in ((under, operator.lt, "under"), (over, operator.gt, "over")):
        for text in texts:
            bound = parse_bound(text)
            found = _figure(metrics, bound)
            if found.value is None:
                broken.append(f"{bound} is n/a ({found.why})")
            elif breaks(found.value, bound.value):
                broken.append(f"{bound} is {found.value:.3f}, {word} {bound.value:g}")
    return broken


def regressions(comparison: Comparison) -> list[str]:
    """Where B is worse than A: ``correct`` at all, any other quality beyond chance; in words."""
    return [
        f"{d.metric} fell by {abs(d.difference):.3f} to {d.after:.3f} (p = {d.p:.3f})"
        for d in comparison.all
        if d.worse and d.metric not in NOT_QUALITY and (d.metric == "correct" or d.significant)
    ]


def _figure(metrics: RunMetrics, bound: Bound) -> Measure:
    if bound.metric == "false_abstention":
        return metrics.abstention.false_abstention
    if bound.metric == "abstention_f1":
        return metrics.abstention.f1
    part = metrics.by_type.get(bound.type) if bound.type else metrics.all
    return part.measures[bound.metric] if part else Measure(why=f"no question of the type {bound.type}")
