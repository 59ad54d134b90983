"""``assistant check``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from assistant.briefing.draft.draft_check import CheckedDraft

#: Exit status where a sentence needs a look, as linters have it.
NEEDS_A_LOOK = 1


@click.command("check")
@click.argument("draft", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "outs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A .html page, .json, or .docx with comments; repeatable.",
)
@click.option("--all", "show_all", is_flag=True, help="Print the evidence of sentences that hold, too.")
@click.option("--json", "as_json", is_flag=True, help="Print all as JSON.")
@click.pass_context
def command(ctx: click.Context, draft: Path, outs: tuple[Path, ...], show_all: bool, as_json: bool) -> None:
    """Check DRAFT (.md, .txt or .docx; "-" reads standard input) against the releases, sentence by sentence.

    Every sentence that asserts something gets a verdict, the releases that carry it, and what these say in place of
    wrong figures, dates and names. What the draft cites ([jy1539], (jy1539), addresses, footnotes) is checked too.
    DRAFT itself is never changed. The exit status is 1 where a sentence needs a look, else 0.
    """
    from assistant.briefing.draft.draft_check import check_draft, known_in
    from assistant.briefing.draft.reading import read_bytes, read_draft
    from assistant.briefing.files import check_outputs, write_outputs
    from assistant.engine import Assistant
    from assistant.settings import load_settings
    from corpus.errors import BriefingError
    from ui.cli.progress import terminal_progress

    check_outputs(outs, (".docx", ".html", ".json"))
    if any(out.resolve() == draft.resolve() for out in outs):
        raise BriefingError(f"{draft} is the draft, which is never changed; give --out another name")
    data = read_bytes(draft)
    with Assistant(load_settings()) as assistant:
        read = read_draft(draft, data, known_in(assistant))
        checked = check_draft(assistant, read, terminal_progress)

    def word() -> bytes:
        from datetime import date

        from assistant.briefing.draft.comments import commented, new_commented

        if draft.suffix.lower() == ".docx":
            return commented(draft, data, checked)
        return new_commented(read, checked, date.today())

    def page() -> bytes:
        from assistant.briefing.draft.page import as_page

        return as_page(read, checked).encode()

    def everything() -> bytes:
        return (checked.model_dump_json(indent=1) + "\n").encode()

    write_outputs(outs, {".docx": word, ".html": page, ".json": everything})
    if as_json:
        click.echo(checked.model_dump_json(indent=1))
    else:
        _print(checked, show_all)
    ctx.exit(NEEDS_A_LOOK if checked.wrong else 0)


def _print(checked: "CheckedDraft", show_all: bool) -> None:
    """Every sentence with its mark; under one that needs a look what is wrong, and the evidence."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from assistant.briefing.draft.wording import MARKS, counted, finding_lines, verdict_words
    from assistant.citations.checking import Verdict
    from corpus.dating import in_words

    colours = {Verdict.PARTIAL: "yellow", Verdict.UNSUPPORTED: "red", None: "dim"}
    console = Console(highlight=False, width=min(Console().width, 110))
    for sentence in checked.sentences:
        colour = colours.get(sentence.verdict, "green")
        line = Text(f"{MARKS[sentence.verdict][0]} ", style=f"bold {colour}")
        line.append(" ".join(sentence.text.split()), style="dim" if sentence.verdict is None else "default")
        line.append(f"  {verdict_words(sentence)}", style=colour)
        if not sentence.wrong and sentence.evidence:
            line.append(f" ({', '.join(dict.fromkeys(c.release_id for c in sentence.evidence))})", style=colour)
        console.print(line)
        if sentence.wrong:
            for finding in finding_lines(sentence):
                console.print(Padding(Text(f"→ {finding}", style=f"bold {colour}"), (0, 0, 0, 4), expand=False))
        if sentence.wrong or show_all:
            for citation in sentence.evidence:
                day = in_words(citation.date, citation.date_confidence)
                said = Text(f"{citation.release_id}, {day}: “{citation.quote}”")
                console.print(Padding(said, (0, 0, 0, 4), expand=False))
    console.print(Text(f"\n{checked.name}: {counted(checked)}.", style="bold"))
