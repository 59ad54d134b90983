"""When to say that the corpus holds no answer, and how to say it."""

import math
from collections.abc import Sequence

from assistant.answers.evidence import Candidate, Evidence
from assistant.question import Question
from corpus.release import Release

#: How likely an answer must be; see ``answerability``.
THRESHOLD = 0.5

#: Fitted by ``assistant.answers.fitting`` on ``train.jsonl``, whose unanswerable questions are near misses.
INTERCEPT = -4.0
WEIGHTS = {"overlap": 2.0, "nearby": 3.0, "rarest": 1.0, "cosine": 3.0, "passage_share": 1.0}


def signals(ranked: Sequence[Candidate], evidence: Evidence) -> dict[str, float]:
    """What speaks for an answer: how much of the question the best sentences and their passage hold."""
    top = ranked[:3]
    best = top[0].features
    same = [c for c in ranked if c.release.release_id == ranked[0].release.release_id]
    return {
        "overlap": max(c.features.overlap for c in top),
        "nearby": max(c.features.nearby for c in top),
        "rarest": max(c.features.rarest for c in top),
        "cosine": max(c.features.cosine for c in top),
        "passage_share": max(evidence.share(frozenset().union(*(c.found for c in same))), best.title),
    }


def answerability(ranked: Sequence[Candidate], evidence: Evidence) -> float:
    """The probability that the best sentences answer the question (logistic regression)."""
    if not ranked or not evidence.terms:
        return 0.0
    values = signals(ranked, evidence)
    return 1 / (1 + math.exp(-(INTERCEPT + sum(WEIGHTS[name] * value for name, value in values.items()))))


def abstention_text(question: Question, nearest: Sequence[Release], corpus_name: str) -> str:
    """What is said instead of an answer: what was looked for, and the releases that came nearest."""
    text = f"Not in the corpus: nothing in {corpus_name} answers “{question.text}”."
    if nearest:
        named = "; ".join(f"{release.release_id} ({release.title}, {dated(release)})" for release in nearest)
        text += f" The nearest releases, which do not answer it: {named}."
    return text


def dated(release: Release) -> str:
    """The release's date in words; says so where it is unknown."""
    if release.date is None:
        return "date unknown"
    return f"{release.date:%B} {release.date.day}, {release.date.year}"
