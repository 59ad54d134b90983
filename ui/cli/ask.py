"""``assistant ask``."""

import shutil
import sys
from collections.abc import Iterable
from datetime import datetime

import click

from assistant.answers.answer import Answer, AnswerSentence, Draft
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
@click.option(
    "--programme", "programmes", multiple=True, help="Only this sanctions programme, such as Iran; repeatable."
)
@click.option("--without", multiple=True, type=READ, help="Do not read this from the question; repeatable.")
@click.option("--no-llm", is_flag=True, help="Quote releases, even where a language model is set to write.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def command(
    question: str,
    since: datetime | None,
    until: datetime | None,
    sections: tuple[str, ...],
    programmes: tuple[str, ...],
    without: tuple[str, ...],
    no_llm: bool,
    as_json: bool,
) -> None:
    """Answer QUESTION in sentences of releases, each with its source, or say that it is not in the corpus."""
    from assistant.engine import Assistant
    from assistant.question import parse_question
    from assistant.retrieval import Part
    from assistant.settings import WriterName, load_settings
    from indexes.filters import SearchFilter

    parse_question(question)  # a bad question is told before any model is loaded
    condition = SearchFilter(
        date_from=since.date() if since else None,
        date_to=until.date() if until else None,
        sections=sections,
        programmes=programmes,
    )
    with Assistant(load_settings(writer=WriterName.EXTRACTIVE if no_llm else None)) as assistant:
        updates = assistant.stream(question, condition=condition, without=[Part(name) for name in without])
        if sys.stdout.isatty() and not as_json:
            show_as_it_comes(updates)
            return
        *_, answer = updates
    assert isinstance(answer, Answer)  # noqa: S101 - the last of a stream is one
    click.echo(answer.model_dump_json(indent=1) if as_json else as_text(answer))


def show_as_it_comes(updates: Iterable[Draft | Answer]) -> None:
    """Print each sentence once it has passed the check, and under the last what belongs to the answer.

    Where the answer turns out to be another than what is printed already, it is printed anew, whole.
    """
    shown: list[AnswerSentence] = []
    for update in updates:
        click.echo("\r\x1b[K", nl=False)
        begun = [s.text for s in update.sentences[: len(shown)]] == [s.text for s in shown]
        if isinstance(update, Answer) and not (shown and begun):
            click.echo("\nThe answer has become another:" if shown else "", nl=bool(shown))
            click.echo(as_text(update))
            return
        if begun:
            for sentence in update.sentences[len(shown) :]:
                click.echo(_wrapped(sentence.marked))
            shown = list(update.sentences)
        if isinstance(update, Draft):
            held = f", {update.held} held until put right" if update.held else ""
            click.echo(f"writing: {update.written:,} characters{held}", nl=False)
        else:
            click.echo(under_answer(update).removeprefix("\n"))


def as_text(answer: Answer) -> str:
    """The answer and, under it, its sources."""
    return f"{_wrapped(answer.answer)}{under_answer(answer)}"


def under_answer(answer: Answer) -> str:
    """What became of a language model's work, the sources, and what was read from the question."""
    width = _width()
    lines = [""]
    for notice in answer.notices:
        lines += ["", _wrapped(f"Note: {notice}")]
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


def _wrapped(text: str) -> str:
    return "\n".join(click.wrap_text(line, _width()) for line in text.split("\n"))


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100)
