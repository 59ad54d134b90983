"""``assistant users add``."""

import sys
from pathlib import Path

import click


@click.command("add")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input, one line.")
def command(file: Path, name: str, password_stdin: bool) -> None:
    """Add the user NAME to FILE, or give NAME a new password; the password is asked for twice.

    FILE is made where there is none, for its owner alone to read. A server that runs reads it at the next login.
    """
    from ui.web.login import add_user

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    added = add_user(file, name, password)
    click.echo(f"{'added' if added else 'gave a new password to'} {name} in {file}")
