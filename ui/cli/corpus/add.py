"""``assistant corpus add``."""

from pathlib import Path

import click

from corpus.sources import Source
from ui.cli.corpus.syncing import Syncing, sync_options


@click.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@sync_options
def command(paths: tuple[Path, ...], syncing: Syncing) -> None:
    """Bring in the documents at each of PATHS, or only what changed there since the last time.

    Folders are searched at any depth. Read are Markdown (Hugo's front matter too), text, HTML, PDF and Word files, and
    .zip and .tar.gz archives of them.
    """
    syncing.run([source_of(path) for path in paths])


def source_of(path: Path) -> Source:
    """The source at a path.

    Raises:
        SourceError: there is nothing.
    """
    from corpus.errors import SourceError
    from corpus.sources.archive import ArchiveSource, is_archive
    from corpus.sources.files import FileSource, FolderSource

    if not path.exists():
        raise SourceError(f"there is no {path}; give a folder, a file or an archive")
    if path.is_dir():
        return FolderSource(path)
    return ArchiveSource(path) if is_archive(path) else FileSource(path)
