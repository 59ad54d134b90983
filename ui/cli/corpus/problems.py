"""``assistant corpus problems``."""

from collections import Counter

import click

from corpus.document import ProblemKind, Severity
from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table


@click.command("problems")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([str(k) for k in ProblemKind]), help="Only these.")
@click.option(
    "--severity", "severities", multiple=True, type=click.Choice([str(s) for s in Severity]), help="Only these."
)
@click.option("--limit", default=50, show_default=True, help="At most so many are listed; 0 lists all.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, all of them.")
def command(kinds: tuple[str, ...], severities: tuple[str, ...], limit: int, as_json: bool) -> None:
    """List what is wrong with documents: file, line and reason; first a count by kind.

    "unread": nothing of it could be read. "suspect": read, but something in it is doubtful. "mended": set right while
    reading. "noted": worth knowing.
    """
    wanted = [
        kind for kind in ProblemKind if (not kinds or kind in kinds) and (not severities or kind.severity in severities)
    ]
    with opened_catalog() as catalog:
        found = catalog.problems(wanted)
    if as_json:
        print_json(found)
        return
    counts = Counter(problem.kind for problem in found)
    print_table(
        ("problem", "severity", "documents"),
        [(kind, kind.severity, count) for kind, count in counts.most_common()],
    )
    shown = found[:limit] if limit else found
    print_table(
        ("where", "problem", "reason"),
        [(p.path + (f":{p.line}" if p.line else ""), p.kind, p.reason) for p in shown],
        wide="reason",
    )
    if len(shown) < len(found):
        click.echo(f"{len(shown):,} of {len(found):,}; --limit 0 lists all, --kind and --severity choose")
