"""How searching grows with the corpus: latency, memory and recall at 10 thousand, 100 thousand and 1 million chunks.

    python -m tests.bench.scale [--sizes 10000,100000,1000000]

The vectors are made up, in the likeness of real ones: topics, releases and chunks are Gaussian with the covariance of
the starter corpus' chunks, spread so that neighbours are as near as those of real chunks. The words are halves of
starter chunks, joined at random. Each index is searched by a process of its own, and so is a plain FAISS flat index,
read into memory, of the same vectors: recall is counted against what it finds.
"""

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import count, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import assistant.evaluation
from corpus.catalog import Catalog
from corpus.release import Release
from corpus.sources.files import FolderSource
from corpus.starter import STARTER
from corpus.sync import sync
from indexes import chunk_table, name_table, release_table
from indexes.chunking import Chunk, chunk_release
from indexes.embedding.encoder import DEFAULT_MODEL, Vectors, load_encoder
from indexes.generation import LEXICAL, PASSAGES, VECTORS, Generation, Manifest
from indexes.hybrid import DEPTH, hybrid_search
from indexes.lexical import LexicalIndex, write_lexical
from indexes.name_table import NameTable
from indexes.release_table import ReleaseTable
from indexes.vectors import VectorIndex

QUESTIONS = Path(assistant.evaluation.__file__).parent / "starter_questions.jsonl"
#: Searches of each sort.
SEARCHES = 100
#: The share of chunks that passes the filter.
PASSING = 0.01
#: Chunks of a topic and of a release, and the spread of topics, of releases within one, of chunks within one, and of
#: questions around a release. So 100,000 chunks have cosines of 0.83, 0.77 and 0.66 with their nearest, tenth and 200th
#: neighbour; the real corpus has 0.85, 0.77 and 0.64.
TOPIC, RELEASE = 500, 10
SPREAD_TOPICS, SPREAD_RELEASES, SPREAD_CHUNKS, SPREAD_QUESTIONS = 0.7, 0.45, 0.55, 1.2
BLOCK = 50_000

Found = list[tuple[int, float]]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process found and needed: seconds a search, and megabytes beside the libraries', its own and mapped."""

    kind: str
    open_seconds: float
    seconds: list[float]
    found: list[Found]
    filtered_seconds: list[float]
    filtered: list[Found]
    own_mb: float
    mapped_mb: float


class Likeness:
    """Makes vectors up that lie to each other as real ones do."""

    def __init__(self, real: Vectors, size: int) -> None:
        self._rng = np.random.default_rng(0)
        self._mean = real.mean(axis=0)
        self._axes = (real - self._mean) / np.sqrt(len(real), dtype=np.float32)
        topics = self._mean + SPREAD_TOPICS * self._noise(max(1, size // TOPIC))
        releases = max(1, size // RELEASE)
        self._releases = topics[self._rng.integers(len(topics), size=releases)]
        self._releases += SPREAD_RELEASES * self._noise(releases)

    def around(self, n: int, spread: float) -> Vectors:
        """``n`` unit vectors, each around some release."""
        vectors = self._releases[self._rng.integers(len(self._releases), size=n)] + spread * self._noise(n)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _noise(self, n: int) -> Vectors:
        noise = self._rng.standard_normal((n, len(self._axes)), dtype=np.float32) @ self._axes
        return np.asarray(noise, np.float32)


def read_starter(scratch: Path) -> tuple[list[tuple[Chunk, Release]], Vectors]:
    """The chunks of the starter corpus with their releases, and their vectors."""
    encoder = load_encoder(DEFAULT_MODEL, scratch / "models")
    with Catalog(scratch / "catalog.sqlite") as catalog:
        sync(catalog, FolderSource(STARTER))
        releases = list(catalog.releases(list(catalog.hashes())))
    pairs = [(c, r) for r in releases for c in chunk_release(r, encoder.count_tokens, encoder.window)]
    return pairs, encoder.embed([chunk.search_text for chunk, _ in pairs])


def made_up_chunks(pairs: list[tuple[Chunk, Release]]) -> Iterator[tuple[Chunk, Release]]:
    """Without end: the first half of one chunk and the second of another."""
    rng = np.random.default_rng(0)
    while True:
        for a, b in rng.integers(len(pairs), size=(1000, 2)):
            (chunk, release), other = pairs[a], pairs[b][0].text
            yield replace(chunk, text=chunk.text[: len(chunk.text) // 2] + other[len(other) // 2 :]), release


def build_vectors(folder: Path, size: int, likeness: Likeness) -> float:
    """Write the vector index, and give the seconds that it took."""
    index, seconds = VectorIndex(likeness.around(1, 0).shape[1]), 0.0
    for first in range(0, size, BLOCK):
        vectors = likeness.around(min(BLOCK, size - first), SPREAD_CHUNKS)
        started = time.perf_counter()
        index.add(range(first + 1, first + 1 + len(vectors)), vectors)
        seconds += time.perf_counter() - started
    started = time.perf_counter()
    index.save(folder / VECTORS)
    return seconds + time.perf_counter() - started


def build_words(folder: Path, size: int, pairs: list[tuple[Chunk, Release]]) -> float:
    """Write the tables and the lexical index, and give the seconds that the latter took."""
    with sqlite3.connect(folder / PASSAGES) as db:
        db.executescript(release_table.SCHEMA + chunk_table.SCHEMA + name_table.SCHEMA)
        chunk_table.write_chunks(db, (chunk for chunk, _ in islice(cycle(pairs), size)))
    db.close()
    started = time.perf_counter()
    write_lexical(
        folder / LEXICAL,
        [],
        ((i, *pair) for i, pair in zip(count(1), islice(made_up_chunks(pairs), size), strict=False)),
        {},
    )
    return time.perf_counter() - started


def timed(search: Callable[[int], Found], searches: int, warm: bool = True) -> tuple[list[float], list[Found]]:
    """Seconds and results of each search; made once before where it is to be warm."""
    seconds, found = [], []
    for n in range(searches):
        if warm:
            search(n)
        started = time.perf_counter()
        found.append(search(n))
        seconds.append(time.perf_counter() - started)
    return seconds, found


def measure_dense(path: Path, queries: Vectors, allowed: NDArray[np.int64], plain: bool) -> Measured:
    """Search the index as this project does, or with plain FAISS; called in a process of its own."""
    import faiss

    faiss.IndexFlatIP(1).search(np.ones((1, 1), np.float32), 1)  # its libraries are loaded
    before = psutil.Process().memory_info()
    started = time.perf_counter()
    if plain:
        stored = faiss.read_index(str(path))
        flat = stored.index  # without its map of ids, whose threads would be measured rather than the search

        def search(n: int, among: NDArray[np.int64] | None = None) -> Found:
            only = None if among is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(among - 1))
            scores, places = flat.search(queries[n : n + 1], DEPTH, params=only)
            return [(int(i) + 1, float(score)) for i, score in zip(places[0], scores[0], strict=True) if i >= 0]

        kind = "FAISS flat"
    else:
        index = VectorIndex.open(path)
        kind = index.kind

        def search(n: int, among: NDArray[np.int64] | None = None) -> Found:
            return index.search(queries[n], DEPTH, among)

    opened = time.perf_counter() - started
    warm = not plain  # what was read into memory is warm
    seconds, found = timed(search, len(queries), warm)
    filtered_seconds, filtered = timed(lambda n: search(n, allowed), len(queries), warm)
    after = psutil.Process().memory_info()
    mapped = (after.shared - before.shared) / 1e6
    own = (after.rss - before.rss) / 1e6 - mapped
    return Measured(kind, opened, seconds, found, filtered_seconds, filtered, own, mapped)


def measure_words(folder: Path, queries: Vectors) -> tuple[list[float], list[float]]:
    """Seconds of lexical and of hybrid searches; called in a process of its own."""
    texts = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()][:SEARCHES]
    passages, lexical = folder / PASSAGES, LexicalIndex(folder / LEXICAL)
    generation = Generation(
        "made up",
        Manifest.model_construct(),
        ReleaseTable(passages),
        chunk_table.ChunkTable(passages),
        NameTable(passages),
        VectorIndex.open(folder / VECTORS),
        lexical,
    )
    alone, _ = timed(lambda n: lexical.search(texts[n], DEPTH), len(texts))
    both, _ = timed(
        lambda n: [(hit.chunk_id, hit.score) for hit in hybrid_search(generation, texts[n], queries[n])], len(texts)
    )
    generation.close()
    return alone, both


def recalls(found: list[Found], exact: list[Found]) -> str:
    """The mean share of the exact search's first 10, and of all its hits, that were found among as many."""
    shares = {
        k: [len({i for i, _ in a[:k]} & {i for i, _ in b[:k]}) / len(b[:k]) for a, b in zip(found, exact, strict=True)]
        for k in (10, DEPTH)
    }
    return ", ".join(f"{np.mean(share):.4f}" for share in shares.values())


def milliseconds(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{np.median(seconds) * 1e3:.1f}, {np.percentile(seconds, 95) * 1e3:.1f}"


def megabytes(folder: Path, pattern: str) -> float:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Chunks, separated by commas.")
def main(sizes: str) -> None:
    """Print a table of dense search and one of lexical and hybrid search."""
    dense = Table("chunks", "kind", "build s", "open s", "file MB", "memory MB: own, mapped", "search ms: median, p95",
                  f"recall@10, @{DEPTH}", "filtered ms", f"filtered recall@10, @{DEPTH}", "times FAISS flat",
                  title=f"Dense search, k={DEPTH}; the filter lets {PASSING:.0%} pass")  # fmt: skip
    words = Table("chunks", "build s", "file MB", "lexical ms: median, p95", "hybrid ms: median, p95",
                  title=f"Lexical and hybrid search, k={DEPTH}")  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        pairs, real = read_starter(Path(scratch))
        for size in map(int, sizes.split(",")):
            folder = Path(scratch) / str(size)
            folder.mkdir()
            likeness = Likeness(real, size)
            queries = likeness.around(SEARCHES, SPREAD_QUESTIONS)
            built = build_vectors(folder, size, likeness)
            ids = np.random.default_rng(1).choice(size, max(1, int(size * PASSING)), replace=False) + 1
            ours, plain = (
                alone(measure_dense, folder / VECTORS, queries, np.sort(ids), kind) for kind in (False, True)
            )
            for row in (ours, plain):
                dense.add_row(
                    f"{size:,}",
                    row.kind,
                    f"{built:.1f}" if row is ours else "",
                    f"{row.open_seconds:.2f}",
                    f"{megabytes(folder, VECTORS + '*'):,.0f}" if row is ours else "",
                    f"{row.own_mb:,.0f}, {row.mapped_mb:,.0f}",
                    milliseconds(row.seconds),
                    recalls(row.found, plain.found),
                    milliseconds(row.filtered_seconds),
                    recalls(row.filtered, plain.filtered),
                    f"{np.median(plain.seconds) / np.median(row.seconds):.1f}, filtered "
                    f"{np.median(plain.filtered_seconds) / np.median(row.filtered_seconds):.1f}",
                )
            built = build_words(folder, size, pairs)
            lexical, hybrid = alone(measure_words, folder, queries)
            words.add_row(
                f"{size:,}",
                f"{built:.1f}",
                f"{megabytes(folder / LEXICAL, '*'):,.0f}",
                milliseconds(lexical),
                milliseconds(hybrid),
            )
    console = Console(width=200)
    console.print(dense)
    console.print(words)


def alone(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call in a new process, whose memory is then its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


if __name__ == "__main__":
    main()
