"""When to say that the corpus holds no answer, and how to say it."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from assistant.answers import trees
from assistant.answers.evidence import Evidence
from assistant.answers.extractive import log_odds
from assistant.answers.sentence_features import FEATURE_NAMES
from assistant.question import Question
from corpus.dating import in_words
from corpus.release import Release

#: How likely an answer must be; see ``answerability``. One answerable question in 25 of those it was fitted on,
#: cross-validated, is lost by it.
THRESHOLD = 0.29
#: No sentence further from the question than this, and no passage that holds less of it, answers in any corpus.
LEAST_COSINE = 0.30
LEAST_HELD = 0.25
#: A question that names a release is asked of it: its sentences answer from this cosine on, as likely as this.
LEAST_COSINE_OF_NAMED = 0.20
LIKELY_OF_NAMED = 0.5
#: What is left of the likelihood where no release found mentions a name of the question.
UNMENTIONED = 0.25
#: Boosted trees fitted by ``assistant.answers.fitting``: each question as it is, with its release taken away, and near
#: misses.
GATE = Path(__file__).parent / "abstention_gate.onnx"

#: Signals that can only speak for an answer, and those that can only speak against one.
SENSE = dict.fromkeys(("first", "cosine", "passage", "names", "all_passages", "around", "names_around"), 1) | {
    "lacking": -1,
    "distance": -1,
}

#: What is measured of the best sentence but says how large its release or the corpus is, and misleads in another one.
_OF_ITS_CORPUS = {
    "passage", "passage_rank", "release", "release_rank", "release_lead", "cosine_rank", "order", "place", "of",
    "in_paragraph", "words", "rarity", "starts_small", "closed",
}  # fmt: skip
#: Passages, and sentences, that are looked at.
LOOKED_AT = 3
_FORETELLS = re.compile(r"\W*(and |so |but )?(when |how .{0,40}|what .{0,40}|who .{0,40})?\bwill\b", re.I)
_YEAR = re.compile(r"\b20\d\d\b")


def signals(evidence: Evidence) -> dict[str, float]:
    """What speaks for an answer, and against it; there must be a candidate.

    How likely the best sentence is and how near the best come; how much of the question they and the best passages
    hold; how far the best release is from the time that the question names; and what is measured of the best sentence.
    Shares are those of the question's terms, and of its names and numbers, by rarity.
    """
    best = evidence.candidates[:LOOKED_AT]
    passages = evidence.passages[:LOOKED_AT]
    fullest = max(passages, key=evidence.share, default=frozenset[str]())
    first = best[0]
    measured = zip(FEATURE_NAMES, astuple(first.features), strict=True)
    return {
        "first": log_odds(first),
        "cosine": max(candidate.features.cosine for candidate in best),
        "passage": evidence.share(fullest),
        "names": max(map(evidence.share_of_names, passages), default=0.0),
        "all_passages": evidence.share(frozenset().union(*passages)),
        "around": evidence.share(first.nearby),
        "names_around": evidence.share_of_names(first.nearby),
        "lacking": max((weight for term, weight in evidence.terms.items() if term not in fullest), default=0.0),
        "distance": evidence.distance,
        "terms": float(len(evidence.terms)),
        **{f"first_{name}": value for name, value in measured if name not in _OF_ITS_CORPUS},
    }


def answerability(evidence: Evidence) -> float:
    """The probability that the best sentences answer the question (boosted trees); 0 where none comes near."""
    if not evidence.candidates or not evidence.terms:
        return 0.0
    values = signals(evidence)
    if evidence.of_named and values["cosine"] >= LEAST_COSINE_OF_NAMED:
        return LIKELY_OF_NAMED
    if values["cosine"] < LEAST_COSINE or values["passage"] < LEAST_HELD:
        return 0.0
    odds = trees.log_odds(GATE, tuple(values), np.array([list(values.values())], dtype=np.float32))
    likely = float(1 / (1 + np.exp(-odds[0])))
    return likely * UNMENTIONED if evidence.unmentioned else likely


def asks_what_is_to_come(question: Question, latest: datetime.date | None) -> bool:
    """Whether a question asks what will have happened in a year after that of the last release."""
    years = [int(year) for year in _YEAR.findall(question.text)]
    return bool(latest and _FORETELLS.match(question.text) and max(years, default=0) > latest.year)


def abstention_text(
    question: Question,
    evidence: Evidence,
    nearest: Sequence[Release],
    corpus_name: str,
    ends: datetime.date | None = None,
) -> str:
    """What is said instead of an answer: what was looked for, what of it has no support, and what came nearest.

    Args:
        question: as asked.
        evidence: what was found for it.
        nearest: the releases that came nearest.
        corpus_name: what was searched.
        ends: the date of the last release, where the question asks of a time after it.
    """
    text = f"Not in the corpus: nothing in {corpus_name} answers “{question.text}”."
    if ends:
        text += f" The last of them is of {in_words(ends)}; what comes after it cannot be known from them."
    elif evidence.unmentioned:
        names = " or ".join(f"“{name}”" for name in evidence.unmentioned)
        text += f" No release that was found mentions {names}."
    if nearest:
        named = "; ".join(
            f"{release.release_id} ({release.title}, {in_words(release.date, release.date_confidence)})"
            for release in nearest
        )
        text += f" The nearest releases, which do not answer it: {named}."
    return text
