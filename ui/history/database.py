"""The file that conversations are kept in: SQLite, shared by threads and by several servers of one home.

What is written is there whole or not at all, whenever a process is killed (write-ahead log, one transaction a change).
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from corpus.errors import HistoryError

#: The file's name in the home.
DESK_FILE = "desk.sqlite"
#: Seconds that a change waits for another server's.
PATIENCE = 15

#: What brings the file from each version to the next; a change of form is one more entry, never a change of these.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # "named": whether a person gave the title; else it is that of the first question.
        "CREATE TABLE conversation ("
        " conversation_key INTEGER PRIMARY KEY AUTOINCREMENT,"
        " id TEXT NOT NULL UNIQUE,"
        " user TEXT NOT NULL,"
        " title TEXT NOT NULL,"
        " named INTEGER NOT NULL DEFAULT 0,"
        " created TEXT NOT NULL,"
        " updated TEXT NOT NULL)",
        "CREATE INDEX conversation_of_user ON conversation (user, updated)",
        # "server" is the running server that answers the turn, while its state is "running"; "taken_out": asked anew
        # since, and the link of its answer still leads to it.
        "CREATE TABLE turn ("
        " turn_key INTEGER PRIMARY KEY AUTOINCREMENT,"
        " id TEXT NOT NULL UNIQUE,"
        " conversation_key INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,"
        " question TEXT NOT NULL,"
        " options TEXT NOT NULL,"
        " state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),"
        " answer TEXT,"
        " shown TEXT NOT NULL DEFAULT '',"
        " error TEXT NOT NULL DEFAULT '',"
        " taken_out INTEGER NOT NULL DEFAULT 0,"
        " asked TEXT NOT NULL,"
        " server TEXT NOT NULL)",
        "CREATE INDEX turn_of_conversation ON turn (conversation_key, turn_key)",
        "CREATE INDEX turn_running ON turn (server) WHERE state = 'running'",
        "CREATE TABLE feedback ("
        " turn_key INTEGER PRIMARY KEY REFERENCES turn ON DELETE CASCADE,"
        " reason TEXT NOT NULL,"
        " comment TEXT NOT NULL,"
        " given TEXT NOT NULL)",
        # One row a conversation, so that words of its title, a question and an answer find it together.
        "CREATE VIRTUAL TABLE said USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2')",
    ),
)


class Database:
    """The opened file. Safe to share between threads; close it when done."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it or bringing it to this version's form where needed.

        Raises:
            HistoryError: it is damaged, of a newer version, or cannot be written. Nothing is ever deleted for that.
        """
        self.path = path
        self._lock = threading.RLock()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # what people ask is nobody else's business; the log takes on the file's mode
            self._db = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False, isolation_level=None)
        try:
            with self._explained():
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            HistoryError: the file is damaged or cannot be read.
        """
        with self._lock, self._explained():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One change, which happens whole or not at all.

        Raises:
            HistoryError: the disk is full, another server has been writing for too long, or the file is damaged.
        """
        with self._lock, self._explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _migrate(self) -> None:
        with self.changing() as db:  # a second server that opens the file waits here, and finds it done
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                raise HistoryError(
                    f"{self.path} was written by a newer version of this program (its form is {version}, this version "
                    f"knows up to {len(MIGRATIONS)}); use the newer program, or move the file away to start a new one"
                )
            for statements in MIGRATIONS[version:]:
                for statement in statements:
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Says what SQLite and the system found wrong with the file, and what to do; mistakes of ours pass."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise HistoryError(
                f"the conversations in {self.path} cannot be read or written: {reason.lower()}; "
                "look at the disk's space and the rights to the folder, and try again"
            ) from error
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise HistoryError(
                f"{self.path} is damaged or no file of conversations: {error}; put a copy back, or move it away "
                "(with its -wal and -shm) to start a new one; sqlite3's .recover gets out what can be read"
            ) from error
