"""``assistant corpus verify``."""

from itertools import chain

import click

from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json

#: Faults that are named; the rest is counted.
NAMED = 50


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON, all of them.")
def command(as_json: bool) -> None:
    """Check the catalog, every span of every release, every document against its file, and the index.

    Exit code 1 where something is not as it should be.
    """
    from assistant.settings import load_settings
    from corpus.verification import verify_catalog
    from indexes.generation import Home
    from indexes.verification import verify_index
    from ui.cli.progress import terminal_progress

    home = Home(load_settings().home)
    with opened_catalog() as catalog:
        indexed = home.current_name() is not None
        checks = verify_catalog(catalog, home.clones, terminal_progress)
        faults = list(chain(checks, verify_index(catalog, home) if indexed else ()))
        releases = len(catalog)
    if as_json:
        print_json(faults)
    else:
        for fault in faults[:NAMED]:
            click.echo(f"{fault.where}: {fault.what}")
        if len(faults) > NAMED:
            click.echo(f"and {len(faults) - NAMED:,} more")
        with_index = "and the index are" if indexed else "is (nothing is indexed)"
        verdict = f"{len(faults):,} faults" if faults else f"the catalog {with_index} as they should be"
        click.echo(f"{releases:,} releases checked: {verdict}")
    if faults:
        raise click.exceptions.Exit(1)
