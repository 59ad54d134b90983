"""``assistant ask``."""

import shutil
from datetime import datetime

import click

from assistant.answers.answer import Answer
from assistant.search import Understood
from ui.wording import described, digest_note, understood_lines

DAY = click.DateTime(["%Y-%m-%d"])
#: What is read from a question and may be misread: dates; "latest" or "first"; slips, and other names of names.
READ = click.Choice(["periods", "order", "names"])


@click.command("ask")
@click.argument("question")
@click.option("--since", type=DAY, help="Only releases of this day or later.")
@click.option("--until", type=DAY, help="Only releases of this day or earlier.")
@click.option("--section", "sections", multiple=True, help="Only this section, such as press-releases; repeatable.")
@click.option("--without", multiple=True, type=READ, help="Do not read this from the question; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def command(
    question: str,
    since: datetime | None,
    until: datetime | None,
    sections: tuple[str, ...],
    without: tuple[str, ...],
    as_json: bool,
) -> None:
    """Answer QUESTION in sentences of releases, each with its source, or say that it is not in the corpus."""
    from assistant.engine import Assistant
    from assistant.question import parse_question
    from assistant.retrieval import Part
    from assistant.settings import load_settings
    from indexes.filters import SearchFilter

    parse_question(question)  # a bad question is told before any model is loaded
    condition = SearchFilter(
        date_from=since.date() if since else None, date_to=until.date() if until else None, sections=sections
    )
    with Assistant(load_settings()) as assistant:
        answer = assistant.ask(question, condition=condition, without=[Part(name) for name in without])
    click.echo(answer.model_dump_json(indent=1) if as_json else as_text(answer))


def as_text(answer: Answer) -> str:
    """The answer and, under it, its sources."""
    width = min(shutil.get_terminal_size().columns, 100)
    lines = [click.wrap_text(answer.answer, width)]
    if answer.citations:
        lines += ["", "Sources"]
    for citation in answer.citations:
        lines.append(click.wrap_text(f"[{citation.marker}] {described(citation)}", width, "", "    "))
        lines.append(click.wrap_text(f"“{citation.quote}”", width, "    ", "    "))
        lines += [f"    {part}" for part in (citation.url, digest_note(citation)) if part]
    if understood := understood_text(answer.understood):
        lines += ["", understood]
    return "\n".join(lines)


def understood_text(understood: Understood) -> str:
    """What was read from the question, and how to search again as if it had not been."""
    lines = "".join(f"\n  {line}" for line in understood_lines(understood))
    return f"Understood (--without periods, order or names searches again without):{lines}" if lines else ""
