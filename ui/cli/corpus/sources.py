"""``assistant corpus sources``."""

import click

from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table


@click.command("sources")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(as_json: bool) -> None:
    """List where the documents come from, and when each was last brought into step."""
    with opened_catalog() as catalog:
        rows = catalog.sources()
    if as_json:
        print_json(rows)
    else:
        columns = ("kind", "location", "documents", "last synced")
        print_table(columns, [(r.kind, r.location, r.documents, r.synced) for r in rows], wide="location")
