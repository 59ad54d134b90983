"""When to say that the corpus holds no answer, and how to say it."""

import math
from collections.abc import Sequence

from assistant.answers.evidence import Candidate, Evidence
from assistant.question import Question
from corpus.dating import in_words
from corpus.release import Release

#: How likely an answer must be; see ``answerability``.
THRESHOLD = 0.30
#: No sentence further from the question than this is an answer, whatever words they share (1 in 100 answers is).
LEAST_COSINE = 0.34

#: Fitted by ``assistant.answers.fitting`` on ``train.jsonl``: each question with its release, and with it taken away.
INTERCEPT = -3.585
WEIGHTS = {"passage": 3.108, "names": 1.349, "cosine": 2.639, "distance": -2.758}

#: Passages, and sentences, that are looked at.
LOOKED_AT = 3


def signals(ranked: Sequence[Candidate], evidence: Evidence) -> dict[str, float]:
    """What speaks for an answer, and against it.

    How much of the question the best passages hold, how near a sentence comes, and how far the best release is from
    the time that the question names. Shares are those of the question's terms, and of its names and numbers, by rarity.
    """
    passages = evidence.passages[:LOOKED_AT]
    return {
        "passage": max(map(evidence.share, passages), default=0.0),
        "names": max(map(evidence.share_of_names, passages), default=0.0),
        "cosine": max((candidate.features.cosine for candidate in ranked[:LOOKED_AT]), default=0.0),
        "distance": evidence.distance,
    }


def answerability(ranked: Sequence[Candidate], evidence: Evidence) -> float:
    """The probability that the best sentences answer the question (logistic regression); 0 where none comes near."""
    if not ranked or not evidence.terms:
        return 0.0
    values = signals(ranked, evidence)
    if values["cosine"] < LEAST_COSINE:
        return 0.0
    return 1 / (1 + math.exp(-(INTERCEPT + sum(WEIGHTS[name] * value for name, value in values.items()))))


def abstention_text(question: Question, nearest: Sequence[Release], corpus_name: str) -> str:
    """What is said instead of an answer: what was looked for, and the releases that came nearest."""
    text = f"Not in the corpus: nothing in {corpus_name} answers “{question.text}”."
    if nearest:
        named = "; ".join(
            f"{release.release_id} ({release.title}, {in_words(release.date, release.date_confidence)})"
            for release in nearest
        )
        text += f" The nearest releases, which do not answer it: {named}."
    return text
