"""The catalog as a page looks at it: opened without writing anything, its problems and folds counted and in pages."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.catalog_reader import CatalogProblem, CatalogReader
from corpus.document import ProblemKind
from corpus.duplicates import FoldReason
from corpus.errors import CatalogError


class CatalogView(CatalogReader):
    """Looks at a catalog that others may be writing to."""

    def problem_counts(self) -> dict[ProblemKind, int]:
        """The number of problems with live documents of each kind, most first."""
        rows = self._db.execute(
            "SELECT p.kind, count(*) FROM problem p JOIN document d USING (document_id) WHERE d.state = 'live' "
            "GROUP BY p.kind ORDER BY 2 DESC, 1"
        )
        return {ProblemKind(kind): count for kind, count in rows}

    def problem_page(self, kinds: Sequence[ProblemKind], first: int, limit: int) -> list[CatalogProblem]:
        """The problems of some kinds, of all where none is given, by path: ``limit`` of them from ``first`` on."""
        wanted = f"AND p.kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        rows = self._db.execute(
            "SELECT d.path, coalesce(f.release_id, d.release_id), p.kind, p.line, p.reason FROM problem p "
            "JOIN document d USING (document_id) LEFT JOIN fold f USING (document_id) "
            f"WHERE d.state = 'live' {wanted} ORDER BY d.path, p.rowid LIMIT ? OFFSET ?",
            (*kinds, limit, first),
        )
        return [
            CatalogProblem(path, i, ProblemKind(kind), ProblemKind(kind).severity, line, reason)
            for path, i, kind, line, reason in rows
        ]

    def fold_counts(self) -> dict[FoldReason, int]:
        """The number of documents that are copies of another by each reason, most first."""
        rows = self._db.execute(
            "SELECT f.reason, count(*) FROM fold f JOIN document d USING (document_id) WHERE f.reason <> ? "
            "GROUP BY f.reason ORDER BY 2 DESC, 1",
            (FoldReason.ITSELF,),
        )
        return {FoldReason(reason): count for reason, count in rows}

    def suspect_count(self) -> int:
        """The number of current releases whose date, or the date that was stated, is not to be trusted."""
        query = "SELECT count(*) FROM release_version WHERE current AND date_suspect <> ''"
        return int(self._db.execute(query).fetchone()[0])


@contextmanager
def viewing(path: Path) -> Iterator[CatalogView]:
    """A catalog to look at.

    Raises:
        CatalogError: there is none, or it is damaged, or of another version.
    """
    if not path.is_file():
        raise CatalogError(f"there is no catalog in {path.parent}: only the index was copied here")
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30, check_same_thread=False)
    try:
        yield CatalogView(db)
    except sqlite3.DatabaseError as error:
        raise CatalogError(f"{path} cannot be read as a catalog: {error}; bring it up with: assistant index") from error
    finally:
        db.close()
