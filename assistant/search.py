"""Ranked passages for a question, with what speaks for each: what ``assistant search`` prints."""

import datetime

from pydantic import BaseModel

from assistant.question import Order
from assistant.ranking.ranker import weights
from assistant.retrieval import Retrieved
from corpus.release import Release
from indexes.generation import Generation
from indexes.hybrid import Hit


class UnderstoodPeriod(BaseModel):
    """A period that the question names, and its words."""

    start: datetime.date
    end: datetime.date
    words: str


class Understood(BaseModel):
    """What was read from a question before it was searched."""

    periods: list[UnderstoodPeriod] = []
    release_ids: list[str] = []
    order: Order | None = None

    @classmethod
    def of(cls, retrieved: Retrieved) -> "Understood":
        """What a search understood."""
        periods = [UnderstoodPeriod(start=p.start, end=p.end, words=p.words) for p in retrieved.periods]
        return cls(periods=periods, release_ids=list(retrieved.named), order=retrieved.order)


class FoundPassage(BaseModel):
    """A passage: ``text`` is ``[start, end)`` of its release, ``before`` and ``after`` the sentences next to it.

    ``also_in`` are releases further down whose passage has the same words. ``score`` puts passages in order: 1 is the
    best of the best release. ``dense`` is a cosine and ``lexical`` a BM25 score; None where that side did not find it.
    ``parts`` are what each feature adds to the release's rank.
    """

    release_id: str
    title: str
    date: datetime.date | None
    section: str
    url: str
    start: int
    end: int
    text: str
    before: str = ""
    after: str = ""
    also_in: list[str] = []
    score: float
    dense: float | None
    lexical: float | None
    parts: dict[str, float] = {}


class SearchResult(BaseModel):
    """Passages, best first, at most one of a release."""

    query: str
    understood: Understood
    passages: list[FoundPassage]


def passages(query: str, retrieved: Retrieved, generation: Generation, limit: int) -> SearchResult:
    """The best passage of each of the best releases; the same words are shown once."""
    shown: dict[str, FoundPassage] = {}
    seen: set[str] = set()
    for hit in retrieved.hits:
        if len(shown) == limit:
            break
        release = None if hit.release_id in seen else generation.releases.get(hit.release_id)
        if release is None:
            continue
        seen.add(hit.release_id)
        text = release.text[hit.start : hit.end]
        words = " ".join(text.split())
        if words in shown:
            shown[words].also_in.append(release.release_id)
            continue
        features = retrieved.measured.get(hit.release_id)
        parts = {name: round(w * getattr(features, name), 3) for name, w in weights().items()} if features else {}
        before, after = _neighbours(release, hit)
        shown[words] = FoundPassage(
            release_id=release.release_id,
            title=release.title,
            date=release.date,
            section=release.section,
            url=release.url,
            start=hit.start,
            end=hit.end,
            text=text,
            before=before,
            after=after,
            score=round(hit.score, 4),
            dense=None if hit.dense is None else round(hit.dense, 4),
            lexical=None if hit.lexical is None else round(hit.lexical, 3),
            parts={name: value for name, value in parts.items() if value},
        )
    return SearchResult(query=query, understood=Understood.of(retrieved), passages=list(shown.values()))


def _neighbours(release: Release, hit: Hit) -> tuple[str, str]:
    """The sentence before a passage and the one after it; nothing at an end of the release."""
    sentences = [span for paragraph in release.paragraphs for span in paragraph.sentences]
    before = [span for span in sentences if span.end <= hit.start][-1:]
    after = [span for span in sentences if span.start >= hit.end][:1]
    texts = ["".join(release.text[span.start : span.end] for span in spans) for spans in (before, after)]
    return texts[0], texts[1]
