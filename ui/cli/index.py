"""``assistant index``."""

import time
from pathlib import Path

import click


@click.command("index")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--if-missing", is_flag=True, help="Do nothing where an index exists.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a document could not be read.")
@click.option("--json", "as_json", is_flag=True, help="Print the index's manifest.")
def command(folder: Path | None, if_missing: bool, strict: bool, as_json: bool) -> None:
    """Read every release in FOLDER (default: the starter digests) and make it the index in use.

    Stop it at any time: the last index stays, and the next run goes on where this one stopped.
    """
    from assistant.settings import load_settings
    from corpus.starter import STARTER
    from indexes.build import build_index
    from indexes.generation import Home
    from ui.cli.progress import terminal_progress

    settings = load_settings()
    home = Home(settings.home)
    if if_missing and (name := home.current_name()):
        click.echo(f"using the index {name} of {home.manifest(name).folder}", err=True)
        return
    started = time.perf_counter()
    try:
        report = build_index(folder or STARTER, home, settings.embedding_model, terminal_progress)
    except KeyboardInterrupt:
        click.echo(
            "stopped; the last index stays in use, and what was embedded is kept: run the same command to go on",
            err=True,
        )
        raise click.exceptions.Exit(130) from None
    seconds = time.perf_counter() - started

    for problem in report.problems[:10]:
        click.echo(f"skipped {problem}", err=True)
    if len(report.problems) > 10:
        click.echo(f"skipped {len(report.problems) - 10:,} more documents", err=True)
    manifest = report.manifest
    if as_json:
        click.echo(manifest.model_dump_json(indent=1))
    else:
        state = "nothing changed" if report.unchanged else f"{report.embedded:,} chunks embedded"
        rate = f", {report.embedded / seconds:,.0f} a second" if report.embedded > 1000 else ""
        click.echo(
            f"indexed {manifest.files:,} files: {manifest.releases:,} releases, {manifest.chunks:,} chunks, "
            f"{len(report.problems):,} skipped ({state}{rate}; {seconds:.1f} s)"
        )
    if strict and report.problems:
        raise click.exceptions.Exit(1)
