"""``assistant corpus``: one file a command."""

import click

from ui.cli.groups import LazyGroup

COMMANDS = {
    "add": "Bring in folders, files and archives.",
    "sync": "Keep in step with a git repository or the department's site.",
    "remove": "Take a source's documents out.",
    "sources": "List where the documents come from.",
    "list": "List releases.",
    "show": "Show one release.",
    "history": "Show the versions of one release.",
    "stats": "Count releases, folds, dates, problems.",
    "problems": "List what is wrong with documents.",
    "folds": "List the documents that are copies, and why.",
    "verify": "Check the catalog against the files, and the index against the catalog.",
}


@click.command("corpus", cls=LazyGroup, package="ui.cli.corpus", summaries=COMMANDS)
def command() -> None:
    """Bring documents in, keep them in step with their sources, and look at them."""
