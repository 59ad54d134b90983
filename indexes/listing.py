"""The releases of a generation, listed and counted: what browsing and plots are made of. None is loaded for it."""

import datetime
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.release import DateConfidence, ReleaseKind
from indexes.filters import SearchFilter

#: Characters of a release's beginning that a listing shows.
OPENING = 320


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing shows of a release. ``opening`` are its first characters."""

    release_id: str
    title: str
    date: datetime.date | None
    date_confidence: DateConfidence
    section: str
    kind: ReleaseKind
    opening: str


@dataclass(frozen=True, slots=True)
class YearCount:
    """The number of releases of a section in a year; those without a date are in the year None."""

    year: int | None
    section: str
    releases: int


@dataclass(frozen=True, slots=True)
class DatedRelease:
    """A release, and the day that it counts under."""

    release_id: str
    date: datetime.date | None


class ReleaseListing:
    """Lists and counts the releases of a generation's file of passages.

    Opening one takes less than a millisecond: open it for each request, and close it after.
    """

    def __init__(self, path: Path) -> None:
        # Immutable: the file never changes once its generation is in place, so no lock is taken on it.
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def count(self, condition: SearchFilter) -> int:
        """The number of releases that meet a condition."""
        where, values = condition.sql()
        return int(self._db.execute(f"SELECT count(*) FROM release WHERE {where}", values).fetchone()[0])

    def page(self, condition: SearchFilter, first: int, limit: int) -> list[Listed]:
        """The releases that meet a condition, newest first, those without a date last: ``limit`` from ``first`` on."""
        where, values = condition.sql()
        rows = self._db.execute(  # in two steps, so that only the texts of the page are read
            f"WITH page AS MATERIALIZED (SELECT release_id FROM release WHERE {where} "
            "ORDER BY date DESC NULLS LAST, release_id LIMIT ? OFFSET ?) "
            f"SELECT {_LISTED} FROM release JOIN page USING (release_id) ORDER BY date DESC NULLS LAST, release_id",
            (*values, limit, first),
        )
        return [_listed(*row) for row in rows]

    def of(self, release_ids: Sequence[str]) -> list[Listed]:
        """The releases of these ids, in the order given; unknown ids are left out."""
        rows = self._db.execute(
            f"SELECT {_LISTED} FROM release WHERE release_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(release_ids)),),
        )
        found = {row[0]: _listed(*row) for row in rows}
        return [found[i] for i in release_ids if i in found]

    def by_section(self, condition: SearchFilter) -> dict[str, int]:
        """The number of releases that meet a condition in each section, most first."""
        return self._counted("section", condition)

    def by_kind(self, condition: SearchFilter) -> dict[ReleaseKind, int]:
        """The number of releases that meet a condition of each kind, most first."""
        return {ReleaseKind(kind): count for kind, count in self._counted("kind", condition).items()}

    def by_programme(self, condition: SearchFilter) -> dict[str, int]:
        """The number of releases that meet a condition under each sanctions programme, by name.

        There are none in a file of an older version, which does not know of them.
        """
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'release_programme'").fetchone():
            return {}
        where, values = condition.sql()
        rows = self._db.execute(
            "SELECT programme, count(*) FROM release_programme JOIN release USING (release_id) "
            f"WHERE {where} GROUP BY 1 ORDER BY 1",
            values,
        )
        return dict(rows.fetchall())

    def by_year(self, condition: SearchFilter) -> list[YearCount]:
        """The number of releases that meet a condition by year and section, oldest first."""
        where, values = condition.sql()
        rows = self._db.execute(
            "SELECT CAST(substr(date, 1, 4) AS INTEGER) AS year, section, count(*) FROM release "
            f"WHERE {where} GROUP BY year, section ORDER BY year, section",
            values,
        )
        return [YearCount(*row) for row in rows]

    def holding(self, chunk_ids: Sequence[int], spellings: Sequence[str] = ()) -> list[DatedRelease]:
        """The releases that chunks belong to, newest first, those without a date last.

        Args:
            chunk_ids: the chunks, in any number and order.
            spellings: only releases whose title or text has one of these, capital for capital.
        """
        spelled = " OR ".join("instr(title, ?) OR instr(text, ?)" for _ in spellings) or "1"
        rows = self._db.execute(
            "WITH held AS MATERIALIZED (SELECT DISTINCT release_id FROM chunk "
            "WHERE chunk_id IN (SELECT value FROM json_each(?))) "
            f"SELECT release_id, date FROM release JOIN held USING (release_id) WHERE {spelled} "
            "ORDER BY date DESC NULLS LAST, release_id",
            (json.dumps(list(chunk_ids)), *(s for spelling in spellings for s in (spelling, spelling))),
        )
        return [DatedRelease(release_id, _day(date)) for release_id, date in rows]

    def _counted(self, column: str, condition: SearchFilter) -> dict[str, int]:
        where, values = condition.sql()
        rows = self._db.execute(
            f"SELECT {column}, count(*) FROM release WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1", values
        )
        return dict(rows.fetchall())


_LISTED = f"release_id, title, date, date_confidence, section, kind, substr(text, 1, {OPENING})"


def _listed(
    release_id: str, title: str, date: str | None, confidence: str, section: str, kind: str, opening: str
) -> Listed:
    return Listed(release_id, title, _day(date), DateConfidence(confidence), section, ReleaseKind(kind), opening)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
