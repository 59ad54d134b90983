"""All sources that a catalog knows, brought in once more, and the index into step."""

from dataclasses import dataclass
from pathlib import Path

from corpus.catalog import Catalog
from corpus.catalog_reader import SourceRow
from corpus.errors import SourceError
from corpus.progress import Progress, silent
from corpus.sources import Source
from corpus.sync import SyncReport, sync
from indexes.build import BuildReport, update_index
from indexes.generation import Home


@dataclass(frozen=True, slots=True)
class ResyncReport:
    """What a sync of all sources did, and then the indexing."""

    synced: list[SyncReport]
    built: BuildReport


def resync(home: Home, model: str, progress: Progress = silent) -> ResyncReport:
    """Bring all sources in that have documents in the catalog, each as it was brought in before, and index.

    Raises:
        SourceError: there is no source, or one cannot be reached.
        BusyError: another process writes to the catalog or the index.
        CorpusError, CatalogError, EmbeddingError, IndexingError: as ``sync`` and ``update_index``.
    """
    with Catalog(home.catalog_file) as catalog:
        rows = [row for row in catalog.sources() if row.documents]
        if not rows:
            raise SourceError("the catalog has no source to sync; run: assistant corpus add PATH")
        synced = [sync(catalog, source_again(row, home, catalog), progress) for row in rows]
        return ResyncReport(synced, update_index(catalog, home, model, progress))


def source_again(row: SourceRow, home: Home, catalog: Catalog) -> Source:
    """The source that a row of the catalog tells of. Of a repository, the default branch: no other is remembered.

    Raises:
        SourceError: a source of this kind cannot be brought in again.
    """
    from corpus.sources.archive import ArchiveSource
    from corpus.sources.files import FileSource, FolderSource
    from corpus.sources.git import GitSource
    from corpus.sources.treasury_api import TreasurySource

    match row.kind:
        case FolderSource.kind:
            return FolderSource(Path(row.location))
        case FileSource.kind:
            return FileSource(Path(row.location))
        case ArchiveSource.kind:
            return ArchiveSource(Path(row.location))
        case GitSource.kind:
            url, _, path = row.location.partition("#")
            return GitSource(url, path, home.clones)
        case TreasurySource.kind:
            return TreasurySource(catalog, site=row.location)
    raise SourceError(f"a source of the kind {row.kind!r} cannot be synced: {row.location}")
