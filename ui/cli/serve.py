"""``assistant serve``."""

from contextlib import closing
from pathlib import Path

import click


@click.command("serve")
@click.option("--host", help="Address to serve on (default: 127.0.0.1, this machine only).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to serve on (default: 7860).")
@click.option(
    "--auth",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask for a name and a password: a file as `assistant users add` or `htpasswd -B` makes it.",
)
@click.option("--runs", type=click.Path(file_okay=False, path_type=Path), help="Folder of evaluation runs to show.")
@click.option("--allow-sync", is_flag=True, help="Let people bring the sources and the index up to date.")
def command(host: str | None, port: int | None, auth: Path | None, runs: Path | None, allow_sync: bool) -> None:
    """Serve the page until stopped with Ctrl-C."""
    from assistant.engine import Assistant
    from assistant.settings import load_settings
    from ui.history.conversations import Conversations
    from ui.history.database import DESK_FILE, Database
    from ui.history.feedback import FeedbackStore
    from ui.web.address import check_port
    from ui.web.login import read_logins

    settings = load_settings(host=host, port=port)
    check_port(settings.host, settings.port)
    logins = read_logins(auth) if auth else None
    if logins and logins.warning:
        click.echo(f"warning: {logins.warning}", err=True)
    with (
        Assistant(settings) as assistant,
        Database(settings.home / DESK_FILE) as database,
        closing(Conversations(database)) as conversations,
    ):
        conversations.settle()
        click.echo(f"loading the page over {assistant.manifest.releases:,} releases ...", err=True)
        from ui.web.app import serve  # imports Gradio, which takes seconds
        from ui.web.desk import Desk

        desk = Desk(assistant, conversations, FeedbackStore(database), runs or settings.home / "runs", allow_sync)
        page = serve(desk, settings.host, settings.port, logins.aside if logins else None)
        click.echo(f"the chat is at {page.local_url} (Ctrl-C stops it)")
        page.block_thread()
