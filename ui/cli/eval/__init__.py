"""``assistant eval``: one file a command."""

import click

from ui.cli.groups import LazyGroup

COMMANDS = {
    "lint": "Look for what is wrong with a question set.",
    "run": "Answer a question set with the assistant and baselines, and measure.",
    "compare": "Say what changed between two runs, and whether by chance.",
    "report": "Write runs as one page, and as Markdown and JSON.",
    "convert": "Turn question sets and runs into BEIR, TREC, RAGAS and back.",
}


@click.command("eval", cls=LazyGroup, package="ui.cli.eval", summaries=COMMANDS)
def command() -> None:
    """Measure answers against a question set, and compare versions, models and settings."""
