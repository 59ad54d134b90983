"""``assistant feedback list``."""

from datetime import datetime

import click

from ui.cli.feedback.opening import SINCE, judged_since
from ui.cli.tables import print_json, print_table


@click.command("list")
@SINCE
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(since: datetime | None, as_json: bool) -> None:
    """List what people said of answers, the newest first; who said it is left out."""
    from ui.history.conversations import shortened

    judged = judged_since(since)
    columns = ("given", "turn", "said", "question", "comment")
    rows = [
        (f"{j.given:%Y-%m-%d %H:%M}", j.turn.id, j.reason.label, _one_line(j.turn.question), _one_line(j.comment))
        for j in judged
    ]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    if rows:
        print_table(columns, [(*row, shortened(comment, 40)) for *row, comment in rows], wide="question")
    click.echo(f"{len(rows):,} judgement{'s' if len(rows) != 1 else ''}")


def _one_line(text: str) -> str:
    """The words of a text; what would steer a terminal is none."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
