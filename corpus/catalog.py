"""Releases in SQLite: their texts, paragraphs and sentences, as one index was made from them."""

import datetime
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.release import DateSource, Paragraph, ParagraphKind, Release, ReleaseKind, Span

SCHEMA = """
CREATE TABLE release (
    release_id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    date TEXT,
    date_source TEXT NOT NULL,
    section TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    path TEXT NOT NULL,
    also_published_as TEXT NOT NULL
);
CREATE TABLE paragraph (
    release_id TEXT NOT NULL REFERENCES release,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    headings TEXT NOT NULL,
    sentences TEXT NOT NULL,
    PRIMARY KEY (release_id, start)
) WITHOUT ROWID;
"""


class Catalog:
    """Reads releases from a SQLite file that ``write_releases`` filled. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        # Immutable: the file never changes once its generation is in place, so no lock is taken on it.
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def get(self, release_id: str) -> Release | None:
        """The release of that id, paragraphs included; None where there is none."""
        row = self._db.execute("SELECT * FROM release WHERE release_id = ?", (release_id,)).fetchone()
        if row is None:
            return None
        paragraphs = self._db.execute(
            "SELECT start, end, kind, headings, sentences FROM paragraph WHERE release_id = ? ORDER BY start",
            (release_id,),
        )
        return Release(
            release_id=row[0],
            title=row[1],
            date=datetime.date.fromisoformat(row[2]) if row[2] else None,
            date_source=DateSource(row[3]),
            section=row[4],
            url=row[5],
            kind=ReleaseKind(row[6]),
            text=row[7],
            paragraphs=tuple(
                Paragraph(start, end, ParagraphKind(kind), tuple(json.loads(headings)), _unpack(sentences))
                for start, end, kind, headings, sentences in paragraphs
            ),
            path=row[8],
            also_published_as=tuple(json.loads(row[9])),
        )

    def known(self, release_ids: Sequence[str]) -> list[str]:
        """Those of the ids that are in the catalog, in the order given."""
        return [
            i for i in release_ids if self._db.execute("SELECT 1 FROM release WHERE release_id = ?", (i,)).fetchone()
        ]

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM release").fetchone()[0])


def write_releases(db: sqlite3.Connection, releases: Iterable[Release]) -> None:
    """Make the tables and fill them."""
    db.executescript(SCHEMA)
    for release in releases:
        db.execute(
            "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                release.release_id,
                release.title,
                release.date.isoformat() if release.date else None,
                release.date_source,
                release.section,
                release.url,
                release.kind,
                release.text,
                release.path,
                json.dumps(release.also_published_as),
            ),
        )
        db.executemany(
            "INSERT INTO paragraph VALUES (?, ?, ?, ?, ?, ?)",
            (
                (release.release_id, p.start, p.end, p.kind, json.dumps(p.headings), _pack(p.sentences))
                for p in release.paragraphs
            ),
        )


def corpus_hash(releases: Iterable[Release]) -> str:
    """Names the content of a corpus: equal for equal releases, whatever their order and folder."""
    digest = hashlib.sha256()
    for release in sorted(releases, key=lambda r: r.release_id):
        fields = (release.release_id, release.title, release.date, release.section, release.url, release.kind)
        digest.update(repr((*fields, release.also_published_as, release.text)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _pack(spans: Sequence[Span]) -> str:
    return " ".join(f"{start}-{end}" for start, end in spans)


def _unpack(packed: str) -> tuple[Span, ...]:
    return tuple(_spans(packed))


def _spans(packed: str) -> Iterator[Span]:
    for pair in packed.split():
        start, end = pair.split("-")
        yield Span(int(start), int(end))
