"""From the catalog to the current generation: only what changed is cut, embedded and written anew."""

import importlib.metadata
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.catalog import Catalog
from corpus.errors import BusyError, CorpusError, IndexingError
from corpus.programmes import PROGRAMMES_VERSION, programmes_of
from corpus.progress import Progress, silent
from corpus.release import Release
from corpus.sources import Source
from corpus.sources.files import FolderSource
from corpus.starter import STARTER
from corpus.sync import SyncReport, sync
from indexes import chunk_table, name_table, release_table
from indexes.chunking import CHUNKER_VERSION, Chunk, chunk_release
from indexes.embedding.cache import VectorCache, text_key
from indexes.embedding.encoder import Encoder, load_encoder
from indexes.generation import FORMAT, LEXICAL, PASSAGES, VECTORS, Home, Manifest
from indexes.lexical import write_lexical
from indexes.vectors import VectorIndex

#: Chunks embedded between two writes to the cache: what a kill can lose.
EMBED_BATCH = 256
Row = tuple[int, Chunk, Release]
LIBRARIES = ("faiss-cpu", "onnxruntime", "sentence-transformers", "tantivy", "tokenizers")


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an indexing run did, in releases and chunks; ``unchanged`` where the index was as it should be."""

    generation: str
    manifest: Manifest
    unchanged: bool
    written: int
    removed: int
    embedded: int


def index_source(
    source: Source, home: Home, model: str, progress: Progress = silent, only: bool = False
) -> tuple[SyncReport, BuildReport]:
    """Bring a source into the catalog, and the index into step with it.

    The starter corpus leaves when anything else comes.

    Args:
        source: what to bring.
        home: where catalog and index lie.
        model: the embedding model.
        progress: watches.
        only: take the documents of all other sources out.

    Raises:
        CorpusError: the source cannot be used.
        BusyError, CatalogError, EmbeddingError, IndexingError: as ``sync`` and ``update_index``.
    """
    with Catalog(home.catalog_file) as catalog:
        synced = sync(catalog, source, progress, only=only or leave_starter(catalog))
        return synced, update_index(catalog, home, model, progress)


def leave_starter(catalog: Catalog) -> bool:
    """Whether the catalog holds nothing but the starter corpus, which is to leave when anything else comes."""
    filled = [(row.kind, row.location) for row in catalog.sources() if row.documents]
    return filled == [(FolderSource.kind, str(STARTER.resolve()))]


def build_index(folder: Path, home: Home, model: str, progress: Progress = silent) -> tuple[SyncReport, BuildReport]:
    """Make the documents of a folder, and no others, the corpus and the index in use; raises as ``index_source``."""
    return index_source(FolderSource(folder), home, model, progress, only=True)


def update_index(
    catalog: Catalog, home: Home, model: str, progress: Progress = silent, rebuild: bool = False
) -> BuildReport:
    """Bring the index into step with the catalog and make it current.

    What did not change is taken over from the current generation. Stopped at any moment, the last generation stays, and
    the next run embeds only what was not embedded yet.

    Args:
        catalog: what to index.
        home: where the index lies.
        model: the embedding model.
        progress: watches.
        rebuild: take nothing over from the current generation but cached vectors.

    Raises:
        CorpusError: the catalog holds no release.
        BusyError: another process is indexing into the same home.
        EmbeddingError: the model cannot be used.
        IndexingError: the disk is full or the home cannot be written.
    """
    if not len(catalog):
        raise CorpusError("the catalog holds no release; run: assistant corpus add PATH")
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(home.lock_file, timeout=0):
            return _update(catalog, home, model, progress, rebuild)
    except Timeout as error:
        raise BusyError(f"another process is indexing into {home.folder}; wait for it, or stop it") from error
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexingError(f"cannot write to {home.folder}: {error}; the last index stays") from error


def _update(catalog: Catalog, home: Home, model: str, progress: Progress, rebuild: bool) -> BuildReport:
    with progress("preparing the embedding model", 1) as advance:
        encoder = load_encoder(model, home.models)
        advance(1)
    manifest = _manifest(catalog, model, encoder)
    base = None if rebuild else _base(home, manifest)
    wanted = catalog.hashes()
    held = release_table.release_hashes(home.generations / base / PASSAGES) if base else {}
    stale = sorted(i for i in held if held[i] != wanted.get(i))
    new = [i for i in wanted if held.get(i) != wanted[i]]
    if base and not stale and not new:
        return BuildReport(base, home.manifest(base), True, 0, 0, 0)

    boilerplate = catalog.indexed_boilerplate()
    releases: dict[str, Release] = {}
    programmes: dict[str, tuple[str, ...]] = {}
    chunks: list[Chunk] = []
    with progress("cutting chunks", len(new)) as advance:
        for release in catalog.releases(new):
            releases[release.release_id] = release
            programmes[release.release_id] = programmes_of(release)
            indexed = boilerplate.get(release.release_id, frozenset())
            chunks.extend(chunk_release(release, encoder.count_tokens, encoder.window, indexed))
            advance(1)

    with VectorCache(home.embeddings, encoder.fingerprint, encoder.dimension) as cache:
        keys = [text_key(chunk.search_text) for chunk in chunks]
        embedded = _embed_missing(encoder, cache, dict(zip(keys, chunks, strict=True)), progress)
        scratch = home.scratch(base)
        try:
            gone, ids, total = _write_passages(scratch / PASSAGES, stale, releases, wanted, programmes, chunks)
            vectors = VectorIndex.open(scratch / VECTORS) if base else VectorIndex(encoder.dimension)
            vectors.remove(gone)
            vectors.add(ids, cache.get(keys))
            vectors.save(scratch / VECTORS)
            with progress("writing the lexical index", len(chunks)) as advance:
                rows = ((i, chunk, releases[chunk.release_id]) for i, chunk in zip(ids, chunks, strict=True))
                write_lexical(scratch / LEXICAL, stale, _watched(rows, advance), programmes)
            name = home.publish(scratch, manifest.model_copy(update={"chunks": total}))
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    removed = sum(i not in wanted for i in stale)
    return BuildReport(name, home.manifest(name), False, len(new), removed, embedded)


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


def _write_passages(
    path: Path,
    stale: Sequence[str],
    releases: dict[str, Release],
    hashes: dict[str, str],
    programmes: dict[str, tuple[str, ...]],
    chunks: Sequence[Chunk],
) -> tuple[list[int], list[int], int]:
    """Replace releases and their chunks: the ids of chunks that went, of those that came, and how many there are."""
    new = not path.exists()
    db = sqlite3.connect(path)
    try:
        with db:
            if new:
                db.executescript(release_table.SCHEMA + chunk_table.SCHEMA + name_table.SCHEMA)
            gone = chunk_table.delete_chunks(db, stale)
            name_table.delete_names(db, stale)
            release_table.delete_releases(db, stale)
            release_table.write_releases(db, releases.values(), hashes)
            release_table.write_programmes(db, programmes)
            name_table.write_names(db, releases.values())
            name_table.settle_names(db)
            ids = chunk_table.write_chunks(db, chunks)
        return gone, ids, int(db.execute("SELECT count(*) FROM chunk").fetchone()[0])
    finally:
        db.close()


def _watched(rows: Iterator[Row], advance: Callable[[int], None]) -> Iterator[Row]:
    for n, row in enumerate(rows, 1):
        yield row
        if n % 500 == 0:
            advance(500)


def _manifest(catalog: Catalog, model: str, encoder: Encoder) -> Manifest:
    counts = catalog.counts()
    return Manifest(
        format=FORMAT,
        created=datetime.now(UTC),
        sources=[source.location for source in catalog.sources() if source.documents],
        corpus_hash=catalog.content_hash(),
        files=counts.documents,
        releases=counts.releases,
        digests=counts.digests,
        problems=counts.unread,
        chunks=0,
        latest_date=counts.latest,
        chunker_version=CHUNKER_VERSION,
        programmes_version=PROGRAMMES_VERSION,
        window=encoder.window,
        embedding_model=model,
        encoder=encoder.fingerprint,
        dimension=encoder.dimension,
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
    )


def _base(home: Home, new: Manifest) -> str | None:
    """The current generation's name where it was made in the same way and is undamaged."""
    name = home.current_name()
    try:
        if name is None or home.damaged_files(name):
            return None
        current = home.manifest(name)
    except IndexingError:
        return None
    same = ("chunker_version", "programmes_version", "window", "embedding_model", "encoder", "libraries")
    return name if all(getattr(current, field) == getattr(new, field) for field in same) else None
