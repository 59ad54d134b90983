"""``assistant feedback``: one file a command."""

import click

from ui.cli.groups import LazyGroup

COMMANDS = {
    "list": "List what people said of answers.",
    "export": "Make a question set of it.",
}


@click.command("feedback", cls=LazyGroup, package="ui.cli.feedback", summaries=COMMANDS)
def command() -> None:
    """Look at what people said of answers on the page, and measure by it."""
