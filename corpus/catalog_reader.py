"""Everything that only looks at the catalog: releases and their versions, problems, folds, figures."""

import datetime
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.boilerplate import marked
from corpus.document import PARSER_VERSION, Dropped, ProblemKind, Severity
from corpus.duplicates import FoldReason
from corpus.reading import unpack_structure
from corpus.release import DateConfidence, DateSource, Release, ReleaseKind

LOOKUP = 500  # well under SQLite's limit on parameters


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source of documents that the catalog knows."""

    source_id: int
    kind: str
    location: str
    cursor: str
    documents: int
    synced: str | None


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What is known of a path within a source. ``current`` is False where another parser version read it."""

    document_id: int
    token: str
    content_hash: str
    current: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the history of a release."""

    version: int
    change: str
    synced: str
    title: str
    date: datetime.date | None
    url: str
    words: int
    hash: str


@dataclass(frozen=True, slots=True)
class CatalogProblem:
    """A problem with the document that it is about, and the release that the document belongs to."""

    path: str
    release_id: str
    kind: ProblemKind
    severity: Severity
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """How much a catalog holds.

    Live documents: all, those of which nothing could be read, those that belong to no release. Releases: all, digests
    among them, and the latest day.
    """

    documents: int
    unread: int
    without_release: int
    releases: int
    digests: int
    latest: datetime.date | None


@dataclass(frozen=True, slots=True)
class ReleaseFilter:
    """Which releases a listing shows; every condition that is set must hold."""

    since: datetime.date | None = None
    until: datetime.date | None = None
    sections: tuple[str, ...] = ()
    kinds: tuple[ReleaseKind, ...] = ()
    text: str = ""

    def sql(self) -> tuple[str, list[str]]:
        """A condition on ``release_version v JOIN document d``, and its parameters."""
        conditions, values = ["v.current"], list[str]()
        for condition, value in (("v.date >= ?", self.since), ("v.date <= ?", self.until)):
            if value:
                conditions.append(condition)
                values.append(value.isoformat())
        for column, wanted in (("section", self.sections), ("kind", self.kinds)):
            if wanted:
                conditions.append(f"v.{column} IN ({','.join('?' * len(wanted))})")
                values += wanted
        for word in self.text.split():
            conditions.append("(d.text LIKE ? ESCAPE '\\' OR v.title LIKE ? ESCAPE '\\')")
            escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            values += [f"%{escaped}%"] * 2
        return " AND ".join(conditions), values


class CatalogReader:
    """Looks at a catalog. Safe to share between threads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM release_version WHERE current").fetchone()[0])

    def sources(self) -> list[SourceRow]:
        """All sources, oldest first."""
        rows = self._db.execute(
            "SELECT s.source_id, kind, location, cursor, "
            "(SELECT count(*) FROM document d WHERE d.source_id = s.source_id AND state = 'live'), "
            "(SELECT max(finished) FROM sync WHERE sync.source_id = s.source_id) FROM source s ORDER BY source_id"
        )
        return [SourceRow(*row) for row in rows]

    def known_documents(self, source_id: int) -> dict[str, KnownDocument]:
        """The documents of a source by path: those staged by a sync that was stopped before those that are live."""
        rows = self._db.execute(
            "SELECT path, document_id, token, content_hash, parser FROM document "
            "WHERE source_id = ? AND state IN ('live', 'staged') ORDER BY state",
            (source_id,),
        )
        return {
            path: KnownDocument(i, token, digest, parser == PARSER_VERSION) for path, i, token, digest, parser in rows
        }

    def live_paths(self, source_id: int) -> set[str]:
        """The paths of a source's live documents."""
        rows = self._db.execute("SELECT path FROM document WHERE source_id = ? AND state = 'live'", (source_id,))
        return {row[0] for row in rows}

    def staged(self, source_id: int) -> dict[str, tuple[int, str] | None]:
        """The paths of a source's staged documents, with line and reason where nothing of one can be read."""
        unread = [kind for kind in ProblemKind if kind.severity is Severity.UNREAD]
        rows = self._db.execute(
            "SELECT path, p.line, p.reason FROM document d LEFT JOIN problem p ON p.document_id = d.document_id "
            f"AND p.kind IN ({','.join('?' * len(unread))}) WHERE source_id = ? AND state = 'staged'",
            (*unread, source_id),
        )
        return {path: (line, reason) if reason else None for path, line, reason in rows}

    def resolve(self, name: str) -> str | None:
        """The id of the release that is known by an id or url, its own or one it was also published under."""
        name = name.strip().rstrip("/").rsplit("/", 1)[-1].lower()
        for query in (
            "SELECT release_id FROM release_version WHERE release_id = ? AND current",
            "SELECT fold.release_id FROM fold JOIN document USING (document_id) WHERE document.release_id = ? "
            "ORDER BY fold.release_id",
            "SELECT release_id FROM release_version WHERE release_id = ?",
        ):
            if row := self._db.execute(query, (name,)).fetchone():
                return str(row[0])
        return None

    def get(self, release_id: str, version: int | None = None) -> Release | None:
        """A release as it is now, or one of its versions; None where there is none."""
        which = "v.current" if version is None else "v.version = ?"
        values = (release_id,) if version is None else (release_id, version)
        return next(self._releases(f"v.release_id = ? AND {which}", values), None)

    def releases(self, release_ids: Sequence[str]) -> Iterator[Release]:
        """The current releases of these ids."""
        for first in range(0, len(release_ids), LOOKUP):
            part = release_ids[first : first + LOOKUP]
            yield from self._releases(f"v.current AND v.release_id IN ({','.join('?' * len(part))})", part)

    def _releases(self, condition: str, values: Sequence[Any]) -> Iterator[Release]:
        rows = self._db.execute(
            "SELECT v.release_id, v.title, v.date, v.date_source, v.section, v.url, v.kind, d.text, d.path, "
            "v.date_confidence, v.date_suspect, v.other_ids, v.other_urls, d.structure, b.paragraphs "
            "FROM release_version v JOIN document d USING (document_id) "
            f"LEFT JOIN boilerplate b ON b.release_id = v.release_id AND v.current WHERE {condition}",
            values,
        )
        for row in rows:
            structure = unpack_structure(row[13])
            yield Release(
                release_id=row[0],
                title=row[1],
                date=parse_date(row[2]),
                date_source=DateSource(row[3]),
                section=row[4],
                url=row[5],
                kind=ReleaseKind(row[6]),
                text=row[7],
                paragraphs=marked(structure.paragraphs, json.loads(row[14])) if row[14] else structure.paragraphs,
                path=row[8],
                date_confidence=DateConfidence(row[9]),
                date_suspect=row[10],
                bold=structure.bold,
                links=structure.links,
                other_ids=tuple(json.loads(row[11])),
                other_urls=tuple(json.loads(row[12])),
            )

    def hashes(self) -> dict[str, str]:
        """What names the content of every current release, its boilerplate included, by id."""
        rows = self._db.execute(
            "SELECT v.release_id, v.hash, b.paragraphs, b.indexed FROM release_version v "
            "LEFT JOIN boilerplate b USING (release_id) WHERE v.current ORDER BY v.release_id"
        )
        return {
            i: digest if paragraphs is None else _mixed(digest, paragraphs, indexed)
            for i, digest, paragraphs, indexed in rows
        }

    def indexed_boilerplate(self) -> dict[str, frozenset[int]]:
        """The boilerplate paragraphs that are indexed with each release, by id; of others, none is."""
        rows = self._db.execute("SELECT release_id, indexed FROM boilerplate")
        return {release_id: frozenset(json.loads(indexed)) for release_id, indexed in rows}

    def content_hash(self) -> str:
        """Names the whole content of the catalog: equal for equal releases, however and in what order they came."""
        digest = hashlib.sha256()
        for release_id, name in self.hashes().items():
            digest.update(f"{release_id} {name}\n".encode("utf-8", "surrogatepass"))
        for row in self._db.execute(
            "SELECT s.kind, d.path, d.content_hash, f.release_id, f.reason "
            "FROM document d JOIN source s USING (source_id) LEFT JOIN fold f USING (document_id) "
            "WHERE d.state = 'live' ORDER BY s.kind, s.location, d.path"
        ):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:32]

    def history(self, release_id: str) -> list[Version]:
        """The versions of a release, newest first."""
        rows = self._db.execute(
            "SELECT v.version, v.change, coalesce(s.finished, s.started), v.title, v.date, v.url, d.words, v.hash "
            "FROM release_version v JOIN sync s USING (sync_id) JOIN document d USING (document_id) "
            "WHERE v.release_id = ? ORDER BY v.version DESC",
            (release_id,),
        )
        return [
            Version(version, change, synced, title, parse_date(date), url, words, digest)
            for version, change, synced, title, date, url, words, digest in rows
        ]

    def find(self, condition: ReleaseFilter, limit: int = -1) -> list[dict[str, Any]]:
        """What a listing shows of the releases that meet a condition, newest first; those without a day last."""
        where, values = condition.sql()
        cursor = self._db.execute(
            "SELECT v.release_id, v.date, v.date_source, v.date_confidence, v.section, v.kind, v.title, v.url, d.words "
            f"FROM release_version v JOIN document d USING (document_id) WHERE {where} "
            "ORDER BY v.date DESC NULLS LAST, v.release_id LIMIT ?",
            (*values, limit),
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def count(self, condition: ReleaseFilter) -> int:
        """The number of releases that meet a condition."""
        where, values = condition.sql()
        query = f"SELECT count(*) FROM release_version v JOIN document d USING (document_id) WHERE {where}"
        return int(self._db.execute(query, values).fetchone()[0])

    def suspect_dates(self) -> list[str]:
        """What speaks against the stated days of the current releases."""
        rows = self._db.execute("SELECT date_suspect FROM release_version WHERE current AND date_suspect <> ''")
        return [row[0] for row in rows]

    def problems(self, kinds: Sequence[ProblemKind] = (), release_id: str | None = None) -> list[CatalogProblem]:
        """What is wrong with the live documents, by path; only of some kinds, or only with one release."""
        conditions, values = ["d.state = 'live'"], list[str]()
        if kinds:
            conditions.append(f"p.kind IN ({','.join('?' * len(kinds))})")
            values += kinds
        if release_id is not None:
            conditions.append("f.release_id = ?")
            values.append(release_id)
        rows = self._db.execute(
            "SELECT d.path, coalesce(f.release_id, d.release_id), p.kind, p.line, p.reason FROM problem p "
            "JOIN document d USING (document_id) LEFT JOIN fold f USING (document_id) "
            f"WHERE {' AND '.join(conditions)} ORDER BY d.path, p.rowid",
            values,
        )
        return [
            CatalogProblem(path, i, ProblemKind(kind), ProblemKind(kind).severity, line, reason)
            for path, i, kind, line, reason in rows
        ]

    def folds(self) -> list[tuple[str, str, FoldReason]]:
        """Every document that is a copy: its path, the release that it belongs to, and why."""
        rows = self._db.execute(
            "SELECT d.path, f.release_id, f.reason FROM fold f JOIN document d USING (document_id) "
            "WHERE f.reason <> ? ORDER BY f.release_id, d.path",
            (FoldReason.ITSELF,),
        )
        return [(path, release_id, FoldReason(reason)) for path, release_id, reason in rows]

    def count_by(self, column: str) -> dict[str, int]:
        """The number of current releases by ``date_source``, ``date_confidence``, ``section`` or ``kind``."""
        if column not in ("date_source", "date_confidence", "section", "kind"):
            raise ValueError(f"no count by {column}")
        rows = self._db.execute(
            f"SELECT {column}, count(*) FROM release_version WHERE current GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return dict(rows.fetchall())

    def releases_by_year(self) -> list[tuple[int | None, str, int]]:
        """The number of releases by year and section."""
        rows = self._db.execute(
            "SELECT CAST(substr(date, 1, 4) AS INTEGER), section, count(*) FROM release_version WHERE current "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return rows.fetchall()

    def boilerplate_counts(self) -> tuple[int, int, int]:
        """Paragraphs that are boilerplate, releases that hold any, and paragraphs of them that are indexed."""
        rows = self._db.execute("SELECT paragraphs, indexed FROM boilerplate").fetchall()
        return (
            sum(len(json.loads(paragraphs)) for paragraphs, _ in rows),
            len(rows),
            sum(len(json.loads(indexed)) for _, indexed in rows),
        )

    def counts(self) -> CatalogCounts:
        """How much there is."""
        unread = [kind for kind in ProblemKind if kind.severity is Severity.UNREAD]
        documents, without_release, unread_documents = self._db.execute(
            "SELECT count(*), count(*) FILTER (WHERE f.release_id IS NULL), count(*) FILTER (WHERE EXISTS "
            "(SELECT 1 FROM problem p WHERE p.document_id = d.document_id "
            f"AND p.kind IN ({','.join('?' * len(unread))}))) "
            "FROM document d LEFT JOIN fold f USING (document_id) WHERE d.state = 'live'",
            unread,
        ).fetchone()
        # A page such as the list of press contacts is dated anew whenever it changes: numbered releases tell the time.
        releases, digests, latest = self._db.execute(
            "SELECT count(*), count(*) FILTER (WHERE kind = ?), "
            "coalesce(max(date) FILTER (WHERE release_id GLOB '[a-z][a-z]*[0-9]'), max(date)) "
            "FROM release_version WHERE current",
            (ReleaseKind.DIGEST,),
        ).fetchone()
        return CatalogCounts(documents, unread_documents, without_release, releases, digests, parse_date(latest))

    def dropped(self) -> Iterator[tuple[str, Dropped]]:
        """Everything that cleaning took out of the live documents, with the path of each."""
        for path, structure in self._db.execute(
            "SELECT path, structure FROM document WHERE state = 'live' AND readable"
        ):
            for drop in unpack_structure(structure).dropped:
                yield path, drop

    def live_documents(self) -> Iterator[tuple[str, str, str, str]]:
        """Kind and location of the source, path, and content hash of every live document."""
        yield from self._db.execute(
            "SELECT s.kind, s.location, d.path, d.content_hash FROM document d JOIN source s USING (source_id) "
            "WHERE d.state = 'live' ORDER BY s.source_id, d.path"
        )

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file itself."""
        found = [row[0] for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [
            f"{row[0]} row {row[1]} refers to a missing {row[2]}"
            for row in self._db.execute("PRAGMA foreign_key_check")
        ]

    def page(self, url: str) -> tuple[str, str, bytes] | None:
        """A page as it was last fetched: its ETag, when it was last modified, and its body."""
        row = self._db.execute("SELECT etag, last_modified, body FROM page WHERE url = ?", (url,)).fetchone()
        return (row[0], row[1], row[2]) if row else None


def parse_date(text: str | None) -> datetime.date | None:
    """A day as the catalog keeps it."""
    return datetime.date.fromisoformat(text) if text else None


def _mixed(digest: str, *parts: str) -> str:
    return hashlib.sha256("\0".join((digest, *parts)).encode()).hexdigest()[:32]
