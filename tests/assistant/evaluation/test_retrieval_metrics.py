"""Retrieval at the level of releases: what two other libraries compute, and worked examples for several groups."""

import math
from collections.abc import Sequence
from typing import Any

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.metrics.case import Case
from assistant.evaluation.metrics.retrieval import METRICS, ndcg, recall_at, reciprocal_rank
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from tests.assistant.evaluation.strategies import groups

POOL = [f"ab{n}" for n in range(1, 41)]
rankings = st.lists(st.sampled_from(POOL), max_size=35, unique=True)
found_something = st.lists(st.sampled_from(POOL), min_size=1, max_size=35, unique=True)
releases = st.sampled_from(POOL)


def case(gold: Sequence[Sequence[str]], ranked: Sequence[str]) -> Case:
    fields: dict[str, Any] = {"id": "w-1", "question": "Who?", "type": "factoid", "gold_releases": gold}
    hits: Any = [{"release_id": release_id, "score": 0.5} for release_id in ranked]
    return Case(EvaluationQuestion.model_validate(fields), AnswerRecord(id="w-1", retrieved=hits), {})


def log(rank: int) -> float:
    return 1 / math.log2(1 + rank)


# --- against other libraries ---


@pytest.mark.xdist_group("ranx")  # its measures are compiled once
@pytest.mark.filterwarnings("ignore:.*unsafe cast from uint64 to int64")
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(releases, found_something), min_size=1, max_size=8))
def test_one_release_a_question_agrees_with_ranx(asked: list[tuple[str, list[str]]]) -> None:
    from ranx import Qrels, Run, evaluate

    qrels = Qrels({f"q{n}": {gold: 1} for n, (gold, _) in enumerate(asked)})
    run = Run({f"q{n}": {i: 1 / rank for rank, i in enumerate(ranked, 1)} for n, (_, ranked) in enumerate(asked)})
    names = ["mrr@20", "ndcg@10", *(f"{name}@{k}" for k in (1, 5, 10, 20) for name in ("recall", "hit_rate"))]
    expected = evaluate(qrels, run, names)
    cases = [case([[gold]], ranked) for gold, ranked in asked]
    ours = {"mrr@20": [reciprocal_rank(c) for c in cases], "ndcg@10": [ndcg(c) for c in cases]}
    ours |= {f"{name}@{k}": [recall_at(k, c) for c in cases] for k in (1, 5, 10, 20) for name in ("recall", "hit_rate")}
    for name, values in ours.items():
        assert sum(v or 0 for v in values) / len(values) == pytest.approx(float(expected[name])), name


def computed(measures: Sequence[Any], gold: Sequence[str], ranked: Sequence[str]) -> dict[Any, float]:
    """What ir-measures computes on the run as it is."""
    run = {"q": {release_id: float(-rank) for rank, release_id in enumerate(ranked)}}
    found: dict[Any, float] = ir_measures.calc_aggregate(list(measures), {"q": dict.fromkeys(gold, 1)}, run)
    return found


@settings(deadline=None, max_examples=200)
@given(releases, found_something)
def test_one_release_agrees_with_ir_measures(gold: str, ranked: list[str]) -> None:
    measures = [ir_measures.RR @ 20, ir_measures.nDCG @ 10, *(ir_measures.R @ k for k in (1, 5, 10, 20))]
    found = case([[gold]], ranked)
    ours = [reciprocal_rank(found), ndcg(found), *(recall_at(k, found) for k in (1, 5, 10, 20))]
    expected = computed(measures, [gold], ranked)
    assert ours == pytest.approx([expected[m] for m in measures])


@settings(deadline=None, max_examples=200)
@given(st.lists(releases, min_size=1, max_size=5, unique=True), found_something)
def test_one_group_of_several_releases_is_success_at_k(gold: list[str], ranked: list[str]) -> None:
    measures = [ir_measures.RR @ 20, *(ir_measures.Success @ k for k in (1, 5, 10, 20))]
    found = case([gold], ranked)
    expected = computed(measures, gold, ranked)
    assert [reciprocal_rank(found), *(recall_at(k, found) for k in (1, 5, 10, 20))] == pytest.approx(
        [expected[m] for m in measures]
    )


@settings(deadline=None, max_examples=200)
@given(st.lists(releases, min_size=1, max_size=6, unique=True), found_something)
def test_groups_of_one_release_each_are_a_ranking_of_documents(gold: list[str], ranked: list[str]) -> None:
    """All of them found is a recall of 1, and nDCG is what it is over documents."""
    measures = [ir_measures.RR @ 20, ir_measures.nDCG @ 10, *(ir_measures.R @ k for k in (5, 20))]
    found = case([[release_id] for release_id in gold], ranked)
    expected = computed(measures, gold, ranked)
    assert reciprocal_rank(found) == pytest.approx(expected[measures[0]])
    assert ndcg(found) == pytest.approx(expected[measures[1]])
    assert [recall_at(k, found) for k in (5, 20)] == [float(expected[m] > 1 - 1e-9) for m in measures[2:]]


# --- by hand ---


@pytest.mark.parametrize(
    ("gold", "ranked", "ranks", "recall_at_2", "mrr", "gain"),
    [
        ([["ab1"]], ["ab1"], [1], 1, 1, 1),
        ([["ab1"]], ["ab2", "ab1"], [2], 1, 1 / 2, log(2)),
        ([["ab1"]], ["ab2", "ab3", "ab1"], [3], 0, 1 / 3, log(3)),
        ([["ab1"]], ["ab2"], [None], 0, 0, 0),
        ([["ab1", "ab2"]], ["ab2", "ab1"], [1], 1, 1, 1),
        ([["ab1"], ["ab2"]], ["ab2", "ab1"], [2, 1], 1, 1, 1),
        ([["ab1"], ["ab2"]], ["ab2", "ab3", "ab1"], [3, 1], 0, 1, (1 + log(3)) / (1 + log(2))),
        ([["ab1"], ["ab2"]], ["ab3", "ab2"], [None, 2], 0, 1 / 2, log(2) / (1 + log(2))),
        # an alternative of a group already found is no gain, and takes no rank
        ([["ab1", "ab2"], ["ab3"]], ["ab1", "ab2"], [1, None], 0, 1, 1 / (1 + log(2))),
        ([["ab1", "ab2"], ["ab3"]], ["ab1", "ab2", "ab3"], [1, 3], 0, 1, 1),
        ([["ab1", "ab2"], ["ab3"]], ["ab9", "ab2", "ab1", "ab3"], [2, 4], 0, 1 / 2, (log(2) + log(3)) / (1 + log(2))),
        ([["ab1", "ab2"], ["ab3", "ab4"], ["ab5"]], ["ab4", "ab3", "ab9", "ab1"], [4, 1, None], 0, 1,
         (1 + log(3)) / (1 + log(2) + log(3))),
    ],
)  # fmt: skip
def test_worked_examples(
    gold: list[list[str]], ranked: list[str], ranks: list[int | None], recall_at_2: float, mrr: float, gain: float
) -> None:
    found = case(gold, ranked)
    assert found.group_ranks == ranks
    assert recall_at(2, found) == recall_at_2
    assert reciprocal_rank(found) == pytest.approx(mrr)
    assert ndcg(found) == pytest.approx(gain)


@pytest.mark.parametrize(("rank", "mrr"), [(20, 1 / 20), (21, 0)])
def test_the_first_twenty_count_for_the_reciprocal_rank(rank: int, mrr: float) -> None:
    found = case([["gold"]], [*POOL[: rank - 1], "gold"])
    assert reciprocal_rank(found) == pytest.approx(mrr)
    assert recall_at(20, found) == float(rank <= 20)


@pytest.mark.parametrize(("rank", "gain"), [(10, log(10)), (11, 0)])
def test_the_first_ten_count_for_the_gain(rank: int, gain: float) -> None:
    assert ndcg(case([["gold"]], [*POOL[: rank - 1], "gold"])) == pytest.approx(gain)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_nothing_found_is_zero_and_no_gold_is_no_value(metric: Any) -> None:
    assert metric.of(case([["ab1"], ["ab2"]], [])) == 0
    assert metric.of(case([], ["ab1"])) is None
    assert metric.of(case([], [])) is None


def test_a_release_found_twice_or_in_capitals_is_found_once() -> None:
    found = case([["AB1"], ["ab2"]], ["ab9", "Ab9", "aB1", "ab1", "AB2"])
    assert found.answer.ranked == ["ab9", "ab1", "ab2"]
    assert found.group_ranks == [2, 3]
    assert ndcg(found) == pytest.approx((log(2) + log(3)) / (1 + log(2)))


@pytest.mark.parametrize("name", ["é", "日本", "a b", "a\x00b", "-", "0", "q", "x" * 5_000, "group"])
def test_a_release_may_have_any_name(name: str) -> None:
    found = case([[name], ["ab2"]], ["ab3", name])
    assert (reciprocal_rank(found), recall_at(5, found)) == (0.5, 0.0)
    assert ndcg(found) == pytest.approx(log(2) / (1 + log(2)))


def test_no_name_of_a_release_is_taken_for_a_gold_group() -> None:
    assert reciprocal_rank(case([["ab1"]], ["group 0"])) == 0


# --- properties ---


@given(groups(releases), rankings)
def test_recall_grows_with_depth_to_whether_all_groups_were_found(gold: list[list[str]], ranked: list[str]) -> None:
    found = case(gold, ranked)
    values = [recall_at(k, found) for k in range(1, 36)]
    assert values == sorted(values, key=lambda value: value or 0)
    assert values[-1] == float(all(set(group) & set(ranked) for group in gold))


@settings(deadline=None)
@given(groups(releases), rankings, st.randoms(use_true_random=False))
def test_the_order_of_groups_and_of_their_releases_tells_nothing(
    gold: list[list[str]], ranked: list[str], random: Any
) -> None:
    mixed = [random.sample(group, len(group)) for group in random.sample(gold, len(gold))]
    for metric in METRICS:
        assert metric.of(case(mixed, ranked)) == pytest.approx(metric.of(case(gold, ranked))), metric.name


@settings(deadline=None)
@given(groups(releases), rankings)
def test_gain_lies_between_none_and_that_of_the_groups_first(gold: list[list[str]], ranked: list[str]) -> None:
    value = ndcg(case(gold, ranked))
    assert value is not None
    assert 0 <= value <= 1 + 1e-9
    ideal = [group[0] for group in gold]
    assert ndcg(case(gold, [*ideal, *(i for i in ranked if i not in ideal)])) == pytest.approx(1)
