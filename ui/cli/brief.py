"""``assistant brief``."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ui.cli.ask import DAY


@click.command("brief")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A .docx, .md or .json file; repeatable. Without it, Markdown is printed.",
)
@click.option("--title", default="", help="The title, else the one in QUESTIONS.")
@click.option("--date", "day", type=DAY, help="The day it bears; else $SOURCE_DATE_EPOCH's, else today.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole briefing as JSON.")
def command(questions: Path, outs: tuple[Path, ...], title: str, day: datetime | None, as_json: bool) -> None:
    """Answer QUESTIONS in a briefing with a numbered footnote for every sentence.

    QUESTIONS is a .txt file, a question a line, or a .md file: headings are sections, items of lists and lines that
    end in "?" are questions. Lines that cannot be asked are told, and the rest goes on.
    """
    from assistant.briefing.briefing import build_briefing
    from assistant.briefing.files import check_outputs, write_outputs
    from assistant.briefing.markdown import as_markdown
    from assistant.briefing.questions import read_briefing_questions
    from assistant.engine import Assistant
    from assistant.settings import load_settings
    from ui.cli.progress import terminal_progress

    check_outputs(outs, (".docx", ".md", ".json"))
    asked = read_briefing_questions(questions)
    with Assistant(load_settings()) as assistant:
        briefing = build_briefing(assistant, asked, title.strip(), day.date() if day else _today(), terminal_progress)

    def word() -> bytes:
        from assistant.briefing.word import as_word

        return as_word(briefing)

    write_outputs(
        outs,
        {
            ".docx": word,
            ".md": lambda: as_markdown(briefing).encode(),
            ".json": lambda: (briefing.model_dump_json(indent=1) + "\n").encode(),
        },
    )
    for line in briefing.skipped:
        click.echo(f"not asked {questions}:{line.line}: {line.reason}", err=True)
    if as_json:
        click.echo(briefing.model_dump_json(indent=1))
    elif outs:
        files = ", ".join(map(str, outs))
        click.echo(f"answered {briefing.answered:,} of {len(briefing.questions):,} questions: {files}")
    else:
        click.echo(as_markdown(briefing), nl=False)


def _today() -> date:
    """The day that reproducible builds state, else the day of the clock."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(stated), UTC).date() if stated.isdecimal() else date.today()
