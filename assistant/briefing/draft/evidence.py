"""Where in the releases a sentence of a draft may come from: the nearest spans, and which of them carry it best."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.citations.checking import Checked, ReasonKind, Verdict
from assistant.citations.citation import Citation, cite
from assistant.engine import Assistant
from assistant.question_terms import RARE, asking_terms
from assistant.retrieval import Part
from corpus.errors import QuestionError
from corpus.release import Paragraph, Release, Span
from indexes.embedding.encoder import Vectors

#: Releases that a search gives.
RELEASES = 6
#: Sentences that are embedded: those that share most of a draft's sentence.
EMBEDDED = 24
#: Spans that are checked; and how many may carry one sentence together.
CHECKED = 10
TOGETHER = 3
#: Releases whose sentences are kept in memory, and characters of a sentence that are searched.
KEPT = 256
SEARCHED = 1_000
#: What the shared terms are worth beside the cosine.
SHARED_WEIGHT = 1.0
#: Evidence that neither comes near nor shares much is none.
LEAST_COSINE, LEAST_SHARED = 0.45, 0.25

_RANKS = {Verdict.VERBATIM: 0, Verdict.SUPPORTED: 1}
_LEANS = re.compile(
    r"(?:It|He|She|They|His|Her|Its|Their|This|These|That|Those|Such|Both|"
    r"The (?:company|bank|firm|network|group|agreement|action|designation|order|department|release|statement|mixer|"
    r"exchange|fund|program|penalty|two|three|other))\b"
)
_NAMES = re.compile(r"\b[A-Z][\w’'-]*(?:[ -][A-Z][\w’'-]*)*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a release, how near it comes to a sentence, and the share of the sentence's terms that it holds."""

    release: Release
    span: Span
    cosine: float
    shared: float

    @property
    def text(self) -> str:
        """The span's words."""
        return self.release.text[self.span.start : self.span.end]

    @property
    def score(self) -> float:
        """What puts candidates in order."""
        return self.cosine + SHARED_WEIGHT * self.shared


@dataclass(frozen=True, slots=True)
class Support:
    """The spans that carry a sentence best, and what the check says of them."""

    checked: Checked
    citations: tuple[Citation, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.checked.verdict in (Verdict.VERBATIM, Verdict.SUPPORTED)

    @property
    def fault(self) -> tuple[int, int, int]:
        """How far the sentence is from being carried; the least is best.

        Where something is wrong, the best evidence is what leaves least wrong, and what says otherwise before what
        only says nothing: "E.O. 13810" of the very person, not another sentence about her.
        """
        if self.holds:
            return 0, _RANKS[self.checked.verdict], len(self.citations)
        if not self.candidates:
            return 2, 0, 0
        return 1, len(self.checked.reasons), int(not all(r.contradicts for r in self.checked.reasons))

    @property
    def contradicted(self) -> bool:
        """Whether all that is wrong is that the spans say otherwise."""
        return self.fault[0] == 1 and self.fault[2] == 0


def in_context(sentence: str, before: str) -> str:
    """A sentence to search by: one that leans on the sentence before it takes the names of that along."""
    names = _NAMES.findall(before) if _LEANS.match(sentence) else []
    kept = [name for name in names if not _LEANS.fullmatch(name)]
    return " ".join([*dict.fromkeys(kept), sentence])[:SEARCHED]


def _opening(release: Release) -> Span | None:
    """The first sentence of a release."""
    return next((span for paragraph in release.paragraphs for span in paragraph.sentences), None)


def _as_cited(release: Release, spans: Sequence[Span]) -> Release:
    """The release as if the sentences before these spans were not in it, unless a span leans on them.

    The check lets what stands just before a span speak for it, too, as the writer of an answer may. Of a draft nobody
    knows what it was written from: the order of the sentence before may be somebody else's.
    """
    paragraphs = tuple(
        replace(
            p, sentences=tuple(s for n, s in enumerate(p.sentences) if s in spans or _is_leant_on(release, p, n, spans))
        )
        for p in release.paragraphs
    )
    return replace(release, paragraphs=paragraphs)


def _is_leant_on(release: Release, paragraph: Paragraph, n: int, spans: Sequence[Span]) -> bool:
    """Whether the sentence after the ``n``-th of a paragraph is one of these spans and leans on it."""
    following = paragraph.sentences[n + 1 : n + 2]
    return any(span in spans and bool(_LEANS.match(release.text[span.start : span.end])) for span in following)


class EvidenceFinder:
    """Finds evidence for the sentences of one draft; what it reads of a release it keeps for the next sentence."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._generation = assistant.generation()
        self._lexical = self._generation.lexical
        self._vectors: dict[tuple[str, Span], Vectors] = {}
        self.release = lru_cache(KEPT)(self._generation.releases.get)
        self._sentences = lru_cache(KEPT)(self._read_sentences)

    def found_by_search(self, text: str, without_periods: bool = False) -> list[str]:
        """The releases that bear on a text, best first; a date that is wrong misleads, and can be left out."""
        without = [Part.ORDER, Part.PERIODS] if without_periods else [Part.ORDER]
        try:
            result = self._assistant.search(text, limit=RELEASES, without=without)
        except QuestionError:  # nothing in it can be searched
            return []
        return [passage.release_id for passage in result.passages]

    def best(self, sentence: str, context: str, release_ids: Iterable[str]) -> Support:
        """The spans of these releases that carry a sentence best.

        Single sentences are checked first. Where none carries it and none speaks against it, others are put beside the
        best: openings, which say who acts and when, and such as name, or lean on, what the sentence names. An order
        that another person was designated under carries nothing about this one.

        Args:
            sentence: what is to be carried.
            context: the sentence as it is searched, with the names that it leans on.
            release_ids: where to look.
        """
        candidates = self._candidates(context, release_ids)
        near = [c for c in candidates if c.cosine >= LEAST_COSINE or c.shared >= LEAST_SHARED][:CHECKED]
        alone = [self._check(sentence, [candidate]) for candidate in near]
        best = min([*alone, Support(self._assistant.checker.check(sentence, []))], key=lambda support: support.fault)
        if best.holds or not best.candidates or best.contradicted:
            return best
        subjects = self._subjects(context)
        beside = [c for c in near if not subjects or _LEANS.match(c.text) or self._names_one(c, subjects)]
        beside += [c for c in candidates if c.span == _opening(c.release) and c not in beside]
        while len(best.candidates) < TOGETHER:
            more = [c for c in beside if c not in best.candidates]
            tried = (self._check(sentence, [*best.candidates, candidate]) for candidate in more)
            better = min(tried, key=lambda support: support.fault[:2], default=best)
            if better.fault[:2] >= best.fault[:2]:
                break
            best = better
            if best.holds:
                break
        return best

    def _check(self, sentence: str, candidates: Sequence[Candidate]) -> Support:
        """Check a sentence by these spans; what stands before them in their releases lends words, and nothing else."""
        spans = [candidate.span for candidate in candidates]
        cited = [(cite(c.release, c.span, n), _as_cited(c.release, spans)) for n, c in enumerate(candidates, 1)]
        checked = self._assistant.checker.check(sentence, cited)
        if checked.reasons and all(r.kind is ReasonKind.WORDS and not r.contradicts for r in checked.reasons):
            with_context = [(citation, c.release) for (citation, _), c in zip(cited, candidates, strict=True)]
            checked = self._assistant.checker.check(sentence, with_context)
        return Support(checked, tuple(citation for citation, _ in cited), tuple(candidates))

    def _candidates(self, context: str, release_ids: Iterable[str]) -> list[Candidate]:
        """Sentences, best first; of the best releases also the opening, which dates all."""
        terms = self._terms(context)
        total = sum(map(self._lexical.idf, terms)) or 1.0
        found: list[tuple[float, Release, Span]] = []
        for release_id in dict.fromkeys(release_ids):
            if release := self.release(release_id):
                for span, held in self._sentences(release_id):
                    found.append((sum(map(self._lexical.idf, terms & held)) / total, release, span))
        openings = [item for item in found if item[2] == _opening(item[1])]
        found.sort(key=lambda item: (-item[0], item[1].release_id, item[2]))
        kept = found[:EMBEDDED]
        best = {release.release_id for _, release, _ in kept[:TOGETHER]}
        kept += [item for item in openings if item[1].release_id in best and item not in kept]
        if not kept:
            return []
        wanted = [(release, span) for _, release, span in kept if (release.release_id, span) not in self._vectors]
        vectors = self._assistant.sentence_encoder.embed([context, *(r.text[s.start : s.end] for r, s in wanted)])
        self._vectors |= {(r.release_id, s): v for (r, s), v in zip(wanted, vectors[1:], strict=True)}
        candidates = [
            Candidate(release, span, float(np.dot(self._vectors[release.release_id, span], vectors[0])), shared)
            for shared, release, span in kept
        ]
        return sorted(candidates, key=lambda c: (-c.score, c.release.release_id, c.span))

    def _subjects(self, text: str) -> list[frozenset[str]]:
        """The terms of each name in a text that is rare enough to tell one thing from another."""
        names = (self._terms(name) for name in _NAMES.findall(text))
        return [terms for terms in names if any(self._lexical.idf(term) > RARE for term in terms)]

    def _terms(self, text: str) -> frozenset[str]:
        return frozenset(self._lexical.terms(text)) - asking_terms()

    def _names_one(self, candidate: Candidate, subjects: Sequence[frozenset[str]]) -> bool:
        held = self._terms(candidate.text)
        return any(subject <= held for subject in subjects)

    def _read_sentences(self, release_id: str) -> list[tuple[Span, frozenset[str]]]:
        """The sentences of a release with their terms."""
        release = self.release(release_id)
        spans = (span for paragraph in release.paragraphs for span in paragraph.sentences) if release else ()
        return [(span, self._terms(release.text[span.start : span.end])) for span in spans] if release else []
