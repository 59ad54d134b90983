"""``assistant eval run``."""

from pathlib import Path

import click

from ui.cli.eval.gates import exit_with, fail_over, fail_under
from ui.cli.progress import terminal_progress
from ui.cli.tables import print_json


@click.command("run")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The run's folder.")
@click.option(
    "--system", "systems", multiple=True, default=("assistant",), show_default=True,
    help="assistant, bm25, dense, rrf, llamaindex, llamaindex-citations, all, ablations; or a file of answers.",
)  # fmt: skip
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes for each system.")
@click.option("--fresh", is_flag=True, help="Begin again, whatever OUT holds.")
@fail_under
@fail_over
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    questions: Path,
    out: Path,
    systems: tuple[str, ...],
    workers: int,
    fresh: bool,
    under: tuple[str, ...],
    over: tuple[str, ...],
    as_json: bool,
) -> None:
    """Answer QUESTIONS ("starter" is the built-in set) with each system over the current index, and measure.

    A run that was stopped goes on where it stopped when the same command is given again. The bounds are for the first
    system. With a judge in the settings, a language model's opinion is added, apart from the rest.
    """
    from assistant.evaluation.gating import broken_bounds, parse_bound
    from assistant.evaluation.questions import question_set_path
    from assistant.evaluation.running import run_evaluation
    from assistant.settings import load_settings
    from ui.cli.eval.figures import print_runs

    for bound in under + over:
        parse_bound(bound)  # a wrong bound is told before the work
    try:
        runs = run_evaluation(
            question_set_path(questions),
            systems,
            out,
            load_settings(),
            workers=workers,
            fresh=fresh,
            progress=terminal_progress,
        )
    except KeyboardInterrupt as error:
        click.echo(f"what is answered lies in {out}; give the same command to go on", err=True)
        raise click.Abort from error
    if as_json:
        print_json({run.label: run.metrics.model_dump(mode="json", exclude={"questions"}) for run in runs})
    else:
        print_runs(runs)
    exit_with(ctx, broken_bounds(runs[0].metrics, under, over))
