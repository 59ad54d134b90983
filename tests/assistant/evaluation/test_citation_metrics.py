"""Citations: quotes that stand and that do not, and how far they carry the sentences that cite them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations.citation import cite
from assistant.evaluation.metrics import citations
from assistant.evaluation.metrics.case import Case
from assistant.evaluation.metrics.retrieval import NOT_ANSWERABLE
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.scoring import score_run
from corpus.release import Release, Span
from tests.conftest import releases_in, write_release

FIRST = "Lina Okafor runs the Harbor network from Lagos."
SECOND = "She moved $4.2 million in March 2011."
THIRD = "Two ships, the Osprey and the Bergen Star, are blocked."


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Release]:
    """``ab1`` has two paragraphs; ``ab2`` says its first sentence, too."""
    folder = tmp_path_factory.mktemp("releases")
    body = f"**Lina Okafor**{FIRST[11:]} {SECOND}\n\n{THIRD}"
    write_release(folder / "2011-03-01-ab1.md", "The Harbor Network", body)
    write_release(folder / "2012-05-06-ab2.md", "A Year Later", f"{FIRST} Nothing has changed since.")
    return releases_in(folder, tmp_path_factory.mktemp("catalog") / "catalog.sqlite")


def quoting(release: Release, words: str, marker: int = 1, **altered: Any) -> dict[str, Any]:
    """The citation of these words of a release as an answer line holds it."""
    start = release.text.index(words)
    line = cite(release, Span(start, start + len(words)), marker).model_dump(mode="json")
    return {name: value for name, value in (line | altered).items() if value is not ...}


def case(
    releases: Mapping[str, Release],
    cited: Sequence[Mapping[str, Any]] = (),
    said: Sequence[tuple[str, list[int]]] = (),
    gold: Sequence[Sequence[str]] = (("ab1",),),
    **fields: Any,
) -> Case:
    asked: Any = {"id": "w-1", "question": "Who?", "type": "factoid", "gold_releases": gold}
    sentences = [{"text": text, "citations": markers} for text, markers in said]
    line: Any = {"id": "w-1", "citations": cited, "sentences": sentences, **fields}
    return Case(EvaluationQuestion.model_validate(asked), AnswerRecord.model_validate(line), releases)


def alce(found: Case) -> tuple[float | None, float | None]:
    return citations.supported_sentences(found), citations.needed_citations(found)


def trec(found: Case) -> tuple[float | None, float | None]:
    return citations.weighted_recall(found), citations.weighted_precision(found)


# --- quotes ---


@pytest.mark.parametrize(
    ("altered", "stands", "exact"),
    [
        ({}, True, True),
        ({"release_id": "AB1"}, True, True),
        ({"start": ..., "end": ...}, True, True),
        ({"start": None, "end": None}, True, True),
        ({"end": None}, True, True),
        ({"quote": FIRST.upper()}, True, False),
        ({"quote": "**Lina Okafor**, runs the Harbor network from Lagos"}, True, False),
        ({"quote": "The Harbor Network", "start": None, "end": None}, True, False),  # the title is no text
        ({"quote": FIRST[:-1]}, True, False),
        ({"quote": FIRST.replace("Okafor", "Okafur")}, False, False),
        ({"quote": FIRST.replace("Okafor", "Okafur"), "start": ..., "end": ...}, False, False),
        ({"quote": ""}, False, False),
        ({"quote": " \n"}, False, False),
        ({"quote": ..., "start": ..., "end": ...}, False, False),
        ({"start": 1}, True, False),
        ({"start": -1}, True, False),
        ({"end": 10**30}, True, False),
        ({"start": 10**30, "end": 10**30 + 1}, True, False),
        ({"start": 5, "end": 5}, True, False),
        ({"start": 9, "end": 5}, True, False),
        ({"release_id": "ab2"}, True, True),
        ({"release_id": "ab3"}, False, False),
        ({"release_id": ""}, False, False),
        ({"release_id": "ab1\x00"}, False, False),
    ],
)
def test_a_quote_stands_by_its_words_and_is_exact_by_its_characters(
    releases: Mapping[str, Release], altered: dict[str, Any], stands: bool, exact: bool
) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST, **altered)])
    assert citations.quotes(found) == float(stands)
    assert citations.exact(found) == float(exact)


def test_a_run_of_words_across_paragraphs_stands_but_carries_nothing(releases: Mapping[str, Release]) -> None:
    quote = f"{SECOND}\n\n{THIRD}"
    start = releases["ab1"].text.index(quote)
    line = {"marker": 1, "release_id": "ab1", "quote": quote, "start": start, "end": start + len(quote)}
    found = case(releases, [line], [(quote, [1])])
    assert (citations.quotes(found), citations.exact(found)) == (1.0, 1.0)
    assert alce(found) == trec(found) == (0.0, 0.0), "a citation lies inside one paragraph"


def test_shares_are_over_the_citations(releases: Mapping[str, Release]) -> None:
    ab1 = releases["ab1"]
    lines = [quoting(ab1, FIRST, 1), quoting(ab1, SECOND, 2, quote=SECOND.upper()), quoting(ab1, THIRD, 3, quote="no")]
    found = case(releases, [*lines, {"release_id": "ab9", "marker": 4}])
    assert citations.quotes(found) == 2 / 4
    assert citations.exact(found) == 1 / 4
    assert citations.precision(found) == 3 / 4


@given(start=st.integers(-3, 120), length=st.integers(-1, 130))
def test_whatever_is_cut_out_of_a_release_is_exact_where_it_was_cut(
    releases: Mapping[str, Release], start: int, length: int
) -> None:
    text = releases["ab1"].text
    line = {"release_id": "ab1", "start": start, "end": start + length, "quote": text[max(start, 0) : start + length]}
    inside = start >= 0 and length > 0 and start + length <= len(text)
    assert citations.exact(case(releases, [line])) == float(inside)


# --- gold ---


@pytest.mark.parametrize(
    ("gold", "cited_ids", "cited", "recall", "precision"),
    [
        ([["ab1"]], ["ab1"], 1, 1, 1),
        ([["ab1"]], ["AB1"], 1, 1, 1),
        ([["AB1"]], ["ab1"], 1, 1, 1),
        ([["ab1"]], ["ab2"], 0, 0, 0),
        ([["ab1"]], ["ab1", "ab2", "ab2"], 1, 1, 1 / 3),
        ([["ab1", "ab2"]], ["ab2"], 1, 1, 1),
        ([["ab1"], ["ab2"]], ["ab2", "ab2"], 0, 1 / 2, 1),
        ([["ab1"], ["ab2"]], ["ab2", "ab1", "ab3"], 1, 1, 2 / 3),
        ([["ab1"], ["ab2"]], [], 0, 0, None),
        ([], ["ab1"], None, None, None),
        ([], [], None, None, None),
    ],
)
def test_what_is_cited_of_the_gold(
    releases: Mapping[str, Release],
    gold: list[list[str]],
    cited_ids: list[str],
    cited: float | None,
    recall: float | None,
    precision: float | None,
) -> None:
    found = case(releases, [{"release_id": i, "quote": FIRST} for i in cited_ids], gold=gold)
    assert citations.cited(found) == cited
    assert citations.recall(found) == recall
    assert citations.precision(found) == precision


# --- sentences ---


def test_a_sentence_in_the_words_of_what_it_cites_is_supported(releases: Mapping[str, Release]) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [(FIRST, [1])])
    assert alce(found) == trec(found) == (1.0, 1.0)


def test_an_unneeded_second_citation_costs_precision_and_no_recall(releases: Mapping[str, Release]) -> None:
    lines = [quoting(releases["ab1"], FIRST, 1), quoting(releases["ab1"], THIRD, 2)]
    found = case(releases, lines, [(FIRST, [1, 2])])
    assert alce(found) == trec(found) == (1.0, 1 / 2)


def test_two_citations_that_each_carry_the_sentence_are_both_of_use(releases: Mapping[str, Release]) -> None:
    lines = [quoting(releases["ab1"], FIRST, 1), quoting(releases["ab2"], FIRST, 2)]
    found = case(releases, lines, [(FIRST, [1, 2])])
    assert alce(found) == trec(found) == (1.0, 1.0)


def test_a_sentence_that_cites_nothing_is_not_supported(releases: Mapping[str, Release]) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [(FIRST, [1]), (SECOND, [])])
    assert alce(found) == trec(found) == (1 / 2, 1.0)


@pytest.mark.parametrize("markers", [[9], [0], [-1], [10**30]])
def test_a_marker_without_a_citation_supports_nothing(releases: Mapping[str, Release], markers: list[int]) -> None:
    line = quoting(releases["ab1"], FIRST)
    assert alce(case(releases, [line], [(FIRST, markers)])) == (0.0, 0.0)
    beside = case(releases, [line], [(FIRST, [1, *markers])])
    assert alce(beside) == trec(beside) == (1.0, 1 / 2)


@pytest.mark.parametrize(
    "altered",
    [
        {"quote": FIRST.replace("Lagos", "Accra")},
        {"quote": ""},
        {"start": 1},
        {"start": -5},
        {"end": 10_000},
        {"release_id": "ab9"},
        {"quote": FIRST.lower(), "start": None, "end": None},
    ],
)
def test_a_citation_that_does_not_hold_supports_nothing(
    releases: Mapping[str, Release], altered: dict[str, Any]
) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST, **altered)], [(FIRST, [1])])
    assert alce(found) == trec(found) == (0.0, 0.0)


def test_a_quote_without_positions_is_looked_for(releases: Mapping[str, Release]) -> None:
    found = case(releases, [{"marker": 1, "release_id": "ab1", "quote": SECOND}], [(SECOND, [1])])
    assert alce(found) == trec(found) == (1.0, 1.0)


def test_a_misquote_spoils_the_sentence_and_not_the_citation_beside_it(releases: Mapping[str, Release]) -> None:
    lines = [quoting(releases["ab1"], FIRST, 1), quoting(releases["ab1"], SECOND, 2, quote="She moved $5 million.")]
    found = case(releases, lines, [(FIRST, [1, 2])])
    assert alce(found) == (0.0, 0.0)
    assert trec(found) == (0.0, 1 / 2), "alone, the first carries it"


@pytest.mark.parametrize(
    "said", [FIRST[:-1], f"{FIRST} [1]", FIRST.lower(), "The Harbor network is run by Lina Okafor."]
)
def test_what_the_cited_words_carry_is_supported(releases: Mapping[str, Release], said: str) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [(said, [1])])
    assert alce(found) == trec(found) == (1.0, 1.0)


@pytest.mark.parametrize("said", [f"{FIRST} {SECOND}", "She runs it.", FIRST.replace("Lagos", "Lagos and Accra")])
def test_what_they_carry_in_part_has_half_the_weight(releases: Mapping[str, Release], said: str) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [(said, [1])])
    assert (alce(found), trec(found)) == ((0.0, 0.0), (0.5, 0.5))


@pytest.mark.parametrize("said", ["", "...", FIRST.replace("runs", "does not run"), SECOND, "Made up."])
def test_what_they_do_not_carry_is_not_supported(releases: Mapping[str, Release], said: str) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [(said, [1])])
    assert alce(found) == trec(found) == (0.0, 0.0)


def test_shares_are_over_sentences_and_over_what_they_cite(releases: Mapping[str, Release]) -> None:
    ab1 = releases["ab1"]
    lines = [quoting(ab1, FIRST, 1), quoting(ab1, SECOND, 2), quoting(ab1, THIRD, 3)]
    said: list[tuple[str, list[int]]] = [(FIRST, [1, 2]), (SECOND, [2]), ("Made up.", [3]), ("Bare.", [])]
    found = case(releases, lines, said)
    assert alce(found) == trec(found) == (2 / 4, 2 / 4)


# --- without a value ---


def test_what_is_said_while_abstaining_claims_nothing(releases: Mapping[str, Release]) -> None:
    said: list[tuple[str, list[int]]] = [(FIRST, [1])]
    answers = {
        "w-1": case(releases, [quoting(releases["ab1"], FIRST)], said).answer,
        "w-2": case(releases, [], [("Not in the corpus.", [])], abstained=True).answer,
    }
    asked = [case(releases).question.model_copy(update={"id": name}) for name in answers]
    measures = score_run(asked, answers, releases).all.measures
    for name in ("citation_recall", "citation_precision", "weighted_recall", "weighted_precision"):
        assert (measures[name].value, measures[name].n) == (1.0, 1), name


def test_a_figure_that_no_answer_has_says_why(releases: Mapping[str, Release]) -> None:
    silent = case(releases, gold=[], abstained=True)
    measures = score_run([silent.question], {"w-1": silent.answer}, releases).all.measures
    reasons = {metric.name: measures[metric.name].why for metric in citations.METRICS}
    assert reasons == {
        "cited": NOT_ANSWERABLE,
        "precision": citations.NO_CITATION,
        "recall": NOT_ANSWERABLE,
        "quotes": citations.NO_CITATION,
        "exact": citations.NO_CITATION,
        "citation_recall": citations.NO_SENTENCE,
        "citation_precision": citations.NO_CITATION,
        "weighted_recall": citations.NO_SENTENCE,
        "weighted_precision": citations.NO_CITATION,
    }
    assert all(measures[metric.name].value is None for metric in citations.METRICS)


def test_a_citation_beside_no_sentence_is_not_judged_for_support(releases: Mapping[str, Release]) -> None:
    found = case(releases, [quoting(releases["ab1"], FIRST)], [])
    assert alce(found) == trec(found) == (None, None)
