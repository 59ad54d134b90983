"""One sync: a source brought into the catalog, reading only what is new or changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.catalog import Catalog, Changes
from corpus.catalog_reader import KnownDocument
from corpus.errors import CorpusError
from corpus.progress import Progress, silent
from corpus.reading import Found, Reading, read_all, refused
from corpus.sources import Gone, Refused, Source

#: Documents staged in one transaction: what a kill can lose.
STAGED_AT_ONCE = 256


@dataclass(slots=True)
class SyncReport:
    """What a sync did, in documents (by path) and in releases; ``unread`` gives place and reason."""

    source: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)
    releases: Changes = field(default_factory=lambda: Changes(0, 0, 0))

    @property
    def anything(self) -> bool:
        """Whether the sync changed a document."""
        return bool(self.added or self.changed or self.removed)


def sync(
    catalog: Catalog, source: Source, progress: Progress = silent, dry_run: bool = False, only: bool = False
) -> SyncReport:
    """Bring a source into the catalog.

    Stopped at any moment, the releases stay as they were, and the next sync reads only what this one had not staged.

    Args:
        catalog: what to bring it into.
        source: what to bring.
        progress: watches.
        dry_run: only say what would be done.
        only: take all other sources' documents out.

    Raises:
        BusyError: another process writes to the catalog.
        CatalogError: the disk is full.
        SourceError: the source cannot be reached or understood.
        CorpusError: nothing in the source can be read.
    """
    report = SyncReport(source.location)
    if dry_run:
        row = next((s for s in catalog.sources() if (s.kind, s.location) == (source.kind, source.location)), None)
        known = catalog.known_documents(row.source_id) if row else {}
        listing = _Listing(source, known, row.cursor if row else "", report)
        for found in listing:
            (report.changed if found.path in known else report.added).append(found.path)
        report.removed = listing.gone()
        return report
    with catalog.writing():
        return _sync(catalog, source, progress, report, only)


def _sync(catalog: Catalog, source: Source, progress: Progress, report: SyncReport, only: bool) -> SyncReport:
    source_id, sync_id, cursor = catalog.begin_sync(source.kind, source.location)
    live = catalog.live_paths(source_id)
    listing = _Listing(source, catalog.known_documents(source_id), cursor, report)
    _read(catalog, source, source_id, listing, progress)
    gone = listing.gone()
    report.removed = sorted(live.intersection(gone))
    staged = {path: why for path, why in catalog.staged(source_id).items() if path not in gone}
    report.unread = sorted(
        (f"{path}:{why[0]}" if why[0] else path, why[1]) for path, why in staged.items() if why is not None
    )
    report.added = sorted(path for path in staged if path not in live)
    report.changed = sorted(path for path in staged if path in live)
    if not live and staged and len(report.unread) == len(staged) and not len(catalog):
        where, reason = report.unread[0]
        raise CorpusError(f"no document in {source.location} can be read; the first: {where}: {reason}")
    others = only and any(s.documents for s in catalog.sources() if s.source_id != source_id)
    if not report.anything and not gone and not others:
        catalog.end_idle_sync(source_id, sync_id, source.cursor, report.unchanged)
        return report
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "removed": len(report.removed),
        "unchanged": report.unchanged,
        "unread": len(report.unread),
    }
    with progress("settling releases", 1) as advance:
        report.releases = catalog.finish_sync(source_id, sync_id, gone, source.cursor, counts, only)
        advance(1)
    return report


def _read(catalog: Catalog, source: Source, source_id: int, listing: "_Listing", progress: Progress) -> None:
    """Read what is new or changed, and stage it."""
    touched: dict[int, str] = {}
    todo = [] if source.streams else list(listing)
    with progress("reading documents", len(todo)) as advance:
        batch: list[Reading] = []
        try:
            for reading in read_all(listing if source.streams else todo):
                before = listing.known.get(reading.path)
                if before and before.current and before.content_hash == reading.content_hash:
                    touched[before.document_id] = reading.token  # it only looked changed
                else:
                    batch.append(reading)
                if len(batch) >= STAGED_AT_ONCE:
                    catalog.stage(source_id, batch)
                    batch = []
                advance(1)
        finally:  # what was read is kept, also where the source fails in the middle
            catalog.stage(source_id, batch)
    catalog.stage(source_id, [refused(r.path, r.token, r.problem) for r in listing.refused])
    catalog.touch(touched)


class _Listing:
    """Goes through a source's listing: yields what is new or changed, and keeps the rest."""

    def __init__(self, source: Source, known: dict[str, KnownDocument], cursor: str, report: SyncReport) -> None:
        self._source = source
        self.known = known
        self._cursor = cursor
        self._report = report
        self._seen: set[str] = set()
        self._gone: list[str] = []
        self.refused: list[Refused] = []

    def __iter__(self) -> Iterator[Found]:
        tokens = {path: document.token if document.current else "" for path, document in self.known.items()}
        for item in self._source.listing(tokens, self._cursor):
            if isinstance(item, Gone):
                self._gone.append(item.path)
                continue
            if item.path in self._seen:
                continue
            self._seen.add(item.path)
            if item.token and tokens.get(item.path) == item.token:
                self._report.unchanged += 1
            elif isinstance(item, Refused):
                self.refused.append(item)
            else:
                yield item

    def gone(self) -> list[str]:
        """The paths that the source no longer has."""
        unlisted = self.known.keys() - self._seen if self._source.lists_all else set()
        return sorted(unlisted.union(self._gone).intersection(self.known))
