"""The catalog: what goes in comes out, versions are kept, migrations run once, one process writes."""

import sqlite3
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.catalog import Catalog, migrate
from corpus.catalog_reader import ReleaseFilter
from corpus.errors import BusyError, CatalogError
from corpus.release import DateConfidence, DateSource
from corpus.sources.files import FolderSource
from corpus.sync import sync
from corpus.verification import span_fault
from tests.conftest import releases_in, write_release


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "home" / "catalog.sqlite")


def test_releases_come_back_as_they_were(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    release = catalog.get("ab0001")
    assert release is not None
    assert (release.title, str(release.date), release.section) == (
        "Treasury Sanctions the Harbor Network",
        "2019-03-04",
        "press-releases",
    )
    assert (release.date_source, release.date_confidence) == (DateSource.FRONT_MATTER, DateConfidence.HIGH)
    assert [release.text[a:b] for a, b in release.bold] == ["Lina Okafor"]
    assert span_fault(release) == ""
    assert catalog.get("xx9999") is None
    assert len(catalog) == 3


@pytest.mark.parametrize(
    ("name", "release_id"),
    [
        ("ab0001", "ab0001"),
        ("AB0001", "ab0001"),
        ("https://home.treasury.gov/news/press-releases/ab0001/", "ab0001"),
        ("xx9999", None),
    ],
)
def test_a_release_is_known_by_id_and_url(
    catalog: Catalog, releases_folder: Path, name: str, release_id: str | None
) -> None:
    sync(catalog, FolderSource(releases_folder))
    assert catalog.resolve(name) == release_id


def test_a_changed_release_gets_a_version_and_the_old_one_stays(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    write_release(
        releases_folder / "press-releases" / "2021-07-20-ab0002.md", "Borrowing Estimate", "Less than thought."
    )
    sync(catalog, FolderSource(releases_folder))
    assert [(v.version, v.change, v.title) for v in catalog.history("ab0002")] == [
        (2, "changed", "Borrowing Estimate"),
        (1, "added", "Quarterly Borrowing Estimate"),
    ]
    first = catalog.get("ab0002", 1)
    assert first is not None
    assert "$673 billion" in first.text
    assert catalog.history("ab0001")[0].version == 1


def test_a_removed_release_stays_in_the_history_and_may_come_back(catalog: Catalog, releases_folder: Path) -> None:
    path = releases_folder / "press-releases" / "2021-07-20-ab0002.md"
    content = path.read_bytes()
    sync(catalog, FolderSource(releases_folder))
    path.unlink()
    sync(catalog, FolderSource(releases_folder))
    assert catalog.get("ab0002") is None
    assert "$673 billion" in (catalog.get("ab0002", 1) or pytest.fail("no first version")).text
    path.write_bytes(content)
    sync(catalog, FolderSource(releases_folder))
    assert [(v.version, v.change) for v in catalog.history("ab0002")] == [(3, "added"), (2, "removed"), (1, "added")]
    assert catalog.get("ab0002") is not None


def test_white_space_that_changes_no_word_is_no_new_version(catalog: Catalog, releases_folder: Path) -> None:
    path = releases_folder / "press-releases" / "2021-07-20-ab0002.md"
    sync(catalog, FolderSource(releases_folder))
    path.write_text(path.read_text() + "\n\n   \n")
    report = sync(catalog, FolderSource(releases_folder))
    assert (len(report.changed), report.releases.changed) == (1, 0)
    assert [v.version for v in catalog.history("ab0002")] == [1]


def test_the_content_hash_follows_the_content_and_not_the_way_there(tmp_path: Path, releases_folder: Path) -> None:
    with Catalog(tmp_path / "a.sqlite") as straight, Catalog(tmp_path / "b.sqlite") as roundabout:
        sync(straight, FolderSource(releases_folder))
        extra = write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")
        sync(roundabout, FolderSource(releases_folder))
        assert straight.content_hash() != roundabout.content_hash()
        extra.unlink()
        sync(roundabout, FolderSource(releases_folder))
        assert straight.content_hash() == roundabout.content_hash()


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (ReleaseFilter(), ["ab0003", "ab0002", "ab0001"]),
        (ReleaseFilter(text="borrow 673"), ["ab0002"]),
        (ReleaseFilter(text="HARBOR"), ["ab0001"]),
        (ReleaseFilter(text="100%"), []),
        (ReleaseFilter(sections=("readouts",)), ["ab0003"]),
    ],
)
def test_releases_are_found_by_words_and_section(
    catalog: Catalog, releases_folder: Path, condition: ReleaseFilter, found: list[str]
) -> None:
    sync(catalog, FolderSource(releases_folder))
    assert [row["release_id"] for row in catalog.find(condition)] == found
    assert catalog.count(condition) == len(found)


def test_the_latest_day_is_that_of_the_latest_numbered_release(catalog: Catalog, releases_folder: Path) -> None:
    write_release(releases_folder / "2026-01-21-press-contacts.md", "Press Contacts", "Write to the office.")
    sync(catalog, FolderSource(releases_folder))
    assert str(catalog.counts().latest) == "2023-01-09"


def test_two_catalogs_at_once_read_while_one_writes(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    with Catalog(catalog.path) as reader, catalog.writing():
        assert len(reader) == 3


def test_a_second_writer_is_told(catalog: Catalog, releases_folder: Path) -> None:
    with (
        FileLock(catalog.path.with_suffix(".lock")),
        pytest.raises(BusyError, match=r"another process is writing to .*; wait for it, or stop it"),
    ):
        sync(catalog, FolderSource(releases_folder))


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
    first = "CREATE TABLE a (x INTEGER);"
    migrate(db, [first])
    migrate(db, [first])
    db.execute("INSERT INTO a VALUES (1)")
    migrate(db, [first, "ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7;"])
    assert db.execute("SELECT x, y FROM a").fetchall() == [(1, 7)]
    assert db.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, ["CREATE TABLE a (x INTEGER); CREATE TABLE a (x INTEGER);"])
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert db.execute("PRAGMA user_version").fetchone() == (0,)


def test_a_catalog_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    Catalog(tmp_path / "c.sqlite").close()
    db = sqlite3.connect(tmp_path / "c.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CatalogError, match=r"version 99.*use the newer program"):
        Catalog(tmp_path / "c.sqlite")


def test_a_file_that_is_no_catalog_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"not a database at all " * 100)
    with pytest.raises(CatalogError, match="cannot be opened as a catalog"):
        Catalog(tmp_path / "c.sqlite")


def test_references_are_enforced_and_the_journal_is_wal(catalog: Catalog) -> None:
    db = sqlite3.connect(catalog.path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert catalog.faults() == []
    with pytest.raises(sqlite3.IntegrityError):
        catalog._db.execute("INSERT INTO problem VALUES (99, 'reading', 'x', 0, 'y')")


def test_a_release_known_only_roughly_says_about(tmp_path: Path) -> None:
    for n in range(1, 41):
        write_release(tmp_path / "news" / f"2004-02-{n % 28 + 1:02}-js{n}.md", f"Ship {n}", f"Ship number {n} sailed.")
    write_release(tmp_path / "news" / "1980-10-01-js20.md", "Ship 20", "Ship number 20 sailed far away that day.")
    (tmp_path / "news" / "2004-02-21-js20.md").unlink()
    release = releases_in(tmp_path / "news", tmp_path / "catalog.sqlite")["js20"]
    assert (release.date_source, release.date_confidence) == (DateSource.ID_SERIES, DateConfidence.LOW)
    assert release.date_suspect.startswith("stated as 1980-10-01, but the ids next to it are of 2004-02-")
