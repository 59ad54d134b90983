"""What is measured of a release that a search found, to rank it among the others."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from assistant.periods import Period, Precision, nearest
from assistant.question_terms import OtherName, terms_held
from indexes.generation import Generation
from indexes.hybrid import Hit

#: Chunks of a release that are read.
READ = 3
_REMARKS = re.compile(r"remarks|speech|statement", re.I)


@dataclass(frozen=True, slots=True)
class Features:
    """Of a release, for a question; shares are of the question's terms, weighted by their rarity (idf).

    Distances are the logarithm of the days between the release and the nearest period that the question names, by how
    closely it names it; 0 where it names none.
    """

    chunk: float  # fused score of its best chunk
    second: float  # ... of its second
    dense: float  # best cosine
    title: float  # share in its title
    coverage: float  # share in its title and one chunk
    coverage_all: float  # share in its title and the chunks read
    distance_day: float
    distance_month: float
    distance_year: float
    before: float  # 1 where it came out before the period
    length: float  # logarithm of its characters
    press_release: float
    remarks: float

    def array(self) -> list[float]:
        """The values, in the order of ``FEATURE_NAMES``."""
        return [getattr(self, name) for name in FEATURE_NAMES]


FEATURE_NAMES = tuple(field.name for field in fields(Features))


def measure_releases(
    found: Mapping[str, Sequence[Hit]],
    generation: Generation,
    terms: Mapping[str, float],
    names: Sequence[OtherName],
    named_periods: list[Period],
) -> dict[str, Features]:
    """Measure releases by their hits, which are best first."""
    lexical = generation.lexical
    heads = generation.releases.heads(list(found))
    read = {release_id: hits[:READ] for release_id, hits in found.items()}
    texts = generation.releases.slices([(hit.release_id, hit.start, hit.end) for hits in read.values() for hit in hits])
    total = sum(terms.values()) or 1.0
    measured = {}
    position = 0
    for release_id, hits in found.items():
        head = heads[release_id]
        chunk_terms = []
        title = terms.keys() & terms_held(head.title, lexical, names)
        for _ in read[release_id]:
            chunk_terms.append(terms.keys() & terms_held(texts[position], lexical, names))
            position += 1
        held = title.union(*chunk_terms)
        scores = [hit.score for hit in hits[:READ]] + [0.0] * READ
        distances = dict.fromkeys(Precision, 0.0)
        period = nearest(named_periods, head.date) if head.date else None
        if period and head.date:
            distances[period.precision] = math.log1p(period.distance(head.date)) / 9
        measured[release_id] = Features(
            chunk=scores[0],
            second=scores[1],
            dense=max((hit.dense or 0.0 for hit in hits), default=0.0),
            title=sum(terms[t] for t in title) / total,
            coverage=max((sum(terms[t] for t in title | c) for c in chunk_terms), default=0.0) / total,
            coverage_all=sum(terms[t] for t in held) / total,
            distance_day=distances[Precision.DAY],
            distance_month=distances[Precision.MONTH],
            distance_year=distances[Precision.YEAR],
            before=float(bool(period and head.date and head.date < period.start)),
            length=math.log1p(head.length) / 10,
            press_release=float(head.section == "press-releases"),
            remarks=float(bool(_REMARKS.search(head.title))),
        )
    return measured
