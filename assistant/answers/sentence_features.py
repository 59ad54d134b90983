"""What is measured of a sentence that may answer a question, among the others that may."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from assistant.question import AnswerType, Question
from corpus.release import Release, Span
from indexes.embedding.encoder import Vectors

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_AUTHORITY = r"E\.?O\.? ?\d|Executive Order|pursuant to|U\.S\.C|section \d|\bAct\b"
_HOLDS = {
    AnswerType.AUTHORITY: re.compile(_AUTHORITY),
    AnswerType.MONEY: re.compile(r"[$€£¥]\s?\d|\d[\d,.]* (million|billion|trillion|dollars|percent)"),
    AnswerType.NUMBER: re.compile(
        r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|percent)\b"
    ),
    AnswerType.DATE: re.compile(rf"\b({_MONTH})\b|\b(19|20)\d\d\b"),
    AnswerType.REASON: re.compile(
        r"\bfor (\w+ly )?(\w+ing|his|her|its|their)\b|because|in order to|due to|\bto (help|ensure)\b"
    ),
    AnswerType.LIST: re.compile(r"[;•]|, [^,]+(,| and | or )"),
    AnswerType.PERSON: re.compile(r"(?<!^)(?<!\. )\b[A-Z][\w’'-]+ [A-Z]"),
    AnswerType.ORGANISATION: re.compile(r"(?<!^)(?<!\. )\b[A-Z][\w’'-]+ [A-Z]"),
    AnswerType.PLACE: re.compile(r"\b(in|at|from|based)\b,? [A-Z]|-based"),
    AnswerType.OTHER: re.compile(""),
}
_CAPITALISED = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+")
_ANY_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]+")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_LONG_WORD = re.compile(r"\w{4,}")
_IS_A = re.compile(r"\b(is|was|are|were|as) (a|an|the)\b")
_CLOSES = re.compile(r"[.”\"!)]$")
_ANSWER_TYPES = list(AnswerType)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: where it stands, and which of the question's terms are in it and around it."""

    release: Release
    span: Span
    before: Span | None  # the sentence before it in its paragraph
    headings: Sequence[str]
    order: int  # of the sentences of its release, from 0
    of: int
    in_paragraph: int  # of the sentences of its paragraph, from 0
    passage: float  # fused score of the passage
    passage_rank: int
    found: frozenset[str]  # terms of the question that stand in it
    nearby: frozenset[str]  # ... in it, in the sentence before it, or in its headings
    rarity: float  # of all its terms (sum of idf)

    @property
    def text(self) -> str:
        """Its words."""
        return self.release.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class SentenceFeatures:
    """Of a sentence, for a question; shares are of the question's terms, weighted by their rarity (idf).

    Cosines are those of vectors of the encoder of sentences; one with a sentence that was not embedded is not a number.
    """

    passage: float  # fused score of its passage
    passage_rank: float
    release: float  # score of its release, against the best one's
    release_rank: float
    release_lead: float  # how far the best release is ahead of the second
    cosine: float
    cosine_below_best: float  # against the nearest of all sentences ...
    cosine_below_release: float  # ... and of its release
    cosine_rank: float
    cosine_before: float  # of the sentence before it ...
    cosine_after: float  # ... and after it
    cosine_with_before: float  # of both together
    cosine_with_after: float
    part: float  # of the part of the question that it is nearest to
    part_below_best: float
    order: float
    place: float  # from 0, the release's first sentence, to 1
    of: float
    in_paragraph: float
    words: float
    rarity: float
    density: float  # share of its rarity that is the question's
    nearby: float  # share in it, the sentence before it, or its headings
    names: float  # share of the question's names and numbers in it
    holds_type: float  # 1 where it holds what is asked for: a date, an amount, ...
    numbers: float
    new_names: float  # capitalised words that the question lacks
    new_numbers: float
    commas: float
    question_words: float  # distinct long words that are also the question's
    heading_words: float  # ... of its headings
    starts_small: float  # 1 where it starts in the middle of something
    closed: float  # 1 where it ends as a sentence does
    authority: float
    is_a: float  # 1 where it says what something is
    answer_type: float  # what the question asks for, by number
    asks_why: float
    asks_when: float


FEATURE_NAMES = tuple(field.name for field in fields(SentenceFeatures))


def measure_sentences(
    question: Question,
    sentences: Sequence[Sentence],
    vectors: Vectors,
    asked: Vectors,
    releases: Mapping[str, float],
    terms: Mapping[str, float],
    names: frozenset[str],
) -> list[SentenceFeatures]:
    """Measure every sentence.

    Args:
        question: what is asked.
        sentences: that may answer.
        vectors: theirs, a row each, of length 1.
        asked: of the question, and of each of its parts.
        releases: score by release, best first.
        terms: of the question, with their rarity.
        names: those of them that name or number something.
    """
    likeness = vectors @ asked.T
    cosines = likeness[:, 0]
    parts = likeness[:, 1:].max(axis=1) if likeness.shape[1] > 1 else cosines
    of_release: dict[str, float] = defaultdict(lambda: -1.0)
    for sentence, cosine in zip(sentences, cosines, strict=True):
        of_release[sentence.release.release_id] = max(of_release[sentence.release.release_id], float(cosine))
    at = {(s.release.release_id, s.span): n for n, s in enumerate(sentences)}
    before = [at.get((s.release.release_id, s.before)) if s.before else None for s in sentences]
    after = {b: n for n, b in enumerate(before) if b is not None}
    ranks = np.argsort(np.argsort(-cosines, kind="stable"), kind="stable")

    scores = list(releases.values())
    best = scores[0] if scores and scores[0] else 1.0
    lead = (scores[0] - scores[1]) / best if len(scores) > 1 else 1.0
    release_ranks = {release_id: n for n, release_id in enumerate(releases)}
    total = sum(terms.values()) or 1.0
    total_names = sum(terms[name] for name in names)
    lowered = question.text.lower()
    asked_words = set(re.findall(r"\w+", lowered))
    asked_names = {word.lower() for word in _ANY_CAPITALISED.findall(question.text)}
    asked_numbers = set(re.findall(r"\d[\d,.]*", question.text))
    answer_type = question.answer_type

    def share(found: frozenset[str]) -> float:
        return sum(terms.get(term, 0.0) for term in found) / total

    def share_of_names(found: frozenset[str]) -> float:
        return sum(terms[name] for name in names & found) / total_names if total_names else share(found)

    def together(one: int, other: int | None) -> float:
        if other is None:
            return float(cosines[one])
        vector = vectors[one] + vectors[other]
        return float(vector @ asked[0] / np.linalg.norm(vector))

    measured = []
    for n, sentence in enumerate(sentences):
        text = sentence.text
        release_id = sentence.release.release_id
        numbers = _NUMBER.findall(text)
        capitalised = [word.lower() for word in _CAPITALISED.findall(text)]
        heading = " ".join(sentence.headings).lower()
        earlier, later = before[n], after.get(n)
        measured.append(
            SentenceFeatures(
                passage=min(sentence.passage, 1.5),
                passage_rank=sentence.passage_rank,
                release=releases.get(release_id, 0.0) / best,
                release_rank=release_ranks.get(release_id, 99),
                release_lead=lead,
                cosine=float(cosines[n]),
                cosine_below_best=float(cosines[n] - cosines.max()),
                cosine_below_release=float(cosines[n] - of_release[release_id]),
                cosine_rank=float(ranks[n]),
                cosine_before=float("nan") if earlier is None else float(cosines[earlier]),
                cosine_after=float("nan") if later is None else float(cosines[later]),
                cosine_with_before=together(n, earlier),
                cosine_with_after=together(n, later),
                part=float(parts[n]),
                part_below_best=float(parts[n] - parts.max()),
                order=sentence.order,
                place=sentence.order / max(1, sentence.of),
                of=sentence.of,
                in_paragraph=sentence.in_paragraph,
                words=len(text.split()),
                rarity=sentence.rarity,
                density=sum(terms.get(term, 0.0) for term in sentence.found) / max(1.0, sentence.rarity),
                nearby=share(sentence.nearby),
                names=share_of_names(sentence.found),
                holds_type=float(bool(_HOLDS[answer_type].search(text))),
                numbers=len(numbers),
                new_names=sum(word not in asked_names and word not in asked_words for word in capitalised),
                new_numbers=sum(number not in asked_numbers for number in numbers),
                commas=text.count(","),
                question_words=len(asked_words.intersection(_LONG_WORD.findall(text.lower()))),
                heading_words=len(asked_words.intersection(_LONG_WORD.findall(heading))),
                starts_small=float(text[:1].islower() or not text[:1].isalpha()),
                closed=float(bool(_CLOSES.search(text.rstrip()))),
                authority=float(bool(_HOLDS[AnswerType.AUTHORITY].search(text))),
                is_a=float(bool(_IS_A.search(text))),
                answer_type=_ANSWER_TYPES.index(answer_type),
                asks_why=float("why" in asked_words),
                asks_when=float("when" in asked_words),
            )
        )
    return measured


def feature_matrix(measured: Sequence[SentenceFeatures]) -> Vectors:
    """A row a sentence, in the order of ``FEATURE_NAMES``."""
    return np.array([[getattr(m, name) for name in FEATURE_NAMES] for m in measured], dtype=np.float32)
