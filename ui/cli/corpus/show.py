"""``assistant corpus show``."""

from typing import Any

import click

from corpus.release import ParagraphKind, Release
from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json


@click.command("show")
@click.argument("release_id")
@click.option("--version", type=int, help="An earlier version (see: assistant corpus history).")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(release_id: str, version: int | None, as_json: bool) -> None:
    """Show the release known as RELEASE_ID, by its own id, one it was also published under, or its url."""
    from corpus.dating import in_words
    from corpus.errors import CorpusError

    with opened_catalog() as catalog:
        name = catalog.resolve(release_id)
        release = catalog.get(name, version) if name else None
        history = catalog.history(name) if name else []
        if name is None or release is None:
            gone = f"; it is gone, see: assistant corpus history {name}" if history else "; see: assistant corpus list"
            raise CorpusError(f"no release {release_id}{f' with version {version}' if version else ''}{gone}")
        problems = catalog.problems(release_id=name)
    if as_json:
        print_json({**as_dict(release), "versions": history, "problems": problems})
        return
    date = in_words(release.date, release.date_confidence)
    click.echo(f"{release.release_id} · {date} · {release.section} · {release.kind}")
    click.echo(release.title)
    click.echo(release.url or release.path)
    click.echo(f"date from {release.date_source}, confidence {release.date_confidence}")
    for said in (f"date suspect: {release.date_suspect}" if release.date_suspect else "",):
        if said:
            click.echo(said)
    if release.also_published_as:
        click.echo("also published as " + ", ".join(release.also_published_as))
    click.echo(f"version {history[0].version if version is None else version} of {len(history)}")
    for problem in problems:
        click.echo(f"{problem.severity}: {problem.kind}: {problem.reason}")
    for n, paragraph in enumerate(release.paragraphs, 1):
        mark = "" if paragraph.kind is ParagraphKind.BODY else f"  [{paragraph.kind}]"
        click.echo(f"\n{n:>4} {release.text[paragraph.start : paragraph.end]}{mark}")


def as_dict(release: Release) -> dict[str, Any]:
    """A release as ``--json`` prints it; ``text[start:end]`` is what each span holds."""
    return {
        "release_id": release.release_id,
        "title": release.title,
        "date": release.date,
        "date_source": release.date_source,
        "date_confidence": release.date_confidence,
        "date_suspect": bool(release.date_suspect),
        "date_suspect_reason": release.date_suspect,
        "section": release.section,
        "url": release.url,
        "kind": release.kind,
        "path": release.path,
        "text": release.text,
        "paragraphs": [
            {
                "n": n,
                "start": p.start,
                "end": p.end,
                "kind": p.kind,
                "heading": " > ".join(p.headings),
                "boilerplate": p.kind is ParagraphKind.BOILERPLATE,
                "sentences": [{"start": start, "end": end} for start, end in p.sentences],
            }
            for n, p in enumerate(release.paragraphs, 1)
        ],
        "bold": [{"start": start, "end": end} for start, end in release.bold],
        "links": [{"start": start, "end": end, "url": url} for start, end, url in release.links],
        "also_published_as": list(release.also_published_as),
    }
