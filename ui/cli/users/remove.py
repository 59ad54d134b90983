"""``assistant users remove``."""

from pathlib import Path

import click


@click.command("remove")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("name")
def command(file: Path, name: str) -> None:
    """Take the user NAME out of FILE. Who is logged in stays so until the server is started anew."""
    from ui.web.login import remove_user

    remove_user(file, name)
    click.echo(f"removed {name} from {file}")
