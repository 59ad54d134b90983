"""Syncing folders, files and archives: only what changed is read, and nothing that goes wrong loses anything."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.document import ProblemKind
from corpus.errors import CorpusError, SourceError
from corpus.sources.archive import ArchiveSource
from corpus.sources.files import FileSource, FolderSource
from corpus.sources.nothing import EmptiedSource
from corpus.sync import sync
from corpus.verification import span_fault, verify_catalog
from tests.conftest import write_release


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "home" / "catalog.sqlite")


def document_ids(catalog: Catalog) -> dict[str, int]:
    return {path: known.document_id for path, known in catalog.known_documents(catalog.sources()[0].source_id).items()}


def test_a_first_sync_adds_everything(catalog: Catalog, releases_folder: Path) -> None:
    report = sync(catalog, FolderSource(releases_folder))
    assert report.added == [
        "press-releases/2019-03-04-ab0001.md",
        "press-releases/2021-07-20-ab0002.md",
        "readouts/2023-01-09-ab0003.md",
    ]
    assert (report.changed, report.removed, report.unchanged, report.releases.added) == ([], [], 0, 3)


def test_a_second_sync_reads_nothing(catalog: Catalog, releases_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(catalog, FolderSource(releases_folder))
    monkeypatch.setattr("corpus.reading.read", lambda found: pytest.fail(f"{found.path} was read again"))
    report = sync(catalog, FolderSource(releases_folder))
    assert (report.unchanged, report.anything) == (3, False)


def test_only_what_changed_is_read(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    before = document_ids(catalog)
    write_release(releases_folder / "press-releases" / "2021-07-20-ab0002.md", "Borrowing", "The estimate is smaller.")
    write_release(releases_folder / "press-releases" / "2024-05-06-ab0004.md", "A New Bank", "The bank opened in May.")
    (releases_folder / "readouts" / "2023-01-09-ab0003.md").unlink()
    report = sync(catalog, FolderSource(releases_folder))
    assert report.changed == ["press-releases/2021-07-20-ab0002.md"]
    assert report.added == ["press-releases/2024-05-06-ab0004.md"]
    assert report.removed == ["readouts/2023-01-09-ab0003.md"]
    after = document_ids(catalog)
    assert {path for path in after if before.get(path) == after[path]} == {"press-releases/2019-03-04-ab0001.md"}
    assert sorted(catalog.hashes()) == ["ab0001", "ab0002", "ab0004"]


def test_a_file_that_was_only_touched_is_unchanged_from_then_on(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    path = releases_folder / "readouts" / "2023-01-09-ab0003.md"
    os.utime(path, (1, 1))
    assert not sync(catalog, FolderSource(releases_folder)).anything
    assert sync(catalog, FolderSource(releases_folder)).unchanged == 3


def test_another_version_of_the_reader_reads_everything_again(
    catalog: Catalog, releases_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(catalog, FolderSource(releases_folder))
    monkeypatch.setattr("corpus.catalog_reader.PARSER_VERSION", 2)
    monkeypatch.setattr("corpus.reading.PARSER_VERSION", 2)
    report = sync(catalog, FolderSource(releases_folder))
    assert len(report.changed) == 3
    assert report.releases.changed == 0, "the same words make no new version"


def test_a_dry_run_does_nothing(catalog: Catalog, releases_folder: Path) -> None:
    report = sync(catalog, FolderSource(releases_folder), dry_run=True)
    assert (len(report.added), len(catalog), catalog.sources()) == (3, 0, [])
    sync(catalog, FolderSource(releases_folder))
    (releases_folder / "readouts" / "2023-01-09-ab0003.md").unlink()
    report = sync(catalog, FolderSource(releases_folder), dry_run=True)
    assert (report.removed, report.unchanged, len(catalog)) == (["readouts/2023-01-09-ab0003.md"], 2, 3)


def test_a_bad_document_is_reported_and_the_rest_goes_on(catalog: Catalog, releases_folder: Path) -> None:
    (releases_folder / "broken.md").write_text("---\ntitle: [\n---\nWords")
    (releases_folder / "latin.txt").write_bytes(b"First line\ncaf\xe9")
    report = sync(catalog, FolderSource(releases_folder))
    assert len(catalog) == 3
    assert [path for path, _ in report.unread] == ["broken.md:3", "latin.txt:2"]
    assert [(p.path, p.line, p.kind) for p in catalog.problems() if p.release_id == ""] == [
        ("broken.md", 3, ProblemKind.FRONT_MATTER),
        ("latin.txt", 2, ProblemKind.UNREADABLE),
    ]
    assert sync(catalog, FolderSource(releases_folder)).unchanged == 5, "and not read again until it changes"


def test_a_document_that_becomes_unreadable_leaves_and_stays_in_the_history(
    catalog: Catalog, releases_folder: Path
) -> None:
    sync(catalog, FolderSource(releases_folder))
    (releases_folder / "press-releases" / "2021-07-20-ab0002.md").write_bytes(b"\xff")
    sync(catalog, FolderSource(releases_folder))
    assert catalog.get("ab0002") is None
    assert catalog.get("ab0002", 1) is not None


def test_a_file_that_cannot_be_opened_is_reported(catalog: Catalog, releases_folder: Path) -> None:
    (releases_folder / "dangling.md").symlink_to(releases_folder / "nowhere.md")
    assert sync(catalog, FolderSource(releases_folder)).unread == [
        ("dangling.md", "cannot be read: No such file or directory")
    ]


@pytest.mark.parametrize("fault", ["missing", "empty", "unreadable"])
def test_a_folder_that_cannot_be_used_says_why_and_changes_nothing(
    catalog: Catalog, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "folder"
    if fault != "missing":
        folder.mkdir()
    if fault == "unreadable":
        (folder / "a.md").write_bytes(b"\xff")
    with pytest.raises(CorpusError) as caught:
        sync(catalog, FolderSource(folder))
    assert str(folder) in str(caught.value)
    assert len(catalog) == 0


def test_many_documents_are_read_in_worker_processes_just_the_same(
    tmp_path: Path, releases_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (releases_folder / "broken.md").write_text("---\ntitle: [\n---\nWords")
    with Catalog(tmp_path / "a.sqlite") as alone, Catalog(tmp_path / "b.sqlite") as together:
        sync(alone, FolderSource(releases_folder))
        monkeypatch.setattr("corpus.reading.WORTH_WORKERS", 1)
        monkeypatch.setattr("corpus.reading.BATCH", 2)
        sync(together, FolderSource(releases_folder))
        assert together.content_hash() == alone.content_hash()
        assert together.problems() == alone.problems()


def test_several_sources_are_kept_apart_and_folded_together(
    catalog: Catalog, releases_folder: Path, tmp_path: Path
) -> None:
    article = tmp_path / "article.txt"
    article.write_text("The minister of ports opened the Harbor terminal.")
    copy = shutil.copytree(releases_folder, tmp_path / "copy")
    sync(catalog, FolderSource(releases_folder))
    sync(catalog, FileSource(article))
    sync(catalog, FolderSource(copy))
    assert sorted(catalog.hashes()) == ["ab0001", "ab0002", "ab0003", "article"]
    assert len(catalog.folds()) == 3
    (row,) = [row for row in catalog.sources() if row.location == str(releases_folder)]
    sync(catalog, EmptiedSource(row.kind, row.location))
    assert sorted(catalog.hashes()) == ["ab0001", "ab0002", "ab0003", "article"]
    assert catalog.folds() == []


def test_a_file_of_no_known_format_is_told(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    with pytest.raises(SourceError, match=r"a\.exe is none of: \.md"):
        sync(catalog, FileSource(tmp_path / "a.exe"))


def test_a_source_that_became_empty_takes_nothing_out(catalog: Catalog, releases_folder: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    for path in releases_folder.rglob("*.md"):
        path.unlink()
    with pytest.raises(SourceError, match=r"holds no document any more; nothing was removed.*assistant corpus remove"):
        sync(catalog, FolderSource(releases_folder))
    assert len(catalog) == 3


def test_a_file_whose_name_is_no_utf_8_is_refused_and_the_rest_goes_on(catalog: Catalog, releases_folder: Path) -> None:
    with open(os.fsencode(releases_folder) + b"/caf\xe9.md", "wb") as file:  # noqa: PTH123 - a name in bytes
        file.write(b"Words of the bank.")
    assert sync(catalog, FolderSource(releases_folder)).unread == [
        ("caf\ufffd.md", "was refused: its name is no UTF-8; rename it")
    ]
    assert len(catalog) == 3


@pytest.mark.parametrize("name", [".hidden/a.md", ".git/a.md", "a/.b/c.md", ".a.md", "~$report.docx"])
def test_what_is_hidden_is_not_read(catalog: Catalog, releases_folder: Path, name: str) -> None:
    (releases_folder / name).parent.mkdir(parents=True, exist_ok=True)
    (releases_folder / name).write_text("Words of the bank.")
    assert sync(catalog, FolderSource(releases_folder)).unread == []
    assert len(catalog) == 3


# Archives


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return path


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_an_archive_is_read_like_the_folder_that_it_holds(tmp_path: Path, releases_folder: Path, suffix: str) -> None:
    members = {
        path.relative_to(releases_folder).as_posix(): path.read_bytes()
        for path in sorted(releases_folder.rglob("*.md"))
    }
    pack = zipped if suffix == ".zip" else tarred
    file = pack(tmp_path / f"news{suffix}", {**members, "picture.png": b"\x89PNG", "_index.md": b"x"})
    with Catalog(tmp_path / "a.sqlite") as folder, Catalog(tmp_path / "b.sqlite") as archive:
        sync(folder, FolderSource(releases_folder))
        assert len(sync(archive, ArchiveSource(file)).added) == 3
        assert archive.hashes() == folder.hashes()
        assert sync(archive, ArchiveSource(file)).unchanged == 3
        del members["readouts/2023-01-09-ab0003.md"]
        file.unlink()
        pack(file, members)
        assert sync(archive, ArchiveSource(file)).removed == ["readouts/2023-01-09-ab0003.md"]


WORDS = b"The bank was closed on the day of the fair."


@pytest.mark.parametrize("name", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:/evil.md", "..\\evil.md"])
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_a_member_that_leads_out_of_the_archive_is_refused(
    catalog: Catalog, tmp_path: Path, name: str, suffix: str
) -> None:
    pack = zipped if suffix == ".zip" else tarred
    report = sync(catalog, ArchiveSource(pack(tmp_path / f"a{suffix}", {name: WORDS, "good.txt": WORDS})))
    assert list(catalog.hashes()) == ["good"]
    assert [reason for _, reason in report.unread] == ["was refused: it leads out of the archive"]
    assert {p.kind for p in catalog.problems() if p.line == 0} >= {ProblemKind.REFUSED}


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_a_bomb_is_refused_without_being_unpacked(catalog: Catalog, tmp_path: Path, suffix: str) -> None:
    pack = zipped if suffix == ".zip" else tarred
    bomb = b"a" * 40_000_000
    sync(catalog, ArchiveSource(pack(tmp_path / f"a{suffix}", {"bomb.txt": bomb, "good.txt": WORDS})))
    assert list(catalog.hashes()) == ["good"]
    (problem,) = [p for p in catalog.problems() if p.kind is ProblemKind.REFUSED]
    assert "times its packed size" in problem.reason


def test_a_member_that_holds_more_than_it_states_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"lie.txt": WORDS * 10, "good.txt": WORDS}, zipfile.ZIP_STORED)
    data = bytearray(file.read_bytes())
    size = len(WORDS * 10).to_bytes(4, "little")
    at = data.rindex(size, 0, data.rindex(b"lie.txt"))  # the size in the archive's directory
    data[at : at + 4] = (5).to_bytes(4, "little")
    file.write_bytes(data)
    try:
        sync(catalog, ArchiveSource(file))
    except SourceError as error:
        assert "cannot be read as an archive" in str(error)  # noqa: PT017 - either way of refusing is right
    else:
        assert list(catalog.hashes()) == ["good"]


def test_links_in_archives_are_refused(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "a.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        link = tarfile.TarInfo("link.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        good = tarfile.TarInfo("good.txt")
        good.size = len(WORDS)
        archive.addfile(good, io.BytesIO(WORDS))
    assert sync(catalog, ArchiveSource(file)).unread == [("link.md", "was refused: it is a link or a device")]
    zipped_link = zipfile.ZipInfo("link.md")
    zipped_link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive_zip:
        archive_zip.writestr(zipped_link, "/etc/passwd")
        archive_zip.writestr("good2.txt", WORDS + b" Twice.")
    assert sync(catalog, ArchiveSource(tmp_path / "b.zip")).unread == [("link.md", "was refused: it is a link")]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_damaged_archive_is_told(catalog: Catalog, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(SourceError, match="cannot be read as an archive"):
        sync(catalog, ArchiveSource(tmp_path / name))


# Kills, full disks


SYNC = """
import sys
from pathlib import Path
import corpus.sync
from corpus.catalog import Catalog
from corpus.sources.files import FolderSource

corpus.sync.STAGED_AT_ONCE = 7
print("ready", flush=True)
with Catalog(Path(sys.argv[1])) as catalog:
    corpus.sync.sync(catalog, FolderSource(Path(sys.argv[2])))
print("done", flush=True)
"""


def run_sync(catalog_file: Path, folder: Path, kill_after: float | None = None) -> int:
    """Sync in a process of its own, killed some seconds after its libraries are loaded; gives its exit code."""
    command = [sys.executable, "-c", SYNC, str(catalog_file), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if kill_after is not None:
            time.sleep(kill_after)
            process.send_signal(signal.SIGKILL)
        return process.wait()


def state(catalog_file: Path) -> str:
    with Catalog(catalog_file) as catalog:
        assert catalog.faults() == []
        assert all(span_fault(release) == "" for release in catalog.releases(list(catalog.hashes())))
        return catalog.content_hash()


def test_a_sync_killed_at_any_moment_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for n in range(90):
        write_release(folder / f"2020-01-{n % 28 + 1:02}-ab{n}.md", f"Ship {n}", f"Ship number {n} sailed. " * 20)
    base, undisturbed, disturbed = (tmp_path / f"{name}.sqlite" for name in ("base", "undisturbed", "disturbed"))
    assert run_sync(base, folder) == 0
    old = state(base)
    for n in range(0, 60, 2):
        write_release(folder / f"2020-01-{n % 28 + 1:02}-ab{n}.md", f"Ship {n}", f"Ship number {n} came back. " * 20)
        write_release(folder / f"2021-01-{n % 28 + 1:02}-cd{n}.md", f"Boat {n}", f"Boat number {n} sailed. " * 20)
    for n in range(60, 80):
        (folder / f"2020-01-{n % 28 + 1:02}-ab{n}.md").unlink()
    shutil.copy(base, undisturbed)
    started = time.perf_counter()
    assert run_sync(undisturbed, folder) == 0
    seconds = time.perf_counter() - started  # starting Python included: some kills will come too late
    new = state(undisturbed)
    assert new != old

    moments = random.Random(5)  # noqa: S311 - moments to kill at, no secret
    shutil.copy(base, disturbed)
    killed = 0
    for _ in range(20):
        killed += run_sync(disturbed, folder, moments.uniform(0, seconds)) == -signal.SIGKILL
        after = state(disturbed)
        assert after in (old, new)
        if after == new:  # it was through before the kill: begin again from the old state
            for left in tmp_path.glob("disturbed.sqlite*"):
                left.unlink()
            shutil.copy(base, disturbed)
    assert killed >= 5
    assert run_sync(disturbed, folder) == 0
    assert state(disturbed) == new


QUOTA = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
from corpus.catalog import Catalog
from corpus.errors import AssistantError
from corpus.sources.files import FolderSource
from corpus.sync import sync
try:
    with Catalog(Path(sys.argv[1])) as catalog:
        sync(catalog, FolderSource(Path(sys.argv[2])))
except AssistantError as error:
    print(type(error).__name__, error)
"""


def test_a_full_disk_ends_in_a_clear_error_and_the_old_state(tmp_path: Path, releases_folder: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    with Catalog(file) as catalog:
        sync(catalog, FolderSource(releases_folder))
    old = state(file)
    for n in range(40):
        write_release(releases_folder / f"2020-01-02-cd{n}.md", f"Ship {n}", f"Ship number {n} sailed far. " * 900)
    command = [sys.executable, "-c", QUOTA, str(file), str(releases_folder), str(file.stat().st_size + 200_000)]
    said = subprocess.run(command, capture_output=True, text=True)
    assert said.stdout.startswith("CatalogError cannot write to "), said.stderr
    assert said.stdout.rstrip().endswith("the last state stays")
    assert state(file) == old
    with Catalog(file) as catalog:
        sync(catalog, FolderSource(releases_folder))
        assert len(catalog) == 43


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_small_disk_that_fills_up_ends_in_a_clear_error_and_the_old_state(
    tmp_path: Path, releases_folder: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        file = disk / "catalog.sqlite"
        with Catalog(file) as catalog:
            sync(catalog, FolderSource(releases_folder))
        old = state(file)
        for n in range(60):
            write_release(releases_folder / f"2020-01-02-cd{n}.md", f"Ship {n}", f"Ship number {n} sailed far. " * 900)
        with Catalog(file) as catalog, pytest.raises(CorpusError, match=r"cannot write to .*the last state stays"):
            sync(catalog, FolderSource(releases_folder))
        assert state(file) == old
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_verifying_finds_what_is_not_as_it_was(catalog: Catalog, releases_folder: Path, tmp_path: Path) -> None:
    sync(catalog, FolderSource(releases_folder))
    assert list(verify_catalog(catalog, tmp_path / "clones")) == []
    (releases_folder / "readouts" / "2023-01-09-ab0003.md").unlink()
    write_release(releases_folder / "press-releases" / "2021-07-20-ab0002.md", "Borrowing", "Smaller.")
    assert [fault.what for fault in verify_catalog(catalog, tmp_path / "clones")] == [
        "the file has changed; sync again",
        "the file is gone; sync again",
    ]
