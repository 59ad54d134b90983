"""The corpus tab: what it shows is escaped, marked at the right words, and counted."""

import asyncio
import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.settings import Settings
from corpus.catalog_reader import CatalogProblem, SourceRow
from corpus.document import ProblemKind
from corpus.duplicates import FoldReason
from corpus.release import DateConfidence, ReleaseKind, Span
from indexes.background_sync import SyncPhase, SyncState
from indexes.generation import Home
from indexes.lexical import term_maker
from indexes.listing import Listed, YearCount
from ui.web.rendering.corpus import (
    EXCERPT,
    Entry,
    by_shown_section,
    excerpt_html,
    folds_html,
    index_html,
    matching_words,
    names_html,
    page_text,
    plot_caption_html,
    problems_html,
    releases_html,
    shown_sections,
    status_html,
    sync_html,
    without_login,
    years_table_html,
)

if TYPE_CHECKING:
    from ui.web.tabs.corpus import CorpusTab

HURT = '<img src=x onerror="alert(1)">'


def listed(release_id: str = "ab0001", title: str = "Harbor Notice", **changes: Any) -> Listed:
    values: dict[str, Any] = {
        "release_id": release_id,
        "title": title,
        "date": datetime.date(2021, 7, 20),
        "date_confidence": DateConfidence.HIGH,
        "section": "press-releases",
        "kind": ReleaseKind.RELEASE,
        "opening": "The harbor opened.",
    }
    return Listed(**values | changes)


def shown(*entries: Entry, words: str = "") -> str:
    terms_of = term_maker()
    return releases_html(entries, 20, set(terms_of(words)), terms_of)


def test_a_title_opens_its_release_at_the_passage() -> None:
    html = shown(Entry(listed(), "The harbor opened.", Span(120, 138), "score 0.50"))
    assert 'class="open-release" data-release="ab0001" data-start="120" data-end="138">Harbor Notice</button>' in html
    assert "ab0001 · July 20, 2021 · press-releases · score 0.50" in html
    assert '<ol class="corpus-list" start="21">' in html


def test_a_release_without_a_passage_opens_at_its_beginning() -> None:
    html = shown(Entry(listed(date=None, kind=ReleaseKind.DIGEST), "The harbor opened."))
    assert 'data-release="ab0001">' in html
    assert "date unknown" in html
    assert "digest in our words" in html


def test_a_doubtful_date_is_not_shown_as_a_day() -> None:
    assert "about July 2021" in shown(Entry(listed(date_confidence=DateConfidence.LOW), ""))


def test_the_words_searched_for_are_marked_in_every_form() -> None:
    html = shown(Entry(listed(), "Banks of the harbor lent; a bank, banking."), words="the bank")
    assert "<mark>Banks</mark> of the harbor lent; a <mark>bank</mark>, <mark>banking</mark>." in html
    assert "<mark>the</mark>" not in html


def test_nothing_is_listed_of_nothing() -> None:
    assert shown() == ""


def test_a_long_passage_is_cut_between_words_around_what_was_searched_for() -> None:
    text = "filler words here " * 60 + "the Harbor Control Office spoke " + "and more words " * 60
    terms_of = term_maker()
    html = excerpt_html(text, matching_words(text, set(terms_of("Harbor Control Office")), terms_of))
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>Harbor Control Office</mark>" in html
    words = html.strip("… ").replace("<mark>", "").replace("</mark>", "").split()
    assert set(words) <= set(text.split())


@given(st.text(max_size=800), st.lists(st.tuples(st.integers(0, 800), st.integers(1, 9)), max_size=6))
def test_an_excerpt_is_short_and_never_markup(text: str, places: list[tuple[int, int]]) -> None:
    marks, at = list[Span](), 0
    for start, length in sorted(places):
        if start >= at and start + length <= len(text):
            marks.append(Span(start, start + length))
            at = start + length
    html = excerpt_html(text, marks)
    plain = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert len(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'")) <= (
        4 + EXCERPT + plain.count("&amp;") * 4
    )


def test_nothing_of_a_release_a_name_or_a_document_is_markup() -> None:
    problem = CatalogProblem(HURT, HURT, ProblemKind.NO_TEXT, ProblemKind.NO_TEXT.severity, 3, HURT)
    source = SourceRow(1, HURT, HURT, "", 1, None)
    table = {2020: {HURT: 1}}
    pieces = [
        shown(Entry(listed(HURT, HURT, section=HURT), HURT, note=HURT), words="img onerror"),
        problems_html([problem]),
        names_html({HURT: 1, "b": 2}, HURT),
        status_html(HURT, HURT),
        years_table_html(table, [HURT], HURT),
        plot_caption_html(HURT, [HURT, HURT]),
        sync_html(SyncState(SyncPhase.FAILED, said=HURT)),
        sync_html(SyncState(SyncPhase.RUNNING, HURT)),
        index_html(HURT, manifest(), [source]),
    ]
    assert all("<img" not in piece and 'onerror="' not in piece for piece in pieces)


def test_the_largest_sections_are_told_apart_and_the_rest_is_other() -> None:
    counts = [YearCount(2020, f"s{n}", 100 - n) for n in range(9)] + [
        YearCount(2022, "s8", 500),
        YearCount(None, "s0", 1),
    ]
    sections = shown_sections(counts)
    assert sections == ["s8", "s0", "s1", "s2", "s3", "s4", "other"]
    table = by_shown_section(counts, sections)
    assert list(table) == [2020, 2021, 2022, None]
    assert table[2020] == {"s8": 92, "s0": 100, "s1": 99, "s2": 98, "s3": 97, "s4": 96, "other": 95 + 94 + 93}
    assert (table[2021], table[2022], table[None]) == ({}, {"s8": 500}, {"s0": 1})
    assert sum(sum(row.values()) for row in table.values()) == sum(count.releases for count in counts)


def test_few_sections_need_no_other_and_no_counts_no_years() -> None:
    assert shown_sections([YearCount(2020, "a", 1)]) == ["a"]
    assert by_shown_section([], []) == {}


def test_the_table_says_what_the_plot_shows_and_offers_its_years() -> None:
    html = years_table_html({2020: {"a": 1200}, 2021: {}, None: {"b": 2}}, ["a", "b"], "Releases")
    assert html.index("no date") < html.index(">2021<") < html.index(">2020<")
    assert (
        '<button type="button" data-pick="2020" aria-label="Only 2020">2020</button></th><td>1,200</td><td>0</td>'
        in html
    )
    assert "<caption>Releases</caption>" in html


@pytest.mark.parametrize(
    ("first", "count", "total", "expected"),
    [(0, 20, 15_093, "1–20 of 15,093"), (15_080, 13, 15_093, "15,081–15,093 of 15,093"), (0, 0, 0, "")],
)
def test_a_page_says_where_it_is(first: int, count: int, total: int, expected: str) -> None:
    assert page_text(first, count, total) == expected


def test_a_problem_says_what_it_means_in_a_word_and_where_it_is() -> None:
    kind = ProblemKind.GLUED_WORDS
    html = problems_html([CatalogProblem("news/a.md", "ab0001", kind, kind.severity, 7, "2 places")])
    assert "glued words" in html
    assert "</span> suspect" in html
    assert "2 places <code>news/a.md:7</code>" in html
    assert 'class="open-release" data-release="ab0001"' in html
    assert "–" in problems_html([CatalogProblem("a.md", "", kind, kind.severity, 0, "r")])
    assert "No problem" in problems_html([])


def test_copies_are_counted_by_reason() -> None:
    assert "3 documents are copies of others" in folds_html({FoldReason.SAME_ID: 2, FoldReason.STUB: 1}, 4)
    assert "4 releases have a date that something speaks against" in folds_html({}, 4)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://me:secret@example.org/news.git#content", "https://example.org/news.git#content"),
        ("https://token@example.org/news.git", "https://example.org/news.git"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("/data/me@home/news", "/data/me@home/news"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_no_password_of_a_source_is_shown(location: str, expected: str) -> None:
    assert without_login(location) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SyncState(), ""),
        (SyncState(SyncPhase.RUNNING, "embedding chunks", 256, 1024), 'value="256" max="1024"'),
        (SyncState(SyncPhase.RUNNING, "embedding chunks", 256, 1024), "Embedding chunks 256 of 1,024"),
        (SyncState(SyncPhase.RUNNING, "reading documents", 1200), "Reading documents 1,200"),
        (SyncState(SyncPhase.STOPPING, "embedding chunks", 1, 9), "Stopping"),
        (SyncState(SyncPhase.DONE, said="1 added"), "Done</b> 1 added"),
        (SyncState(SyncPhase.STOPPED, said="kept"), "Stopped</b> kept"),
        (SyncState(SyncPhase.FAILED, said="no folder"), "Failed</b> no folder"),
    ],
)
def test_a_sync_says_how_far_it_is(state: SyncState, expected: str) -> None:
    assert expected in sync_html(state)


def manifest() -> Any:
    from indexes.generation import Manifest

    return Manifest(
        format=3,
        created=datetime.datetime.now(datetime.UTC),
        sources=["/data/news"],
        corpus_hash="abc",
        files=12,
        releases=10,
        digests=2,
        problems=1,
        chunks=99,
        latest_date=datetime.date(2025, 6, 30),
        chunker_version=1,
        window=256,
        embedding_model="a/model",
        encoder="e",
        dimension=4,
        libraries={"tantivy": "0.27"},
    )


def test_the_index_says_what_it_holds_and_from_where() -> None:
    html = index_html(
        "20260101", manifest(), [SourceRow(1, "folder", "/data/news", "", 12, "2026-01-02T03:04:05+00:00")]
    )
    for words in ("10, 2 of them digests", "99 of at most 256", "June 30, 2025", "today", "a/model", "/data/news"):
        assert words in html
    assert "2026-01-02 03:04:05 UTC" in html
    assert "no catalog beside the index" in index_html("20260101", manifest(), None)


@pytest.fixture(scope="module")
def tab(starter: Assistant) -> "CorpusTab":
    return asyncio.run(built(starter))


@pytest.fixture(scope="module")
def without_catalog(starter_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator["CorpusTab"]:
    """The tab over an index that was copied without its catalog."""
    folder = tmp_path_factory.mktemp("copied") / "home"
    shutil.copytree(starter_home.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("catalog.*"))
    with Assistant(Settings(home=folder)) as assistant:
        yield asyncio.run(built(assistant))


async def built(assistant: Assistant) -> "CorpusTab":
    """The tab within a page that is not served; what else the desk has, the tab leaves alone.

    A coroutine, because outside of an event loop Gradio makes some, and leaves them open.
    """
    import gradio as gr

    from ui.web.desk import Desk
    from ui.web.tabs.corpus import CorpusTab

    rest: Any = None
    with gr.Blocks(analytics_enabled=False):
        tab = CorpusTab(Desk(assistant, rest, rest, Path("runs"), may_sync=True))
        tab.build()
    return tab


def text_of(update: dict[Any, Any]) -> str:
    """All that a handler shows as text."""
    return " ".join(str(value) for value in update.values() if isinstance(value, str))


def test_all_releases_are_browsed_newest_first(tab: "CorpusTab", starter: Assistant) -> None:
    total = starter.manifest.releases
    html = text_of(tab.search.show_all())
    assert f"{total:,} releases, newest first" in html
    assert f"1–20 of {total}" in html
    assert html.count('class="open-release"') == 20
    last = text_of(tab.search.show("", [], [], [], "", "", total - 1))
    assert last.count('class="open-release"') == 1


def test_words_are_searched_and_marked(tab: "CorpusTab") -> None:
    html = text_of(tab.search.show("Tornado Cash", [], [], [], "", ""))
    assert html.index('data-release="jy0916" data-start=') > 0
    assert "<mark>Tornado Cash</mark>" in html
    assert "score 1.00" in html


def test_conditions_narrow_both(tab: "CorpusTab") -> None:
    assert "No release meets these conditions" in text_of(tab.search.show("", [], ["document"], [], "", ""))
    browsed = text_of(tab.search.show("", [], [], [], "2022", "2022"))
    searched = text_of(tab.search.show("sanctions", [], [], [], "2022", "2022"))
    assert ", 2022 ·" in browsed
    assert ", 2022 ·" in searched
    assert ", 2023 ·" not in browsed + searched


@pytest.mark.parametrize(("words", "said"), [("a" * 5000, "4,000"), ("x", ""), ("</p><b>", "")])
def test_odd_words_show_no_fault(tab: "CorpusTab", words: str, said: str) -> None:
    html = text_of(tab.search.show(words, [], [], [], "", ""))
    assert said in html
    assert "<b>" not in html


def test_years_the_wrong_way_round_are_told(tab: "CorpusTab") -> None:
    assert "is after the last" in text_of(tab.search.show("bank", [], [], [], "2024", "2020"))
    assert "No release meets" in text_of(tab.search.show("", [], [], [], "2024", "2020"))


def test_a_name_is_counted_by_year(tab: "CorpusTab") -> None:
    html = text_of(tab.mentions.count("tornado cash", True))
    assert "mention it" in html
    assert 'aria-label="Only 2022"' in html
    assert "<mark>Tornado Cash</mark>" in html
    one_year = text_of(tab.mentions.show("Tornado Cash", True, "2022", "2022"))
    assert "in 2022" in one_year


def test_a_name_that_nobody_mentions_says_so_and_what_may_be_meant(tab: "CorpusTab") -> None:
    html = text_of(tab.mentions.count("Treasurry Department", True))
    assert "No release mentions “Treasurry Department”" in html
    assert 'data-pick="Treasury Department"' in html
    assert "too common" in text_of(tab.mentions.count("the of", True))
    assert "mention" not in text_of(tab.mentions.count("  ", True))


def test_problems_are_listed(tab: "CorpusTab") -> None:
    assert "problems with documents" in text_of(tab.problems.show())


def test_without_a_catalog_what_needs_none_still_works(without_catalog: "CorpusTab") -> None:
    assert "newest first" in text_of(without_catalog.search.show_all())
    assert "mention it" in text_of(without_catalog.mentions.count("Tornado Cash", True))
    assert "there is no catalog" in text_of(without_catalog.problems.show())
    assert "no catalog beside the index" in text_of(without_catalog.index.look())
