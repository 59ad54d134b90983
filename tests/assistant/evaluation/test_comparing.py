"""Two runs compared: what changed, whether by chance, and which questions flipped."""

import itertools
import shutil
from pathlib import Path

import pytest

from assistant.evaluation.comparing import Comparison, compare
from assistant.evaluation.run_folder import SystemRun, single_run, system_runs
from assistant.settings import Settings
from corpus.errors import EvaluationError
from tests.assistant.evaluation.conftest import abstained, asked, evaluate, right, wrong

KINDS = ["factoid"] * 5 + ["date"] * 3 + ["unanswerable"] * 2
QUESTIONS = [asked(f"a-{n}", kind) for n, kind in enumerate(KINDS)]
#: What A and B make of each question: right, wrong, abstained, or nothing.
BEFORE, AFTER = "wwwarrrw?a", "rrrrrw-raw"
MAKE = {"r": right, "w": wrong, "a": abstained, "?": right}


def answers(letters: str) -> list[dict[str, object]]:
    return [MAKE[letter](f"a-{n}") for n, letter in enumerate(letters) if letter != "-"]


@pytest.fixture(scope="module")
def runs(starter_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[SystemRun, SystemRun]:
    folder = tmp_path_factory.mktemp("compared")
    a = evaluate(folder / "a", QUESTIONS, answers(BEFORE), starter_settings, name="before")
    return a, evaluate(folder / "b", QUESTIONS, answers(AFTER), starter_settings, name="after")


@pytest.fixture(scope="module")
def comparison(runs: tuple[SystemRun, SystemRun]) -> Comparison:
    return compare(*runs)


def correct(letters: str) -> list[float]:
    return [float((letter == "a") if KINDS[n] == "unanswerable" else letter == "r") for n, letter in enumerate(letters)]


def test_the_difference_of_every_metric_is_that_of_the_two_runs(
    comparison: Comparison, runs: tuple[SystemRun, SystemRun]
) -> None:
    a, b = runs
    assert (comparison.a, comparison.b, comparison.questions) == ("before", "after", 10)
    found = {difference.metric: difference for difference in comparison.all}
    assert found["correct"].before == sum(correct(BEFORE)) / 10 == a.metrics.all.measures["correct"].value
    assert found["correct"].after == sum(correct(AFTER)) / 10 == b.metrics.all.measures["correct"].value
    for name, d in found.items():
        pairs = [
            (x.values[name], y.values[name])
            for x, y in zip(a.metrics.questions, b.metrics.questions, strict=True)
            if x.values[name] is not None and y.values[name] is not None
        ]
        assert d.n == len(pairs)
        assert d.before == pytest.approx(sum(x or 0 for x, _ in pairs) / len(pairs))
        assert d.difference == pytest.approx(d.after - d.before)
        assert d.low <= d.difference <= d.high
        assert 0 < d.p <= 1
    assert found["words"].n < 10  # what was not answered has no length


def test_p_is_the_share_of_all_swaps_that_differ_as_much(comparison: Comparison) -> None:
    differences = [y - x for x, y in zip(correct(BEFORE), correct(AFTER), strict=True)]
    seen = abs(sum(differences))
    swaps = list(itertools.product((1, -1), repeat=len(differences)))
    as_great = sum(abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= seen for signs in swaps)
    assert comparison.all[0].metric == "correct"
    assert comparison.all[0].p == pytest.approx(as_great / len(swaps))
    assert not comparison.all[0].significant


def test_flips_go_both_ways_with_answers_and_why(comparison: Comparison) -> None:
    better = {flip.id: flip for flip in comparison.flips if flip.better}
    worse = {flip.id: flip for flip in comparison.flips if not flip.better}
    changed = [
        (f"a-{n}", y - x) for n, (x, y) in enumerate(zip(correct(BEFORE), correct(AFTER), strict=True)) if x != y
    ]
    assert list(better) == [i for i, change in changed if change > 0]
    assert list(worse) == [i for i, change in changed if change < 0]
    assert comparison.flips == [*worse.values(), *better.values()]
    assert better["a-0"].why == ["does not say “wife of Choe Chol Min”"]  # what A lacked
    assert (better["a-0"].before, better["a-0"].after) == (wrong("")["answer"], right("")["answer"])
    assert better["a-3"].why[0] == "abstained, though the corpus holds the answer"
    assert worse["a-5"].why == ["does not say “wife of Choe Chol Min”"]  # what B lacks
    assert worse["a-6"].after == "(no answer: EvaluationError: after.jsonl holds no answer to a-6)"
    assert worse["a-9"].why == ["answered, though the corpus holds no answer"]
    assert {flip.question for flip in comparison.flips} <= {str(question["question"]) for question in QUESTIONS}


def test_by_type_each_type_is_compared_alone(comparison: Comparison) -> None:
    assert list(comparison.by_type) == ["factoid", "date", "unanswerable"]
    for kind, d in comparison.by_type.items():
        of_kind = [n for n, other in enumerate(KINDS) if other == kind]
        assert d.metric == "correct"
        assert d.n == len(of_kind)
        assert d.before == pytest.approx(sum(correct(BEFORE)[n] for n in of_kind) / len(of_kind))
        assert d.after == pytest.approx(sum(correct(AFTER)[n] for n in of_kind) / len(of_kind))


def test_the_other_way_round_every_difference_has_the_other_sign(
    comparison: Comparison, runs: tuple[SystemRun, SystemRun]
) -> None:
    back = compare(runs[1], runs[0])
    for there, again in zip(comparison.all, back.all, strict=True):
        assert again.difference == -there.difference
        assert again.p == pytest.approx(there.p)
        assert again.worse is not there.worse or there.difference == 0
    assert {flip.id for flip in back.flips if flip.better} == {f.id for f in comparison.flips if not f.better}


def test_a_run_does_not_differ_from_itself(starter_run: Path) -> None:
    run = SystemRun(starter_run / "assistant", "assistant")
    found = compare(run, run)
    assert found.flips == found.only_before == found.only_after == []
    assert all((d.difference, d.low, d.high, d.p, d.worse) == (0, 0, 0, 1, False) for d in found.all)


def test_two_real_systems_differ_beyond_chance_in_one_thing_at_least(starter_run: Path) -> None:
    found = compare(SystemRun(starter_run / "bm25", "bm25"), SystemRun(starter_run / "assistant", "assistant"))
    by_name = {difference.metric: difference for difference in found.all}
    assert by_name["precision"].significant
    assert not by_name["precision"].worse
    assert by_name["words"].significant
    assert not by_name["words"].worse  # fewer


def test_only_questions_of_both_runs_are_compared(
    runs: tuple[SystemRun, SystemRun], starter_settings: Settings, tmp_path: Path
) -> None:
    rows = [QUESTIONS[0], QUESTIONS[4], asked("b-1")]
    other = evaluate(tmp_path, rows, [right("a-0"), wrong("a-4"), right("b-1")], starter_settings)
    found = compare(runs[0], other)
    assert found.questions == 2
    assert found.only_before == [f"a-{n}" for n in range(10) if n not in (0, 4)]
    assert found.only_after == ["b-1"]
    assert found.all[0].n == 2
    assert [(flip.id, flip.better) for flip in found.flips] == [("a-4", False), ("a-0", True)]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (asked("b-1"), "have no question in common"),
        (asked("a-0", text="Asked in other words?"), "the question a-0 or its gold differs between"),
        (asked("a-0", gold_facts=[["sister"]]), "the question a-0 or its gold differs between"),
    ],
)
def test_runs_that_cannot_be_compared_are_told(
    runs: tuple[SystemRun, SystemRun],
    starter_settings: Settings,
    tmp_path: Path,
    question: dict[str, object],
    told: str,
) -> None:
    other = evaluate(tmp_path, [question], [], starter_settings)
    with pytest.raises(EvaluationError, match=told):
        compare(runs[0], other)


def test_a_note_is_no_difference(runs: tuple[SystemRun, SystemRun], starter_settings: Settings, tmp_path: Path) -> None:
    other = evaluate(tmp_path, [asked("a-0", note="looked at again")], [right("a-0")], starter_settings)
    assert compare(runs[0], other).questions == 1


def test_one_system_of_a_run_with_several_has_to_be_named(starter_run: Path) -> None:
    with pytest.raises(EvaluationError, match=r"holds several systems; say which: .*/assistant, .*/bm25"):
        single_run(starter_run)
    assert single_run(starter_run / "bm25").label == "bm25"


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"the run .* is none"):
        system_runs(tmp_path)


@pytest.mark.parametrize("name", ["metrics.json", "system.json"])
def test_a_damaged_file_of_a_run_is_told(runs: tuple[SystemRun, SystemRun], tmp_path: Path, name: str) -> None:
    shutil.copytree(runs[0].folder.parent, tmp_path / "run")
    file = tmp_path / "run" / "before" / name
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(EvaluationError, match=f"{name} is missing or damaged; run the evaluation again"):
        compare(SystemRun(file.parent, "before"), runs[1]) if name == "metrics.json" else system_runs(tmp_path / "run")
