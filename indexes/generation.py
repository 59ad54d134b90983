"""One index on disk, whole or not there at all.

A home holds ``generations/NAME/`` folders and a small file ``current`` that names the one in use. A generation is
written under another name, checked, moved into place, and made current by replacing that file: a kill at any moment
leaves the last good one. Nothing in a generation ever changes, so that a reader keeps the one it opened.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from corpus.errors import IndexingError, NoIndexError, StaleIndexError
from corpus.starter import STARTER
from indexes.chunk_table import ChunkTable
from indexes.embedding.packaged_model import sha256
from indexes.lexical import LexicalIndex
from indexes.name_table import NameTable
from indexes.release_table import ReleaseTable
from indexes.vectors import VectorIndex

#: Raise it whenever older generations can no longer be read, or names are learned in another way.
FORMAT = 3

PASSAGES, VECTORS, LEXICAL, MANIFEST = "passages.sqlite", "vectors.faiss", "lexical", "manifest.json"
#: How many generations a home keeps: the current one, and the one that running readers may still have open.
KEPT = 2


class Manifest(BaseModel):
    """What a generation was made from and by, and what its files must be."""

    format: int
    created: datetime
    sources: list[str]
    corpus_hash: str
    files: int
    releases: int
    digests: int
    problems: int
    chunks: int
    latest_date: date | None
    chunker_version: int
    programmes_version: int = 0  # of a generation that does not say which programmes releases are under
    window: int
    embedding_model: str
    encoder: str
    dimension: int
    libraries: dict[str, str]
    checksums: dict[str, str] = {}

    @property
    def corpus_name(self) -> str:
        """What people call the corpus: the end of its source's path or url, or that it is the starter corpus."""
        if self.sources == [str(STARTER.resolve())]:
            return "the starter corpus"
        names = ["/".join(source.rstrip("/").split("/")[-2:]).lstrip("/") for source in self.sources]
        return " and ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")

    @property
    def age_days(self) -> int:
        """Whole days since the generation was made."""
        return (datetime.now(UTC) - self.created).days


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened index: all that a search needs."""

    name: str
    manifest: Manifest
    releases: ReleaseTable
    chunks: ChunkTable
    names: NameTable
    vectors: VectorIndex
    lexical: LexicalIndex

    def close(self) -> None:
        """Let go of the files."""
        self.releases.close()
        self.chunks.close()
        self.names.close()


class Home:
    """The folder that holds everything the program keeps: generations, cached vectors, exported models."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog_file = folder / "catalog.sqlite"
        self.clones = folder / "clones"
        self.generations = folder / "generations"
        self.embeddings = folder / "embeddings"
        self.models = folder / "models"
        self.lock_file = folder / "indexing.lock"
        self._current = folder / "current"

    def current_name(self) -> str | None:
        """The name of the generation in use; None before the first."""
        try:
            return self._current.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def manifest(self, name: str | None = None) -> Manifest:
        """The manifest of a generation, by default the current one.

        Raises:
            NoIndexError: nothing is indexed.
            StaleIndexError: it was written by another version of the program.
            IndexingError: it is missing or damaged.
        """
        name = name or self.current_name()
        if name is None:
            raise NoIndexError(f"nothing is indexed yet in {self.folder}; run: assistant index")
        path = self.generations / name / MANIFEST
        try:
            raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if raw.get("format") != FORMAT:
                raise StaleIndexError(
                    f"the index {name} has format {raw.get('format')}, this version reads {FORMAT}; "
                    f"run again: assistant index {raw.get('folder', '')}".rstrip()
                )
            return Manifest.model_validate(raw)
        except (OSError, ValueError, ValidationError) as error:
            raise IndexingError(f"{path} is missing or damaged; run again: assistant index") from error

    def open(self, name: str | None = None) -> Generation:
        """Open a generation, by default the current one.

        Raises:
            NoIndexError, StaleIndexError, IndexingError: as ``manifest``; or a file of it is missing or damaged.
        """
        manifest = self.manifest(name)
        name = name or self.current_name() or ""
        folder = self.generations / name
        for file in (PASSAGES, VECTORS):
            if not (folder / file).is_file():
                raise IndexingError(f"{folder / file} is missing; run again: assistant index --rebuild")
        return Generation(
            name,
            manifest,
            ReleaseTable(folder / PASSAGES),
            ChunkTable(folder / PASSAGES),
            NameTable(folder / PASSAGES),
            VectorIndex.open(folder / VECTORS),
            LexicalIndex(folder / LEXICAL),
        )

    def scratch(self, base: str | None = None) -> Path:
        """A folder to write the next generation in, empty or with a copy of another's files.

        What a killed run left is cleared away.
        """
        self.generations.mkdir(parents=True, exist_ok=True)
        for left in self.generations.glob(".writing-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = self.generations / f".writing-{os.getpid()}"
        if base:
            shutil.copytree(self.generations / base, folder, ignore=shutil.ignore_patterns("*.lock", MANIFEST))
        else:
            folder.mkdir()
        return folder

    def publish(self, scratch: Path, manifest: Manifest) -> str:
        """Seal the folder with its manifest, check that it opens, make it current, and remove old generations.

        Raises:
            IndexingError: what was written does not agree with the manifest; the current generation stays.
        """
        sealed = manifest.model_copy(update={"checksums": _checksums(scratch)})
        (scratch / MANIFEST).write_text(sealed.model_dump_json(indent=1) + "\n", encoding="utf-8")
        written = self.open(scratch.name)
        counts = {
            "chunks": len(written.chunks),
            "vectors": len(written.vectors),
            "passages": len(written.lexical),
        }
        releases = len(written.releases)
        written.close()
        if set(counts.values()) != {manifest.chunks} or releases != manifest.releases:
            raise IndexingError(f"the new index is not whole ({counts}, {releases} releases); the last one stays")
        _sync(scratch)
        name = f"{manifest.created:%Y%m%dT%H%M%S%f}-{manifest.corpus_hash[:8]}"  # names sort by age
        scratch.rename(self.generations / name)
        pointer = self._current.with_suffix(".new")
        pointer.write_text(name + "\n", encoding="utf-8")
        pointer.replace(self._current)
        self._remove_old(name)
        return name

    def damaged_files(self, name: str | None = None) -> list[str]:
        """Files of a generation whose checksums are no longer those of its manifest."""
        manifest = self.manifest(name)
        folder = self.generations / (name or self.current_name() or "")
        return [
            file
            for file, checksum in manifest.checksums.items()
            if not (folder / file).is_file() or sha256(folder / file) != checksum
        ]

    def _remove_old(self, current: str) -> None:
        names = sorted(p.name for p in self.generations.iterdir() if not p.name.startswith("."))
        for name in [n for n in names if n != current][: -(KEPT - 1)]:
            shutil.rmtree(self.generations / name, ignore_errors=True)


def _checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def _sync(folder: Path) -> None:
    """Have the files on the disk before the folder's name says that they are."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
