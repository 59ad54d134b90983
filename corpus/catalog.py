"""The catalog: every document, release and version in one SQLite file. It is the truth; indexes are made from it.

Readers never wait (WAL). One process writes at a time: it holds the lock beside the file, and a second one is told.
Documents are staged while a sync reads them, and become releases in one transaction at its end: a kill at any moment
leaves the releases as they were, and the next sync reads only what was not staged yet.
"""

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from filelock import FileLock, Timeout

from corpus.boilerplate import DTYPE, SentenceKeys
from corpus.catalog_reader import LOOKUP, CatalogReader, parse_date
from corpus.duplicates import Copy, FoldReason
from corpus.errors import BusyError, CatalogError
from corpus.reading import COLUMNS, Reading
from corpus.release import DateSource, ReleaseKind
from corpus.settling import Settled, settle


@dataclass(frozen=True, slots=True)
class Changes:
    """What a settling changed, in releases."""

    added: int
    changed: int
    removed: int


class Catalog(CatalogReader):
    """Reads and writes the catalog. Safe to share between threads that only read."""

    def __init__(self, path: Path) -> None:
        """Open the catalog, making or migrating it where needed.

        Raises:
            CatalogError: it is damaged, of a newer version, or its folder cannot be written.
        """
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"), timeout=0)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            super().__init__(sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None))
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.execute("PRAGMA synchronous=NORMAL")
            migrate(self._db)
        except sqlite3.DatabaseError as error:
            raise CatalogError(f"{path} cannot be opened as a catalog: {error}; move it away and sync again") from error
        except OSError as error:
            raise CatalogError(f"cannot write to {path.parent}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one process that writes.

        Raises:
            BusyError: another process writes.
            CatalogError: the disk is full, or the catalog cannot be written.
        """
        try:
            with self._lock:
                yield
        except Timeout as error:
            raise BusyError(f"another process is writing to {self.path}; wait for it, or stop it") from error
        except (sqlite3.OperationalError, OSError) as error:
            raise CatalogError(f"cannot write to {self.path}: {error}; the last state stays") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def begin_sync(self, kind: str, location: str) -> tuple[int, int, str]:
        """Note that a sync begins: the ids of its source and of itself, and what the last one saw."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO source (kind, location) VALUES (?, ?)", (kind, location))
            source_id, cursor = db.execute(
                "SELECT source_id, cursor FROM source WHERE kind = ? AND location = ?", (kind, location)
            ).fetchone()
            sync = db.execute("INSERT INTO sync (source_id, started) VALUES (?, ?)", (source_id, _now()))
        return source_id, int(sync.lastrowid or 0), cursor

    def end_idle_sync(self, source_id: int, sync_id: int, cursor: str, unchanged: int) -> None:
        """Note that a sync found nothing new, and what it saw."""
        with self._transaction() as db:
            db.execute("UPDATE sync SET finished = ?, unchanged = ? WHERE sync_id = ?", (_now(), unchanged, sync_id))
            db.execute("UPDATE source SET cursor = ? WHERE source_id = ?", (cursor, source_id))

    def stage(self, source_id: int, readings: Iterable[Reading]) -> None:
        """Keep documents that were read, until their sync is finished; what was staged before under a path goes."""
        with self._transaction() as db:
            for reading in readings:
                db.execute(
                    "DELETE FROM document WHERE source_id = ? AND path = ? AND state = 'staged'",
                    (source_id, reading.path),
                )
                marks = ",".join("?" * len(reading.values))
                added = db.execute(
                    f"INSERT INTO document (source_id, state, {COLUMNS}) VALUES (?, 'staged', {marks})",
                    (source_id, *reading.values),
                )
                db.executemany(
                    "INSERT INTO problem VALUES (?, 'reading', ?, ?, ?)",
                    ((added.lastrowid, p.kind, p.line, p.reason) for p in reading.problems),
                )

    def touch(self, tokens: Mapping[int, str]) -> None:
        """Note that documents are unchanged although their tokens are new."""
        with self._transaction() as db:
            db.executemany("UPDATE document SET token = ? WHERE document_id = ?", ((t, i) for i, t in tokens.items()))

    def finish_sync(
        self,
        source_id: int,
        sync_id: int,
        gone: Iterable[str],
        cursor: str,
        counts: Mapping[str, int],
        replaces_others: bool = False,
    ) -> Changes:
        """Make what was staged live, retire what it replaces and what is gone, and settle all releases anew.

        Everything in one transaction: it happens whole or not at all.

        Args:
            source_id: whose sync is finished.
            sync_id: as ``begin_sync`` gave it.
            gone: the paths that the source no longer has.
            cursor: what the sync saw.
            counts: of documents, for the record: added, changed, removed, unchanged, unread.
            replaces_others: retire the documents of all other sources.
        """
        with self._transaction() as db:
            db.execute(
                "UPDATE document SET state = 'retired' WHERE source_id = ? AND state = 'live' AND path IN "
                "(SELECT path FROM document WHERE source_id = ? AND state = 'staged')",
                (source_id, source_id),
            )
            db.executemany(
                "UPDATE document SET state = 'retired' WHERE source_id = ? AND path = ? AND state <> 'retired'",
                ((source_id, path) for path in gone),
            )
            db.execute("UPDATE document SET state = 'live' WHERE source_id = ? AND state = 'staged'", (source_id,))
            if replaces_others:
                db.execute(
                    "UPDATE document SET state = 'retired' WHERE source_id <> ? AND state = 'live'", (source_id,)
                )
            changes = self._settle(db, sync_id)
            names = ("added", "changed", "removed", "unchanged", "unread")
            db.execute(
                f"UPDATE sync SET finished = ?, {', '.join(f'{n} = ?' for n in names)} WHERE sync_id = ?",
                (_now(), *(counts.get(n, 0) for n in names), sync_id),
            )
            db.execute("UPDATE source SET cursor = ? WHERE source_id = ?", (cursor, source_id))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return changes

    def _settle(self, db: sqlite3.Connection, sync_id: int) -> Changes:
        copies, text_hashes = self._copies(db)
        settled = settle(copies, text_hashes, self._text_of, self._sentence_keys_of)
        before = dict(db.execute("SELECT release_id, hash FROM release_version WHERE current"))
        last = dict(db.execute("SELECT release_id, max(version) FROM release_version GROUP BY release_id"))
        new = [s for s in settled if before.get(s.release_id) != s.hash]
        gone = before.keys() - {s.release_id for s in settled}

        db.executemany(
            "UPDATE release_version SET current = 0 WHERE release_id = ? AND current",
            ((release_id,) for release_id in (*gone, *(s.release_id for s in new))),
        )
        removed = ",".join(
            name for name in _VERSION_COLUMNS.split(", ") if name not in ("version", "change", "sync_id")
        )
        db.executemany(
            f"INSERT INTO release_version (version, sync_id, change, current, {removed}) "
            f"SELECT version + 1, ?, 'removed', 0, {removed} FROM release_version WHERE release_id = ? AND version = ?",
            ((sync_id, release_id, last[release_id]) for release_id in sorted(gone)),
        )
        db.executemany(
            f"INSERT INTO release_version (current, {_VERSION_COLUMNS}) VALUES (1{', ?' * 16})",
            (_version_row(s, last.get(s.release_id, 0) + 1, sync_id, s.release_id in before) for s in new),
        )
        # Versions point at the document that showed the release; where only the document is new, the row follows it.
        db.executemany(
            "UPDATE release_version SET document_id = ? WHERE release_id = ? AND current AND document_id <> ?",
            ((s.group.main.document_id, s.release_id, s.group.main.document_id) for s in settled),
        )
        db.execute("DELETE FROM fold")
        db.executemany(
            "INSERT INTO fold VALUES (?, ?, ?)",
            (
                (copy.document_id, s.release_id, reason)
                for s in settled
                for copy, reason in ((s.group.main, FoldReason.ITSELF), *s.group.others)
            ),
        )
        db.execute("DELETE FROM boilerplate")
        db.executemany(
            "INSERT INTO boilerplate VALUES (?, ?, ?)",
            ((s.release_id, *map(json.dumps, astuple(s.boilerplate))) for s in settled if s.boilerplate.paragraphs),
        )
        db.execute(  # what no version shows and no release holds is not history
            "DELETE FROM document WHERE state = 'retired' "
            "AND document_id NOT IN (SELECT document_id FROM release_version)"
        )
        db.execute("DELETE FROM problem WHERE found = 'settling'")
        db.executemany(
            "INSERT INTO problem VALUES (?, 'settling', ?, ?, ?)",
            ((i, p.kind, p.line, p.reason) for s in settled for i, p in s.problems()),
        )
        changed = sum(s.release_id in before for s in new)
        return Changes(len(new) - changed, changed, len(gone))

    @staticmethod
    def _copies(db: sqlite3.Connection) -> tuple[list[Copy], dict[int, str]]:
        rows = db.execute(
            "SELECT document_id, source_id, path, release_id, title, section, url, kind, words, text_key, figures_key, "
            "signature, stated, stated_source, written, written_source, text_hash FROM document "
            "WHERE state = 'live' AND readable ORDER BY source_id, path"
        ).fetchall()
        copies = [
            Copy(
                document_id=row[0],
                order=row[1],
                path=row[2],
                release_id=row[3],
                title=row[4],
                section=row[5],
                url=row[6],
                kind=ReleaseKind(row[7]),
                words=row[8],
                text_key=row[9],
                figures_key=row[10],
                signature=row[11],
                stated=parse_date(row[12]),
                stated_source=DateSource(row[13]),
                written=parse_date(row[14]),
                written_source=DateSource(row[15]),
            )
            for row in rows
        ]
        return copies, {row[0]: row[16] for row in rows}

    def _text_of(self, document_id: int) -> str:
        row = self._db.execute("SELECT text FROM document WHERE document_id = ?", (document_id,)).fetchone()
        return str(row[0])

    def _sentence_keys_of(self, document_ids: list[int]) -> dict[int, SentenceKeys]:
        found: dict[int, SentenceKeys] = {}
        for first in range(0, len(document_ids), LOOKUP):
            part = document_ids[first : first + LOOKUP]
            rows = self._db.execute(
                f"SELECT document_id, sentence_keys FROM document WHERE document_id IN ({','.join('?' * len(part))})",
                part,
            )
            found.update((i, np.frombuffer(keys, DTYPE)) for i, keys in rows)
        return found

    def keep_page(self, url: str, etag: str, last_modified: str, body: bytes) -> None:
        """Keep a page for the next conditional request."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?)", (url, etag, last_modified, body))


_VERSION_COLUMNS = (
    "release_id, version, sync_id, change, hash, document_id, title, date, date_source, date_confidence, date_suspect, "
    "section, url, kind, other_ids, other_urls"
)


def _version_row(settled: Settled, version: int, sync_id: int, known: bool) -> tuple[Any, ...]:
    main, dating = settled.group.main, settled.dating
    return (
        *(settled.release_id, version, sync_id, "changed" if known else "added", settled.hash, main.document_id),
        *(main.title, dating.day.isoformat() if dating.day else None, dating.source, dating.confidence, dating.suspect),
        *(main.section, main.url, main.kind, json.dumps(settled.other_ids), json.dumps(settled.other_urls)),
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def migrate(db: sqlite3.Connection, migrations: Sequence[str] | None = None) -> None:
    """Bring a catalog to this version's form: the numbered scripts that it has not seen yet, each whole or not at all.

    Raises:
        CatalogError: it was written by a newer version.
    """
    if migrations is None:
        scripts = sorted(f.name for f in files("corpus.migrations").iterdir() if f.name.endswith(".sql"))
        migrations = [files("corpus.migrations").joinpath(name).read_text(encoding="utf-8") for name in scripts]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(migrations):
        raise CatalogError(
            f"the catalog has version {version}, this program knows up to {len(migrations)}; use the newer program"
        )
    for number, script in enumerate(migrations[version:], version + 1):
        try:
            db.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.OperationalError:
            if db.in_transaction:
                db.rollback()
            if int(db.execute("PRAGMA user_version").fetchone()[0]) < number:  # else another process was faster
                raise
