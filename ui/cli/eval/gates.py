"""The options by which a run is a gate."""

from collections.abc import Sequence

import click

fail_under = click.option(
    "--fail-under", "under", multiple=True, metavar="METRIC=VALUE", help="Exit with 1 below it, such as correct=0.60."
)
fail_over = click.option(
    "--fail-over", "over", multiple=True, metavar="METRIC=VALUE", help="Exit with 1 above it: false_abstention=0.06."
)


def exit_with(ctx: click.Context, broken: Sequence[str]) -> None:
    """Say what does not hold, and exit with 1 where anything does not."""
    for reason in broken:
        click.echo(f"failed: {reason}", err=True)
    ctx.exit(1 if broken else 0)
