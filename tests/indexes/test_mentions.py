"""Mentions of a name: the index and the sentences agree on what one is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.release import Release
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import LEXICAL, PASSAGES, Generation, Home
from indexes.listing import ReleaseListing
from indexes.mentions import MentionFinder, MentionIndex, Mentions, find_mentions, spellings
from tests.conftest import write_release

BODIES = {
    "2019-03-04-ab0001": "Nothing first. The Bank of Alder lent money to the Harbor Control Office. More follows.",
    "2020-03-04-ab0002": "Alder has a bank. The Harbor Control Office (HCO) fined it under E.O. 13,999.",
    "2021-03-04-ab0003": "The HCO sails again, and the Banks of Alder are empty under Executive Order 13999.",
    "2021-05-04-ab0004": "An office to control the harbor is planned. The ice is thin at the border.",
    "2022-03-04-ab0005": "Officers of ICE came. The office worked in harbor control, office by office.",
}
TITLES = {"2022-03-04-ab0005": "Zorimand Sails"}


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[tuple[Generation, Path]]:
    base = tmp_path_factory.mktemp("mentions")
    for name, body in BODIES.items():
        write_release(base / "news" / f"{name}.md", TITLES.get(name, f"Notice {name[-1]}"), body)
    home = Home(base / "home")
    home.folder.mkdir()
    home.models.symlink_to(models)
    build_index(base / "news", home, DEFAULT_MODEL)
    generation = home.open()
    yield generation, home.generations / generation.name
    generation.close()


@contextmanager
def opened(folder: Path) -> Iterator[tuple[MentionIndex, ReleaseListing]]:
    with ReleaseListing(folder / PASSAGES) as listing:
        yield MentionIndex(folder / LEXICAL), listing


def mentions_of(folder: Path, *names: str) -> Mentions:
    with opened(folder) as (index, listing):
        return find_mentions(names, index, listing)


def ids(mentions: Mentions) -> list[str]:
    return [release.release_id for release in mentions.releases]


NAMES = [
    ("Bank of Alder", ["ab0003", "ab0001"]),
    ("bank of alder", ["ab0003", "ab0001"]),
    ("Alder bank", []),
    ("Harbor Control Office", ["ab0005", "ab0002", "ab0001"]),
    ("harbor office", []),
    ("HCO", ["ab0003", "ab0002"]),
    ("hco", ["ab0003", "ab0002"]),
    ("ICE", ["ab0005"]),
    ("ice", ["ab0005", "ab0004"]),
    ("E.O. 13999", ["ab0003", "ab0002"]),
    ("executive order 13,999", ["ab0003", "ab0002"]),
    ("Zorimand", ["ab0005"]),
    ("Zurich", []),
    ("the of and", []),
    ("", []),
    ('“*?" OR NOT ( \x00', []),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_is_its_words_next_to_each_other(
    harbor: tuple[Generation, Path], name: str, expected: list[str]
) -> None:
    assert ids(mentions_of(harbor[1], name)) == expected


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_the_first_sentence_is_found_by_the_same_rule(
    harbor: tuple[Generation, Path], name: str, expected: list[str]
) -> None:
    generation, _ = harbor
    finder = MentionFinder([name])
    for release_id in ("ab0001", "ab0002", "ab0003", "ab0004", "ab0005"):
        release = generation.releases.get(release_id)
        assert release is not None
        span = finder.first(release)
        in_title = finder.mentioned_in(release.title)
        assert (span is not None or in_title) == (release_id in expected)


def sentence(generation: Generation, release_id: str, *names: str) -> str:
    release: Release | None = generation.releases.get(release_id)
    assert release is not None
    span = MentionFinder(names).first(release)
    return release.text[span.start : span.end] if span else ""


def test_the_first_sentence_that_mentions_it_is_shown(harbor: tuple[Generation, Path]) -> None:
    generation, _ = harbor
    assert sentence(generation, "ab0001", "HCO", "Harbor Control Office") == (
        "The Bank of Alder lent money to the Harbor Control Office."
    )
    assert sentence(generation, "ab0005", "Zorimand") == ""


def test_other_names_count_the_same_release_once(harbor: tuple[Generation, Path]) -> None:
    found = mentions_of(harbor[1], "HCO", "Harbor Control Office")
    assert found.by_name == {"HCO": 2, "Harbor Control Office": 3}
    assert ids(found) == ["ab0005", "ab0003", "ab0002", "ab0001"]
    assert found.by_year == {2019: 1, 2020: 1, 2021: 1, 2022: 1}


def test_years_are_in_order_and_no_date_comes_last() -> None:
    assert Mentions({}, []).by_year == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OFAC", ("OFAC", "O.F.A.C.")),
        ("U.S.", ("US", "U.S.")),
        ("Ice", ()),
        ("Harbor Control", ()),
        ("A", ()),
        ("E.O. 13999", ()),
        ("", ()),
    ],
)
def test_only_a_name_of_capitals_must_be_written_so(name: str, expected: tuple[str, ...]) -> None:
    assert spellings(name) == expected


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_name_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert MentionFinder(["Lina Okafor"]).mentioned_in(f"{before} Lina Okafor {after}")


@given(st.text(max_size=60))
def test_no_text_and_no_name_breaks_the_finder(text: str) -> None:
    MentionFinder([text]).mentioned_in(text)
