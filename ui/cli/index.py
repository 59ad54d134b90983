"""``assistant index``."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.corpus.syncing import say_unread

if TYPE_CHECKING:
    from corpus.sync import SyncReport
    from indexes.build import BuildReport


@click.command("index")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--if-missing", is_flag=True, help="Do nothing where an index exists.")
@click.option("--rebuild", is_flag=True, help="Make the whole index anew (vectors that are cached are used).")
@click.option("--strict", is_flag=True, help="Exit with 1 where a document could not be read.")
@click.option("--json", "as_json", is_flag=True, help="Print the index's manifest.")
def command(folder: Path | None, if_missing: bool, rebuild: bool, strict: bool, as_json: bool) -> None:
    """Make FOLDER, and nothing else, the corpus and the index in use.

    Without FOLDER: bring the index into step with the documents that are there; where there are none, with the starter
    digests. To add to what is there, see: assistant corpus add.

    Stop it at any time: the last index stays, and the next run goes on where this one stopped.
    """
    from assistant.settings import load_settings
    from corpus.catalog import Catalog
    from corpus.sources.files import FolderSource
    from corpus.starter import STARTER
    from corpus.sync import sync
    from indexes.build import update_index
    from indexes.generation import Home
    from ui.cli.progress import terminal_progress

    settings = load_settings()
    home = Home(settings.home)
    if if_missing and (name := home.current_name()):
        click.echo(f"using the index {name} of {home.manifest(name).corpus_name}", err=True)
        return
    started = time.perf_counter()
    synced: SyncReport | None = None
    try:
        with Catalog(home.catalog_file) as catalog:
            if folder or not len(catalog):
                synced = sync(catalog, FolderSource(folder or STARTER), terminal_progress, only=True)
            built = update_index(catalog, home, settings.embedding_model, terminal_progress, rebuild)
    except KeyboardInterrupt:
        click.echo(
            "stopped; the last index stays in use, and what was embedded is kept: run the same command to go on",
            err=True,
        )
        raise click.exceptions.Exit(130) from None
    seconds = time.perf_counter() - started
    if as_json:
        click.echo(built.manifest.model_dump_json(indent=1))
    else:
        _say(synced, built, seconds)
    if strict and built.manifest.problems:
        raise click.exceptions.Exit(1)


def _say(synced: "SyncReport | None", built: "BuildReport", seconds: float) -> None:
    say_unread("skipped", synced.unread if synced else [])
    manifest = built.manifest
    state = "nothing changed" if built.unchanged else f"{built.embedded:,} chunks embedded"
    rate = f", {built.embedded / seconds:,.0f} a second" if built.embedded > 1000 else ""
    click.echo(
        f"indexed {manifest.files:,} files: {manifest.releases:,} releases, {manifest.chunks:,} chunks, "
        f"{manifest.problems:,} skipped ({state}{rate}; {seconds:.1f} s)"
    )
