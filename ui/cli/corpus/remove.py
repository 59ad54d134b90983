"""``assistant corpus remove``."""

import click

from ui.cli.corpus.syncing import Syncing, sync_options


@click.command("remove")
@click.argument("location")
@sync_options
def command(location: str, syncing: Syncing) -> None:
    """Take the documents of the source at LOCATION (see: assistant corpus sources) out of corpus and index.

    Their releases stay in the history.
    """
    from pathlib import Path

    from assistant.settings import load_settings
    from corpus.catalog import Catalog
    from corpus.errors import SourceError
    from corpus.sources.nothing import EmptiedSource
    from indexes.generation import Home

    with Catalog(Home(load_settings().home).catalog_file) as catalog:
        known = {row.location: row.kind for row in catalog.sources() if row.documents}
    found = next((name for name in (location, str(Path(location).resolve())) if name in known), None)
    if found is None:
        raise SourceError(f"no source {location}; there are: {', '.join(known) or 'none'}")
    syncing.run([EmptiedSource(known[found], found)])
