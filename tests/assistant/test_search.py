"""What a search shows: the last or first of alike releases, the same words once, neighbours, and what was read."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.retrieval import Part
from assistant.settings import Settings
from corpus.errors import QuestionError, StaleIndexError
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.filters import SearchFilter
from indexes.generation import Home
from tests.conftest import forget_programmes, write_release

ORDERS = {"2015-02-03": "ab0010", "2018-06-07": "ab0011", "2021-09-10": "ab0012"}
SHARED = "The Harbor network ships coal.\n\nIt serves the Kestrel Trading House."


@pytest.fixture
def assistant(tmp_path: Path, home: Home) -> Iterator[Assistant]:
    """Three rounds against one network, each a few years after the last; two releases with the same passage."""
    folder = tmp_path / "releases"
    for n, (date, release_id) in enumerate(ORDERS.items(), 1):
        write_release(
            folder / f"{date}-{release_id}.md",
            f"Treasury Sanctions the Quillon Network, Round {n}",
            f"Today the department sanctioned {n + 2} companies of the Quillon network in Odessa.\n\n"
            "The companies forged certificates of origin for timber.",
        )
    for release_id, end in (("ab0020", "Call us."), ("ab0021", "Write to us.")):
        write_release(
            folder / f"2019-03-0{release_id[-1]}-{release_id}.md",
            "The Harbor Network",
            f"## Background\n\nReporters asked for a summary.\n\n## The network\n\n{SHARED}\n\n## Contact\n\n{end}",
        )
    build_index(folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("query", "order", "first"),
    [
        ("latest sanctions against the Quillon network", "newest", "ab0012"),
        ("most recent round of designations of Quillon companies", "newest", "ab0012"),
        ("first action against the Quillon network", "oldest", "ab0010"),
        ("What did the earliest release on Quillon timber say?", "oldest", "ab0010"),
    ],
)
def test_the_last_or_the_first_of_alike_releases(assistant: Assistant, query: str, order: str, first: str) -> None:
    found = assistant.search(query)
    assert found.understood.order == order
    assert found.passages[0].release_id == first
    assert [p.score for p in found.passages] == sorted((p.score for p in found.passages), reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "companies of the Quillon network sanctioned in the first quarter",  # no releases are put in order
        "Who was first named on the Quillon list?",
        "latest sanctions against the Quillon network in June 2018",  # the period already says which
    ],
)
def test_no_order_where_none_is_asked_for(assistant: Assistant, query: str) -> None:
    assert assistant.search(query).understood.order is None


def test_an_unlike_release_never_comes_first_for_its_date(assistant: Assistant) -> None:
    found = assistant.search("latest release on the Kestrel Trading House vessels")
    assert found.passages[0].release_id in ("ab0020", "ab0021")


def test_what_was_read_can_be_left_out(assistant: Assistant) -> None:
    query = "sanctions against the Quillon network in June 2018"
    assert [p.words for p in assistant.search(query).understood.periods] == ["June 2018"]
    without = assistant.search(query, without=[Part.PERIODS]).understood
    assert (without.periods, without.order) == ([], None)
    latest = "latest sanctions against the Quillon network"
    assert assistant.search(latest, without=[Part.ORDER]).understood.order is None
    assert assistant.ask(latest, without=[Part.ORDER]).understood.order is None


def test_the_same_words_are_shown_once(assistant: Assistant) -> None:
    passages = assistant.search("Which network ships coal for the Kestrel Trading House?").passages
    shown = [p for p in passages if p.text == SHARED]
    assert len(shown) == 1
    assert {shown[0].release_id, *shown[0].also_in} == {"ab0020", "ab0021"}
    assert len({p.release_id for p in passages} & {"ab0020", "ab0021"}) == 1


def test_neighbours_are_the_sentences_next_to_a_passage(assistant: Assistant) -> None:
    passage = next(p for p in assistant.search("Kestrel Trading House coal").passages if p.text == SHARED)
    assert passage.before == "Reporters asked for a summary."
    assert passage.after == ("Call us." if passage.release_id == "ab0020" else "Write to us.")
    release = assistant.release(passage.release_id)
    assert release is not None
    assert release.text[passage.start : passage.end] == passage.text


def test_ends_of_a_release_have_no_neighbour(assistant: Assistant) -> None:
    passage = assistant.search("Quillon forged certificates of origin for timber").passages[0]
    assert (passage.before, passage.after) == ("", "")


IRAN, RUSSIA = ("Harbor Lines was designated pursuant to E.O. 13846.", "Alder Steel was designated under E.O. 14024.")


@pytest.fixture
def sanctions(tmp_path: Path, home: Home) -> Iterator[Assistant]:
    """A release under each of two programmes, and one under none."""
    for n, text in enumerate((IRAN, RUSSIA, "Harbor Lines and Alder Steel sent letters to the office.")):
        write_release(tmp_path / "releases" / f"2024-01-0{n + 1}-ab003{n}.md", f"Sanctions News {n}", text)
    build_index(tmp_path / "releases", home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("programmes", "found"),
    [
        (("Iran",), {"ab0030"}),
        (("iran", "IRAN"), {"ab0030"}),
        (("russia",), {"ab0031"}),  # how the name begins
        (("Iran", "Russia and Ukraine"), {"ab0030", "ab0031"}),
        ((), {"ab0030", "ab0031", "ab0032"}),
    ],
)
def test_only_releases_of_a_programme(sanctions: Assistant, programmes: tuple[str, ...], found: set[str]) -> None:
    condition = SearchFilter(programmes=programmes)
    passages = sanctions.search("Harbor Lines and Alder Steel", condition=condition).passages
    assert {passage.release_id for passage in passages} == found
    answer = sanctions.ask("Under which order was Harbor Lines designated?", condition=condition, threshold=0)
    assert {citation.release_id for citation in answer.citations} <= found


@pytest.mark.parametrize("name", ["Atlantis", "", "n", "Iran and Ukraine"])
def test_an_unknown_programme_is_told_with_those_there_are(sanctions: Assistant, name: str) -> None:
    with pytest.raises(QuestionError, match=f"programme '{name}'; there are: Iran, Russia and Ukraine"):
        sanctions.search("Harbor Lines", condition=SearchFilter(programmes=(name,)))


def test_an_older_index_answers_but_not_by_programme(sanctions: Assistant, home: Home) -> None:
    forget_programmes(home)
    with Assistant(Settings(home=home.folder)) as assistant:
        assert assistant.search("Harbor Lines").passages
        with pytest.raises(StaleIndexError, match="does not say which sanctions programmes releases are under"):
            assistant.search("Harbor Lines", condition=SearchFilter(programmes=("Iran",)))


def test_the_latest_date_is_what_years_are_counted_from(assistant: Assistant) -> None:
    periods = assistant.search("Quillon sanctions last year").understood.periods
    assert [(p.start, p.end) for p in periods] == [(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))]
