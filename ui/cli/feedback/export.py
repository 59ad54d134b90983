"""``assistant feedback export``."""

import json
from datetime import datetime
from pathlib import Path

import click

from ui.cli.feedback.opening import SINCE, judged_since


@click.command("export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@SINCE
@click.option(
    "--unresolved",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the questions whose right answer is not known here, for a person to fill in.",
)
def command(out: Path, since: datetime | None, unresolved: Path | None) -> None:
    """Make a question set of what people said of answers, as "assistant eval lint" and "run" read it.

    A good answer gives the releases that it cites and a fact of it; one that should not have been given, an
    unanswerable question. What else is said of an answer tells no right one: such questions go into --unresolved,
    which the evaluation refuses until their "type" is filled in.
    """
    from assistant.whole_files import replacing
    from corpus.errors import HistoryError
    from ui.history.question_set import question_set

    if unresolved and unresolved.absolute() == out.absolute():
        raise click.UsageError("the two files must have two names")
    found = question_set(judged_since(since))
    written = [(out, [question.model_dump(mode="json") for question in found.questions])]
    written += [(unresolved, found.unresolved)] if unresolved else []
    for path, lines in written:
        try:
            with replacing(path) as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        except OSError as error:
            raise HistoryError(f"{path} cannot be written: {error.strerror}") from error
        click.echo(f"{path}: {_counted(len(lines))}")
    if found.unresolved and not unresolved:
        click.echo(f"{_counted(len(found.unresolved))} with no known right answer; --unresolved FILE writes them")
    if found.repeated:
        click.echo(f"{found.repeated:,} older judgements of the same questions were passed over")


def _counted(count: int) -> str:
    return f"{count:,} question{'s' if count != 1 else ''}"
