"""Candidate sentences for an answer, and how likely each is one."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers.sentence_features import Sentence, SentenceFeatures, feature_matrix, measure_sentences
from assistant.answers.sentence_ranker import probabilities
from assistant.question import AnswerType, Question, without_release_ids
from assistant.question_parts import question_parts
from assistant.question_terms import (
    OtherName,
    full_names,
    is_of_namesakes,
    named_things,
    other_names,
    question_names,
    question_terms,
    terms_held,
    with_other_names,
)
from assistant.retrieval import Retrieved
from corpus.release import Release, Span
from indexes.embedding.encoder import Encoder, Vectors
from indexes.generation import Generation
from indexes.hybrid import Hit

#: Passages whose sentences are candidates.
PASSAGES = 14
#: Passages of a release that must be quoted.
PASSAGES_TO_QUOTE = 3
#: Candidates that are embedded: those whose words fit best.
EMBEDDED = 60

#: What a sentence gains, in log-odds, that gives the order or law which is asked for, beside the names asked for. Few
#: of the questions that the ranker was fitted on ask for one.
TELLS_AUTHORITY = 2.0
_ORDER = re.compile(r"\b(?:E\.?O\.?|Executive Order|[Ss]ections?|U\.S\.C\.)\W{0,3}(?:\([^)]*\) )?\d")

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
class Candidate:
    """A sentence that may answer.

    ``leans_on`` is the sentence before it, where it starts with a pronoun; ``likeness`` the cosines with the question
    and with each of its parts; ``probability`` how likely it is evidence for the question.
    """

    release: Release
    span: Span
    leans_on: Span | None
    found: frozenset[str]
    nearby: frozenset[str]
    features: SentenceFeatures
    likeness: tuple[float, ...]
    probability: float

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.release.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question.

    ``terms`` are the question's, with their weights; ``names`` those of them that name or number something;
    ``passages`` the terms that each of the best passages holds, title and headings included; ``candidates`` the
    sentences, best first; ``distance`` how far the best release is from the periods that the question names (see
    ``ranking.features``); ``unmentioned`` the names in the question that none of the releases found mentions;
    ``of_named`` says that the question names releases by their ids, and that the sentences are theirs.
    """

    question: Question
    terms: dict[str, float]
    names: frozenset[str]
    passages: list[frozenset[str]]
    candidates: list[Candidate]
    distance: float
    unmentioned: list[str]
    of_named: bool = False

    def share(self, found: Iterable[str]) -> float:
        """The share of the question's terms, by weight, that ``found`` holds."""
        total = sum(self.terms.values())
        return sum(self.terms.get(term, 0.0) for term in set(found)) / total if total else 0.0

    def share_of_names(self, found: Iterable[str]) -> float:
        """The share of the question's names and numbers, by weight; of all its terms where it has none."""
        total = sum(self.terms[name] for name in self.names)
        return sum(self.terms[name] for name in self.names.intersection(found)) / total if total else self.share(found)


def gather(
    retrieved: Retrieved,
    generation: Generation,
    encoder: Encoder,
    to_quote: Sequence[str] = (),
    likely: Callable[[Vectors], Vectors] = probabilities,
) -> Evidence:
    """Take the sentences of the best passages, and rank them.

    Args:
        retrieved: what a search found.
        generation: where.
        encoder: the one for sentences.
        to_quote: releases that must be quoted: their best passages are looked at, too.
        likely: how likely each sentence answers, from what was measured of it, a row each.
    """
    lexical = generation.lexical
    question = retrieved.found.question
    terms = question_terms(question, lexical, retrieved.mentioned)
    names = question_names(question, lexical) & terms.keys()
    others = other_names(retrieved.found.expansion, lexical)
    of_named = [hit for hit in retrieved.hits if hit.release_id in retrieved.named]
    hits = _best_passages(of_named or retrieved.hits, to_quote)
    loaded = {hit.release_id: generation.releases.get(hit.release_id) for hit in hits}
    releases = {release_id: release for release_id, release in loaded.items() if release}

    told = " ".join(_folded(turn.content) for turn in question.history if turn.role == "assistant")
    passages: list[frozenset[str]] = []
    sentences: dict[str, Sentence] = {}
    for rank, hit in enumerate(hits):
        if hit.release_id in releases:
            release = releases[hit.release_id]
            held = frozenset(terms_held(release.title, lexical, others) & terms.keys())
            for sentence in _sentences_of(hit, rank, release, generation, terms, others):
                held |= sentence.nearby
                words = _folded(sentence.text)
                if words not in told:
                    sentences.setdefault(words, sentence)
            passages.append(held)
    asked = without_release_ids(question.asked_text, retrieved.mentioned)
    kept = list(sentences.values())
    if question.answer_type in _OF_THE_NAMED:
        kept = _without_namesakes(kept, asked, generation)
    kept = sorted(kept, key=lambda s: _words_fit(s, terms), reverse=True)[:EMBEDDED]
    measured = [retrieved.found.measured[i] for i, _ in retrieved.releases[:1] if i in retrieved.found.measured]
    return Evidence(
        question,
        terms,
        names,
        passages,
        _candidates(kept, question, asked, encoder, dict(retrieved.releases), terms, names, likely),
        sum(m.distance_day + m.distance_month + m.distance_year for m in measured),
        _unmentioned(retrieved, list(releases.values()), generation),
        bool(of_named),
    )


def _candidates(
    sentences: Sequence[Sentence],
    question: Question,
    asked: str,
    encoder: Encoder,
    releases: dict[str, float],
    terms: dict[str, float],
    names: frozenset[str],
    likely: Callable[[Vectors], Vectors],
) -> list[Candidate]:
    """Measure and rank; ties in order of release and place, so that the same corpus answers alike."""
    if not sentences:
        return []
    parts = question_parts(question.text) or ([question.text] if question.history else [])
    vectors = np.asarray(encoder.embed([asked, *parts, *(sentence.text for sentence in sentences)]))
    asked_vectors, vectors = vectors[: 1 + len(parts)], vectors[1 + len(parts) :]
    measured = measure_sentences(question, sentences, vectors, asked_vectors, releases, terms, names)
    chances = likely(feature_matrix(measured))
    if question.answer_type is AnswerType.AUTHORITY:
        chances = np.where([_tells_authority(sentence, names) for sentence in sentences], _raised(chances), chances)
    likeness = vectors @ asked_vectors.T
    candidates = [
        Candidate(
            sentence.release,
            sentence.span,
            sentence.before if sentence.before and _LEANS.match(sentence.text) else None,
            sentence.found,
            sentence.nearby,
            features,
            tuple(map(float, likeness[n])),
            float(chances[n]),
        )
        for n, (sentence, features) in enumerate(zip(sentences, measured, strict=True))
    ]
    return sorted(candidates, key=lambda c: (-c.probability, c.release.release_id, c.span.start))


def _tells_authority(sentence: Sentence, names: frozenset[str]) -> bool:
    """Whether a sentence gives an executive order, or a section of law, of what the question names."""
    return bool(names) and names <= sentence.nearby and bool(_ORDER.search(sentence.text))


def _raised(chances: Vectors) -> Vectors:
    """Probabilities after ``TELLS_AUTHORITY`` is added to their log-odds."""
    odds = np.exp(TELLS_AUTHORITY) * chances / np.maximum(1 - chances, 1e-6)
    raised: Vectors = odds / (1 + odds)
    return raised


def _best_passages(hits: Sequence[Hit], to_quote: Sequence[str]) -> list[Hit]:
    """The best passages of all, and after them those of releases that must be quoted."""
    more = [hit for i in to_quote for hit in [h for h in hits if h.release_id == i][:PASSAGES_TO_QUOTE]]
    return list(dict.fromkeys([*hits[:PASSAGES], *more]))


def _sentences_of(
    hit: Hit,
    rank: int,
    release: Release,
    generation: Generation,
    terms: dict[str, float],
    others: Sequence[OtherName],
) -> Iterator[Sentence]:
    """The sentences of a passage."""
    lexical = generation.lexical
    order, of = 0, sum(len(paragraph.sentences) for paragraph in release.paragraphs)
    for paragraph in release.paragraphs:
        before: Span | None = None
        for place, span in enumerate(paragraph.sentences):
            if hit.start <= span.start and span.end <= hit.end:
                text = release.text[span.start : span.end]
                around = f"{release.text[before.start : before.end] if before else ''} {' '.join(paragraph.headings)}"
                held = set(lexical.terms(text))
                found = frozenset(with_other_names(held, others) & terms.keys())
                nearby = found | (terms_held(around, lexical, others) & terms.keys())
                rarity = sum(map(lexical.idf, held))
                yield Sentence(
                    release, span, before, paragraph.headings, order, of, place, hit.score, rank, found, nearby, rarity
                )
            before = span
            order += 1


def _words_fit(sentence: Sentence, terms: dict[str, float]) -> float:
    total = sum(terms.values()) or 1.0
    found, nearby = (sum(terms[t] for t in held) / total for held in (sentence.found, sentence.nearby))
    return found + 0.5 * nearby + 0.5 * min(sentence.passage, 1.0)


def _without_namesakes(sentences: list[Sentence], asked: str, generation: Generation) -> list[Sentence]:
    """The sentences that do not tell the same of somebody else; all, where none names the one who is asked for."""
    names = full_names(asked, generation.lexical)
    if not any(name <= sentence.found for name in names for sentence in sentences):
        return sentences
    return [s for s in sentences if not is_of_namesakes(s.text, names, generation.lexical)]


def _unmentioned(retrieved: Retrieved, releases: Sequence[Release], generation: Generation) -> list[str]:
    """The names in the question that stand, by none of their words and other names, in any release found."""
    texts = [f"{release.title}\n{release.text}".lower() for release in releases]
    also = retrieved.found.expansion.also
    missing = []
    for name, words in named_things(retrieved.found.question.text, generation.lexical).items():
        others = [other.lower() for asked, called in also.items() if asked.lower() in name.lower() for other in called]
        mentions = re.compile(rf"\b(?:{'|'.join(map(re.escape, [*words, *others]))})")
        if not any(mentions.search(text) for text in texts):
            missing.append(name)
    return missing


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
