"""Releases listed and counted by SQL: what is counted is what a listing shows."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.release import DateConfidence, ReleaseKind
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.filters import SearchFilter
from indexes.generation import PASSAGES, Home
from indexes.listing import DatedRelease, Listed, ReleaseListing, YearCount
from tests.conftest import write_release

NONE = SearchFilter()


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[ReleaseListing]:
    base = tmp_path_factory.mktemp("listing")
    news = base / "news" / "press-releases"
    write_release(news / "2019-03-04-ab0001.md", "Harbor Network", "Lina Okafor is designated under E.O. 13224.")
    write_release(news / "2021-07-20-ab0002.md", "Borrowing Estimate", "The department expects to borrow $673 billion.")
    write_release(
        base / "news" / "readouts" / "2023-01-09-ab0003.md",
        "Readout of a Meeting in Zurich",
        "The Secretary met the Vice Premier in Zurich. They spoke about debt relief for Zambia.",
        section="readouts",
    )
    undated = "---\ntitle: Undated Notice\nurl: /news/press-releases/ab0004\n---\nA notice of the harbor.\n"
    (news / "ab0004.md").write_text(undated, encoding="utf-8")
    write_release(news / "2021-07-20-ab0005.md", "Long", "word " * 300)
    home = Home(base / "home")
    home.folder.mkdir()
    home.models.symlink_to(models)
    build_index(base / "news", home, DEFAULT_MODEL)
    with ReleaseListing(home.generations / (home.current_name() or "") / PASSAGES) as listing:
        yield listing


def ids(listed: list[Listed]) -> list[str]:
    return [release.release_id for release in listed]


def test_releases_are_listed_newest_first_and_those_without_a_date_last(listing: ReleaseListing) -> None:
    page = listing.page(NONE, 0, 10)
    assert ids(page) == ["ab0003", "ab0002", "ab0005", "ab0001", "ab0004"]
    assert page[0] == Listed(
        release_id="ab0003",
        title="Readout of a Meeting in Zurich",
        date=datetime.date(2023, 1, 9),
        date_confidence=DateConfidence.HIGH,
        section="readouts",
        kind=ReleaseKind.RELEASE,
        opening="The Secretary met the Vice Premier in Zurich. They spoke about debt relief for Zambia.",
    )
    assert page[-1].date is None
    assert len(page[2].opening) < 400


def test_pages_follow_one_another_and_end(listing: ReleaseListing) -> None:
    pages = [listing.page(NONE, first, 2) for first in (0, 2, 4, 6)]
    assert [i for page in pages for i in ids(page)] == ids(listing.page(NONE, 0, 10))
    assert [len(page) for page in pages] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (SearchFilter(sections=("readouts",)), ["ab0003"]),
        (SearchFilter(kinds=(ReleaseKind.DIGEST,)), []),
        (SearchFilter(date_from=datetime.date(2021, 1, 1)), ["ab0003", "ab0002", "ab0005"]),
        (
            SearchFilter(date_to=datetime.date(2021, 12, 31), sections=("press-releases",)),
            ["ab0002", "ab0005", "ab0001"],
        ),
        (SearchFilter(sections=("'; DROP TABLE release; --",)), []),
    ],
)
def test_a_condition_counts_what_it_lists(
    listing: ReleaseListing, condition: SearchFilter, expected: list[str]
) -> None:
    assert ids(listing.page(condition, 0, 10)) == expected
    assert listing.count(condition) == len(expected)
    assert sum(listing.by_section(condition).values()) == len(expected)
    assert sum(listing.by_kind(condition).values()) == len(expected)
    assert sum(count.releases for count in listing.by_year(condition)) == len(expected)


def test_releases_are_counted_by_section_kind_and_year(listing: ReleaseListing) -> None:
    assert list(listing.by_section(NONE).items()) == [("press-releases", 4), ("readouts", 1)]
    assert listing.by_kind(NONE) == {ReleaseKind.RELEASE: 5}
    assert listing.by_year(NONE) == [
        YearCount(None, "press-releases", 1),
        YearCount(2019, "press-releases", 1),
        YearCount(2021, "press-releases", 2),
        YearCount(2023, "readouts", 1),
    ]


def test_releases_are_counted_by_programme(listing: ReleaseListing) -> None:
    assert listing.by_programme(NONE) == {"Counter-terrorism": 1}
    assert listing.by_programme(SearchFilter(sections=("readouts",))) == {}


def test_named_releases_come_in_the_order_asked_for(listing: ReleaseListing) -> None:
    assert ids(listing.of(["ab0001", "zz9999", "ab0003"])) == ["ab0001", "ab0003"]
    assert listing.of([]) == []


def test_chunks_lead_to_their_releases_once(listing: ReleaseListing) -> None:
    found = listing.holding(range(1, 100))
    assert [release.release_id for release in found] == ids(listing.page(NONE, 0, 10))
    assert found[-1] == DatedRelease("ab0004", None)
    assert listing.holding([]) == []
    assert [r.release_id for r in listing.holding(range(1, 100), ["ZURICH", "Zurich"])] == ["ab0003"]
    assert listing.holding(range(1, 100), ["ZURICH"]) == []
