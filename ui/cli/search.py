"""``assistant search``."""

import shutil
from datetime import datetime

import click

from ui.cli.ask import DAY, READ

#: Characters of a passage that are shown without ``--context``.
SHOWN = 300


@click.command("search")
@click.argument("query")
@click.option("--since", type=DAY, help="Only releases of this day or later.")
@click.option("--until", type=DAY, help="Only releases of this day or earlier.")
@click.option("--section", "sections", multiple=True, help="Only this section, such as press-releases; repeatable.")
@click.option(
    "--programme", "programmes", multiple=True, help="Only this sanctions programme, such as Iran; repeatable."
)
@click.option("--release", "release_ids", multiple=True, help="Only this release, by its id; repeatable.")
@click.option("--without", multiple=True, type=READ, help="Do not read this from the query; repeatable.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 50), help="Passages, at most.")
@click.option("--context", is_flag=True, help="Show passages whole, with the sentences before and after.")
@click.option("--explain", is_flag=True, help="Say what each part adds to a release's rank.")
@click.option("--json", "as_json", is_flag=True, help="Print all as JSON.")
def command(
    query: str,
    since: datetime | None,
    until: datetime | None,
    sections: tuple[str, ...],
    programmes: tuple[str, ...],
    release_ids: tuple[str, ...],
    without: tuple[str, ...],
    limit: int,
    context: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """List the passages that bear on QUERY, the best of each release, best first.

    The score is 1 for the best release, and for the others how likely they are against it. Words of QUERY are words:
    no quote, colon, AND or bracket has a meaning of its own.
    """
    from assistant.engine import Assistant
    from assistant.question import parse_question
    from assistant.retrieval import Part
    from assistant.settings import load_settings
    from indexes.filters import SearchFilter
    from ui.cli.ask import understood_text

    parse_question(query)  # a bad question is told before any model is loaded
    condition = SearchFilter(
        date_from=since.date() if since else None,
        date_to=until.date() if until else None,
        sections=sections,
        release_ids=release_ids,
        programmes=programmes,
    )
    with Assistant(load_settings()) as assistant:
        result = assistant.search(query, condition=condition, limit=limit, without=[Part(name) for name in without])
    if as_json:
        click.echo(result.model_dump_json(indent=1))
        return
    width = min(shutil.get_terminal_size().columns, 110)
    if understood := understood_text(result.understood):
        click.echo(understood)
    if not result.passages:
        click.echo("nothing found")
    for rank, passage in enumerate(result.passages, 1):
        sides = [
            f"{name} {value:.2f}" for name, value in (("dense", passage.dense), ("BM25", passage.lexical)) if value
        ]
        click.echo(f"\n{rank}. {passage.release_id} · {passage.date or 'date unknown'} · {passage.title}")
        click.echo(f"   score {passage.score:.3f} ({', '.join(sides)})")
        if explain:
            parts = ", ".join(f"{name} {value:+.2f}" for name, value in passage.parts.items())
            click.echo(click.wrap_text(parts, width, "   ", "   "))
        if passage.also_in:
            click.echo(f"   the same words also in {', '.join(passage.also_in)}")
        for text in (passage.before, passage.text, passage.after) if context else (_shortened(passage.text),):
            if text:
                click.echo(click.wrap_text(" ".join(text.split()), width, "   ", "   "))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} …"
