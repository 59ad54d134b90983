"""What all commands share that bring documents in: their options, and what they report."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from corpus.sources import Source

if TYPE_CHECKING:
    from corpus.sync import SyncReport

#: Documents of which nothing could be read that are named; the rest is counted.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Syncing:
    """How to bring documents in."""

    dry_run: bool
    index: bool
    strict: bool
    as_json: bool

    def run(self, sources: Sequence[Source]) -> None:
        """Bring sources in, one after the other, and then the index into step; report; exit as asked."""
        from assistant.settings import load_settings
        from corpus.catalog import Catalog
        from corpus.sync import sync
        from indexes.build import leave_starter, update_index
        from indexes.generation import Home
        from ui.cli.progress import terminal_progress

        settings = load_settings()
        home = Home(settings.home)
        reports = []
        built = None
        started = time.perf_counter()
        try:
            with Catalog(home.catalog_file) as catalog:
                for source in sources:
                    only = not self.dry_run and leave_starter(catalog)
                    reports.append(sync(catalog, source, terminal_progress, self.dry_run, only))
                    self._say(reports[-1])
                if self.index and not self.dry_run:
                    built = update_index(catalog, home, settings.embedding_model, terminal_progress)
        except KeyboardInterrupt:
            click.echo("stopped; what was read is kept: run the same command to go on", err=True)
            raise click.exceptions.Exit(130) from None
        seconds = time.perf_counter() - started
        if self.as_json:
            result: dict[str, Any] = {"sources": [asdict(report) for report in reports], "seconds": round(seconds, 2)}
            if built:
                names = ("generation", "unchanged", "written", "removed", "embedded")
                result["index"] = {name: getattr(built, name) for name in names}
            click.echo(json.dumps(result, indent=1, ensure_ascii=False))
        elif built:
            state = (
                "as it was"
                if built.unchanged
                else (
                    f"{built.written:,} releases written, {built.removed:,} taken out, "
                    f"{built.embedded:,} chunks embedded"
                )
            )
            click.echo(f"index {built.generation}: {state} ({seconds:.1f} s in all)")
        if self.strict and any(report.unread for report in reports):
            raise click.exceptions.Exit(1)

    def _say(self, report: "SyncReport") -> None:
        """One line for the source, and the documents of which nothing could be read."""
        say_unread("not read:", report.unread)
        if self.as_json:
            return
        if self.dry_run:
            for what, paths in (("add", report.added), ("change", report.changed), ("remove", report.removed)):
                for path in paths[:NAMED]:
                    click.echo(f"would {what} {path}")
                if len(paths) > NAMED:
                    click.echo(f"would {what} {len(paths) - NAMED:,} more")
        counted = (
            f"{len(report.added):,} added, {len(report.changed):,} changed, {len(report.removed):,} removed, "
            f"{report.unchanged:,} unchanged"
        )
        if self.dry_run:
            click.echo(f"{report.source}: would be {counted}; nothing was done")
            return
        r = report.releases
        click.echo(
            f"{report.source}: documents: {counted}, {len(report.unread):,} not read; "
            f"releases: {r.added:,} added, {r.changed:,} changed, {r.removed:,} removed"
        )


def say_unread(what: str, unread: Sequence[tuple[str, str]]) -> None:
    """Name the first documents of which nothing could be read, each with its place and reason, and count the rest."""
    for place, reason in unread[:NAMED]:
        click.echo(f"{what} {place}: {reason}", err=True)
    if len(unread) > NAMED:
        more = len(unread) - NAMED
        click.echo(f"{what} {more:,} more; see: assistant corpus problems --severity unread", err=True)


def sync_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``Syncing``, and hand them to it as ``syncing``."""

    @click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
    @click.option("--no-index", "index", flag_value=False, default=True, help="Leave the index as it is.")
    @click.option("--strict", is_flag=True, help="Exit with 1 where a document could not be read.")
    @click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
    @wraps(function)
    def wrapped(dry_run: bool, index: bool, strict: bool, as_json: bool, **kwargs: Any) -> None:
        function(syncing=Syncing(dry_run, index, strict, as_json), **kwargs)

    return wrapped
