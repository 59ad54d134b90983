"""Retrieval, at the level of releases."""

from collections.abc import Callable, Sequence

from assistant.evaluation.metrics.case import Case
from assistant.evaluation.metrics.metric import Metric

#: Ranks that the reports follow recall over.
DEPTHS = range(1, 21)
NOT_ANSWERABLE = "no question here has an answer in the corpus"


def recall_at(k: int, case: Case) -> float | None:
    """1 where every gold group has one of its releases among the first ``k``, else 0."""
    if not case.question.gold_releases:
        return None
    return all_found(k, case.group_ranks)


def all_found(k: int, group_ranks: Sequence[int | None]) -> float:
    """1 where every group's rank is at most ``k``, else 0."""
    return float(all(rank is not None and rank <= k for rank in group_ranks))


def reciprocal_rank(case: Case) -> float | None:
    """1 / rank of the first gold release among the first 20, 0 where there is none (Voorhees, TREC-8 QA, 1999)."""
    return _ir_measure("RR@20", case)


def ndcg(case: Case) -> float | None:
    """nDCG@10 over gold groups (Järvelin and Kekäläinen, 2002): only the first release of a group is a gain."""
    return _ir_measure("nDCG@10", case)


def _ir_measure(name: str, case: Case) -> float | None:
    """A measure of the ``ir-measures`` library on the ranking of gold groups."""
    import ir_measures

    if not case.question.gold_releases:
        return None
    if not case.answer.ranked:
        return 0.0
    groups = {i: n for n, group in reversed(list(enumerate(case.question.gold_releases))) for i in group}
    found = list(dict.fromkeys(groups.get(release_id, release_id) for release_id in case.answer.ranked))
    names = [f"group {i}" if isinstance(i, int) else f"other {rank}" for rank, i in enumerate(found)]
    relevant = {"q": {f"group {n}": 1 for n in range(len(case.question.gold_releases))}}
    run = {"q": {name: float(-rank) for rank, name in enumerate(names)}}
    measure = ir_measures.parse_measure(name)
    return float(ir_measures.calc_aggregate([measure], relevant, run)[measure])


def _recall(k: int) -> Callable[[Case], float | None]:
    return lambda case: recall_at(k, case)


METRICS = (
    *(Metric(f"recall@{k}", f"recall@{k}", _recall(k), NOT_ANSWERABLE) for k in (1, 5, 10, 20)),
    Metric("mrr", "MRR", reciprocal_rank, NOT_ANSWERABLE),
    Metric("ndcg@10", "nDCG@10", ndcg, NOT_ANSWERABLE),
)
