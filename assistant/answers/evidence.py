"""Candidate sentences for an answer, and what can be measured of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from assistant.question import AnswerType, without_release_ids
from assistant.question_terms import (
    full_names,
    is_of_namesakes,
    other_names,
    question_names,
    question_terms,
    terms_held,
)
from assistant.retrieval import Retrieved
from corpus.release import Release, Span
from indexes.embedding.encoder import Encoder
from indexes.generation import Generation
from indexes.hybrid import Hit

#: Passages whose sentences are candidates.
PASSAGES = 10
#: Passages of a release that must be quoted.
PASSAGES_TO_QUOTE = 3
#: Candidates that are embedded: those whose words fit best.
EMBEDDED = 40
#: Sentences from which on a release counts as long.
LONG_RELEASE = 30

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_HOLDS = {
    AnswerType.AUTHORITY: r"E\.?O\.? ?\d|Executive Order|pursuant to|U\.S\.C|section \d|\bAct\b",
    AnswerType.MONEY: r"[$€£¥]\s?\d|\d[\d,.]* (million|billion|trillion|dollars|percent)",
    AnswerType.NUMBER: r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|percent)\b",
    AnswerType.DATE: rf"\b({_MONTH})\b|\b(19|20)\d\d\b",
    AnswerType.REASON: r"\bfor (\w+ly )?(\w+ing|his|her|its|their)\b|because|in order to|due to|\bto (help|ensure)\b",
    AnswerType.LIST: r"[;•]|, [^,]+(,| and | or )",
    AnswerType.PERSON: r"(?<!^)(?<!\. )\b[A-Z][\w’'-]+ [A-Z]",
    AnswerType.ORGANISATION: r"(?<!^)(?<!\. )\b[A-Z][\w’'-]+ [A-Z]",
    AnswerType.PLACE: r"\b(in|at|from|based)\b,? [A-Z]|-based",
    AnswerType.OTHER: r"",
}
#: What is asked of somebody who is named: the same told of a namesake is no answer.
_OF_THE_NAMED = {
    AnswerType.AUTHORITY,
    AnswerType.DATE,
    AnswerType.MONEY,
    AnswerType.NUMBER,
    AnswerType.REASON,
    AnswerType.PLACE,
}
_LEANS = re.compile(
    r"(He|She|It|They|His|Her|Its|Their|This|These|That|Those|Such|The (company|bank|firm|network|group))\b"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What is measured of a sentence; shares are of the question's terms, weighted by their rarity (idf)."""

    overlap: float  # share that stands in the sentence
    nearby: float  # share that stands in it, the sentence before it, or its headings
    cosine: float  # of the sentence's and the question's vectors
    passage: float  # fused score of the passage
    release: float  # score of the release, against the best one's
    holds_type: float  # 1 where it holds what the question asks for (a date, an amount, ...)
    brevity: float  # 1 for a fragment, falling with length
    lead: float  # 1 for the opening of a long release, which names everything and answers little

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
    """What was found for a question.

    ``terms`` are the question's, with their weights; ``names`` those of them that name or number something;
    ``passages`` the terms that each of the best passages holds, title and headings included; ``distance`` how far the
    best release is from the periods that the question names (see ``ranking.features``).
    """

    terms: dict[str, float]
    names: frozenset[str]
    passages: list[frozenset[str]]
    candidates: list[Candidate]
    distance: float = 0.0

    def share(self, found: Iterable[str]) -> float:
        """The share of the question's terms, by weight, that ``found`` holds."""
        total = sum(self.terms.values())
        return sum(self.terms.get(term, 0.0) for term in set(found)) / total if total else 0.0

    def share_of_names(self, found: Iterable[str]) -> float:
        """The share of the question's names and numbers, by weight; of all its terms where it has none."""
        total = sum(self.terms[name] for name in self.names)
        return sum(self.terms[name] for name in self.names.intersection(found)) / total if total else self.share(found)


def gather(retrieved: Retrieved, generation: Generation, encoder: Encoder, to_quote: Sequence[str] = ()) -> Evidence:
    """Take the sentences of the best passages and measure each.

    Args:
        retrieved: what a search found.
        generation: where.
        encoder: the one for sentences.
        to_quote: releases that must be quoted: their best passages are looked at, too.
    """
    lexical = generation.lexical
    question = retrieved.found.question
    terms = question_terms(question, lexical, retrieved.mentioned)
    names = other_names(retrieved.found.expansion, lexical)
    evidence = Evidence(terms, question_names(question, lexical) & terms.keys(), [], [])
    scores = dict(retrieved.releases)
    best = max(scores.values(), default=1.0) or 1.0
    releases: dict[str, Release] = {}
    seen: set[str] = set()
    for hit in _best_passages(retrieved.hits, to_quote):
        release = releases.get(hit.release_id) or generation.releases.get(hit.release_id)
        if release is None:
            continue
        releases[hit.release_id] = release
        held = frozenset(terms_held(release.title, lexical, names)) & terms.keys()
        sentences = list(_sentences(release))
        long = min(1.0, len(sentences) / LONG_RELEASE) ** 2
        for order, (span, before, headings) in enumerate(sentences):
            if span.start < hit.start or span.end > hit.end:
                continue
            text = release.text[span.start : span.end]
            found = frozenset(terms_held(text, lexical, names)) & terms.keys()
            around = f"{release.text[before.start : before.end] if before else ''} {' '.join(headings)}"
            nearby = found | (frozenset(terms_held(around, lexical, names)) & terms.keys())
            held |= nearby
            key = " ".join(text.lower().split())
            if key in seen:
                continue
            seen.add(key)
            features = Features(
                overlap=evidence.share(found),
                nearby=evidence.share(nearby),
                cosine=0.0,
                passage=min(hit.score, 1.0),
                release=scores.get(hit.release_id, 0.0) / best,
                holds_type=float(bool(re.search(_HOLDS[question.answer_type], text))),
                brevity=1 / (1 + len(text.split()) / 25),
                lead=long / (1 + order),
            )
            leans = before if before and _LEANS.match(text) else None
            evidence.candidates.append(Candidate(release, span, leans, found, features))
        evidence.passages.append(held)
    asked = without_release_ids(question.asked_text, retrieved.mentioned)
    if question.answer_type in _OF_THE_NAMED:
        evidence.candidates[:] = _without_namesakes(evidence.candidates, asked, generation)
    measured = [retrieved.found.measured[i] for i, _ in retrieved.releases[:1] if i in retrieved.found.measured]
    return replace(
        evidence,
        candidates=_with_cosines(evidence.candidates, asked, encoder),
        distance=sum(m.distance_day + m.distance_month + m.distance_year for m in measured),
    )


def _best_passages(hits: Sequence[Hit], to_quote: Sequence[str]) -> list[Hit]:
    """The best passages of all, and after them those of releases that must be quoted."""
    more = [hit for i in to_quote for hit in [h for h in hits if h.release_id == i][:PASSAGES_TO_QUOTE]]
    return list(dict.fromkeys([*hits[:PASSAGES], *more]))


def _without_namesakes(candidates: list[Candidate], asked: str, generation: Generation) -> list[Candidate]:
    """The candidates that do not tell the same of somebody else; all, where none names the one who is asked for."""
    names = full_names(asked, generation.lexical)
    if not any(name <= candidate.found for name in names for candidate in candidates):
        return candidates
    return [c for c in candidates if not is_of_namesakes(c.text, names, generation.lexical)]


def _sentences(release: Release) -> Iterable[tuple[Span, Span | None, Sequence[str]]]:
    """Every sentence with the one before it in its paragraph, and the headings above."""
    for paragraph in release.paragraphs:
        before: Span | None = None
        for span in paragraph.sentences:
            yield span, before, paragraph.headings
            before = span


def _with_cosines(candidates: list[Candidate], asked: str, encoder: Encoder) -> list[Candidate]:
    """Keep the candidates whose words fit best, and measure how near they come to what is asked."""

    def words_fit(candidate: Candidate) -> float:
        f = candidate.features
        return f.overlap + 0.5 * f.nearby + 0.5 * f.passage + 0.25 * f.holds_type

    kept = sorted(candidates, key=words_fit, reverse=True)[:EMBEDDED]
    vectors = encoder.embed([asked, *(candidate.text for candidate in kept)])
    cosines = vectors[1:] @ vectors[0]
    return [
        replace(candidate, features=replace(candidate.features, cosine=float(cosine)))
        for candidate, cosine in zip(kept, cosines, strict=True)
    ]
