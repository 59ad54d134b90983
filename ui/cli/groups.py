"""Groups of commands, each in a module of its own that is imported only when it is called."""

import importlib
from typing import Any

import click


class LazyGroup(click.Group):
    """Finds the command ``x`` in the module ``PACKAGE.x``, when it is called."""

    def __init__(self, *args: Any, package: str = "", summaries: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._package = package
        self._summaries = summaries or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people meet them."""
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in self._summaries:
            return None
        command: click.Command = importlib.import_module(f"{self._package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by their summaries, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))
