"""From a folder of releases to the current generation."""

import importlib.metadata
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.catalog import corpus_hash, write_releases
from corpus.errors import BusyError, DocumentError, IndexingError
from corpus.folder import LoadedFolder, load_folder
from corpus.progress import Progress, silent
from corpus.release import Release, ReleaseKind
from indexes.chunk_table import write_chunks
from indexes.chunking import CHUNKER_VERSION, Chunk, chunk_release
from indexes.embedding.cache import VectorCache, text_key
from indexes.embedding.encoder import Encoder, load_encoder
from indexes.generation import CATALOG, FORMAT, LEXICAL, VECTORS, Home, Manifest
from indexes.lexical import write_lexical
from indexes.vectors import VectorIndex

#: Chunks embedded between two writes to the cache: what a kill can lose.
EMBED_BATCH = 256
Row = tuple[int, Chunk, Release]
LIBRARIES = ("faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy", "tokenizers")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an indexing run did."""

    generation: str
    manifest: Manifest
    unchanged: bool
    embedded: int
    problems: list[DocumentError]


def build_index(folder: Path, home: Home, model: str, progress: Progress = silent) -> BuildReport:
    """Index every release of a folder and make the result current.

    Stopped at any moment, the last generation stays, and the next run embeds only what was not embedded yet.

    Raises:
        CorpusError: the folder cannot be used.
        BusyError: another process is indexing into the same home.
        EmbeddingError: the model cannot be used.
        IndexingError: the disk is full or the home cannot be written.
    """
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(home.lock_file, timeout=0):
            return _build(folder, home, model, progress)
    except Timeout as error:
        raise BusyError(f"another process is indexing into {home.folder}; wait for it, or stop it") from error
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexingError(f"cannot write to {home.folder}: {error}; the last index stays") from error


def _build(folder: Path, home: Home, model: str, progress: Progress) -> BuildReport:
    loaded = load_folder(folder, progress)
    with progress("preparing the embedding model", 1) as advance:
        encoder = load_encoder(model, home.models)
        advance(1)
    manifest = _manifest(loaded, model, encoder)
    if (current := _unchanged(home, manifest)) is not None:
        return BuildReport(current, home.manifest(current), True, 0, loaded.problems)

    releases = {release.release_id: release for release in loaded.releases}
    chunks: list[Chunk] = []
    with progress("cutting chunks", len(releases)) as advance:
        for release in loaded.releases:
            chunks.extend(chunk_release(release, encoder.count_tokens, encoder.window))
            advance(1)
    manifest = manifest.model_copy(update={"chunks": len(chunks)})

    with VectorCache(home.embeddings, encoder.fingerprint, encoder.dimension) as cache:
        keys = [text_key(chunk.search_text) for chunk in chunks]
        embedded = _embed_missing(encoder, cache, dict(zip(keys, chunks, strict=True)), progress)
        scratch = home.scratch()
        try:
            ids = _write_catalog(scratch / CATALOG, loaded.releases, chunks)
            vectors = VectorIndex(encoder.dimension)
            vectors.add(ids, cache.get(keys))
            vectors.save(scratch / VECTORS)
            with progress("writing the lexical index", len(chunks)) as advance:
                rows = ((i, chunk, releases[chunk.release_id]) for i, chunk in zip(ids, chunks, strict=True))
                write_lexical(scratch / LEXICAL, _watched(rows, advance))
            name = home.publish(scratch, manifest)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    return BuildReport(name, home.manifest(name), False, embedded, loaded.problems)


def _embed_missing(encoder: Encoder, cache: VectorCache, chunks: dict[bytes, Chunk], progress: Progress) -> int:
    """Embed the chunks that the cache lacks, a batch at a time, and give their number."""
    missing = cache.missing(chunks)
    # Long ones first: batches of one length waste no padding, and the time left is never underestimated.
    todo = sorted(missing, key=lambda key: -len(chunks[key].search_text))
    with progress("embedding chunks", len(todo)) as advance:
        for first in range(0, len(todo), EMBED_BATCH):
            batch = todo[first : first + EMBED_BATCH]
            cache.put(batch, encoder.embed([chunks[key].search_text for key in batch]))
            advance(len(batch))
    return len(todo)


def _write_catalog(path: Path, releases: Sequence[Release], chunks: Sequence[Chunk]) -> list[int]:
    db = sqlite3.connect(path)
    try:
        with db:
            write_releases(db, releases)
            return write_chunks(db, chunks)
    finally:
        db.close()


def _watched(rows: Iterator[Row], advance: Callable[[int], None]) -> Iterator[Row]:
    for n, row in enumerate(rows, 1):
        yield row
        if n % 500 == 0:
            advance(500)


def _manifest(loaded: LoadedFolder, model: str, encoder: Encoder) -> Manifest:
    dates = [release.date for release in loaded.releases if release.date]
    return Manifest(
        format=FORMAT,
        created=datetime.now(UTC),
        folder=str(loaded.folder.resolve()),
        corpus_hash=corpus_hash(loaded.releases),
        files=loaded.files,
        releases=len(loaded.releases),
        digests=sum(release.kind is ReleaseKind.DIGEST for release in loaded.releases),
        problems=len(loaded.problems),
        chunks=0,
        latest_date=max(dates, default=None),
        chunker_version=CHUNKER_VERSION,
        window=encoder.window,
        embedding_model=model,
        encoder=encoder.fingerprint,
        dimension=encoder.dimension,
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
    )


def _unchanged(home: Home, new: Manifest) -> str | None:
    """The current generation's name where it was made from the same releases in the same way."""
    name = home.current_name()
    if name is None:
        return None
    try:
        current = home.manifest(name)
    except IndexingError:
        return None
    same = ("folder", "corpus_hash", "chunker_version", "window", "embedding_model", "encoder", "libraries")
    return name if all(getattr(current, field) == getattr(new, field) for field in same) else None
