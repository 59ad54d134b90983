"""Tables as HTML, for the report and for the page; everything that they hold is escaped here."""

from collections.abc import Sequence
from html import escape

from assistant.evaluation.report.tables import Cell, Table


def table_html(table: Table, level: int = 2) -> str:
    """A table under its heading, of that level; where it is too wide, it moves within its own frame."""
    title = escape(table.title)
    head = "".join(f'<th scope="col">{escape(column)}</th>' if column else "<td></td>" for column in table.columns)
    rows = "".join(f"<tr>{_row_html(cells)}</tr>\n" for cells in table.rows)
    about = f'<p class="about">{escape(table.about)}</p>\n' if table.about else ""
    return (
        f'<section class="table">\n<h{level}>{title}</h{level}>\n{about}'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
        + "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
        + "\n</section>\n"
    )


def _row_html(cells: Sequence[Cell]) -> str:
    name, *rest = cells
    note = f' title="{escape(name.note)}"' if name.note else ""
    return f'<th scope="row"{note}>{escape(name.text)}</th>' + "".join(map(cell_html, rest))


def cell_html(cell: Cell) -> str:
    """A figure with its interval below, and what more is said of it where it is pointed at."""
    note = f' title="{escape(cell.note)}"' if cell.note else ""
    interval = f" <small>{escape(cell.interval)}</small>" if cell.interval else ""
    return f"<td{note}>{escape(cell.text)}{interval}</td>"
