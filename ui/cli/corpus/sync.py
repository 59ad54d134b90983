"""``assistant corpus sync``."""

from contextlib import nullcontext
from datetime import datetime

import click

from ui.cli.corpus.syncing import Syncing, sync_options

#: The folder of the department's public repository that holds its news.
NEWS = "content/news"


@click.group("sync")
def command() -> None:
    """Keep in step with a git repository or the department's site."""


@command.command("git")
@click.argument("url")
@click.option("--path", default=NEWS, show_default=True, help="The folder of the repository that holds the documents.")
@click.option("--branch", default="HEAD", show_default=True, help="The branch or tag.")
@sync_options
def git(url: str, path: str, branch: str, syncing: Syncing) -> None:
    """Clone the repository at URL (an address or a path) without its history; later, read only what differs."""
    from assistant.settings import load_settings
    from corpus.sources.git import GitSource
    from indexes.generation import Home

    syncing.run([GitSource(url, path.strip("/"), Home(load_settings().home).clones, branch)])


@command.command("treasury")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only items published on this day or later.")
@click.option("--site", default=None, help="Another address of the site.")
@click.option("--pause", default=1.0, show_default=True, help="Seconds between two requests.")
@sync_options
def treasury(since: datetime | None, site: str | None, pause: float, syncing: Syncing) -> None:
    """Read the news items of the live site, newest first, by its JSON:API.

    One request at a time; pages that did not change since the last time are not sent again. Without --since, items that
    the site no longer has are taken out.
    """
    from assistant.settings import load_settings
    from corpus.catalog import Catalog
    from corpus.sources.treasury_api import SITE, TreasurySource
    from indexes.generation import Home

    catalog_file = Home(load_settings().home).catalog_file
    with nullcontext() if syncing.dry_run else Catalog(catalog_file) as pages:
        syncing.run([TreasurySource(pages, since.date() if since else None, site or SITE, pause)])
