"""Gates: bounds that a run is held to, and what counts as worse."""

from pathlib import Path

import pytest

from assistant.evaluation.comparing import Comparison, Difference, compare
from assistant.evaluation.gating import Bound, broken_bounds, parse_bound, regressions
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.run_folder import SystemRun
from assistant.settings import Settings
from corpus.errors import EvaluationError
from tests.assistant.evaluation.conftest import abstained, asked, evaluate, right, wrong


@pytest.fixture(scope="module")
def run(starter_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> SystemRun:
    """Three of four right, one of them abstained from though it has an answer."""
    questions = [asked("a-1"), asked("a-2", "date"), asked("a-3", "date"), asked("a-4", "unanswerable")]
    answers = [right("a-1"), right("a-2"), abstained("a-3"), abstained("a-4")]
    return evaluate(tmp_path_factory.mktemp("gated"), questions, answers, starter_settings)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("correct=0.60", Bound("correct", "", 0.6)),
        (" correct=1 ", Bound("correct", "", 1)),
        ("recall@5[followup]=.83", Bound("recall@5", "followup", 0.83)),
        ("correct[multi_release]=0", Bound("correct", "multi_release", 0)),
        ("ndcg@10=0.5", Bound("ndcg@10", "", 0.5)),
        ("false_abstention=0.06", Bound("false_abstention", "", 0.06)),
        ("abstention_f1=0.5", Bound("abstention_f1", "", 0.5)),
        ("words=120", Bound("words", "", 120)),
    ],
)
def test_a_bound_is_a_metric_perhaps_a_type_and_a_number(text: str, bound: Bound) -> None:
    assert parse_bound(text) == bound


@pytest.mark.parametrize("metric", [metric.name for metric in METRICS])
def test_every_metric_can_be_bounded(run: SystemRun, metric: str) -> None:
    found = run.metrics.all.measures[metric].value
    assert found is not None
    assert broken_bounds(run.metrics, [f"{metric}={found}"], [f"{metric}={found}"]) == []
    assert broken_bounds(run.metrics, over=[f"{metric}=0"]) == [f"{metric} is {found:.3f}, over 0"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "correct",
        "correct=",
        "correct=high",
        "correct=0,6",
        "correct=60%",
        "correct=-1",
        "correct=nan",
        "correct=inf",
        "correct==0.6",
        "correct<0.6",
        "correct[]=0.6",
        "correct[date=0.6",
        "right=0.6",
        "recall@7=0.6",
        "Correct=0.6",
    ],
)
def test_what_is_no_bound_is_told_with_the_metrics_that_there_are(text: str) -> None:
    with pytest.raises(EvaluationError, match=r"is no bound such as correct=0.60; the metrics: correct, facts, .*mrr"):
        parse_bound(text)


@pytest.mark.parametrize("text", ["correct=0.6.0", "correct=."])
def test_dots_are_no_number(text: str) -> None:
    with pytest.raises(EvaluationError, match="is no bound"):
        parse_bound(text)


def test_a_type_that_there_is_none_of_is_no_bound() -> None:
    with pytest.raises(EvaluationError, match="riddle"):
        parse_bound("correct[riddle]=0.5")


@pytest.mark.parametrize(
    ("under", "over", "told"),
    [
        (["correct=0.75"], [], []),
        (["correct=0.751"], [], ["correct is 0.750, under 0.751"]),
        (["correct[date]=0.6"], [], ["correct[date] is 0.500, under 0.6"]),
        (["correct[unanswerable]=1"], [], []),
        ([], ["false_abstention=0.34"], []),
        ([], ["false_abstention=0.3"], ["false_abstention is 0.333, over 0.3"]),
        (["abstention_f1=0.7"], [], ["abstention_f1 is 0.667, under 0.7"]),
        (["quotes[unanswerable]=0.1"], [], ["quotes[unanswerable] is n/a (nothing was cited)"]),
        (["correct[list]=0.1"], [], ["correct[list] is n/a (no question of the type list)"]),
        ([], ["recall@5[list]=0.9"], ["recall@5[list] is n/a (no question of the type list)"]),
        (["correct=0.9", "quotes=1"], ["words=3"], ["correct is 0.750, under 0.9", "words is 10.000, over 3"]),
    ],
)
def test_what_lies_beyond_its_bound_is_told(run: SystemRun, under: list[str], over: list[str], told: list[str]) -> None:
    assert broken_bounds(run.metrics, under, over) == told


@pytest.mark.parametrize("bound", ["false_abstention[factoid]=0.1", "abstention_f1[factoid]=0.1"])
def test_a_bound_of_one_type_is_held_by_that_type_or_refused(run: SystemRun, bound: str) -> None:
    try:
        broken = broken_bounds(run.metrics, over=[bound])
    except EvaluationError:
        return  # to refuse it is right, too
    assert not broken or "n/a" in broken[0]  # no factoid was abstained from


def test_correct_may_not_fall_at_all_and_anything_else_not_beyond_chance(
    run: SystemRun, starter_settings: Settings, tmp_path: Path
) -> None:
    questions = [asked("a-1"), asked("a-2", "date"), asked("a-3", "date"), asked("a-4", "unanswerable")]
    answers = [wrong("a-1"), right("a-2"), abstained("a-3"), abstained("a-4")]
    worse = evaluate(tmp_path, questions, answers, starter_settings)
    (told,) = regressions(compare(run, worse))  # "facts" fell as well, by one question: by chance
    assert told == "correct fell by 0.250 to 0.500 (p = 1.000)"
    assert regressions(compare(worse, run)) == []
    assert regressions(compare(run, run)) == []


@pytest.mark.parametrize(
    ("metric", "difference", "p", "fails"),
    [
        ("correct", -0.001, 1.0, True),
        ("correct", 0.0, 1.0, False),
        ("facts", -0.1, 0.049, True),
        ("facts", -0.1, 0.051, False),
        ("facts", 0.1, 0.001, False),
        ("words", 30.0, 0.001, False),  # says more, which is not worse in itself
        ("words", -30.0, 0.001, False),
    ],
)
def test_what_counts_as_a_regression(metric: str, difference: float, p: float, fails: bool) -> None:
    found = Difference(
        metric=metric, n=9, before=0.5, after=0.5 + difference, difference=difference, low=-1, high=1, p=p,
        lower_is_better=metric == "words",
    )  # fmt: skip
    empty = Comparison(a="a", b="b", questions=9, all=[found], by_type={}, flips=[], only_before=[], only_after=[])
    assert [text.split()[0] for text in regressions(empty)] == ([metric] if fails else [])


def test_a_real_loss_is_told_for_each_quality_that_it_touches(starter_run: Path) -> None:
    found = compare(SystemRun(starter_run / "assistant", "assistant"), SystemRun(starter_run / "bm25", "bm25"))
    fell = {text.split()[0] for text in regressions(found)}
    assert {"precision", "mrr"} <= fell
    assert "words" not in fell
