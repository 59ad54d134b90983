"""``assistant serve``."""

import click


@click.command("serve")
@click.option("--host", help="Address to serve on (default: 127.0.0.1, this machine only).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to serve on (default: 7860).")
def command(host: str | None, port: int | None) -> None:
    """Serve the chat until stopped with Ctrl-C."""
    from assistant.engine import Assistant
    from assistant.settings import load_settings
    from ui.web.app import check_port, serve

    settings = load_settings(host=host, port=port)
    check_port(settings.host, settings.port)
    with Assistant(settings) as assistant:
        click.echo(f"loading the page over {assistant.manifest.releases:,} releases ...", err=True)
        page = serve(assistant, settings.host, settings.port, block=False)
        click.echo(f"the chat is at {page.local_url} (Ctrl-C stops it)")
        page.block_thread()
