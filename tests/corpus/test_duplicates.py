"""One release for one document: what is folded, by what reason, and what stays apart."""

import json
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.document import ProblemKind
from corpus.duplicates import FoldReason
from corpus.sources.files import FolderSource
from corpus.sync import sync
from tests.conftest import write_release

LONG = " ".join(
    f"Paragraph {word} tells of the ships of the Harbor network, of the {word} bank that paid for them, and of the "
    f"port where the {word} captain met the broker."
    for word in "first second third fourth fifth sixth seventh eighth ninth tenth".split()
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def folded(catalog: Catalog, folder: Path) -> dict[str, list[tuple[str, FoldReason]]]:
    """Every release with its copies: the ends of their paths, and why."""
    sync(catalog, FolderSource(folder))
    releases: dict[str, list[tuple[str, FoldReason]]] = {release_id: [] for release_id in catalog.hashes()}
    for path, release_id, reason in catalog.folds():
        releases[release_id].append((path, reason))
    return releases


def test_one_item_listed_in_several_sections_is_one_release(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "media-advisories" / "2020-01-02-ab1.md", "A Bank", LONG, section="media-advisories")
    write_release(folder / "press-releases" / "2020-01-02-ab1.md", "A Bank", LONG + " Yes.")
    assert folded(catalog, folder) == {"ab1": [("media-advisories/2020-01-02-ab1.md", FoldReason.SAME_ID)]}
    release = catalog.get("ab1")
    assert release is not None
    assert release.section == "press-releases"
    assert release.other_urls == ("https://home.treasury.gov/news/media-advisories/ab1",)


@pytest.mark.parametrize(
    "stub", ["", "*(Archived Content)*", "Enter Search Term(s):\n\nAdvanced Search\n\nThe Fair Chance to Compete Act"]
)
def test_an_empty_or_menu_only_copy_is_a_stub(catalog: Catalog, tmp_path: Path, stub: str) -> None:
    folder = tmp_path / "news"
    write_release(folder / "media-advisories" / "2025-12-23-ab1.md", "A Bank", stub, "2025-12-23", "media-advisories")
    write_release(folder / "press-releases" / "2020-01-02-ab1.md", "A Bank", LONG)
    assert folded(catalog, folder) == {"ab1": [("media-advisories/2025-12-23-ab1.md", FoldReason.STUB)]}


def test_a_menu_only_page_is_no_release(catalog: Catalog, tmp_path: Path) -> None:
    menu = "Enter Search Term(s):\n\nAdvanced Search\n\nOffices\n\nThe Fair Chance to Compete Act"
    folder = tmp_path / "news"
    write_release(folder / "2020-01-02-ab1.md", "A Bank", menu)
    write_release(folder / "2020-01-02-ab2.md", "A Ship", LONG)
    assert folded(catalog, folder) == {"ab2": []}
    assert catalog.counts().without_release == 1


def test_a_stub_under_another_id_belongs_to_the_release_of_its_title_and_day(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2020-01-02-ab1.md", "Under Secretary Visits Port of Lagos", LONG)
    write_release(folder / "2020-01-03-20201311512.md", "Under Secretary Visits Port of Lagos", "", "2020-01-03")
    write_release(folder / "2020-05-03-20205311512.md", "Under Secretary Visits Port of Lagos", "", "2020-05-03")
    assert folded(catalog, folder) == {"ab1": [("2020-01-03-20201311512.md", FoldReason.STUB)]}


def test_different_documents_under_one_id_are_two(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    talks = (
        "The conference will hear the governors of nine banks on growth. " + "Each of them will speak at noon. " * 60
    )
    write_release(folder / "media-advisories" / "2011-03-18-tg1111.md", "Talks", talks, section="media-advisories")
    write_release(folder / "press-releases" / "2011-03-21-tg1111.md", "Sanctions", LONG)
    assert folded(catalog, folder) == {"tg1111": [], "tg1111-media-advisories": []}
    kept = catalog.get("tg1111")
    assert kept is not None
    assert kept.title == "Sanctions", "the press release keeps the id"


def test_one_text_under_one_id_and_two_titles_is_two_and_says_so(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    text = "The department released reserve assets data for the latest week. " + LONG
    write_release(folder / "2003-03-12-js101.md", "International Reserve Assets", text, "2003-03-12")
    write_release(folder / "2021-07-09-js101.md", "National Strategy on Laundering", text, "2021-07-09")
    assert sorted(folded(catalog, folder)) == ["js101", "js101-2021-07-09"]
    first = catalog.get("js101")
    assert first is not None
    assert first.title == "International Reserve Assets", "whose title suits the text"
    problems = [p for p in catalog.problems() if p.kind is ProblemKind.TITLE_CONFLICT]
    assert {p.release_id for p in problems} == {"js101", "js101-2021-07-09"}


def test_equal_texts_of_one_day_under_two_ids_are_one(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2018-11-19-sm549.md", "A Statement on Ships", LONG)
    write_release(folder / "2018-11-19-sm551.md", "Statement on the Ships", LONG)
    write_release(folder / "2018-11-25-a-statement-on-ships.md", "A Statement on Ships", LONG, "2018-11-25")
    assert folded(catalog, folder) == {
        "sm549": [
            ("2018-11-19-sm551.md", FoldReason.SAME_TEXT),
            ("2018-11-25-a-statement-on-ships.md", FoldReason.SAME_TEXT),
        ]
    }
    release = catalog.get("sm549")
    assert release is not None
    assert release.other_ids == ("a-statement-on-ships", "sm551")
    assert catalog.resolve("sm551") == "sm549"


def test_one_text_said_again_on_other_days_stays_apart(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for release_id, day in (("po14", "2001-01-31"), ("po206", "2001-04-18"), ("po377", "2001-05-15")):
        write_release(folder / f"{day}-{release_id}.md", "Statement by the Secretary", LONG, day)
    assert sorted(folded(catalog, folder)) == ["po14", "po206", "po377"]


def test_an_id_that_is_another_with_a_letter_more_is_the_same_release(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2002-08-16-po3360.md", "A Crackdown on Ships", LONG, "2002-08-16")
    write_release(folder / "2002-01-16-po3360b.md", "A Crackdown on Ships", LONG, "2002-01-16")
    assert folded(catalog, folder) == {"po3360": [("2002-01-16-po3360b.md", FoldReason.SAME_TEXT)]}


def test_pages_for_photos_with_one_text_and_other_titles_stay_apart(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    text = "Read the words that were said on this occasion in the room of the bank."
    for n, title in enumerate(("Okafor greets the captain", "Mensah opens the fair", "The harbor at night")):
        write_release(folder / f"2003-02-06-2003621435151{n}.md", title, text, "2003-02-06")
    assert len(folded(catalog, folder)) == 3


def test_a_numbered_release_stands_for_a_page_that_says_little_more(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2004-08-02-js1822.md", "Statement on Ships", LONG, "2004-08-02")
    write_release(folder / "2004-08-02-20048215101621648.md", "Statement on Ships", LONG + " Thank you.", "2004-08-02")
    assert folded(catalog, folder) == {"js1822": [("2004-08-02-20048215101621648.md", FoldReason.NEAR_DUPLICATE)]}


def test_nearly_equal_texts_of_one_day_with_equal_figures_are_one(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2008-09-07-hp1128.md", "Statement on Ships", LONG + " It paid $5 million.")
    write_release(folder / "2008-09-07-hp1129.md", "Statement on Ships", LONG + " It has paid $5 million.")
    write_release(folder / "2008-09-07-hp1130.md", "Statement on Ships", LONG + " It paid $6 million.")
    assert folded(catalog, folder) == {
        "hp1128": [("2008-09-07-hp1129.md", FoldReason.NEAR_DUPLICATE)],
        "hp1130": [],
    }


def test_testimony_given_twice_on_two_days_is_two_releases(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "2007-02-06-hp248.md", "Testimony on the Budget", LONG + " Thank you.", "2007-02-06")
    write_release(folder / "2007-02-07-hp251.md", "Testimony on the Budget", LONG + " Many thanks.", "2007-02-07")
    assert sorted(folded(catalog, folder)) == ["hp248", "hp251"]


def test_a_teaser_leads_to_the_release_that_holds_its_words(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    teaser = " ".join(LONG.split()[:60]) + "\n\n- [Read more](/news/press-releases/hp219)"
    write_release(folder / "2007-01-09-hp219.md", "Ships of the Network Named", LONG, "2007-01-09")
    write_release(folder / "2007-01-09-20071912133219686.md", "The Network’s Ships", teaser, "2007-01-09")
    assert folded(catalog, folder) == {"hp219": [("2007-01-09-20071912133219686.md", FoldReason.TEASER)]}


def test_a_digest_gives_way_to_the_release_itself(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    write_release(folder / "a" / "2020-01-02-ab1.md", "A Bank", LONG * 3, kind="digest")
    write_release(folder / "b" / "2020-01-02-ab1.md", "A Bank", LONG)
    assert folded(catalog, folder) == {"ab1": [("a/2020-01-02-ab1.md", FoldReason.DIGEST)]}


def test_folding_does_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    found = []
    for order in (names, names[::-1]):
        folder = tmp_path / f"news-{order[0]}"
        for n, name in enumerate(order):
            write_release(folder / name / "2020-01-02-ab1.md", "A Bank", LONG, section="abc"[n] + "-section")
        with Catalog(tmp_path / f"{order[0]}.sqlite") as catalog:
            sync(catalog, FolderSource(folder))
            release = catalog.get("ab1")
            assert release is not None
            found.append(json.dumps([release.text, sorted((release.url, *release.other_urls))]))
    assert found[0] == found[1]
