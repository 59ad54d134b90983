"""Vectors by content: text that was embedded once is never embedded again, however often an index is made."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from indexes.embedding.encoder import Vectors

LOOKUP = 500  # well under SQLite's limit on parameters


def text_key(text: str) -> bytes:
    """Names a text in the cache: the first 16 bytes of its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


class VectorCache:
    """A SQLite file of vectors for one encoder's fingerprint. Every ``put`` is durable when it returns."""

    def __init__(self, folder: Path, fingerprint: str, dimension: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.dimension = dimension
        self._db = sqlite3.connect(folder / f"{fingerprint}.sqlite", timeout=30)
        # Ten vectors a page; the default of 4096 bytes holds two and wastes a fifth.
        self._db.execute("PRAGMA page_size=16384")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def missing(self, keys: Iterable[bytes]) -> set[bytes]:
        """Those of the keys that have no vector yet."""
        wanted = set(keys)
        if len(wanted) > LOOKUP:
            return wanted - {key for (key,) in self._db.execute("SELECT key FROM vector")}
        return wanted - self._found(list(wanted)).keys()

    def get(self, keys: Sequence[bytes]) -> Vectors:
        """The vectors of keys that are all present, in order, (n, dimension).

        Raises:
            KeyError: one of them is not.
        """
        vectors = np.empty((len(keys), self.dimension), np.float32)
        for first in range(0, len(keys), LOOKUP):
            part = keys[first : first + LOOKUP]
            found = self._found(part)
            for row, key in enumerate(part, first):
                vectors[row] = np.frombuffer(found[key], np.float32)
        return vectors

    def put(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store vectors in one transaction."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        marks = ",".join("?" * len(keys))
        return dict(self._db.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", list(keys)))
