"""Indexing: whole or not at all, nothing embedded twice, and every fault told in one line."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.catalog import Catalog
from corpus.errors import BusyError, CorpusError, IndexingError, NoIndexError, StaleIndexError
from corpus.release import ParagraphKind
from corpus.sources.files import FileSource, FolderSource
from corpus.starter import STARTER
from corpus.sync import sync
from indexes.build import build_index, index_source
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.filters import SearchFilter
from indexes.generation import Home
from indexes.verification import verify_index
from tests.conftest import forget_programmes, write_release


def build(folder: Path, home: Home) -> tuple[str, int, bool]:
    _, report = build_index(folder, home, DEFAULT_MODEL)
    return report.generation, report.embedded, report.unchanged


def test_an_index_holds_every_release_and_says_what_it_was_made_from(home: Home, releases_folder: Path) -> None:
    name, embedded, _ = build(releases_folder, home)
    manifest = home.manifest()
    assert home.current_name() == name
    assert (manifest.files, manifest.releases, manifest.digests, manifest.problems) == (3, 3, 0, 0)
    assert manifest.chunks == embedded == 4
    assert (str(manifest.latest_date), manifest.sources) == ("2023-01-09", [str(releases_folder)])
    assert home.damaged_files() == []
    generation = home.open()
    assert len(generation.releases) == 3
    assert len(generation.vectors) == len(generation.lexical) == len(generation.chunks) == 4
    generation.close()


def test_an_unchanged_folder_is_left_alone(home: Home, releases_folder: Path) -> None:
    name, _, _ = build(releases_folder, home)
    assert build(releases_folder, home) == (name, 0, True)


def test_only_what_changed_is_embedded(home: Home, releases_folder: Path) -> None:
    first, _, _ = build(releases_folder, home)
    write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")
    second, embedded, unchanged = build(releases_folder, home)
    assert (embedded, unchanged) == (1, False)
    assert second != first
    assert home.open().releases.get("ab0004") is not None


def test_a_document_that_is_gone_is_gone_from_every_part(home: Home, releases_folder: Path) -> None:
    build(releases_folder, home)
    next(releases_folder.rglob("*ab0002.md")).unlink()
    build(releases_folder, home)
    generation = home.open()
    assert generation.releases.get("ab0002") is None
    spans = generation.chunks.get(generation.vectors.ids().tolist())
    assert {span.release_id for span in spans} == {"ab0001", "ab0003"}
    assert generation.lexical.search("borrow $673 billion", 5) == []


def test_a_reader_keeps_the_generation_it_opened(home: Home, releases_folder: Path) -> None:
    build(releases_folder, home)
    reader = home.open()
    next(releases_folder.rglob("*ab0002.md")).unlink()
    build(releases_folder, home)
    assert reader.releases.get("ab0002") is not None
    assert reader.lexical.search("borrow $673 billion", 5)


def test_a_changed_release_is_found_by_its_new_words_only(home: Home, releases_folder: Path) -> None:
    build(releases_folder, home)
    path = releases_folder / "press-releases" / "2021-07-20-ab0002.md"
    write_release(path, "Quarterly Estimate", "It expects to repay $41 billion in the quarter.")
    _, embedded, _ = build(releases_folder, home)
    generation = home.open()
    assert embedded == 1
    assert generation.lexical.search("$673", 5) == []
    ((chunk_id, _),) = generation.lexical.search("$41 billion", 5)
    (span,) = generation.chunks.get([chunk_id])
    assert span.release_id == "ab0002"
    assert chunk_id in generation.vectors.ids()
    assert len(generation.chunks) == len(generation.vectors) == len(generation.lexical) == 4
    assert chunk_id > 4, "ids are never given twice"


def test_an_index_brought_into_step_equals_one_made_anew(
    home: Home, releases_folder: Path, tmp_path: Path, models: Path
) -> None:
    build(releases_folder, home)
    new = "The Harbor Zurich Office (HZO) opened a new bank in May."
    write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", new)
    write_release(releases_folder / "2024-05-07-ab0005.md", "Another", f"It is small. {new}")
    next(releases_folder.rglob("*ab0001.md")).unlink()
    build(releases_folder, home)
    anew = Home(tmp_path / "anew")
    anew.folder.mkdir()
    anew.models.symlink_to(models)
    build(releases_folder, anew)

    def content(of: Home) -> tuple[object, ...]:
        generation = of.open()
        spans = generation.chunks.get(generation.vectors.ids().tolist())
        releases = [generation.releases.get(i) for i in ("ab0001", "ab0002", "ab0003", "ab0004")]
        found = [
            generation.chunks.get([i])[0].release_id for i, _ in generation.lexical.search("bank Zurich borrow", 9)
        ]
        also = generation.names.also("hzo"), generation.names.also("harbor zurich office")
        words = [generation.names.releases(word) for word in ("Lagos", "Zurich", "bank", "HZO")]
        return sorted((s.release_id, s.start, s.end) for s in spans), releases, sorted(found), also, words

    assert content(home) == content(anew)
    assert content(home)[-1] == [0, 3, 2, 2]
    assert home.manifest().corpus_hash == anew.manifest().corpus_hash


def test_programmes_follow_what_a_release_says(home: Home, releases_folder: Path) -> None:
    path = releases_folder / "press-releases" / "2019-03-04-ab0001.md"
    title = "Treasury Sanctions the Harbor Network"
    write_release(path, title, "Lina Okafor is being designated pursuant to E.O. 13224.")
    build(releases_folder, home)
    assert under(home, "Counter-terrorism") == (["Counter-terrorism"], {"ab0001"})
    write_release(path, title, "Lina Okafor is being designated pursuant to E.O. 13661.")
    build(releases_folder, home)
    assert under(home, "Russia and Ukraine") == (["Russia and Ukraine"], {"ab0001"})
    assert under(home, "Counter-terrorism") == (["Russia and Ukraine"], set())


def under(home: Home, programme: str) -> tuple[list[str], set[str]]:
    """The programmes there are, and the releases that both indexes find under one."""
    generation = home.open()
    condition = SearchFilter(programmes=(programme,))
    dense, lexical = generation.chunks.allowed(condition).tolist(), generation.lexical.search("Okafor", 9, condition)
    assert dense == [i for i, _ in lexical]
    return generation.releases.programmes(), {span.release_id for span in generation.chunks.get(dense)}


def test_an_index_that_knows_no_programmes_is_read_and_brought_into_step_without_embedding(
    home: Home, releases_folder: Path
) -> None:
    write_release(releases_folder / "2024-05-06-ab0004.md", "Treasury Sanctions Iranian Banks", "OFAC acted today.")
    name, _, _ = build(releases_folder, home)
    forget_programmes(home)
    older = home.open()
    assert older.releases.get("ab0004") is not None
    assert (older.releases.programmes(), older.releases.programmes_of("ab0004")) == ([], ())
    newer, embedded, unchanged = build(releases_folder, home)
    assert (newer != name, embedded, unchanged) == (True, 0, False)
    assert home.open().releases.programmes_of("ab0004") == ("Iran",)
    assert build(releases_folder, home) == (newer, 0, True)


def test_a_release_is_known_by_every_id_it_was_published_under(home: Home, releases_folder: Path) -> None:
    text = "The Harbor bank was closed on the day of the fair. " * 12
    write_release(releases_folder / "2018-11-19-sm549.md", "A Statement on Ships", text)
    write_release(releases_folder / "2018-11-19-sm551.md", "A Statement on Ships", text)
    build(releases_folder, home)
    generation = home.open()
    assert generation.releases.known(["sm551", "sm549", "sm999"]) == ["sm549"]
    release = generation.releases.get("sm551")
    assert release is not None
    assert (release.release_id, release.also_published_as) == (
        "sm549",
        ("sm551", "https://home.treasury.gov/news/press-releases/sm551"),
    )


def test_boilerplate_is_indexed_once(home: Home, tmp_path: Path) -> None:
    blocked = "All property of the persons named above is blocked and must be reported to the office."
    for n in range(12):
        body = f"Ship {n} of the Harbor network carried goods number {n} to the port.\n\n{blocked}"
        write_release(tmp_path / "news" / f"2020-01-{n + 1:02}-ab{n}.md", f"Ship {n}", body)
    build(tmp_path / "news", home)
    generation = home.open()
    found = generation.chunks.get([i for i, _ in generation.lexical.search("property blocked reported", 50)])
    assert [span.release_id for span in found] == ["ab0"]
    release = generation.releases.get("ab7")
    assert release is not None
    assert [p.kind for p in release.paragraphs] == [ParagraphKind.BODY, ParagraphKind.BOILERPLATE]


def test_a_damaged_index_is_made_anew_and_not_built_upon(home: Home, releases_folder: Path) -> None:
    name, _, _ = build(releases_folder, home)
    with (home.generations / name / "vectors.faiss").open("ab") as file:
        file.write(b"\0")
    newer, embedded, unchanged = build(releases_folder, home)
    assert (embedded, unchanged) == (0, False)
    assert newer != name
    assert home.damaged_files() == []


def test_the_index_is_checked_against_the_catalog(home: Home, releases_folder: Path) -> None:
    build(releases_folder, home)
    with Catalog(home.catalog_file) as catalog:
        assert list(verify_index(catalog, home)) == []
        next(releases_folder.rglob("*ab0001.md")).unlink()
        write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")
        write_release(releases_folder / "press-releases" / "2021-07-20-ab0002.md", "Borrowing", "Less than thought.")
        sync(catalog, FolderSource(releases_folder))
        assert [(fault.where, fault.what.split(";")[0]) for fault in verify_index(catalog, home)] == [
            ("ab0001", "is in the index and no longer in the catalog"),
            ("ab0002", "is in the index in an older version"),
            ("ab0004", "is not in the index"),
        ]


def test_the_starter_corpus_leaves_when_anything_else_comes(home: Home, releases_folder: Path, tmp_path: Path) -> None:
    build(STARTER, home)
    index_source(FolderSource(releases_folder), home, DEFAULT_MODEL)
    assert home.manifest().releases == 3
    article = tmp_path / "article.txt"
    article.write_text("The minister of ports opened the Harbor terminal.")
    index_source(FileSource(article), home, DEFAULT_MODEL)
    assert home.manifest().releases == 4
    assert home.manifest().sources == [str(releases_folder), str(article)]


def test_old_generations_are_cleared_away(home: Home, releases_folder: Path) -> None:
    names = []
    for n in range(4):
        write_release(releases_folder / f"2024-05-06-ab{n + 4}.md", "One More", f"Number {n} opened.")
        names.append(build(releases_folder, home)[0])
    assert sorted(p.name for p in home.generations.iterdir()) == sorted(names[-2:])


@pytest.mark.parametrize("fault", ["missing", "empty", "unreadable"])
def test_a_bad_folder_leaves_the_last_index(home: Home, releases_folder: Path, tmp_path: Path, fault: str) -> None:
    name, _, _ = build(releases_folder, home)
    folder = tmp_path / "bad"
    if fault != "missing":
        folder.mkdir()
    if fault == "unreadable":
        (folder / "a.md").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError):
        build(folder, home)
    assert home.current_name() == name


def test_a_second_indexer_is_turned_away(home: Home, releases_folder: Path) -> None:
    with FileLock(home.lock_file), pytest.raises(BusyError, match="another process is indexing"):
        build(releases_folder, home)


def test_a_full_disk_leaves_the_last_index(home: Home, releases_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _, _ = build(releases_folder, home)
    write_release(releases_folder / "2024-05-06-ab0004.md", "A New Bank", "The new bank opened in May.")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexes.build.write_lexical", full)
    with pytest.raises(IndexingError, match="No space left on device; the last index stays"):
        build(releases_folder, home)
    assert home.current_name() == name
    assert [p.name for p in home.generations.iterdir()] == [name]


SLOW_INDEXER = """
import sys, time
from pathlib import Path
import indexes.build as build
from indexes.generation import Home
from indexes.verification import verify_index

embed = build._embed_missing
def slowly(encoder, *rest):
    class Slow:
        def embed(self, texts):
            time.sleep(0.2)
            return encoder.embed(texts)
    return embed(Slow(), *rest)
build._embed_missing, build.EMBED_BATCH = slowly, 1
print("ready", flush=True)
build.build_index(Path(sys.argv[1]), Home(Path(sys.argv[2])), sys.argv[3])
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_run_leaves_the_last_index_and_the_next_goes_on(
    home: Home, releases_folder: Path, sent: signal.Signals
) -> None:
    name, _, _ = build(releases_folder, home)
    for n in range(12):
        write_release(releases_folder / f"2024-05-06-cd{n:04}.md", "One More", f"Branch number {n} opened.")
    command = [sys.executable, "-c", SLOW_INDEXER, str(releases_folder), str(home.folder), DEFAULT_MODEL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        while _cached(home) < 4 + 5 and process.poll() is None:
            time.sleep(0.02)
        assert process.poll() is None
        os.kill(process.pid, sent)
    assert home.current_name() == name
    assert home.open().manifest.releases == 3
    kept = _cached(home) - 4
    assert 0 < kept < 12
    _, embedded, _ = build(releases_folder, home)
    assert embedded == 12 - kept
    assert home.manifest().releases == 15
    assert not list(home.generations.glob(".writing-*"))


def _cached(home: Home) -> int:
    (file,) = home.embeddings.glob("*.sqlite")
    with sqlite3.connect(file) as db:
        return int(db.execute("SELECT count(*) FROM vector").fetchone()[0])


def test_nothing_indexed_yet_says_what_to_run(home: Home) -> None:
    with pytest.raises(NoIndexError, match="run: assistant index"):
        home.open()


@pytest.mark.parametrize("file", ["manifest.json", "passages.sqlite", "vectors.faiss", "lexical/meta.json"])
def test_a_damaged_index_says_what_to_run(home: Home, releases_folder: Path, file: str) -> None:
    name, _, _ = build(releases_folder, home)
    path = home.generations / name / file
    path.unlink()
    with pytest.raises(IndexingError, match=r"assistant index|index the folder again"):
        home.open()
    if file != "manifest.json":
        assert home.damaged_files() == [file]


def test_an_index_of_another_version_is_told(home: Home, releases_folder: Path) -> None:
    name, _, _ = build(releases_folder, home)
    path = home.generations / name / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}))
    with pytest.raises(StaleIndexError, match="format 0, this version reads"):
        home.open()
