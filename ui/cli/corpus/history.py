"""``assistant corpus history``."""

import click

from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table


@click.command("history")
@click.argument("release_id")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(release_id: str, as_json: bool) -> None:
    """Show the versions of the release known as RELEASE_ID, newest first, those of a release that is gone too."""
    from corpus.errors import CorpusError

    with opened_catalog() as catalog:
        name = catalog.resolve(release_id)
        if name is None:
            raise CorpusError(f"no release {release_id}, now or before; see: assistant corpus list")
        versions = catalog.history(name)
    if as_json:
        print_json(versions)
    else:
        columns = ("version", "change", "synced", "date", "words", "title")
        rows = [(v.version, v.change, v.synced, v.date, v.words, v.title) for v in versions]
        print_table(columns, rows, title=name, wide="title")
