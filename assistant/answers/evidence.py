"""Candidate sentences for an answer, and what can be measured of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from assistant.question import AnswerType, Question
from assistant.retrieval import Retrieved
from corpus.release import Release, Span
from indexes.embedding.encoder import Encoder
from indexes.generation import Generation
from indexes.lexical import LexicalIndex

#: Passages whose sentences are candidates.
PASSAGES = 10
#: Candidates that are embedded: those whose words fit best.
EMBEDDED = 40

#: Words that say how something is asked, not what about.
ASKING = (
    "a about according also am an and any are as at be been being by can could did do does doing for from give had has "
    "have how i if in into is it its list many me much name of on or please say said says should so tell than that "
    "the their them then there these they this those to under us was we were what when where which who whom whose why "
    "will with would you your"
)

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_HOLDS = {
    AnswerType.ORDER: r"E\.?O\.? ?\d|Executive Order|pursuant to|U\.S\.C|section \d|\bAct\b",
    AnswerType.MONEY: r"[$€£¥]\s?\d|\d[\d,.]* (million|billion|trillion|dollars|percent)",
    AnswerType.NUMBER: r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|percent)\b",
    AnswerType.WHEN: rf"\b({_MONTH})\b|\b(19|20)\d\d\b",
    AnswerType.WHY: r"\bfor (being|having|acting|its|his|their)\b|because|in order to|due to|\bto (help|ensure)\b",
    AnswerType.WHO: r"(?<!^)(?<!\. )\b[A-Z][\w’'-]+ [A-Z]",
    AnswerType.WHERE: r"\b(in|at|from|based)\b,? [A-Z]|-based",
    AnswerType.OTHER: r"",
}
_LEANS = re.compile(
    r"(He|She|It|They|His|Her|Its|Their|This|These|That|Those|Such|The (company|bank|firm|network|group))\b"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What is measured of a sentence; shares are of the question's terms, weighted by their rarity (idf)."""

    overlap: float  # share that stands in the sentence
    nearby: float  # share that stands in it, the sentence before it, or its headings
    title: float  # share that stands in the release's title
    rarest: float  # the rarest term found, against the rarest asked for
    cosine: float  # of the sentence's and the question's vectors
    passage: float  # fused score of the passage
    release: float  # score of the release, against the best one's
    holds_type: float  # 1 where it holds what the question asks for (a date, an amount, ...)
    asks_other: float  # 1 where the question asks for nothing in particular
    brevity: float  # 1 for a fragment, falling with length
    lead: float  # 1 for the release's first sentence, falling with position

    def array(self) -> list[float]:
        """The values, in the order of ``FEATURE_NAMES``."""
        return [getattr(self, name) for name in FEATURE_NAMES]


FEATURE_NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. ``leans_on`` is the sentence before it, where it starts with a pronoun."""

    release: Release
    span: Span
    leans_on: Span | None
    found: frozenset[str]
    features: Features

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.release.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question: its terms with their weights, and candidates in order of appearance."""

    terms: dict[str, float]
    candidates: list[Candidate]

    def share(self, found: Iterable[str]) -> float:
        """The share of the question's terms, by weight, that ``found`` holds."""
        total = sum(self.terms.values())
        return sum(self.terms.get(term, 0.0) for term in set(found)) / total if total else 0.0


def gather(question: Question, retrieved: Retrieved, generation: Generation, encoder: Encoder) -> Evidence:
    """Take the sentences of the best passages and measure each."""
    terms = question_terms(question, generation.lexical)
    evidence = Evidence(terms, [])
    scores = dict(retrieved.releases)
    best = max(scores.values(), default=1.0) or 1.0
    releases: dict[str, Release] = {}
    seen: set[str] = set()
    candidates: list[Candidate] = []
    for hit in retrieved.hits[:PASSAGES]:
        release = releases.get(hit.release_id) or generation.catalog.get(hit.release_id)
        if release is None:
            continue
        releases[hit.release_id] = release
        title = frozenset(generation.lexical.terms(release.title))
        for order, (span, before, headings) in enumerate(_sentences(release)):
            text = release.text[span.start : span.end]
            key = " ".join(text.lower().split())
            if span.start < hit.start or span.end > hit.end or key in seen:
                continue
            seen.add(key)
            found = frozenset(generation.lexical.terms(text)) & terms.keys()
            around = f"{release.text[before.start : before.end] if before else ''} {' '.join(headings)}"
            nearby = found | (frozenset(generation.lexical.terms(around)) & terms.keys())
            features = Features(
                overlap=evidence.share(found),
                nearby=evidence.share(nearby),
                title=evidence.share(title),
                rarest=_rarest(found, terms),
                cosine=0.0,
                passage=min(hit.score, 1.0),
                release=scores.get(hit.release_id, 0.0) / best,
                holds_type=float(bool(re.search(_HOLDS[question.answer_type], text))),
                asks_other=float(question.answer_type is AnswerType.OTHER),
                brevity=1 / (1 + len(text.split()) / 25),
                lead=1 / (1 + order),
            )
            leans = before if before and _LEANS.match(text) else None
            candidates.append(Candidate(release, span, leans, found, features))
    return Evidence(terms, _with_cosines(candidates, retrieved, encoder))


def question_terms(question: Question, lexical: LexicalIndex) -> dict[str, float]:
    """The terms that a question is about, each with its rarity; words of asking are left out.

    A follow-up's earlier turns count a third: they say what about, the last turn says what.
    """
    asking = set(lexical.terms(ASKING))
    terms = {term: lexical.idf(term) for term in lexical.terms(question.text) if term not in asking}
    for turn in question.history:
        if turn.role == "user":
            for term in lexical.terms(turn.content):
                if term not in asking:
                    terms.setdefault(term, lexical.idf(term) / 3)
    return terms


def _sentences(release: Release) -> Iterable[tuple[Span, Span | None, Sequence[str]]]:
    """Every sentence with the one before it in its paragraph, and the headings above."""
    for paragraph in release.paragraphs:
        before: Span | None = None
        for span in paragraph.sentences:
            yield span, before, paragraph.headings
            before = span


def _rarest(found: Iterable[str], terms: dict[str, float]) -> float:
    highest = max(terms.values(), default=0.0)
    return max((terms[term] for term in found), default=0.0) / highest if highest else 0.0


def _with_cosines(candidates: list[Candidate], retrieved: Retrieved, encoder: Encoder) -> list[Candidate]:
    """Keep the candidates whose words fit best, and measure their vectors against the question's."""

    def words_fit(candidate: Candidate) -> float:
        f = candidate.features
        return f.overlap + 0.5 * f.nearby + 0.5 * f.passage + 0.25 * f.holds_type

    kept = sorted(candidates, key=words_fit, reverse=True)[:EMBEDDED]
    cosines = encoder.embed([candidate.text for candidate in kept]) @ np.asarray(retrieved.vector)
    return [
        replace(candidate, features=replace(candidate.features, cosine=float(cosine)))
        for candidate, cosine in zip(kept, cosines, strict=True)
    ]
