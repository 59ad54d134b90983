"""How commands print what they found: JSON, or a table as wide as the terminal."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import click


def print_json(value: Any) -> None:
    """Print dataclasses, days and enums as JSON."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=1))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "", wide: str = "") -> None:
    """Print a table; ``wide`` names the column that takes what room there is."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = shutil.get_terminal_size((120, 24)).columns
    console = Console(width=max(terminal, 80), highlight=False, soft_wrap=False)
    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        numbers = all(isinstance(row[columns.index(column)], int) for row in rows)
        table.add_column(
            column,
            justify="right" if numbers and rows else "left",
            no_wrap=column != wide,
            ratio=1 if column == wide else None,
        )
    for row in rows:
        table.add_row(
            *(Text(f"{cell:,}" if isinstance(cell, int) else str(cell if cell is not None else "–")) for cell in row)
        )
    console.print(table)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{value!r} cannot be written as JSON")
