"""Evaluation runs as HTML: the list of runs, and the figures and plots of one."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from assistant.evaluation.listing import ListedRun
from assistant.evaluation.report.html import cell_html, table_html
from assistant.evaluation.report.tables import Cell, headline_table, report_tables
from assistant.evaluation.run_folder import SystemRun

#: Runs, and systems of each, that the list shows; the rest is chosen by name.
RUNS_SHOWN = 15
SYSTEMS_SHOWN = 6
#: The table that stands open below the first; the others are behind a summary.
OPEN = "correct, by type"


def runs_html(runs: Sequence[ListedRun], folder: Path, chosen: str = "") -> str:
    """The list of runs, a button for each; how to make one where there is none."""
    if not runs:
        return _how_to_begin(folder)
    figures = next((run.figures.columns[1:] for run in runs if run.figures), ())
    columns = ["run", "system", *figures]
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    bodies = "".join(_body(run, len(figures), run.name == chosen) for run in runs[:RUNS_SHOWN])
    older = len(runs) - RUNS_SHOWN
    more = f'<p class="note">{older:,} older runs are not listed: choose them by name below.</p>' if older > 0 else ""
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="runs">'
        f"<thead><tr>{head}</tr></thead>{bodies}</table></div>{more}"
    )


def figures_html(name: str, runs: Sequence[SystemRun]) -> str:
    """The figures of a run: where its systems stand, by type, and the rest behind a summary."""
    run, (_, *tables) = runs[0].run, report_tables(runs)
    by_type = "".join(table_html(table, 3) for table in tables if table.title == OPEN)
    rest = "".join(table_html(table, 3) for table in tables if table.title != OPEN)
    titles = ", ".join(table.title for table in tables if table.title != OPEN)
    standing = table_html(headline_table(runs).turned(), 3)
    return (
        f"<h2>{escape(name)}</h2>"
        f'<p class="about">{run.count:,} questions of <code>{escape(run.questions)}</code> '
        f"({escape(run.questions_hash)}), begun {runs[0].provenance.started:%Y-%m-%d %H:%M} UTC, "
        f"version {escape(run.version)}. Below a figure stands its 95% interval; point at it for more.</p>"
        f"{standing}{by_type}<details><summary>More tables: {escape(titles)}</summary>{rest}</details>"
    )


def plots_html(plots: Mapping[str, str]) -> str:
    """Plots, each an SVG that says itself what it shows."""
    figures = "".join(f"<figure>{svg}</figure>" for svg in plots.values())
    return f'<section class="plots" aria-label="Plots">{figures}</section>'


def fault_html(message: str) -> str:
    """What is wrong, in place of what was asked for."""
    return f'<p class="fault"><span class="warn">⚠ Cannot be shown:</span> {escape(message)}</p>'


def _how_to_begin(folder: Path) -> str:
    return (
        f'<div class="empty"><p>There are no evaluation runs in <code>{escape(str(folder))}</code> yet. '
        "Make one over the questions that ship with the program, then refresh:</p>"
        f'<pre tabindex="0"><code>assistant eval run starter --out {escape(str(folder / "first"))}</code></pre>'
        "<p>Or over your own: a file of JSON with a question, and what a right answer says and cites, on every line."
        "</p></div>"
    )


def _body(run: ListedRun, figures: int, chosen: bool) -> str:
    """The rows of one run: its systems, then what is wrong with it."""
    systems = run.figures.rows[:SYSTEMS_SHOWN] if run.figures else []
    rows = [_figures(cells) for cells in systems]
    wide = f'<td class="words" colspan="{figures + 1}">'
    if len(run.systems) > len(systems):
        rows.append(f"{wide}and {len(run.systems) - len(systems)} more</td>")
    rows += [
        f'{wide}<p><span class="warn">⚠ {escape(fault.what)}</span>; {escape(fault.remedy)}</p></td>'
        for fault in run.faults
    ]
    name, made = escape(run.name), run.provenance
    current = ' aria-current="true"' if chosen else ""
    asked = f"{made.count:,} of {escape(made.questions)}" if made else "questions unknown"
    first = (
        f'<th scope="rowgroup" rowspan="{len(rows)}">'
        f'<button type="button" data-pick="{name}"{current}>{name}</button>'
        f'<small class="when">{run.started:%Y-%m-%d %H:%M} UTC</small><small>{asked}</small></th>'
    )
    return f"<tbody>{''.join(f'<tr>{cells}</tr>' for cells in [first + rows[0], *rows[1:]])}</tbody>"


def _figures(cells: Sequence[Cell]) -> str:
    system, *figures = cells
    return f'<td class="words">{escape(system.text)}</td>' + "".join(map(cell_html, figures))
