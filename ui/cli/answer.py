"""``assistant answer``."""

from pathlib import Path

import click


@click.command("answer")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the answers go, one a line.")
def command(questions: Path, out: Path) -> None:
    """Answer every line of QUESTIONS ({"id", "question", "history"} in JSON) and write one answer a line.

    OUT appears whole or not at all.
    """
    from assistant.engine import Assistant
    from assistant.questions_file import answer_file
    from assistant.settings import load_settings
    from ui.cli.progress import terminal_progress

    with Assistant(load_settings()) as assistant:
        report = answer_file(assistant, questions, out, terminal_progress)
    click.echo(f"answered {report.answered:,} questions, abstained from {report.abstained:,}: {out}")
    for line, reason in report.failed:
        click.echo(f"not answered {questions}:{line}: {reason}", err=True)
