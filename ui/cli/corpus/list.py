"""``assistant corpus list``."""

from datetime import datetime

import click

from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table

DAY = click.DateTime(["%Y-%m-%d"])
KINDS = ("release", "digest", "document")


@click.command("list")
@click.option("--since", type=DAY, help="Only releases of this day or later.")
@click.option("--until", type=DAY, help="Only releases of this day or earlier.")
@click.option("--section", "sections", multiple=True, help="Only this section, such as press-releases; repeatable.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only this kind; repeatable.")
@click.option("--text", default="", help="Only releases that hold each of these words.")
@click.option("--limit", default=50, show_default=True, help="At most so many; 0 lists all.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(
    since: datetime | None,
    until: datetime | None,
    sections: tuple[str, ...],
    kinds: tuple[str, ...],
    text: str,
    limit: int,
    as_json: bool,
) -> None:
    """List releases, newest first; those whose day is unknown last."""
    from corpus.catalog_reader import ReleaseFilter
    from corpus.release import ReleaseKind

    condition = ReleaseFilter(
        since.date() if since else None,
        until.date() if until else None,
        sections,
        tuple(ReleaseKind(kind) for kind in kinds),
        text,
    )
    with opened_catalog() as catalog:
        rows = catalog.find(condition, limit or -1)
        total = catalog.count(condition)
    if as_json:
        print_json(rows)
        return
    table = [(r["release_id"], _day(r["date"], r["date_confidence"]), r["section"], r["title"]) for r in rows]
    print_table(("release", "date", "section", "title"), table, wide="title")
    click.echo(f"{len(rows):,} of {total:,} releases" + ("; --limit 0 lists all" if len(rows) < total else ""))


def _day(date: str | None, confidence: str) -> str:
    """A day; only its month where the day is not known."""
    if date is None:
        return "unknown"
    return f"about {date[:7]}" if confidence == "low" else date
