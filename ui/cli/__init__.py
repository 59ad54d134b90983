"""The command line. One file a command; none is imported before it is called, so that ``--help`` is instant."""

import sys
from importlib.metadata import version

import click

from ui.cli.groups import LazyGroup

COMMANDS = {
    "corpus": "Bring documents in, keep them in step, look at them.",
    "index": "Make the index of a folder, or of what the catalog holds.",
    "ask": "Answer one question, with its sources.",
    "search": "List the passages that bear on a question.",
    "answer": "Answer a file of questions.",
    "brief": "Answer a list of questions in a briefing with footnotes, for Word or as Markdown.",
    "check": "Check a draft, sentence by sentence, against the releases.",
    "eval": "Measure answers against a question set, and compare runs.",
    "serve": "Serve the chat.",
    "feedback": "List what people said of answers; make a question set of it.",
    "users": "Say who may log in to what is served.",
    "doctor": "Say what is installed, configured and indexed, and whether each part works.",
}


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"assistant {version('treasury-assistant')}")
        ctx.exit()


@click.command(
    cls=LazyGroup,
    package="ui.cli",
    summaries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Data lies in $ASSISTANT_HOME, else in the user's data folder; 'assistant doctor' says where.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Say which.")
def cli() -> None:
    """Cited answers from the public releases of the U.S. Department of the Treasury."""


def main() -> None:
    """Run the command line; errors end in one line, never in a traceback."""
    from corpus.errors import AssistantError

    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:  # Ctrl-C
        click.echo("stopped", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AssistantError as error:
        click.echo(f"error: {error}", err=True)
        code = error.exit_code
    except BrokenPipeError:  # the reader of our output went away
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
