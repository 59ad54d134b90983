"""When to say that the corpus holds no answer, and how to say it."""

import datetime
import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assistant.answers.evidence import Evidence
from assistant.answers.extractive import log_odds
from assistant.question import Question
from corpus.dating import in_words
from corpus.release import Release

#: How likely an answer must be; see ``answerability``. One answerable question in 20 of those it was fitted on,
#: cross-validated, is lost by it.
THRESHOLD = 0.30
#: No sentence further from the question than this, and no passage that holds less of it, answers in any corpus.
LEAST_COSINE = 0.30
LEAST_HELD = 0.25
#: A question that names a release is asked of it: its sentences answer from this cosine on, as likely as this.
LEAST_COSINE_OF_NAMED = 0.20
LIKELY_OF_NAMED = 0.5
#: What is left of the likelihood where no release found mentions a name of the question.
UNMENTIONED = 0.25
#: Fitted by ``assistant.answers.fitting``: each question with its release, with it taken away, and near misses.
WEIGHTS_FILE = Path(__file__).parent / "abstention_weights.json"

#: Signals that can only speak for an answer, and those that can only speak against one.
SENSE = dict.fromkeys(
    ("first", "second", "third", "cosine", "passage", "names", "all_passages", "around", "names_around"), 1
) | {"score": 1, "holds_type": 1, "new_names": 1, "lacking": -1, "distance": -1}

#: Log-odds below which sentences are all alike: a small corpus has no second and third that are likely.
LEAST_ODDS = -4.0
#: Passages, and sentences, that are looked at.
LOOKED_AT = 3
_FORETELLS = re.compile(r"\W*(and |so |but )?(when |how .{0,40}|what .{0,40}|who .{0,40})?\bwill\b", re.I)
_YEAR = re.compile(r"\b20\d\d\b")


def signals(evidence: Evidence) -> dict[str, float]:
    """What speaks for an answer, and against it.

    How likely the best sentences are and how near they come; how much of the question they and the best passages hold;
    and how far the best release is from the time that the question names. Shares are those of the question's terms, and
    of its names and numbers, by rarity.
    """
    best = evidence.candidates[:LOOKED_AT]
    passages = evidence.passages[:LOOKED_AT]
    fullest = max(passages, key=evidence.share, default=frozenset[str]())
    odds = [max(log_odds(candidate), LEAST_ODDS) for candidate in best] + [LEAST_ODDS] * LOOKED_AT
    first = best[0] if best else None
    return {
        "first": odds[0],
        "second": odds[1],
        "third": odds[2],
        "cosine": max((candidate.features.cosine for candidate in best), default=0.0),
        "part": first.features.part if first else 0.0,
        "passage": evidence.share(fullest),
        "names": max(map(evidence.share_of_names, passages), default=0.0),
        "all_passages": evidence.share(frozenset().union(*passages)),
        "around": evidence.share(first.nearby) if first else 0.0,
        "names_around": evidence.share_of_names(first.nearby) if first else 0.0,
        "lacking": max((weight for term, weight in evidence.terms.items() if term not in fullest), default=0.0),
        "score": first.features.passage if first else 0.0,
        "holds_type": first.features.holds_type if first else 0.0,
        "new_names": first.features.new_names if first else 0.0,
        "distance": evidence.distance,
        "terms": float(len(evidence.terms)),
    }


def answerability(evidence: Evidence) -> float:
    """The probability that the best sentences answer the question (logistic regression); 0 where none comes near."""
    if not evidence.candidates or not evidence.terms:
        return 0.0
    fitted = _weights()
    values = signals(evidence)
    if evidence.of_named and values["cosine"] >= LEAST_COSINE_OF_NAMED:
        return LIKELY_OF_NAMED
    if values["cosine"] < LEAST_COSINE or values["passage"] < LEAST_HELD:
        return 0.0
    score = fitted["intercept"] + sum(fitted[name] * value for name, value in values.items())
    likely = 1 / (1 + math.exp(-score))
    return likely * UNMENTIONED if evidence.unmentioned else likely


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["weights"]
    return weights


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
