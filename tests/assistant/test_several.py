"""Questions that one release does not answer: each release that is asked for is quoted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers.several import releases_to_quote
from assistant.engine import Assistant
from assistant.question import parse_question
from assistant.retrieval import retrieve
from assistant.settings import Settings
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Home
from tests.conftest import write_release


@pytest.fixture
def assistant(tmp_path: Path, home: Home) -> Iterator[Assistant]:
    """What a network owned, counted three times; and a release that has nothing to do with it."""
    folder = tmp_path / "releases"
    for date, release_id, ships in (
        ("2015-02-03", "ab0010", "four"),
        ("2018-06-07", "ab0011", "nine"),
        ("2021-09-10", "ab0012", "twelve"),
    ):
        write_release(
            folder / f"{date}-{release_id}.md",
            f"Treasury Sanctions the Quillon Network for the {ships.title()} Vessels It Owns",
            f"The department counted {ships} vessels of the Quillon network in {date[:4]}.\n\n"
            "The companies forged certificates of origin for timber.",
        )
    write_release(folder / "2019-03-04-ab0020.md", "Debt Relief for Zambia", "The ministers spoke about debt relief.")
    build_index(folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        yield assistant


def wanted(assistant: Assistant, text: str) -> set[str]:
    generation = assistant.generation()
    return set(releases_to_quote(retrieve(parse_question(text), generation, assistant.encoder), generation))


@pytest.mark.parametrize(
    ("text", "release_ids"),
    [
        ("How many vessels of the Quillon network were counted in 2015, and how many in 2018?", {"ab0010", "ab0011"}),
        ("Quillon vessels in February 2015, June 2018 and September 2021", {"ab0010", "ab0011", "ab0012"}),
        ("How many vessels did the Quillon network have in June 2018?", set()),
        ("How many Quillon vessels were counted in 2018, by the release of June 2018?", set()),  # one time, said twice
        ("How many Quillon vessels were counted in 2018, and how many in 1999?", set()),  # nothing is of 1999
        ("Who owns the vessels?", set()),
    ],
)
def test_of_several_times_the_best_release_of_each(assistant: Assistant, text: str, release_ids: set[str]) -> None:
    assert wanted(assistant, text) == release_ids


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Compare the counts of vessels of the Quillon network", True),
        ("How did the number of vessels of the Quillon network change?", True),
        ("The Quillon network was counted twice: how many vessels each time?", True),
        ("How many vessels does the Quillon network own?", False),
        ("Compare debt relief for Zambia with another debt relief", False),  # no other release comes near
    ],
)
def test_of_a_comparison_the_two_best(assistant: Assistant, text: str, several: bool) -> None:
    assert len(wanted(assistant, text)) == (2 if several else 0)


def test_each_is_quoted_in_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How many vessels of the Quillon network were counted in 2015, and how many in 2018?")
    assert {citation.release_id for citation in answer.citations} == {"ab0010", "ab0011"}
    assert "four vessels" in answer.answer
    assert "nine vessels" in answer.answer


def test_each_release_is_quoted_however_few_sentences_are_wanted(
    tmp_path: Path, home: Home, assistant: Assistant
) -> None:
    question = "How many vessels of the Quillon network were counted in 2015, in 2018, and in 2021?"
    assert len({citation.release_id for citation in assistant.ask(question).citations}) == 3
    with Assistant(Settings(home=home.folder, sentences=1)) as brief:
        assert len({citation.release_id for citation in brief.ask(question).citations}) == 3
