"""From files to releases: front matter, ids, dates, and what cannot be read."""

import datetime
from pathlib import Path

import pytest

from corpus.errors import CorpusError, DocumentError
from corpus.folder import load_folder, release_files
from corpus.loaders.markdown import load_markdown
from corpus.release import DateSource, ReleaseKind
from tests.conftest import write_release


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_release_with_front_matter(tmp_path: Path) -> None:
    path = write_release(
        tmp_path / "2019-03-04-AB0001.md", "Harbor: a “network”", "It sails.", "2019-03-04T22:30:00-05:00"
    )
    path.write_text(path.read_text().replace("title: Harbor: a", "title: 'Harbor: a").replace("network”", "network”'"))
    release = load_markdown(path)
    assert (release.release_id, release.title) == ("ab0001", "Harbor: a “network”")
    assert (release.date, release.date_source) == (datetime.date(2019, 3, 4), DateSource.FRONT_MATTER)
    assert release.url == "https://home.treasury.gov/news/press-releases/AB0001"
    assert (release.section, release.kind, release.text) == ("press-releases", ReleaseKind.RELEASE, "It sails.")


def test_a_title_is_one_line_without_control_characters(tmp_path: Path) -> None:
    source = '---\ntitle: "Odd\\e[31m \\u200b title\n  on two lines"\n---\nWords.'
    assert load_markdown(written(tmp_path, "2020-01-01-x.md", source)).title == "Odd[31m title on two lines"


def test_a_text_without_front_matter_is_a_document_of_unknown_date(tmp_path: Path) -> None:
    release = load_markdown(written(tmp_path, "Some-Article.txt", "A paper wrote this.\n\nAnd that."))
    assert (release.release_id, release.title, release.url) == ("some-article", "Some-Article", "")
    assert (release.date, release.date_source, release.kind) == (None, DateSource.UNKNOWN, ReleaseKind.DOCUMENT)


def test_a_date_in_the_file_name_counts_where_none_is_stated(tmp_path: Path) -> None:
    release = load_markdown(written(tmp_path, "2004-05-06-js9.md", "Words."))
    assert (release.date, release.date_source) == (datetime.date(2004, 5, 6), DateSource.FILE_NAME)


@pytest.mark.parametrize(
    ("day", "release_id", "believed"),
    [
        ("2025-12-23", "js1501", False),  # an id of 2004 that carries the day of the crawl
        ("2025-12-23", "sb0345", True),
        ("2021-07-09", "js101", False),
        ("2021-07-09", "jy0266", True),
        ("2021-07-09", "a-featured-story", False),
        ("2004-05-06", "js1501", True),
    ],
)
def test_the_day_of_a_crawl_is_no_publication_date(tmp_path: Path, day: str, release_id: str, believed: bool) -> None:
    release = load_markdown(write_release(tmp_path / f"{day}-{release_id}.md", "T", "Words.", day))
    assert release.date == (datetime.date.fromisoformat(day) if believed else None)
    assert release.date_source == (DateSource.FRONT_MATTER if believed else DateSource.UNKNOWN)


@pytest.mark.parametrize(
    ("url", "release_id"),
    [
        ("/news/press-releases/jy1539", "jy1539"),
        ("/news/press-releases/JY1539/", "jy1539"),
        ("https://home.treasury.gov/news/featured-stories/a-story", "a-story"),
        ("/news/featured-stories/New%20Withholding", "new-withholding"),
    ],
)
def test_the_id_is_the_urls_last_segment(tmp_path: Path, url: str, release_id: str) -> None:
    path = written(tmp_path, "2020-01-01-x.md", f"---\ntitle: T\ndate: 2020-01-01\nurl: {url}\n---\nWords.")
    assert load_markdown(path).release_id == release_id


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("---\ntitle: a\nWords without an end", 1, "no closing"),
        ("---\ntitle: a\n  b: [c\n---\nWords", 3, "broken front matter"),
        ("---\n- a\n- b\n---\nWords", 2, "name: value"),
        ("---\ntitle: a\ndate: June 1\n---\nWords", None, "not of the form"),
        ("---\ntitle: a\nkind: novel\n---\nWords", None, "none of: release, digest, document"),
        ("---\ntitle: a\n---\n\n\u200b\n", None, "holds no text"),
        ("", None, "holds no text"),
        (">" * 3000 + " Words", None, "nested hundreds of levels deep"),
        ("<div>" * 3000 + "Words", None, "nested hundreds of levels deep"),
        (b"---\ntitle: a\n---\nBad \xff byte", 4, "not UTF-8"),
    ],
)
def test_a_bad_document_says_where_and_why(tmp_path: Path, content: str | bytes, line: int | None, reason: str) -> None:
    path = written(tmp_path, "2020-01-01-x.md", content)
    with pytest.raises(DocumentError, match=reason) as caught:
        load_markdown(path)
    assert (caught.value.path, caught.value.line) == (path, line)


def test_bad_documents_are_listed_and_the_rest_goes_on(releases_folder: Path) -> None:
    written(releases_folder, "broken.md", "---\ntitle: [\n---\nWords")
    written(releases_folder, "_index.md", "---\ntitle: News\n---\n")
    loaded = load_folder(releases_folder)
    assert [r.release_id for r in loaded.releases] == ["ab0001", "ab0002", "ab0003"]
    assert (loaded.files, [p.path.name for p in loaded.problems]) == (4, ["broken.md"])


def test_many_files_are_read_in_worker_processes_just_the_same(
    releases_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(releases_folder, "broken.md", "---\ntitle: [\n---\nWords")
    alone = load_folder(releases_folder)
    monkeypatch.setattr("corpus.folder.WORTH_WORKERS", 1)
    together = load_folder(releases_folder)
    assert together.releases == alone.releases
    assert [str(p) for p in together.problems] == [str(p) for p in alone.problems]


def test_one_release_for_the_copies_under_one_id(tmp_path: Path) -> None:
    write_release(tmp_path / "a" / "2020-01-02-ab1.md", "Short", "Stub.", section="media-advisories")
    write_release(tmp_path / "b" / "2020-01-02-ab1.md", "Whole", "The whole text of it.")
    (release,) = load_folder(tmp_path).releases
    assert release.title == "Whole"
    assert release.also_published_as == ("https://home.treasury.gov/news/media-advisories/ab1",)


@pytest.mark.parametrize("problem", ["missing", "file", "empty", "unreadable"])
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, problem: str) -> None:
    folder = tmp_path / "folder"
    if problem == "file":
        folder.write_text("x")
    elif problem != "missing":
        folder.mkdir()
    if problem == "unreadable":
        (folder / "a.md").write_bytes(b"\xff")
    with pytest.raises(CorpusError) as caught:
        load_folder(folder)
    assert str(folder) in str(caught.value)


def test_files_are_found_at_any_depth_in_a_fixed_order(releases_folder: Path) -> None:
    assert [path.name[-9:-3] for path in release_files(releases_folder)] == ["ab0001", "ab0002", "ab0003"]
