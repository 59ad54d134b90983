"""``assistant users``: one file a command."""

import click

from ui.cli.groups import LazyGroup

COMMANDS = {
    "add": "Add a user, or give one a new password.",
    "remove": "Take a user out.",
}


@click.command("users", cls=LazyGroup, package="ui.cli.users", summaries=COMMANDS)
def command() -> None:
    """Say who may log in: the file that "assistant serve --auth" reads, of names and bcrypt hashes."""
