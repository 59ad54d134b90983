"""A sync of all sources that a catalog knows, in this process and in one of its own."""

import subprocess
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.catalog_reader import SourceRow
from corpus.errors import BusyError, SourceError
from corpus.sources.archive import ArchiveSource
from corpus.sources.files import FileSource, FolderSource
from corpus.sources.git import GitSource
from corpus.sources.treasury_api import TreasurySource
from indexes.background_sync import BackgroundSync, SyncPhase, SyncState
from indexes.build import index_source
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Home
from indexes.resync import resync, source_again
from tests.conftest import write_release

#: Seconds that a sync of a few documents may take on a busy machine.
PATIENCE = 120.0


@pytest.fixture
def indexed(home: Home, releases_folder: Path) -> Home:
    """A home with three releases, from a folder."""
    index_source(FolderSource(releases_folder), home, DEFAULT_MODEL)
    return home


def test_every_source_is_brought_in_again(indexed: Home, releases_folder: Path, tmp_path: Path) -> None:
    single = write_release(tmp_path / "2024-01-02-ab0010.md", "Single", "A single document about Lagos.")
    index_source(FileSource(single), indexed, DEFAULT_MODEL)
    write_release(releases_folder / "press-releases" / "2024-05-06-ab0011.md", "New", "A new release about Accra.")
    write_release(single, "Single", "A single document about Abuja.")
    before = indexed.current_name()
    report = resync(indexed, DEFAULT_MODEL)
    assert [(len(s.added), len(s.changed)) for s in report.synced] == [(1, 0), (0, 1)]
    assert report.built.manifest.releases == 5
    assert indexed.current_name() == report.built.generation != before
    assert resync(indexed, DEFAULT_MODEL).built.unchanged


def test_a_catalog_without_sources_says_so(home: Home) -> None:
    with pytest.raises(SourceError, match="no source to sync"):
        resync(home, DEFAULT_MODEL)


@pytest.mark.parametrize(
    ("kind", "location", "expected"),
    [
        ("folder", "/data/news", FolderSource),
        ("file", "/data/a.md", FileSource),
        ("archive", "/data/a.zip", ArchiveSource),
        ("git", "https://example.org/news.git#content/news", GitSource),
        ("git", "https://example.org/news.git", GitSource),
        ("treasury", "https://example.org", TreasurySource),
    ],
)
def test_a_source_is_what_it_was(home: Home, kind: str, location: str, expected: type) -> None:
    with Catalog(home.catalog_file) as catalog:
        source = source_again(SourceRow(1, kind, location, "", 1, None), home, catalog)
    assert isinstance(source, expected)
    assert (source.kind, source.location) == (kind, location)


def test_a_source_of_an_unknown_kind_is_refused(home: Home) -> None:
    with Catalog(home.catalog_file) as catalog, pytest.raises(SourceError, match="cannot be synced: x"):
        source_again(SourceRow(1, "ftp", "x", "", 1, None), home, catalog)


def test_a_sync_runs_beside_and_says_what_it_did(indexed: Home, releases_folder: Path) -> None:
    background = BackgroundSync(indexed, DEFAULT_MODEL)
    assert background.state == SyncState()
    write_release(releases_folder / "press-releases" / "2024-05-06-ab0011.md", "New", "A new release about Accra.")
    before = indexed.current_name()
    background.start()
    with pytest.raises(BusyError, match="running already"):
        background.start()
    state = background.wait(PATIENCE)
    assert state.phase is SyncPhase.DONE, state
    assert "1 added, 0 changed, 0 removed" in state.said
    assert "1 releases written" in state.said
    assert indexed.current_name() != before
    assert indexed.manifest().releases == 4


def test_a_sync_that_fails_says_why_and_the_next_one_may_begin(indexed: Home, releases_folder: Path) -> None:
    moved = releases_folder.rename(releases_folder.with_name("moved"))
    background = BackgroundSync(indexed, DEFAULT_MODEL)
    before = indexed.current_name()
    background.start()
    state = background.wait(PATIENCE)
    assert (state.phase, state.active) == (SyncPhase.FAILED, False)
    assert "no folder" in state.said
    assert indexed.current_name() == before
    moved.rename(releases_folder)
    background.start()
    assert background.wait(PATIENCE).phase is SyncPhase.DONE


def test_a_sync_is_stopped_and_the_index_stays(indexed: Home, releases_folder: Path) -> None:
    for n in range(200):
        write_release(
            releases_folder / "more" / f"2024-05-06-ac{n:04}.md", f"More {n}", f"Release {n} about Accra. " * 40
        )
    background = BackgroundSync(indexed, DEFAULT_MODEL)
    before = indexed.current_name()
    background.start()
    background.stop()
    background.stop()
    state = background.wait(PATIENCE)
    assert state.phase is SyncPhase.STOPPED, state
    assert "the last index stays" in state.said
    assert indexed.current_name() == before
    background.stop()
    assert background.state is state


def test_another_process_that_writes_is_told_of(indexed: Home) -> None:
    background = BackgroundSync(indexed, DEFAULT_MODEL)
    with Catalog(indexed.catalog_file) as catalog, catalog.writing():
        background.start()
        state = background.wait(PATIENCE)
    assert state.phase is SyncPhase.FAILED
    assert "another process is writing" in state.said


def test_a_repository_is_synced_by_its_address_and_folder(home: Home, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    write_release(repository / "content" / "2020-01-02-ab0001.md", "One", "A release about Lagos.")
    write_release(repository / "other" / "2020-01-02-ab0002.md", "Two", "No release.")
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "one"]):
        subprocess.run(["git", "-C", str(repository), *command], check=True, capture_output=True)
    index_source(GitSource(str(repository), "content", home.clones), home, DEFAULT_MODEL)
    report = resync(home, DEFAULT_MODEL)
    assert report.synced[0].unchanged == 1
    assert report.built.manifest.releases == 1
