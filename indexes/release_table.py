"""The releases of a generation in SQLite: what is quoted and cited, as it was when the index was made."""

import datetime
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.reading import pack_structure, unpack_structure
from corpus.release import DateConfidence, DateSource, Release, ReleaseKind

SCHEMA = """
CREATE TABLE release (
    release_id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    date_source TEXT NOT NULL,
    date_confidence TEXT NOT NULL,
    date_suspect TEXT NOT NULL,
    section TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    other_ids TEXT NOT NULL,
    other_urls TEXT NOT NULL,
    structure TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE alias (
    alias TEXT NOT NULL,
    release_id TEXT NOT NULL REFERENCES release,
    PRIMARY KEY (alias, release_id)
) WITHOUT ROWID;
CREATE TABLE release_programme (
    programme TEXT NOT NULL,
    release_id TEXT NOT NULL REFERENCES release,
    rank INTEGER NOT NULL,
    PRIMARY KEY (programme, release_id)
) WITHOUT ROWID;
CREATE INDEX programme_of_release ON release_programme (release_id);
"""


def write_releases(db: sqlite3.Connection, releases: Iterable[Release], hashes: Mapping[str, str]) -> None:
    """Add releases to the table, each with what names its content."""
    for release in releases:
        db.execute(
            f"INSERT INTO release VALUES (?{', ?' * 14})",
            (
                release.release_id,
                hashes[release.release_id],
                release.title,
                release.date.isoformat() if release.date else None,
                release.date_source,
                release.date_confidence,
                release.date_suspect,
                release.section,
                release.url,
                release.kind,
                release.path,
                json.dumps(release.other_ids),
                json.dumps(release.other_urls),
                pack_structure(release.paragraphs, release.bold, release.links),
                release.text,
            ),
        )
        db.executemany("INSERT INTO alias VALUES (?, ?)", ((alias, release.release_id) for alias in release.other_ids))


def write_programmes(db: sqlite3.Connection, programmes: Mapping[str, Sequence[str]]) -> None:
    """Say which sanctions programmes releases are under, by the releases' ids."""
    db.executemany(
        "INSERT INTO release_programme VALUES (?, ?, ?)",
        ((name, release_id, rank) for release_id, names in programmes.items() for rank, name in enumerate(names)),
    )


def delete_releases(db: sqlite3.Connection, release_ids: Iterable[str]) -> None:
    """Take releases out of the table."""
    for release_id in release_ids:
        db.execute("DELETE FROM release_programme WHERE release_id = ?", (release_id,))
        db.execute("DELETE FROM alias WHERE release_id = ?", (release_id,))
        db.execute("DELETE FROM release WHERE release_id = ?", (release_id,))


def release_hashes(path: Path) -> dict[str, str]:
    """What names the content of each release of a generation's file, by id."""
    db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)
    try:
        return dict(db.execute("SELECT release_id, hash FROM release"))
    finally:
        db.close()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a release, and how many characters it has."""

    title: str
    date: datetime.date | None
    section: str
    length: int


class ReleaseTable:
    """Reads releases. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        # Immutable: the file never changes once its generation is in place, so no lock is taken on it.
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)
        tables = self._db.execute("SELECT name FROM sqlite_master WHERE name = 'release_programme'")
        self._knows_programmes = tables.fetchone() is not None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, release_id: str) -> Release | None:
        """The release of that id, or that was also published under it; None where there is none."""
        found = self.known([release_id])
        if not found:
            return None
        row = self._db.execute(
            "SELECT title, date, date_source, date_confidence, date_suspect, section, url, kind, path, other_ids, "
            "other_urls, structure, text FROM release WHERE release_id = ?",
            found,
        ).fetchone()
        structure = unpack_structure(row[11])
        return Release(
            release_id=found[0],
            title=row[0],
            date=datetime.date.fromisoformat(row[1]) if row[1] else None,
            date_source=DateSource(row[2]),
            date_confidence=DateConfidence(row[3]),
            date_suspect=row[4],
            section=row[5],
            url=row[6],
            kind=ReleaseKind(row[7]),
            path=row[8],
            other_ids=tuple(json.loads(row[9])),
            other_urls=tuple(json.loads(row[10])),
            text=row[12],
            paragraphs=structure.paragraphs,
            bold=structure.bold,
            links=structure.links,
        )

    def heads(self, release_ids: Sequence[str]) -> dict[str, Head]:
        """What stands above releases, by id; unknown ids are left out."""
        marks = ",".join("?" * len(release_ids))
        rows = self._db.execute(
            f"SELECT release_id, title, date, section, length(text) FROM release WHERE release_id IN ({marks})",
            list(release_ids),
        )
        return {
            row[0]: Head(row[1], datetime.date.fromisoformat(row[2]) if row[2] else None, row[3], row[4])
            for row in rows
        }

    def slices(self, spans: Sequence[tuple[str, int, int]]) -> list[str]:
        """The texts of spans of releases, in the order given; of an unknown release, nothing."""
        texts = []
        for release_id, start, end in spans:
            row = self._db.execute(
                "SELECT substr(text, ?, ?) FROM release WHERE release_id = ?", (start + 1, end - start, release_id)
            ).fetchone()
            texts.append(row[0] if row else "")
        return texts

    def known(self, names: Sequence[str]) -> list[str]:
        """The ids of the releases that have these ids or were also published under them, in the order given."""
        found: dict[str, None] = {}
        for name in names:
            row = self._db.execute("SELECT release_id FROM release WHERE release_id = ?", (name,)).fetchone()
            rows = [row] if row else self._db.execute("SELECT release_id FROM alias WHERE alias = ?", (name,))
            found.update(dict.fromkeys(row[0] for row in rows))
        return list(found)

    def sections(self) -> list[str]:
        """The sections that releases are in, in order."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT section FROM release ORDER BY section")]

    def programmes(self) -> list[str]:
        """The sanctions programmes that releases are under, that of most releases first.

        There are none in a file of an older version, which does not know of them.
        """
        if not self._knows_programmes:
            return []
        rows = self._db.execute("SELECT programme FROM release_programme GROUP BY programme ORDER BY count(*) DESC, 1")
        return [row[0] for row in rows]

    def programmes_of(self, release_id: str) -> tuple[str, ...]:
        """The sanctions programmes that a release is under."""
        if not self._knows_programmes:
            return ()
        ask = "SELECT programme FROM release_programme WHERE release_id = ? ORDER BY rank"
        return tuple(row[0] for row in self._db.execute(ask, (release_id,)))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM release").fetchone()[0])
