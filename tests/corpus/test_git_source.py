"""A git repository: only its folder is read, and from one commit to the next only what differs."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.errors import SourceError
from corpus.sources.files import FolderSource
from corpus.sources.git import GitSource
from corpus.sync import SyncReport, sync
from tests.conftest import write_release

FOLDER = "content/news"
RELEASES = [f"press-releases/2020-01-0{number}-ab000{number}.md" for number in range(1, 6)]


def no_settings_of_git(patch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GIT_"):
            patch.delenv(name)
    patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    patch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(autouse=True)
def settings_of_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """How the person who runs the tests has set up git does not matter."""
    no_settings_of_git(monkeypatch)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody."""
    someone = ("-c", "user.name=Lina Okafor", "-c", "user.email=lina@example.org")
    done = subprocess.run(
        ["git", "-C", str(folder), *someone, *arguments], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Repository:
    """A repository that is worked in, and the bare one that it is pushed to."""

    work: Path
    bare: Path

    @property
    def folder(self) -> Path:
        """The folder of the releases."""
        return self.work / FOLDER

    def commit(self, *options: str) -> str:
        """Commit everything as it lies there and push it; the name of the commit."""
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--message=Work on the archive", *options)
        git(self.work, "push", "--quiet", "--force", str(self.bare), "HEAD:main")
        return git(self.work, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Five releases, and a file that is none of them; every test works on a copy."""
    folder = tmp_path_factory.mktemp("template")
    repository = Repository(folder / "work", folder / "bare.git")
    with pytest.MonkeyPatch.context() as patch:
        no_settings_of_git(patch)
        git(folder, "init", "--quiet", "--initial-branch=main", "work")
        git(folder, "init", "--quiet", "--initial-branch=main", "--bare", "bare.git")
        for number, path in enumerate(RELEASES, 1):
            write(repository.folder / path, number)
        write_release(repository.work / "content" / "about.md", "About the Archive", "Kofi Mensah keeps the archive.")
        repository.commit()
    return repository


@pytest.fixture
def repository(template: Repository, tmp_path: Path) -> Repository:
    copy = Repository(tmp_path / "work", tmp_path / "bare.git")
    shutil.copytree(template.work, copy.work)
    shutil.copytree(template.bare, copy.bare)
    return copy


def write(path: Path, number: int, words: str = "") -> None:
    """Write one release; each says something of its own."""
    body = (
        f"Harbor Vessel {number} carried {1000 + 7 * number} crates to Lagos.\n\n"
        f"Lina Okafor signed paper {13 * number} of the Harbor network. {words}"
    )
    write_release(path, f"Treasury Names Harbor Vessel {number}", body, f"2020-01-{number:02}")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "home" / "catalog.sqlite") as catalog:
        yield catalog


Source = Callable[..., GitSource]


@pytest.fixture
def source(repository: Repository, tmp_path: Path) -> Source:
    """Makes a source of the bare repository; where it is told otherwise, of another."""

    def make(url: str = str(repository.bare), path: str = FOLDER, branch: str = "HEAD") -> GitSource:
        return GitSource(url, path, tmp_path / "clones", branch, wait=0.01)

    return make


def known(catalog: Catalog) -> dict[str, int]:
    """The number of the row that holds each document; a document that is read again gets another."""
    return {
        path: document.document_id
        for s in catalog.sources()
        for path, document in catalog.known_documents(s.source_id).items()
    }


def documents(report: SyncReport) -> tuple[list[str], list[str], list[str], int]:
    return report.added, report.changed, report.removed, report.unchanged


# From nothing


def test_every_document_below_the_folder_is_read_and_none_outside(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    report = sync(catalog, source())
    assert documents(report) == (RELEASES, [], [], 0)
    assert list(catalog.hashes()) == ["ab0001", "ab0002", "ab0003", "ab0004", "ab0005"]
    release = catalog.get("ab0002")
    assert release is not None
    assert (release.title, str(release.date)) == ("Treasury Names Harbor Vessel 2", "2020-01-02")
    assert release.path == RELEASES[1]


def test_the_commit_is_remembered(catalog: Catalog, repository: Repository, source: Source) -> None:
    head = git(repository.work, "rev-parse", "HEAD")
    origin = source()
    sync(catalog, origin)
    assert origin.cursor == head
    [row] = catalog.sources()
    assert (row.kind, row.location, row.cursor, row.documents) == ("git", f"{repository.bare}#{FOLDER}", head, 5)


def test_a_repository_gives_what_its_folder_gives(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path
) -> None:
    write(repository.folder / "readouts" / "2020-01-06-ab0006.md", 6)
    write(repository.folder / "readouts" / "2020-01-07 ab0007 “Zürich”.md", 7)
    write(repository.folder / "_index.md", 8)
    write(repository.folder / ".drafts" / "2020-01-09-ab0009.md", 9)
    write(repository.folder / "press-releases" / ".2020-01-10-ab0010.md", 10)
    (repository.folder / "ab0011.html").write_text("<h1>A Ship</h1><p>Harbor Vessel 11 is blocked.</p>", "utf-8")
    (repository.folder / "picture.png").write_bytes(b"\x89PNG")
    repository.commit()
    with Catalog(tmp_path / "other.sqlite") as other:
        sync(other, FolderSource(repository.folder))
        sync(catalog, source())
        assert known(catalog).keys() == known(other).keys()
        assert catalog.hashes() == other.hashes()


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("{}", "content"),
        ("file://{}", ""),
    ],
)
def test_a_repository_is_named_by_path_or_url_and_any_folder(
    catalog: Catalog, repository: Repository, source: Source, form: str, path: str
) -> None:
    sync(catalog, source(form.format(repository.bare), path))
    expected = {str(Path(FOLDER, release).relative_to(path)) for release in RELEASES}
    assert known(catalog).keys() - {"about.md", "content/about.md"} == expected


def test_a_relative_path_is_one_from_where_the_program_runs(
    catalog: Catalog, repository: Repository, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.bare.parent)
    sync(catalog, source(repository.bare.name))
    assert len(catalog) == 5


def test_where_the_server_can_only_the_folders_files_are_fetched(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    git(repository.bare, "config", "uploadpack.allowFilter", "true")
    git(repository.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    origin = source(f"file://{repository.bare}")
    sync(catalog, origin)
    outside = git(repository.work, "rev-parse", "HEAD:content/about.md")
    missing = git(origin.clone, "rev-list", "--objects", "--missing=print", "HEAD").splitlines()
    assert [line for line in missing if line.startswith("?")] == [f"?{outside}"]
    assert len(catalog) == 5


def test_a_clone_has_no_history(catalog: Catalog, repository: Repository, source: Source) -> None:
    write(repository.folder / RELEASES[0], 1, "It sank.")
    repository.commit()
    origin = source(f"file://{repository.bare}")
    sync(catalog, origin)
    assert git(origin.clone, "rev-list", "--count", "HEAD") == "1"


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    report = sync(catalog, source(), dry_run=True)
    assert documents(report) == (RELEASES, [], [], 0)
    assert (len(catalog), catalog.sources()) == (0, [])

    sync(catalog, source())
    before = catalog.content_hash(), known(catalog), catalog.sources()
    write(repository.folder / RELEASES[0], 1, "It sank.")
    (repository.folder / RELEASES[1]).unlink()
    write(repository.folder / "readouts" / "ab0006.md", 6)
    repository.commit()
    report = sync(catalog, source(), dry_run=True)
    assert documents(report) == (["readouts/ab0006.md"], [RELEASES[0]], [RELEASES[1]], 3)
    assert (catalog.content_hash(), known(catalog), catalog.sources()) == before
    assert documents(sync(catalog, source())) == documents(report)


# From one commit to the next


def test_without_a_new_commit_nothing_is_read(catalog: Catalog, source: Source) -> None:
    sync(catalog, source())
    before = catalog.content_hash(), known(catalog)
    report = sync(catalog, source())
    assert (documents(report), report.anything) == (([], [], [], 5), False)
    assert (catalog.content_hash(), known(catalog)) == before


def test_only_what_differs_between_two_commits_is_read(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    sync(catalog, source())
    rows = known(catalog)
    write(repository.folder / RELEASES[0], 1, "It sank.")
    write(repository.folder / RELEASES[3], 4, "It was sold.")
    (repository.folder / RELEASES[1]).unlink()
    write(repository.folder / "readouts" / "2020-01-06-ab0006.md", 6)
    head = repository.commit()
    report = sync(catalog, source())
    assert documents(report) == (
        ["readouts/2020-01-06-ab0006.md"],
        [RELEASES[0], RELEASES[3]],
        [RELEASES[1]],
        2,
    )
    assert (report.releases.added, report.releases.changed, report.releases.removed) == (1, 2, 1)
    assert {p: row for p, row in known(catalog).items() if rows.get(p) == row} == {
        p: rows[p] for p in (RELEASES[2], RELEASES[4])
    }
    assert list(catalog.hashes()) == ["ab0001", "ab0003", "ab0004", "ab0005", "ab0006"]
    release = catalog.get("ab0004")
    assert release is not None
    assert release.text.endswith("It was sold.")
    assert [v.change for v in catalog.history("ab0002")] == ["removed", "added"]
    assert catalog.sources()[0].cursor == head


def test_a_release_that_moves_within_the_folder_stays_the_same(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    sync(catalog, source())
    before = catalog.hashes()
    moved = f"archive/{RELEASES[0]}"
    (repository.folder / moved).parent.mkdir(parents=True)
    (repository.folder / RELEASES[0]).rename(repository.folder / moved)
    repository.commit()
    report = sync(catalog, source())
    assert documents(report) == ([moved], [], [RELEASES[0]], 4)
    assert (catalog.hashes(), len(catalog.history("ab0001"))) == (before, 1)


def test_a_release_that_moves_to_another_section_gets_a_version(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    sync(catalog, source())
    moved = f"readouts/{Path(RELEASES[0]).name}"
    (repository.folder / moved).parent.mkdir(parents=True)
    (repository.folder / RELEASES[0]).rename(repository.folder / moved)
    repository.commit()
    sync(catalog, source())
    release = catalog.get("ab0001")
    assert release is not None
    assert release.section == "readouts"
    assert [v.change for v in catalog.history("ab0001")] == ["changed", "added"]


def test_a_commit_outside_the_folder_changes_no_release(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    sync(catalog, source())
    before = catalog.content_hash(), known(catalog)
    write_release(repository.work / "content" / "about.md", "About the Archive", "Nobody keeps the archive.")
    write_release(repository.work / "content" / "newsletters" / "ab0006.md", "A Letter", "It is no release.")
    head = repository.commit()
    report = sync(catalog, source())
    assert (documents(report), report.anything) == (([], [], [], 5), False)
    assert (catalog.content_hash(), known(catalog)) == before
    assert catalog.sources()[0].cursor == head


def test_a_branch_that_was_rewritten_is_followed(catalog: Catalog, repository: Repository, source: Source) -> None:
    write(repository.folder / RELEASES[0], 1, "It sank.")
    repository.commit()
    sync(catalog, source())
    git(repository.work, "reset", "--quiet", "--hard", "HEAD~1")
    (repository.folder / RELEASES[4]).unlink()
    head = repository.commit("--amend")
    report = sync(catalog, source())
    assert documents(report) == ([], [RELEASES[0]], [RELEASES[4]], 3)
    release = catalog.get("ab0001")
    assert release is not None
    assert not release.text.endswith("It sank.")
    assert catalog.sources()[0].cursor == head


def test_a_branch_is_followed_by_its_name(catalog: Catalog, repository: Repository, source: Source) -> None:
    sync(catalog, source())
    write(repository.folder / "readouts" / "ab0006.md", 6)
    git(repository.work, "checkout", "--quiet", "-b", "next/issue")
    git(repository.work, "add", "--all")
    git(repository.work, "commit", "--quiet", "--message=A readout")
    git(repository.work, "push", "--quiet", str(repository.bare), "next/issue")
    assert documents(sync(catalog, source())) == ([], [], [], 5)
    assert documents(sync(catalog, source(branch="next/issue"))) == (["readouts/ab0006.md"], [], [], 5)
    assert documents(sync(catalog, source(branch="main"))) == ([], [], ["readouts/ab0006.md"], 5)


def test_a_symbolic_link_is_not_followed(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    write(secret / "ab0099.md", 99)
    (repository.folder / "ab0007.md").symlink_to(secret / "ab0099.md")
    (repository.folder / "ab0008.md").symlink_to(RELEASES[0])
    (repository.folder / "secrets").symlink_to(secret, target_is_directory=True)
    repository.commit()
    assert documents(sync(catalog, source())) == (RELEASES, [], [], 0)


def test_a_release_that_becomes_a_symbolic_link_is_gone(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path
) -> None:
    sync(catalog, source())
    write(tmp_path / "secret" / "ab0099.md", 99)
    (repository.folder / RELEASES[0]).unlink()
    (repository.folder / RELEASES[0]).symlink_to(tmp_path / "secret" / "ab0099.md")
    repository.commit()
    assert documents(sync(catalog, source())) == ([], [], [RELEASES[0]], 4)


def test_files_are_read_as_they_were_committed(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Catalog(tmp_path / "other.sqlite") as other:
        sync(other, source())
        shutil.rmtree(tmp_path / "clones")
        settings = tmp_path / "gitconfig"
        settings.write_text("[core]\n\tautocrlf = true\n", "utf-8")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
        sync(catalog, source())
        assert catalog.content_hash() == other.content_hash()


def test_a_name_in_another_encoding_does_not_stop_the_rest(
    catalog: Catalog, repository: Repository, source: Source
) -> None:
    odd = os.fsencode(repository.folder) + b"/caf\xe9.md"
    shutil.copyfile(repository.folder / RELEASES[0], odd)
    repository.commit()
    sync(catalog, source())
    assert catalog.hashes().keys() >= {"ab0001", "ab0005"}


# What fails


def test_a_repository_that_is_not_there_is_an_error(catalog: Catalog, source: Source, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.git")
    with pytest.raises(SourceError, match=missing):
        sync(catalog, source(missing))
    assert len(catalog) == 0


def test_a_server_that_cannot_be_reached_is_an_error(catalog: Catalog, source: Source) -> None:
    with pytest.raises(SourceError, match=r"http://127\.0\.0\.1:9/archive\.git"):
        sync(catalog, source("http://127.0.0.1:9/archive.git"))


def test_a_repository_without_a_commit_is_an_error(catalog: Catalog, source: Source, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    with pytest.raises(SourceError, match=str(tmp_path / "empty.git")):
        sync(catalog, source(str(tmp_path / "empty.git")))


@pytest.mark.parametrize("path", ["content/newts", "content/about.md", "../work"])
def test_a_folder_that_is_not_in_the_repository_is_an_error(
    catalog: Catalog, repository: Repository, source: Source, path: str
) -> None:
    with pytest.raises(SourceError, match=str(repository.bare)):
        sync(catalog, source(path=path))
    assert len(catalog) == 0


@pytest.mark.parametrize("branch", ["no/such/branch", "two words"])
def test_a_branch_that_is_not_in_the_repository_is_an_error(
    catalog: Catalog, repository: Repository, source: Source, branch: str
) -> None:
    with pytest.raises(SourceError, match=str(repository.bare)):
        sync(catalog, source(branch=branch))
    assert len(catalog) == 0


def test_a_branch_is_never_taken_for_an_option(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=str(repository.bare)):
        sync(catalog, source(branch=f"--upload-pack=touch {tmp_path / 'made'};git-upload-pack"))
    assert not (tmp_path / "made").exists()


def test_a_url_is_never_taken_for_an_option_or_a_command(catalog: Catalog, source: Source, tmp_path: Path) -> None:
    for url in (f"--upload-pack=touch {tmp_path / 'made'}", f"ext::sh -c 'touch {tmp_path / 'made'}'"):
        with pytest.raises(SourceError):
            sync(catalog, source(url))
    assert not (tmp_path / "made").exists()


def test_after_a_failure_everything_is_as_it_was(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path
) -> None:
    sync(catalog, source())
    before = catalog.content_hash(), known(catalog), catalog.sources()
    aside = repository.bare.rename(tmp_path / "aside.git")
    with pytest.raises(SourceError, match=str(repository.bare)):
        sync(catalog, source())
    assert (catalog.content_hash(), known(catalog), catalog.sources()) == before
    aside.rename(repository.bare)
    write(repository.folder / RELEASES[0], 1, "It sank.")
    repository.commit()
    assert documents(sync(catalog, source())) == ([], [RELEASES[0]], [], 4)


def without_head(clone: Path) -> None:
    (clone / ".git" / "HEAD").unlink()


def empty_head(clone: Path) -> None:
    (clone / ".git" / "HEAD").write_bytes(b"")


def not_fetched(clone: Path) -> None:
    shutil.rmtree(clone)
    clone.mkdir()
    git(clone, "init", "--quiet")


def without_objects(clone: Path) -> None:
    shutil.rmtree(clone / ".git" / "objects")


def locked(clone: Path) -> None:
    for name in ("index.lock", "shallow.lock", "HEAD.lock", "config.lock"):
        (clone / ".git" / name).touch()


def not_checked_out(clone: Path) -> None:
    (clone / ".git" / "index").unlink()
    shutil.rmtree(clone / "content")


def partly_checked_out(clone: Path) -> None:
    (clone / FOLDER / RELEASES[1]).unlink()
    (clone / FOLDER / RELEASES[2]).write_bytes(b"---\ntitle: Trea")


def with_an_empty_index(clone: Path) -> None:
    (clone / ".git" / "index").write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [
        without_head,
        empty_head,
        not_fetched,
        locked,
        not_checked_out,
        partly_checked_out,
        with_an_empty_index,
    ],
)
def test_a_clone_that_was_left_half_made_is_mended(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    sync(catalog, source())
    damage(source().clone)
    write(repository.folder / RELEASES[0], 1, "It sank.")
    repository.commit()
    with Catalog(tmp_path / "new.sqlite") as new, Catalog(tmp_path / "expected.sqlite") as expected:
        sync(new, source())  # reads every document
        sync(expected, FolderSource(repository.folder))
        assert new.hashes() == expected.hashes()


@pytest.mark.parametrize("damage", [without_head, empty_head, without_objects])
def test_a_repository_around_a_broken_clone_is_left_alone(
    catalog: Catalog, repository: Repository, source: Source, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The home may lie inside a repository; what is not committed there is somebody's work."""
    shutil.copytree(repository.work / ".git", tmp_path / ".git")
    git(tmp_path, "remote", "add", "origin", str(repository.bare))
    work = tmp_path / "content" / "about.md"
    work.parent.mkdir()
    work.write_text("Not committed yet.", "utf-8")

    sync(catalog, source())
    damage(source().clone)
    with suppress(SourceError):
        sync(catalog, source())
    assert work.read_text("utf-8") == "Not committed yet."
    assert (tmp_path / ".git" / "HEAD").read_text("utf-8") == "ref: refs/heads/main\n"
    assert not (tmp_path / ".git" / "FETCH_HEAD").exists()
    assert len(catalog) == 5


def test_a_sync_that_was_stopped_goes_on_from_there(catalog: Catalog, source: Source) -> None:
    @contextmanager
    def stopped_at_the_third(what: str, total: int) -> Iterator[Callable[[int], None]]:
        steps = iter(range(2))

        def advance(done: int) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        yield advance

    with pytest.raises(KeyboardInterrupt):
        sync(catalog, source(), progress=stopped_at_the_third)
    rows = known(catalog)
    assert (len(catalog), sorted(rows)) == (0, RELEASES[:3])
    assert documents(sync(catalog, source())) == (RELEASES, [], [], 3)
    assert {p: row for p, row in known(catalog).items() if p in rows} == rows
