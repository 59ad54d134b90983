"""``assistant eval report``."""

from pathlib import Path

import click


@click.command("report")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The report's folder; by default the first run's.")
@click.option("--plots", is_flag=True, help="Write the plots as PNG, too.")
def command(runs: tuple[Path, ...], out: Path | None, plots: bool) -> None:
    """Write report.html, report.md and report.json of RUNS: tables, plots, and every question with its answers.

    The page is one file and asks for nothing from outside. RUNS are runs, or systems of runs (RUN/SYSTEM), of the same
    questions.
    """
    from assistant.evaluation.report.writing import write_report

    for file in write_report(runs, out or runs[0], plots):
        click.echo(file)
