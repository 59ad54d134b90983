"""Answers: whether they state the gold facts, and at what length."""

from assistant.evaluation.facts import without_markers
from assistant.evaluation.metrics.case import Case
from assistant.evaluation.metrics.metric import Metric
from assistant.evaluation.metrics.retrieval import NOT_ANSWERABLE


def correct(case: Case) -> float:
    """The headline. 1 where an answer states every gold fact, cites every gold group, and every quote stands.

    Where the corpus holds no answer: 1 where the system abstained and cited nothing.
    """
    if case.answer.error:
        return 0.0
    if not case.question.answerable:
        return float(case.answer.abstained and not case.answer.citations)
    return float(case.says_and_cites and not case.answer.abstained)


def facts(case: Case) -> float | None:
    """The share of the gold facts that stand in the words that count (120; 250 for what asks for several)."""
    total = len(case.question.gold_facts)
    if not case.question.answerable or not total:
        return None
    return 1 - len(case.missing_facts) / total


def words(case: Case) -> float | None:
    """Words of the answer, markers left out; only what was answered."""
    if case.answer.abstained or case.answer.error:
        return None
    return float(len(without_markers(case.answer.answer).split()))


METRICS = (
    Metric("correct", "correct", correct, "no question"),
    Metric("facts", "facts", facts, NOT_ANSWERABLE),
    Metric("words", "words", words, "nothing was answered", lower_is_better=True),
)
