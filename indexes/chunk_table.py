"""The chunks of an index in SQLite, beside the releases that they are spans of."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexes.chunking import Chunk
from indexes.filters import SearchFilter

# AUTOINCREMENT: an id is never given twice, even after the newest chunk was deleted.
SCHEMA = """
CREATE TABLE chunk (
    chunk_id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id TEXT NOT NULL REFERENCES release,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    heading TEXT NOT NULL
);
CREATE INDEX chunk_release ON chunk (release_id);
"""

LOOKUP = 500  # well under SQLite's limit on parameters


@dataclass(frozen=True, slots=True)
class ChunkSpan:
    """Where a chunk stands."""

    chunk_id: int
    release_id: str
    start: int
    end: int


def write_chunks(db: sqlite3.Connection, chunks: Iterable[Chunk]) -> list[int]:
    """Add chunks to the table, and give their new ids in order."""
    insert = "INSERT INTO chunk (release_id, start, end, heading) VALUES (?, ?, ?, ?)"
    cursor = db.cursor()
    ids = []
    for chunk in chunks:
        cursor.execute(insert, (chunk.release_id, chunk.start, chunk.end, chunk.heading))
        ids.append(int(cursor.lastrowid or 0))
    return ids


def delete_chunks(db: sqlite3.Connection, release_ids: Iterable[str]) -> list[int]:
    """Take all chunks of releases out of the table, and give their ids."""
    ids: list[int] = []
    for release_id in release_ids:
        ids += (row[0] for row in db.execute("SELECT chunk_id FROM chunk WHERE release_id = ?", (release_id,)))
        db.execute("DELETE FROM chunk WHERE release_id = ?", (release_id,))
    return ids


class ChunkTable:
    """Reads chunks. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, chunk_ids: Sequence[int]) -> list[ChunkSpan]:
        """The chunks of these ids, in the order given; unknown ids are left out."""
        found: dict[int, ChunkSpan] = {}
        for first in range(0, len(chunk_ids), LOOKUP):
            part = chunk_ids[first : first + LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT chunk_id, release_id, start, end FROM chunk WHERE chunk_id IN ({marks})", list(part)
            )
            found.update((row[0], ChunkSpan(*row)) for row in rows)
        return [found[i] for i in chunk_ids if i in found]

    def allowed(self, condition: SearchFilter) -> NDArray[np.int64]:
        """The ids of all chunks whose release meets the condition, ascending."""
        where, values = condition.sql()
        rows = self._db.execute(
            f"SELECT chunk_id FROM chunk JOIN release USING (release_id) WHERE {where} ORDER BY chunk_id", values
        )
        return np.fromiter((row[0] for row in rows), np.int64)

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM chunk").fetchone()[0])
