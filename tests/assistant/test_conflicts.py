"""Two releases that say the same with different values: found, both shown, the newest first; and nothing in doubt."""

import datetime
import re
from pathlib import Path

import pytest

from assistant.answers.conflicts import Conflict, ValueKind, find_conflict, with_conflict
from assistant.answers.evidence import Candidate, Evidence, gather
from assistant.answers.extractive import compose
from assistant.answers.sentence_features import FEATURE_NAMES, SentenceFeatures
from assistant.answers.several import releases_to_quote
from assistant.engine import Assistant
from assistant.periods import periods
from assistant.question import parse_question
from assistant.retrieval import retrieve
from assistant.settings import Settings
from corpus.release import DateConfidence, DateSource, Release, ReleaseKind, Span
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Home
from tests.conftest import write_release

OLD, NEW = datetime.date(2023, 1, 30), datetime.date(2023, 5, 1)
HOW_MUCH = "How much does the department expect to borrow from the public?"
HOW_MANY = "How many vessels does the Quillon network own?"
WHICH_ORDER = "Under which executive order was Lina Okafor designated?"
WHEN = "When was Lina Okafor arrested in Lagos?"


def candidate(
    text: str,
    release_id: str,
    date: datetime.date | None = OLD,
    probability: float = 0.5,
    question: str = "",
    other_ids: tuple[str, ...] = (),
    confidence: DateConfidence = DateConfidence.HIGH,
) -> Candidate:
    """A sentence that is the whole of its release, and holds those words of the question that stand in it."""
    release = Release(
        release_id=release_id,
        title="",
        date=date,
        date_source=DateSource.FRONT_MATTER,
        section="",
        url="",
        kind=ReleaseKind.RELEASE,
        text=text,
        paragraphs=(),
        path="",
        date_confidence=confidence,
        other_ids=other_ids,
    )
    found = words(question) & words(text)
    features = SentenceFeatures(*[0.0] * len(FEATURE_NAMES))
    return Candidate(release, Span(0, len(text)), None, found, found, features, (0.5,), probability)


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{4,}", text.lower()))


def evidence(question: str, *candidates: Candidate) -> Evidence:
    terms = dict.fromkeys(words(question), 1.0)
    return Evidence(parse_question(question), terms, frozenset(), [], list(candidates), 0.0, [])


def conflict_of(question: str, *candidates: Candidate, named: tuple[str, ...] = ()) -> Conflict | None:
    """What is found where the first candidate alone is the answer."""
    chosen = [(candidates[0].release, candidates[0].span)]
    asked = periods(question, datetime.date(2026, 1, 1))
    return find_conflict(evidence(question, *candidates), chosen, asked, named)


def conflict_between(question: str, one: str, other: str) -> Conflict | None:
    sides = candidate(one, "ab1", OLD, question=question), candidate(other, "ab2", NEW, question=question)
    return conflict_of(question, *sides)


BORROWS = "The department expects to borrow {} from the public in the quarter, less than it announced in the autumn."
OWNS = "The department counted {} vessels that the Quillon network owns and insures through companies in Lagos."
DESIGNATED = "Lina Okafor was designated pursuant to {} for owning or controlling the shipping company Harbor Lines."
ARRESTED = "Lina Okafor, the owner of Harbor Lines, was arrested in Lagos on {} by officers of the customs service."


@pytest.mark.parametrize(
    ("question", "sentence", "one", "other", "kind", "values"),
    [
        (HOW_MUCH, BORROWS, "$733 billion", "$776 billion", ValueKind.MONEY, ("$776 billion", "$733 billion")),
        (HOW_MUCH, BORROWS, "$1.2 billion", "$1.3 billion", ValueKind.MONEY, ("$1.3 billion", "$1.2 billion")),
        (HOW_MUCH, BORROWS, "40 percent", "45%", ValueKind.PERCENT, ("45%", "40 percent")),
        (HOW_MANY, OWNS, "nine", "12", ValueKind.COUNT, ("12 vessels", "nine vessels")),
        (HOW_MANY, OWNS, "20", "21", ValueKind.COUNT, ("21 vessels", "20 vessels")),
        (HOW_MANY, OWNS, "more than 20", "12", ValueKind.COUNT, ("12 vessels", "20 vessels")),
        (HOW_MANY, OWNS, "nine oil", "12 oil", ValueKind.COUNT, ("12 oil vessels", "nine oil vessels")),
        (WHICH_ORDER, DESIGNATED, "E.O. 13382", "E.O. 13224", ValueKind.AUTHORITY, ("E.O. 13224", "E.O. 13382")),
        (WHEN, ARRESTED, "May 4, 2019", "May 5, 2019", ValueKind.DATE, ("May 5, 2019", "May 4, 2019")),
    ],
)
def test_the_same_with_another_value_is_a_conflict(
    question: str, sentence: str, one: str, other: str, kind: ValueKind, values: tuple[str, str]
) -> None:
    conflict = conflict_between(question, sentence.format(one), sentence.format(other))
    assert conflict
    assert conflict.kind is kind
    assert tuple(" and ".join(told.values) for told in conflict.told) == values
    assert [told.quote for told in conflict.told] == [sentence.format(other), sentence.format(one)]


@pytest.mark.parametrize(
    ("question", "sentence", "one", "other"),
    [
        (HOW_MUCH, BORROWS, "about $1.2 billion", "$1.21 billion"),
        (HOW_MUCH, BORROWS, "$1.2 billion", "$1.21 billion"),  # rounded without a word
        (HOW_MUCH, BORROWS, "$1.5 billion", "1,500 million dollars"),
        (HOW_MUCH, BORROWS, "40 percent", "40%"),
        (HOW_MUCH, BORROWS, "$40 billion", "40 percent"),  # two kinds of value
        (HOW_MANY, OWNS, "nine", "9"),
        (HOW_MANY, OWNS, "more than 20", "24"),  # both are so
        (HOW_MANY, OWNS, "up to 20", "12"),
        (WHICH_ORDER, DESIGNATED, "E.O. 13382", "Executive Order 13382"),
        (WHICH_ORDER, DESIGNATED, "section 1(a) of E.O. 13382", "E.O. 13382, as amended,"),
        (WHEN, ARRESTED, "May 4, 2019", "4 May 2019"),
        (WHEN, ARRESTED, "May 4, 2019", "May 4"),
        (WHEN, ARRESTED, "May 4, 2019", "May 2019"),
    ],
)
def test_one_value_written_otherwise_or_less_exactly_is_none(
    question: str, sentence: str, one: str, other: str
) -> None:
    assert conflict_between(question, sentence.format(one), sentence.format(other)) is None
    assert conflict_between(question, sentence.format(other), sentence.format(one)) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(OWNS.replace("Quillon", "Harbor").format("12"), id="another party"),
        pytest.param(OWNS.replace("Lagos", "Accra").format("12"), id="another place"),
        pytest.param(OWNS.replace("vessels", "aircraft").format("12"), id="another thing counted"),
        pytest.param("The department sanctioned 12 vessels of the Quillon network for forging papers.", id="words"),
        pytest.param(OWNS.replace("owns", "no longer owns").format("12"), id="a denial"),
        pytest.param("It owns 12 vessels.", id="a phrase"),
    ],
)
def test_what_says_something_else_is_none(other: str) -> None:
    assert conflict_between(HOW_MANY, OWNS.format("nine"), other) is None


def test_opposites_are_none() -> None:
    question, sentence = (
        "By how much did holdings of bills change?",
        "Residents abroad {} their holdings of bills by {}.",
    )
    bought, sold = sentence.format("increased", "$19 billion"), sentence.format("decreased", "$16 billion")
    assert conflict_between(question, bought, sold) is None
    assert conflict_between(question, bought, sentence.format("increased", "$16 billion"))


def test_what_is_not_asked_for_is_none() -> None:
    question = "Who insures the vessels of the Quillon network?"
    assert conflict_between(question, OWNS.format("nine"), OWNS.format("12")) is None


def test_one_release_and_one_document_under_two_ids_do_not_conflict() -> None:
    nine, twelve = OWNS.format("nine"), OWNS.format("12")
    assert conflict_of(HOW_MANY, candidate(nine, "ab1"), candidate(twelve, "ab1")) is None
    assert conflict_of(HOW_MANY, candidate(nine, "ab1"), candidate(twelve, "ab2", NEW, other_ids=("ab1",))) is None


def test_a_sentence_that_hardly_answers_does_not_conflict() -> None:
    nine, twelve = candidate(OWNS.format("nine"), "ab1"), candidate(OWNS.format("12"), "ab2", NEW, probability=0.01)
    assert conflict_of(HOW_MANY, nine, twelve) is None


def test_a_sentence_that_lacks_what_is_asked_for_does_not_conflict() -> None:
    question = "How many vessels does the Quillon network insure in the autumn?"
    nine = candidate(OWNS.format("nine").replace("through", "in autumn through"), "ab1", question=question)
    twelve = candidate(OWNS.format("12"), "ab2", NEW, question=question)
    assert conflict_of(question, nine, twelve) is None


@pytest.mark.parametrize(
    ("when", "conflicts"),
    [
        ("", True),
        ("in 2023", True),  # both releases are of that year
        ("in May 2023", False),
        ("in January 2023", False),
        ("in 2009", False),  # neither is of that time
    ],
)
def test_a_time_that_not_both_releases_are_of_tells_which(when: str, conflicts: bool) -> None:
    question = f"How much does the department expect to borrow from the public {when}?"
    old, new = (
        candidate(BORROWS.format("$733 billion"), "ab1", OLD),
        candidate(BORROWS.format("$776 billion"), "ab2", NEW),
    )
    assert bool(conflict_of(question, old, new)) is conflicts


def test_a_time_that_only_one_sentence_speaks_of_tells_which() -> None:
    question = "How much does the department expect to borrow from the public in June 2023?"
    sentence = "The department expects to borrow {} from the public by the end of {}, less than it announced."
    of_march = candidate(sentence.format("$733 billion", "March 2023"), "ab1", NEW)
    of_june = candidate(sentence.format("$776 billion", "June 2023"), "ab2", NEW)
    assert conflict_of(question, of_june, of_march) is None


@pytest.mark.parametrize(("named", "conflicts"), [((), True), (("ab1",), False), (("ab1", "ab2"), True)])
def test_a_release_that_is_named_tells_which(named: tuple[str, ...], conflicts: bool) -> None:
    nine, twelve = candidate(OWNS.format("nine"), "ab1"), candidate(OWNS.format("12"), "ab2", NEW)
    assert bool(conflict_of(HOW_MANY, nine, twelve, named=named)) is conflicts


def test_a_value_in_the_question_tells_which() -> None:
    question = "How many of the nine vessels does the Quillon network insure?"
    assert conflict_between(question, OWNS.format("nine"), OWNS.format("12")) is None


def test_the_newest_comes_first_and_one_without_a_date_last() -> None:
    nine, twelve = candidate(OWNS.format("nine"), "ab1", None), candidate(OWNS.format("12"), "ab2", OLD)
    conflict = conflict_of(HOW_MANY, nine, twelve)
    assert conflict
    assert conflict.notice == (
        "The releases differ: 12 vessels (ab2, January 30, 2023); nine vessels (ab1, date unknown)."
    )


def test_several_values_are_told_together() -> None:
    sentence = "The department expects to borrow {} from the public, and to repay {} to banks in the quarter."
    one, other = sentence.format("$733 billion", "$40 billion"), sentence.format("$776 billion", "$50 billion")
    conflict = conflict_between(HOW_MUCH, one, other)
    assert conflict
    assert conflict.notice == (
        "The releases differ: $776 billion and $50 billion (ab2, May 1, 2023); "
        "$733 billion and $40 billion (ab1, January 30, 2023)."
    )


def test_a_sentence_in_passing_is_not_set_against_others() -> None:
    best = candidate("The network forged certificates.", "ab3", probability=0.9)
    nine, twelve = (candidate(OWNS.format(n), f"ab{n}", probability=0.1) for n in ("nine", "12"))
    found = evidence(HOW_MANY, best, nine, twelve)
    assert find_conflict(found, [(c.release, c.span) for c in (best, nine)]) is None


def test_a_date_that_nobody_believes_is_none() -> None:
    nine = candidate(OWNS.format("nine"), "ab1", NEW, confidence=DateConfidence.NONE)
    conflict = conflict_of(HOW_MANY, nine, candidate(OWNS.format("12"), "ab2", OLD))
    assert conflict
    assert [told.release.release_id for told in conflict.told] == ["ab2", "ab1"]


def test_of_several_others_the_newest_is_shown() -> None:
    others = [candidate(OWNS.format(n), f"cd{n}", datetime.date(2000 + n, 1, 1)) for n in (12, 15, 14)]
    conflict = conflict_of(HOW_MANY, candidate(OWNS.format("nine"), "ab1", OLD), *others)
    assert conflict
    assert [told.release.release_id for told in conflict.told] == ["ab1", "cd15"]


def test_both_sentences_come_first_and_none_twice() -> None:
    nine, twelve = candidate(OWNS.format("nine"), "ab1"), candidate(OWNS.format("12"), "ab2", NEW)
    another = candidate("The network forged certificates.", "ab3")
    spans = [(c.release, c.span) for c in (another, nine)]
    conflict = find_conflict(evidence(HOW_MANY, nine, twelve, another), spans)
    assert conflict
    assert [release.release_id for release, _ in with_conflict(spans, conflict)] == ["ab2", "ab1", "ab3"]


def test_two_releases_of_an_index_are_told_to_differ(tmp_path: Path, home: Home) -> None:
    folder = tmp_path / "releases"
    for date, release_id, ships in (("2015-02-03", "ab0010", "four"), ("2021-09-10", "ab0012", "12")):
        write_release(folder / f"{date}-{release_id}.md", "Treasury Sanctions the Quillon Network", OWNS.format(ships))
    write_release(folder / "2019-03-04-ab0020.md", "Debt Relief for Zambia", "The ministers spoke about debt relief.")
    build_index(folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        generation = assistant.generation()

        def found(text: str) -> Conflict | None:
            retrieved = retrieve(parse_question(text), generation, assistant.encoder)
            to_quote = releases_to_quote(retrieved, generation)
            gathered = gather(retrieved, generation, assistant.sentence_encoder, to_quote)
            return find_conflict(gathered, compose(gathered, 3, to_quote), retrieved.found.periods, retrieved.named)

        conflict = found(HOW_MANY)
        assert conflict
        assert conflict.notice == (
            "The releases differ: 12 vessels (ab0012, September 10, 2021); four vessels (ab0010, February 3, 2015)."
        )
        assert found("How many vessels does the Quillon network own, by ab0010?") is None


def test_an_answer_shows_both_and_says_so(tmp_path: Path, home: Home) -> None:
    folder = tmp_path / "releases"
    for date, release_id, ships in (("2015-02-03", "ab0010", "four"), ("2021-09-10", "ab0012", "12")):
        write_release(folder / f"{date}-{release_id}.md", "Treasury Sanctions the Quillon Network", OWNS.format(ships))
    write_release(folder / "2019-03-04-ab0020.md", "Debt Relief for Zambia", "The ministers spoke about debt relief.")
    build_index(folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        answer = assistant.ask(HOW_MANY, threshold=0)
        assert [c.release_id for c in answer.citations][:2] == ["ab0012", "ab0010"]
        assert answer.notices == [
            "The releases differ: 12 vessels (ab0012, September 10, 2021); four vessels (ab0010, February 3, 2015)."
        ]
        assert assistant.ask("How many vessels does the Quillon network own, by ab0010?", threshold=0).notices == []
