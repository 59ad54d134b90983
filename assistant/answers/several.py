"""Questions that one release does not answer: which releases each have to be quoted."""

import re
from collections.abc import Sequence

from assistant.periods import Period
from assistant.retrieval import Retrieved, told_until
from indexes.generation import Generation

#: Releases that each are quoted, at most.
MOST = 3
#: How likely the second release must be, against the first, for a comparison to be of the two.
BESIDE = 0.4
_COMPARES = re.compile(
    r"\bcompare[ds]?\b|\bcomparison\b|\beach (?:time|year|of them)\b|\btwice\b|\bboth\b|\bversus\b|\bvs\b"
    r"|\brespectively\b|\bhow (?:did|has|had|have) .{3,80}\b(?:change|move|differ|grow|rise|fall|shift)",
    re.I,
)


def releases_to_quote(retrieved: Retrieved, generation: Generation) -> list[str]:
    """Releases of which each must be quoted, the best first; none where one release may answer.

    Of a question that names several times, the best release of each; of one that compares, the two best.
    """
    ranked = [release_id for release_id, _ in retrieved.releases]
    heads = generation.releases.heads(ranked)
    several: dict[str, None] = {}
    periods = _apart(retrieved.found.periods)
    for period in periods[:MOST] if len(periods) > 1 else []:
        last = told_until(period)
        of_period = (i for i in ranked if (day := heads[i].date) and period.start <= day <= last)
        several |= dict.fromkeys([next(of_period, "")])
    several.pop("", None)
    if len(several) < 2 and _COMPARES.search(retrieved.found.question.text):
        several = dict.fromkeys(i for i, score in retrieved.releases[:2] if score >= BESIDE)
    return [i for i in ranked if i in several] if len(several) > 1 else []


def _apart(periods: Sequence[Period]) -> list[Period]:
    """The periods that do not overlap one before them."""
    apart: list[Period] = []
    for period in periods:
        if all(period.end < other.start or other.end < period.start for other in apart):
            apart.append(period)
    return apart
