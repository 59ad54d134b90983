"""Ranked passages for a question, with what speaks for each: what ``assistant search`` prints."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel

from assistant.question import AnswerType, Order
from assistant.ranking.ranker import weights
from assistant.retrieval import Retrieved
from corpus.errors import QuestionError, StaleIndexError
from corpus.release import Release
from indexes.filters import SearchFilter
from indexes.generation import Generation
from indexes.hybrid import Hit


class UnderstoodPeriod(BaseModel):
    """A period that the question names, and its words."""

    start: datetime.date
    end: datetime.date
    words: str


class CorrectedWord(BaseModel):
    """A word that no release has, and the one it was read as."""

    asked: str
    read: str


class NameAlso(BaseModel):
    """A name in the question, and what else was searched for in its place."""

    asked: str
    others: list[str]


class Understood(BaseModel):
    """What was read from a question before it was searched."""

    periods: list[UnderstoodPeriod] = []
    release_ids: list[str] = []
    order: Order | None = None
    answer_type: AnswerType = AnswerType.OTHER
    corrections: list[CorrectedWord] = []
    names: list[NameAlso] = []

    @classmethod
    def of(cls, retrieved: Retrieved) -> "Understood":
        """What a search understood."""
        found = retrieved.found
        return cls(
            periods=[UnderstoodPeriod(start=p.start, end=p.end, words=p.words) for p in found.periods],
            release_ids=list(retrieved.named),
            order=retrieved.order,
            answer_type=found.question.answer_type,
            corrections=[CorrectedWord(asked=c.asked, read=c.read) for c in found.expansion.corrections],
            names=[
                NameAlso(asked=n.asked, others=list(n.others))
                for n in found.expansion.also_called
                if n.asked in found.question.asked_text  # those of the last answer would be no news
            ],
        )


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


def checked(condition: SearchFilter, generation: Generation) -> SearchFilter:
    """A condition that can be met, its ids those of releases: one may be named by an id it was also published under.

    A sanctions programme may be named by how its name begins, where no other begins so.

    Raises:
        QuestionError: its first day is after its last, or it names a section, a programme or a release that there is
            not.
        StaleIndexError: it names a programme, and the index is of a version that does not know of programmes.
    """
    if condition.date_from and condition.date_to and condition.date_from > condition.date_to:
        raise QuestionError(f"the first day searched, {condition.date_from}, is after the last, {condition.date_to}")
    sections = generation.releases.sections() if condition.sections else []
    for section in condition.sections:
        if section not in sections:
            raise QuestionError(f"no release is in the section {section!r}; there are: {', '.join(sections)}")
    release_ids = {i: generation.releases.known([i.lower()]) for i in condition.release_ids}
    for release_id, known in release_ids.items():
        if not known:
            raise QuestionError(f"no release has the id {release_id!r}")
    programmes = _programmes(condition.programmes, generation) if condition.programmes else ()
    return replace(
        condition, release_ids=tuple(i for known in release_ids.values() for i in known), programmes=programmes
    )


def _programmes(asked: Sequence[str], generation: Generation) -> tuple[str, ...]:
    """The programmes meant, by their names."""
    if not generation.manifest.programmes_version:
        raise StaleIndexError(
            f"the index {generation.name} does not say which sanctions programmes releases are under; "
            "run again: assistant index"
        )
    there = generation.releases.programmes()
    meant: dict[str, None] = {}
    for name in asked:
        same = [known for known in there if known.casefold() == name.casefold()]
        same = same or [known for known in there if name and known.casefold().startswith(name.casefold())]
        if len(same) != 1:
            raise QuestionError(
                f"no release is under a sanctions programme {name!r}; there are: {', '.join(there) or 'none'}"
            )
        meant[same[0]] = None
    return tuple(meant)


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
        features = retrieved.found.measured.get(hit.release_id)
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
