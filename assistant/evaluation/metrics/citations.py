"""Citations: whether the quotes stand, point at gold releases, and carry the sentences that cite them."""

from collections.abc import Callable, Sequence
from statistics import mean

from assistant.citations.checking import Verdict
from assistant.evaluation.metrics.case import Case
from assistant.evaluation.metrics.metric import Metric
from assistant.evaluation.metrics.retrieval import NOT_ANSWERABLE

NO_CITATION = "nothing was cited"
NO_SENTENCE = "nothing was said"
FULL = (Verdict.VERBATIM, Verdict.SUPPORTED)


def cited(case: Case) -> float | None:
    """1 where every gold group has a citation to one of its releases."""
    return float(not case.missing_groups) if case.question.gold_releases else None


def precision(case: Case) -> float | None:
    """The share of the citations that point at a gold release."""
    return _mean([i in case.question.gold_ids for i in case.cited_ids]) if case.question.gold_releases else None


def recall(case: Case) -> float | None:
    """The share of the gold groups that a citation points at."""
    groups = case.question.gold_releases
    return 1 - len(case.missing_groups) / len(groups) if groups else None


def quotes(case: Case) -> float | None:
    """The share of the quotes whose words stand in the release that they cite, marks and punctuation aside."""
    return _mean(case.words_stand)


def exact(case: Case) -> float | None:
    """The share of the quotes that are, to the character, the span of the release that they point at."""
    return _mean(case.is_exact)


def supported_sentences(case: Case) -> float | None:
    """Citation recall (Gao et al., ALCE, 2023): the share of sentences that all they cite together supports."""
    return _mean([verdict in FULL for verdict in case.support])


def needed_citations(case: Case) -> float | None:
    """Citation precision (ALCE): of the citations, those whose sentence is supported and which it needs.

    A citation is needed where it supports the sentence alone, or the others do not without it.
    """
    return _mean(
        [
            case.support[n] in FULL
            and (case.check(n, only=marker) in FULL or case.check(n, without=marker) not in FULL)
            for n, sentence in enumerate(case.answer.sentences)
            for marker in sentence.citations
        ]
    )


def weighted_recall(case: Case) -> float | None:
    """Support over sentences (TREC 2024 RAG track): 1 for full, 0.5 for partial, 0 for none or nothing cited."""
    return _mean([_weight(verdict) for verdict in case.support])


def weighted_precision(case: Case) -> float | None:
    """Support over citations (TREC 2024 RAG track): each judged alone for the sentence that cites it."""
    sentences = enumerate(case.answer.sentences)
    return _mean([_weight(case.check(n, only=marker)) for n, said in sentences for marker in said.citations])


def _weight(verdict: Verdict) -> float:
    return 1.0 if verdict in FULL else 0.5 if verdict is Verdict.PARTIAL else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return mean(map(float, values)) if values else None


def _said(of: Callable[[Case], float | None]) -> Callable[[Case], float | None]:
    """Only of answers: what a system says where it abstains claims nothing."""
    return lambda case: None if case.answer.abstained else of(case)


METRICS = (
    Metric("cited", "cited", cited, NOT_ANSWERABLE),
    Metric("precision", "precision", precision, NO_CITATION),
    Metric("recall", "gold cited", recall, NOT_ANSWERABLE),
    Metric("quotes", "quotes", quotes, NO_CITATION),
    Metric("exact", "exact spans", exact, NO_CITATION),
    Metric("citation_recall", "ALCE recall", _said(supported_sentences), NO_SENTENCE),
    Metric("citation_precision", "ALCE precision", _said(needed_citations), NO_CITATION),
    Metric("weighted_recall", "TREC recall", _said(weighted_recall), NO_SENTENCE),
    Metric("weighted_precision", "TREC precision", _said(weighted_precision), NO_CITATION),
)
