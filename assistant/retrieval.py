"""From a question to the passages and releases that bear on it."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from assistant.names import Expansion, expand
from assistant.periods import Period, Precision, periods
from assistant.question import Order, Question, without_release_ids
from assistant.question_terms import other_names, question_terms
from assistant.ranking.features import measure_releases
from assistant.ranking.ranker import FittedRanker, Found, Ranker
from indexes.embedding.encoder import Encoder, Vectors
from indexes.filters import SearchFilter
from indexes.generation import Generation
from indexes.hybrid import DENSE_WEIGHT, Hit, hybrid_search, lexical_search

#: Distinct releases reported for a question.
REPORTED = 20
#: Releases that are measured and ranked: the best of the search, and of each period that the question names.
RANKED = 50
RANKED_OF_PERIOD = 20
#: Periods of a question that are searched by themselves.
PERIODS = 3
#: Days after a period in which releases still speak of it.
AFTER = {Precision.DAY: 10, Precision.MONTH: 45, Precision.YEAR: 60}
#: How likely a release must be, against the best, to be one of those of which the question wants the last or first.
#: Chosen on series of releases of one title.
ALIKE = 0.5
#: What a hit gains whose release the question names by its id: more than any search score.
NAMED = 1.0


class Part(StrEnum):
    """The parts of retrieval, each of which can be left out to measure what it earns."""

    HISTORY = "history"
    IDS = "ids"
    PERIODS = "periods"
    ORDER = "order"
    NAMES = "names"
    RANKING = "ranking"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a search found: chunks best first, releases best first, and what it was found by.

    ``mentioned`` are the ids as the question names them, ``named`` those of their releases: an id that a release was
    also published under leads to it. ``order`` is set where the last or first of alike releases was asked for.
    """

    hits: Sequence[Hit]
    releases: list[tuple[str, float]]
    found: Found
    named: Sequence[str] = ()
    mentioned: Sequence[str] = ()
    order: Order | None = None


def retrieve(
    question: Question,
    generation: Generation,
    encoder: Encoder,
    condition: SearchFilter | None = None,
    dense_weight: float = DENSE_WEIGHT,
    without: Collection[Part] = (),
    ranker: Ranker | None = None,
) -> Retrieved:
    """Search for a question, and rank; a release that it names by id, and that meets the condition, comes first.

    Args:
        question: with the turns before it.
        generation: what to search.
        encoder: the one that the generation was made with.
        condition: only releases that meet it.
        dense_weight: the share of the dense side.
        without: parts that are left out.
        ranker: what puts the releases in order; the fitted one where none is given.
    """
    found = find(question, generation, encoder, condition, dense_weight, without)
    question = found.question
    mentioned = [] if Part.IDS in without else mentioned_ids(question, generation)
    named = generation.releases.known(mentioned)
    if Part.RANKING in without:
        ranked = {i: hits[0].score for i, hits in found.hits.items() if hits}
        ranked = dict(sorted(ranked.items(), key=lambda item: (-item[1], item[0])))
    else:
        ranked = dict((ranker or FittedRanker()).rank(found, generation))
    order = None if found.periods or Part.ORDER in without else question.order
    if order:
        ranked = _by_date(ranked, order, generation)
    hits = _in_order(found.hits, ranked)
    condition = condition or SearchFilter()
    if wanted := tuple(i for i in named if not condition.release_ids or i in condition.release_ids):
        text = without_release_ids(question.search_text, mentioned)
        only = replace(condition, release_ids=wanted)
        weight = _share_of_dense(dense_weight, without)
        inside = hybrid_search(generation, text, found.vector, only, weight, found.expansion.also)
        hits, ranked = _named_first(inside, hits, ranked)
    releases = list(ranked.items())[:REPORTED]
    return Retrieved(hits, releases, found, named, mentioned, order)


def find(
    question: Question,
    generation: Generation,
    encoder: Encoder,
    condition: SearchFilter | None = None,
    dense_weight: float = DENSE_WEIGHT,
    without: Collection[Part] = (),
) -> Found:
    """Search the whole corpus, and by words the periods that the question names; measure the releases found."""
    if Part.HISTORY in without:
        question = replace(question, history=())
    dense_weight = _share_of_dense(dense_weight, without)
    mentioned = [] if Part.IDS in without else mentioned_ids(question, generation)
    text = without_release_ids(question.search_text, mentioned)
    expansion = Expansion(text) if Part.NAMES in without else expand(text, generation)
    text, also = expansion.text, expansion.also
    question = replace(question, text=expansion.read(question.text))
    vector = encoder.embed([without_release_ids(question.asked_text, mentioned)])[0]
    hits = hybrid_search(generation, text, vector, condition, dense_weight, also)
    known = {hit.chunk_id for hit in hits}
    as_of = generation.manifest.latest_date or datetime.date.max
    named_periods = [] if Part.PERIODS in without else question_periods(question, as_of)
    chosen = dict.fromkeys(_releases(hits)[:RANKED])
    if dense_weight < 1:
        top = max((hit.lexical or 0.0 for hit in hits), default=0.0)
        for period in named_periods[:PERIODS]:
            inside = lexical_search(generation, text, _within(condition, period), top, 1 - dense_weight, also)
            chosen |= dict.fromkeys(_releases(inside)[:RANKED_OF_PERIOD])
            hits += [hit for hit in inside if hit.chunk_id not in known]
            known |= {hit.chunk_id for hit in inside}
    hits = [hit for hit in hits if hit.release_id in chosen]
    if dense_weight > 0:
        hits = _with_cosines(hits, vector, generation)
    by_release: dict[str, list[Hit]] = {release_id: [] for release_id in chosen}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id)):
        by_release[hit.release_id].append(hit)
    terms = question_terms(question, generation.lexical, mentioned)
    names = other_names(expansion, generation.lexical)
    measured = measure_releases(by_release, generation, terms, names, named_periods)
    return Found(question, expansion, by_release, measured, vector, named_periods)


def _share_of_dense(dense_weight: float, without: Collection[Part]) -> float:
    """The share of the dense side where a side may be left out."""
    return 0.0 if Part.DENSE in without else 1.0 if Part.LEXICAL in without else dense_weight


def _named_first(
    inside: Sequence[Hit], hits: Sequence[Hit], ranked: Mapping[str, float]
) -> tuple[list[Hit], dict[str, float]]:
    """Hits and releases, those inside the releases that the question names before all others."""
    first: dict[str, float] = {}
    for hit in inside:
        first.setdefault(hit.release_id, NAMED + hit.score)
    raised = [replace(hit, score=NAMED + hit.score) for hit in inside]
    others = [hit for hit in hits if hit.release_id not in first]
    return raised + others, first | {i: score for i, score in ranked.items() if i not in first}


def _with_cosines(hits: Sequence[Hit], vector: Vectors, generation: Generation) -> list[Hit]:
    """The hits, with the cosines of those that only the lexical side found: all are to be measured alike."""
    missing = np.array(sorted(hit.chunk_id for hit in hits if hit.dense is None), np.int64)
    cosines = dict(generation.vectors.search(vector, len(missing), missing))
    return [replace(hit, dense=cosines.get(hit.chunk_id)) if hit.dense is None else hit for hit in hits]


def mentioned_ids(question: Question, generation: Generation) -> list[str]:
    """What the question names that is the id of a release."""
    return [i for i in question.mentioned_ids if generation.releases.known([i])]


def question_periods(question: Question, as_of: datetime.date) -> list[Period]:
    """The periods that the question names; a follow-up that names none is about those of the turns before it."""
    for text in (question.text, *(turn.content for turn in reversed(question.history))):
        if found := periods(text, as_of):
            return found
    return []


def told_until(period: Period) -> datetime.date:
    """The last day on which releases still speak of a period."""
    return period.end + datetime.timedelta(days=min(AFTER[period.precision], (datetime.date.max - period.end).days))


def _by_date(ranked: Mapping[str, float], order: Order, generation: Generation) -> dict[str, float]:
    """Releases that are as good as alike, by date; the scores stay with the ranks, and what has no date comes last."""
    alike = [release_id for release_id, score in ranked.items() if score >= ALIKE]
    heads = generation.releases.heads(alike)
    never = datetime.date.min if order is Order.NEWEST else datetime.date.max
    alike.sort(key=lambda i: heads[i].date or never, reverse=order is Order.NEWEST)
    return dict(zip([*alike, *list(ranked)[len(alike) :]], ranked.values(), strict=True))


def _within(condition: SearchFilter | None, period: Period) -> SearchFilter:
    """The condition, and that a release is of the period or shortly after."""
    condition = condition or SearchFilter()
    return replace(
        condition,
        date_from=max(filter(None, (condition.date_from, period.start))),
        date_to=min(filter(None, (condition.date_to, told_until(period)))),
    )


def _releases(hits: Sequence[Hit]) -> list[str]:
    """Distinct releases, in order."""
    return list(dict.fromkeys(hit.release_id for hit in hits))


def _in_order(hits: Mapping[str, Sequence[Hit]], ranked: Mapping[str, float]) -> list[Hit]:
    """All hits, by the rank of their release less what they are behind its best."""
    scored = [
        replace(hit, score=ranked[release_id] - (found[0].score - hit.score))
        for release_id, found in hits.items()
        for hit in found
    ]
    return sorted(scored, key=lambda hit: (-hit.score, hit.chunk_id))
