"""Plain retrieval: the best passages are the answer. What a search engine over the same chunks would show."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from assistant.citations.checking import Checker
from assistant.citations.citation import Citation, cite
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord, RecordedCitation, RecordedHit, RecordedSentence
from assistant.evaluation.systems.index import index_provenance, open_index
from assistant.evaluation.systems.system import WARM_UP, SystemName
from assistant.retrieval import REPORTED
from assistant.settings import Settings
from corpus.release import ParagraphKind, Release, Span
from indexes.embedding.encoder import Encoder
from indexes.generation import Generation

#: Passages that make an answer: as many as LlamaIndex's retrievers give by default.
SHOWN = 2
#: Chunks searched for, so that ``REPORTED`` distinct releases are among them.
DEPTH = 200
#: The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).
RRF_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found."""

    release_id: str
    start: int
    end: int
    score: float


class PassageSystem:
    """Answers with the passages that a search finds, word for word, each paragraph cited; never abstains by itself.

    It sees the last turn of a conversation only, as a search box does.
    """

    def __init__(self, generation: Generation, encoder: Encoder, search: Callable[[str], Sequence[Passage]]) -> None:
        self._generation = generation
        self._encoder = encoder
        self._search = search
        search(WARM_UP)

    @classmethod
    def searching(cls, name: str, settings: Settings) -> Self:
        """Over the current index by ``bm25``, ``dense`` or ``rrf``."""
        generation, encoder = open_index(settings)

        def lexical(text: str) -> list[tuple[int, float]]:
            return generation.lexical.search(text, DEPTH)

        def dense(text: str) -> list[tuple[int, float]]:
            return generation.vectors.search(encoder.embed([text])[0], DEPTH)

        def fused(text: str) -> list[tuple[int, float]]:
            return reciprocal_rank_fusion([lexical(text), dense(text)])

        search = {SystemName.BM25: lexical, SystemName.DENSE: dense, SystemName.RRF: fused}[SystemName(name)]
        return cls(generation, encoder, lambda text: list(_passages(search(text), generation)))

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        """The best passages."""
        started = time.perf_counter()
        found = self._search(question.question)
        retrieved = time.perf_counter()
        parts = [part for passage in found[:SHOWN] for part in passage_parts(passage, self._generation)]
        citations = [cite(release, span, marker) for marker, (release, span) in enumerate(parts, 1)]
        sentences = [
            RecordedSentence(
                text=citation.quote,
                citations=[citation.marker],
                verdict=Checker().check(citation.quote, [(citation, release)]).verdict,
            )
            for citation, (release, _) in zip(citations, parts, strict=True)
        ]
        ended = time.perf_counter()
        return AnswerRecord(
            id=question.id,
            question=question.question,
            answer="\n\n".join(f"{citation.quote} [{citation.marker}]" for citation in citations),
            abstained=not citations,
            confidence=max((passage.score for passage in found), default=0.0),
            sentences=sentences,
            citations=[recorded(citation) for citation in citations],
            retrieved=ranked_releases(found),
            timings_ms=milliseconds(retrieve=retrieved - started, compose=ended - retrieved),
        )

    def provenance(self) -> dict[str, Any]:
        """The index, and how many passages make an answer."""
        return {**index_provenance(self._generation, self._encoder), "settings": {"passages": SHOWN, "depth": DEPTH}}


def reciprocal_rank_fusion(rankings: Iterable[Sequence[tuple[int, float]]]) -> list[tuple[int, float]]:
    """Rankings fused by the sum of 1 / (60 + rank), best first; ties by id.

    >>> reciprocal_rank_fusion([[(7, 9.1), (8, 3.0)], [(8, 0.9)]])[0] == (8, 1 / 62 + 1 / 61)
    True
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, (chunk_id, _) in enumerate(ranking, 1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + 1 / (RRF_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def passage_parts(passage: Passage, generation: Generation) -> list[tuple[Release, Span]]:
    """The paragraphs of a passage, or their parts that lie in it: what can be quoted and cited."""
    release = generation.releases.get(passage.release_id)
    if release is None:
        return []
    spans = [
        Span(max(paragraph.start, passage.start), min(paragraph.end, passage.end))
        for paragraph in release.paragraphs
        if paragraph.kind not in (ParagraphKind.HEADING, ParagraphKind.FURNITURE)
    ]
    return [(release, span) for span in spans if span.start < span.end]


def ranked_releases(passages: Sequence[Passage]) -> list[RecordedHit]:
    """Distinct releases by their first passage."""
    first: dict[str, float] = {}
    for passage in passages:
        first.setdefault(passage.release_id, passage.score)
    return [RecordedHit(release_id=i, score=round(score, 6)) for i, score in first.items()][:REPORTED]


def recorded(citation: Citation) -> RecordedCitation:
    """A citation as a run keeps it."""
    return RecordedCitation.model_validate(citation.model_dump(mode="json"))


def milliseconds(**seconds: float) -> dict[str, float]:
    """Stages in milliseconds, and their total."""
    return {stage: round(1000 * s, 2) for stage, s in (*seconds.items(), ("total", sum(seconds.values())))}


def _passages(found: Sequence[tuple[int, float]], generation: Generation) -> Iterable[Passage]:
    scores = dict(found)
    for span in generation.chunks.get([chunk_id for chunk_id, _ in found]):
        yield Passage(span.release_id, span.start, span.end, scores[span.chunk_id])
