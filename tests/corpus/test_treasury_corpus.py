"""The real corpus, where it is present: the files that are known to be odd come out right, and every span is exact."""

import datetime
import random
import re
import shutil
from collections.abc import Iterator

import pytest

from corpus.catalog import Catalog
from corpus.document import ProblemKind, Severity
from corpus.duplicates import FoldReason
from corpus.release import DateConfidence, DateSource, ParagraphKind, Release
from corpus.sources.files import FolderSource
from corpus.sync import sync
from corpus.verification import span_fault
from tests.shared import TREASURY_NEWS, needs_treasury_corpus

pytestmark = [needs_treasury_corpus, pytest.mark.xdist_group("treasury corpus")]

#: Ids that are known to be odd; the ids around them are taken too, since dates are judged by their neighbours.
ODD = (
    "js1501 js1980 js101 js176 js2023 js199 js4317 tg88 tg74 tg1111 tg1320 tg1705 hp119 hp219 hp27 hp1128 hp1129 sm549 "
    "sm551 sm0281 po14 po206 po377 po3221 po3360 po3360b jl0690 jl0569 jl236 jl2016 jjl0131 jy1539 jy2168 js467 js3012 "
    "jy2343 jl1922 jy2415 js516 tfg537 ttg1705 20071912133219686 test01302017 hp76"
).split()
AROUND = 12
OTHERS = 900


def _numbered(release_id: str) -> tuple[str, int] | None:
    match = re.fullmatch(r"([a-z]+)0*(\d{1,5})[a-z]?", release_id)
    return (match[1], int(match[2])) if match else None


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """The odd files, those around them, and a fixed sample of all others."""
    files = sorted(path for path in TREASURY_NEWS.rglob("*.md") if path.name != "_index.md")
    wanted = {(letters, n + d) for letters, n in filter(None, map(_numbered, ODD)) for d in range(-AROUND, AROUND + 1)}
    chosen = set(random.Random(7).sample(files, OTHERS))  # noqa: S311 - a fixed sample, no secret
    for file in files:
        slug = file.stem[11:].lower()
        if slug in ODD or _numbered(slug) in wanted:
            chosen.add(file)
    folder = tmp_path_factory.mktemp("treasury")
    for file in chosen:
        copy = folder / "news" / file.relative_to(TREASURY_NEWS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    with Catalog(folder / "catalog.sqlite") as catalog:
        sync(catalog, FolderSource(folder / "news"))
        yield catalog


def get(catalog: Catalog, name: str) -> Release:
    release = catalog.get(catalog.resolve(name) or "")
    assert release is not None, name
    return release


def test_every_span_of_every_release_is_exact(catalog: Catalog) -> None:
    releases = list(catalog.releases(list(catalog.hashes())))
    assert len(releases) > 1000
    assert [(r.release_id, fault) for r in releases if (fault := span_fault(r))] == []


def test_nothing_of_the_site_is_left(catalog: Catalog) -> None:
    for release in catalog.releases(list(catalog.hashes())):
        for left in ("\u200b", "(Archived Content)", "Enter Search Term(s)", "OFFICE OF PUBLIC AFFAIRS", "**", "<p>"):
            assert left not in release.text, (release.release_id, left)


def test_most_documents_can_be_read(catalog: Catalog) -> None:
    unread = [p for p in catalog.problems() if p.severity is Severity.UNREAD]
    assert len(unread) < 0.04 * catalog.counts().documents
    kinds = {ProblemKind.NO_TEXT, ProblemKind.MENU_ONLY, ProblemKind.TEST_PAGE, ProblemKind.GARBLED}
    assert {problem.kind for problem in unread} <= kinds


@pytest.mark.parametrize(
    ("release_id", "day", "source"),
    [
        ("js1501", "2004-04-29", DateSource.LETTERHEAD),  # stated as 2021
        ("tg88", "2009-04-14", DateSource.LETTERHEAD),  # stated as 2008
        ("hp219", "2007-01-09", DateSource.FRONT_MATTER),
        ("jy1539", "2023-06-15", DateSource.FRONT_MATTER),
        ("tg1320", "2011-10-06", DateSource.FRONT_MATTER),
    ],
)
def test_days(catalog: Catalog, release_id: str, day: str, source: DateSource) -> None:
    release = get(catalog, release_id)
    assert (str(release.date), release.date_source) == (day, source)


@pytest.mark.parametrize(("release_id", "year"), [("js1980", 2004), ("js3012", 2005)])
def test_years_that_no_one_can_believe_give_way_to_the_neighbours(catalog: Catalog, release_id: str, year: int) -> None:
    release = get(catalog, release_id)
    assert (release.date or datetime.date.min).year == year
    assert release.date_source is DateSource.ID_SERIES
    assert release.date_suspect


def test_no_release_of_another_series_is_of_the_day_of_a_crawl(catalog: Catalog) -> None:
    crawls = {datetime.date(2025, 12, 23), datetime.date(2026, 1, 16), datetime.date(2021, 7, 9)}
    of_crawls = [r.release_id for r in catalog.releases(list(catalog.hashes())) if r.date in crawls]
    assert all(i.startswith(("jy", "sb")) for i in of_crawls), of_crawls


@pytest.mark.parametrize(
    ("copy", "release_id", "reason"),
    [
        ("20071912133219686", "hp219", FoldReason.TEASER),
        ("sm551", "sm549", FoldReason.SAME_TEXT),
        ("ttg1705", "tg1705", FoldReason.SAME_TEXT),
        ("po3360b", "po3360", FoldReason.SAME_TEXT),
    ],
)
def test_folds(catalog: Catalog, copy: str, release_id: str, reason: FoldReason) -> None:
    assert catalog.resolve(copy) == release_id
    assert copy in get(catalog, release_id).other_ids
    assert reason in {r for path, of, r in catalog.folds() if of == release_id and copy in path.lower()}


@pytest.mark.parametrize("release_id", ["js101", "hp119", "tg1111", "sm0281", "tg1320", "js176"])
def test_different_documents_under_one_id_are_two(catalog: Catalog, release_id: str) -> None:
    found = [i for i in catalog.hashes() if i == release_id or i.startswith(f"{release_id}-")]
    assert len(found) == 2
    titles = {get(catalog, i).title for i in found}
    assert len(titles) == 2


def test_one_statement_made_on_several_days_is_several_releases(catalog: Catalog) -> None:
    texts = {get(catalog, i).text for i in ("po14", "po206", "po377")}
    assert len(texts) == 1
    assert {catalog.resolve(i) for i in ("po14", "po206", "po377")} == {"po14", "po206", "po377"}


def test_ids_are_as_the_source_spells_them(catalog: Catalog) -> None:
    for release_id in ("jl236", "jjl0131"):
        if any(TREASURY_NEWS.rglob(f"*-{release_id}.md")):
            assert catalog.resolve(release_id) == release_id


@pytest.mark.parametrize(
    ("release_id", "kind"),
    [
        ("tg74", ProblemKind.TITLE_CONFLICT),  # its title is of June 16, 2010
        ("js101", ProblemKind.TITLE_CONFLICT),
        ("js516", ProblemKind.LOST_CHARACTER),
        ("jl2016", ProblemKind.MOJIBAKE),
        ("jy2343", ProblemKind.FLATTENED_TABLE),
        ("jl0690", ProblemKind.INLINE_HEADINGS),
        ("js1501", ProblemKind.SUSPECT_DATE),
    ],
)
def test_what_is_wrong_is_said(catalog: Catalog, release_id: str, kind: ProblemKind) -> None:
    assert kind in {p.kind for p in catalog.problems(release_id=release_id)}


@pytest.mark.parametrize("slug", ["po3221", "test01302017", "js467"])
def test_pages_that_hold_no_text_are_no_releases(catalog: Catalog, slug: str) -> None:
    assert catalog.resolve(slug) is None


def test_a_menu_only_page_is_no_release(catalog: Catalog) -> None:
    menus = [p for p in catalog.problems() if p.kind is ProblemKind.MENU_ONLY]
    assert menus
    shown = {release.path for release in catalog.releases(list(catalog.hashes()))}
    assert not shown.intersection(problem.path for problem in menus)


def test_sections_of_a_release_in_one_line_come_back(catalog: Catalog) -> None:
    release = get(catalog, "jl0690")
    headings = [release.text[p.start : p.end] for p in release.paragraphs if p.kind is ParagraphKind.HEADING]
    assert {"Tempbank Officials", "Government of Syria Senior Officials"} <= set(headings)
    parties = {release.text[a:b] for a, b in release.bold}
    assert {"Elena Apanasenko", "Leonid Reshetnikov"} <= parties


def test_designated_parties_are_bold(catalog: Catalog) -> None:
    release = get(catalog, "jy1539")
    assert {release.text[a:b] for a, b in release.bold} >= {"Choe Chol Min", "Choe Un Jong"}


def test_source_errors_stay_in_the_text(catalog: Catalog) -> None:
    assert "13244" in get(catalog, "jy2168").text


def test_tables_keep_their_cells(catalog: Catalog) -> None:
    tables = [p for p in get(catalog, "jy2415").paragraphs if p.kind is ParagraphKind.TABLE]
    assert "51927.3" in "".join(get(catalog, "jy2415").text[p.start : p.end] for p in tables)


@pytest.mark.parametrize(
    ("release_id", "heading", "sentence"),
    [
        ("jy1539", "DPRK PROCUREMENT REPRESENTATIVES", "Choe Un Jong is being designated pursuant to E.O. 13810"),
        ("js4317", None, "The Chinese companies designated today are Beijing Alite Technologies Company, Ltd."),
    ],
)
def test_sentences_of_known_releases(catalog: Catalog, release_id: str, heading: str | None, sentence: str) -> None:
    release = get(catalog, release_id)
    bodies = [p for p in release.paragraphs if p.kind is ParagraphKind.BODY]
    (found,) = [p for p in bodies for s in p.sentences if release.text[s.start : s.end].startswith(sentence)]
    assert found.headings == ((heading,) if heading else ())


def test_confidence_is_high_for_nearly_all(catalog: Catalog) -> None:
    counts = catalog.count_by("date_confidence")
    assert counts[DateConfidence.HIGH] > 0.95 * len(catalog)
