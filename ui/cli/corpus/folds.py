"""``assistant corpus folds``."""

import click

from corpus.duplicates import FoldReason
from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table

REASONS = [str(reason) for reason in FoldReason if reason is not FoldReason.ITSELF]


@click.command("folds")
@click.option("--reason", "reasons", multiple=True, type=click.Choice(REASONS), help="Only these.")
@click.option("--limit", default=50, show_default=True, help="At most so many; 0 lists all.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, all of them.")
def command(reasons: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List the documents that are copies: the release that each belongs to, and why."""
    with opened_catalog() as catalog:
        found = [fold for fold in catalog.folds() if not reasons or fold[2] in reasons]
    if as_json:
        print_json([{"path": path, "release_id": release_id, "reason": reason} for path, release_id, reason in found])
        return
    shown = found[:limit] if limit else found
    print_table(("document", "is a copy of", "reason"), shown, wide="document")
    if len(shown) < len(found):
        click.echo(f"{len(shown):,} of {len(found):,}; --limit 0 lists all")
