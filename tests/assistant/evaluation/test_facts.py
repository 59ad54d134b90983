"""Whether an answer states a fact, and that every shared figure is the one that the project's scorer gives."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.evaluation.facts import LONG_WORD_LIMIT, WORD_LIMIT, counted_words, fold, states
from assistant.evaluation.metrics.case import Case
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.scoring import score_question, score_run
from corpus.release import Release
from tests.assistant.evaluation.strategies import ANSWERABLE, RELEASE_IDS, groups
from tests.conftest import releases_in, write_release
from tests.shared import SHARED

SCORER = SHARED / "tools" / "score.py"
needs_scorer = pytest.mark.skipif(not SCORER.is_file(), reason=f"the project's scorer is not at {SCORER}")

#: Columns of the scorer that are metrics here under the same name.
SHARED_COLUMNS = "correct facts cited precision quotes recall@1 recall@5 recall@10 mrr".split()

BODY = (
    "**Lina Okafor** moved $4.2 million through the Société du Port under E.O. 13,999 in March 2011. The bank holds "
    "1.5% of the fund; its rate fell by 0.25 percent.\n\n## Next Steps\n\nTwo ships, the Osprey and the Bergen Star, "
    "are blocked. See [the notice](https://example.org/notice) for both."
)
PHRASES = ["Lina Okafor", "$4.2 million", "E.O. 13999", "march 2011", "SOCIETE du port", "1.5%", "**Osprey**", "ships"]

#: Text thick with what folding looks at.
THICK = st.text(st.sampled_from("aB1 .,$%*_`\\[](){}^é\u0301ﬁİßΣς½²٣\x00\n\t\u00a0\u2028—'"), max_size=60)


def question(kind: QuestionType = QuestionType.FACTOID, **fields: Any) -> EvaluationQuestion:
    return EvaluationQuestion.model_validate({"id": "w-1", "question": "Who?", "type": kind} | fields)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", "  "),
        ("  —  ", "  "),
        ("The Harbor Bank.", " the harbor bank "),
        ("SOCIÉTÉ générale", " societe generale "),
        ("**bold** _and_ `code`", " bold and code "),
        ("see [the notice](https://example.org/a)", " see the notice "),
        ("$1.5 million, or 2.75%.", " $1.5 million or 2.75% "),
        ("E.O. 13,810", " e o 13 810 "),
        ("the ﬁrst", " the first "),
        ("a\u00a0b\u2028c\x00d", " a b c d "),
    ],
)
def test_case_accents_marks_and_punctuation_are_folded_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("fact", "stated"),
    [
        (["13810"], True),
        (["no such form", "Choe Un Jong"], True),
        (["e.o. 13810"], True),
        (["Un Jon"], False),
        (["1381"], False),
        (["13810 in 2023"], False),
        ([], False),
    ],
)
def test_any_form_of_a_fact_will_do_as_whole_words(fact: list[str], stated: bool) -> None:
    assert states(fold("**Choe Un Jong** was designated under E.O. 13810."), fact) is stated


@pytest.mark.parametrize("kind", QuestionType)
def test_only_the_first_words_count_and_more_of_them_where_several_things_are_asked_for(kind: QuestionType) -> None:
    limit = LONG_WORD_LIMIT if kind in (QuestionType.LIST, QuestionType.MULTI_RELEASE) else WORD_LIMIT
    filler = " ".join(["word"] * (limit - 1))
    assert states(counted_words(f"{filler} Osprey", question(kind)), ["Osprey"])
    assert not states(counted_words(f"{filler} more Osprey", question(kind)), ["Osprey"])


def test_markers_are_no_words() -> None:
    filler = " ".join(["word [1] [2, 3] ^4"] * (WORD_LIMIT - 1))
    counted = counted_words(f"{filler} Osprey[12]", question())
    assert counted.split() == ["word"] * (WORD_LIMIT - 1) + ["osprey"]


@given(THICK | st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# --- the project's own scorer as an oracle ---


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("project_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    for number in (1, 2, 3):
        write_release(folder / f"2011-03-0{number}-ab{number}.md", f"The Harbor Fund, Part {number}", BODY)
    write_release(folder / "2012-03-01-ab4.md", "A Plain Title", "Nothing here is about ships alone: read on.")
    return folder


@pytest.fixture(scope="module")
def releases(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Release]:
    return releases_in(folder, tmp_path_factory.mktemp("catalog") / "catalog.sqlite")


@needs_scorer
@given(THICK | st.text())
def test_folding_is_that_of_the_scorer(scorer: ModuleType, text: str) -> None:
    assert fold(text) == scorer.fold(text)


any_case = st.builds(lambda text, upper: text.upper() if upper else text, RELEASE_IDS, st.booleans())
forms = st.sampled_from(PHRASES) | THICK
quotes = (
    st.builds(lambda start, length: BODY[start : start + length], st.integers(0, len(BODY)), st.integers(0, 80))
    | st.sampled_from([*PHRASES, "", " ", "The Harbor Fund, Part 2", "Part 2. Lina Okafor", "Lina Okafur"])
    | THICK
)
said = st.lists(st.sampled_from([*PHRASES, "[1]", "[1, 2]", "^3", "word", "word " * 60]) | THICK, max_size=12).map(
    " ".join
)


@st.composite
def questions_with_answers(draw: st.DrawFn) -> tuple[EvaluationQuestion, dict[str, Any] | None]:
    """A question as question sets have them, and an answer line, if there is one."""
    asked = draw(
        st.builds(
            question,
            st.sampled_from(ANSWERABLE),
            gold_releases=groups(),
            gold_facts=st.lists(st.lists(forms, min_size=1, max_size=3), min_size=1, max_size=3),
        )
        | st.just(question(QuestionType.UNANSWERABLE))
    )
    if draw(st.integers(0, 9)) == 0:
        return asked, None
    cited = draw(st.lists(st.fixed_dictionaries({"release_id": any_case, "quote": quotes}), max_size=4))
    return asked, {
        "id": asked.id,
        "answer": draw(said),
        "abstained": draw(st.booleans()),
        "citations": cited,
        "retrieved": [{"release_id": i, "score": 0.5} for i in draw(st.lists(any_case, max_size=30))],
    }


def assert_quotes_hold_words(answer: Mapping[str, Any] | None) -> None:
    """A quote without a word stands, for the scorer, in a release that there is not; nobody quotes so."""
    assume(all(fold(citation["quote"]).strip() for citation in (answer or {}).get("citations", [])))


@needs_scorer
@settings(deadline=None, max_examples=150)
@given(drawn=questions_with_answers())
def test_a_question_is_scored_as_the_scorer_scores_it(
    scorer: ModuleType, folder: Path, releases: Mapping[str, Release], drawn: tuple[EvaluationQuestion, dict[str, Any]]
) -> None:
    asked, answer = drawn
    assert_quotes_hold_words(answer)
    row = scorer.score_one(asked.model_dump(mode="json"), answer or {}, scorer.read_corpus(folder))
    record = AnswerRecord.model_validate(answer or {"id": asked.id, "error": "no answer"})
    values = score_question(Case(asked, record, releases)).values
    assert {name: values[name] for name in SHARED_COLUMNS} == pytest.approx(
        {name: row.get(name) for name in SHARED_COLUMNS}
    )


@needs_scorer
@settings(deadline=None, max_examples=20)
@given(drawn=st.lists(questions_with_answers(), min_size=1, max_size=6))
def test_a_run_is_summed_up_as_the_scorer_sums_it_up(
    scorer: ModuleType,
    folder: Path,
    releases: Mapping[str, Release],
    drawn: list[tuple[EvaluationQuestion, dict[str, Any] | None]],
) -> None:
    corpus, rows, asked, answers = scorer.read_corpus(folder), [], [], {}
    for number, (one, answer) in enumerate(drawn):
        assert_quotes_hold_words(answer)
        asked.append(one.model_copy(update={"id": f"w-{number}"}))
        rows.append(scorer.score_one(asked[-1].model_dump(mode="json"), answer or {}, corpus))
        if answer:
            answers[asked[-1].id] = AnswerRecord.model_validate(answer | {"id": asked[-1].id})
    expected = scorer.summary(rows)
    metrics = score_run(asked, answers, releases)
    for name in SHARED_COLUMNS:
        assert metrics.all.measures[name].value == pytest.approx(expected[name]), name
    assert metrics.abstention.false_abstention.value == pytest.approx(expected["false abstain"])


@needs_scorer
def test_the_oracle_can_tell_right_from_wrong(
    scorer: ModuleType, folder: Path, releases: Mapping[str, Release]
) -> None:
    asked = question(gold_releases=[["ab1", "ab9"], ["ab2"]], gold_facts=[["Lina Okafor"], ["$4.2 million"]])
    right = {
        "id": "w-1",
        "answer": "Lina Okafor moved $4.2 million [1][2].",
        "citations": [{"release_id": i, "quote": "Lina Okafor moved $4.2 million"} for i in ("AB1", "ab2")],
        "retrieved": [{"release_id": i} for i in ("ab7", "AB2", "ab2", "ab1")],
    }
    for answer, correct in ((right, 1.0), (right | {"abstained": True}, 0.0), (right | {"answer": "Lina."}, 0.0)):
        row = scorer.score_one(asked.model_dump(mode="json"), answer, scorer.read_corpus(folder))
        assert row["correct"] == correct
        values = score_question(Case(asked, AnswerRecord.model_validate(answer), releases)).values
        assert {name: values[name] for name in SHARED_COLUMNS} == {name: row[name] for name in SHARED_COLUMNS}


# --- nasty questions ---


def test_a_fact_without_a_form_is_missed_not_a_crash() -> None:
    asked = question(gold_releases=[["ab1"]], gold_facts=[[], ["Osprey"]])
    score = score_question(Case(asked, AnswerRecord(id="w-1", answer="The Osprey."), {}))
    assert score.values["facts"] == 0.5


@pytest.mark.parametrize(
    ("answer", "words"), [("In 2019 it paid 42 dollars. [1]", 6), ("It paid dollars. [1, 2]", 3), ("It paid.[1] ^2", 2)]
)
def test_the_length_of_an_answer_counts_numbers_and_no_markers(answer: str, words: int) -> None:
    score = score_question(Case(question(), AnswerRecord(id="w-1", answer=answer), {}))
    assert score.values["words"] == words


def test_a_failed_answer_is_measured_as_an_empty_one() -> None:
    asked = question(gold_releases=[["ab1"]], gold_facts=[["Osprey"]])
    failed = AnswerRecord(
        id="w-1",
        answer="The Osprey.",
        citations=[{"release_id": "ab1", "quote": "x"}],  # type: ignore[list-item]
        retrieved=[{"release_id": "ab1"}],  # type: ignore[list-item]
        error="out of memory",
    )
    empty = AnswerRecord(id="w-1", error="out of memory")
    assert score_question(Case(asked, failed, {})).values == score_question(Case(asked, empty, {})).values
