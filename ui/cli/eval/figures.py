"""How a run's figures look on the terminal."""

import shutil
from collections.abc import Sequence

import click

from assistant.evaluation.report.tables import Table, headline_table, report_tables
from assistant.evaluation.run_folder import SystemRun
from ui.cli.tables import print_table

#: Tables that the terminal shows; the report has the rest.
SHOWN = ("Abstention", "correct, by type", "Latency and memory")


def print_runs(runs: Sequence[SystemRun]) -> None:
    """Print where each system stands, and the tables that people look at first."""
    _print(headline_table(runs).turned())
    for table in report_tables(runs):
        if table.title in SHOWN:
            _print(table)
    for run in runs:
        for score in run.metrics.questions:
            if score.error:
                click.echo(f"failed: {run.label} on {score.id}: {score.error}", err=True)
    folder = runs[0].folder.parent
    click.echo(f"{folder}; look at it with: assistant eval report {folder}")


def _print(table: Table) -> None:
    rows = [[str(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(table.columns, *rows, strict=True)]
    if sum(widths) + 3 * len(widths) > shutil.get_terminal_size((120, 24)).columns:
        rows = [[cell.text for cell in row] for row in table.rows]  # without intervals, so that no figure is cut off
    print_table(table.columns, rows, title=table.title)
    for note in table.notes:
        click.echo(f"  {note}")
