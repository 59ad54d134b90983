"""A plot of counts by year, and the same as a table; a range of the plot or a year of the table can be picked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from ui.web.desk import QUIET
from ui.web.rendering.corpus import COLOURS, plot_caption_html, years_table_html

#: Gradio's bridge from a button of ours to a handler.
PICK = (
    "element.addEventListener('click', event => { const button = event.target.closest('[data-pick]'); "
    "if (button) trigger('select', {index: [button.dataset.pick], value: button.dataset.pick}); });"
)
HEIGHT = 230


class YearsPlot:
    """Bars by year, one colour a series."""

    def __init__(self, label: str) -> None:
        self._label = label

    def build(self) -> None:
        """Make the components."""
        self._caption = gr.HTML("")
        self._plot = gr.BarPlot(
            x="year",
            y="releases",
            color="section",
            x_title="",
            y_title="releases",
            sort="x",
            x_label_angle=-90,
            tooltip="all",
            height=HEIGHT,
            label=self._label,
            show_label=False,
            elem_classes="corpus-plot",
            visible=False,
        )
        self._table = gr.HTML("", js_on_load=PICK)

    @property
    def outputs(self) -> list[Any]:
        """The components that ``draw`` sets."""
        return [self._caption, self._plot, self._table]

    def draw(self, table: Mapping[int | None, Mapping[str, int]], series: Sequence[str]) -> dict[Any, Any]:
        """What the components show.

        Args:
            table: counts by year and series; what has no year is in the table only.
            series: in the order of their colours.
        """
        import pandas as pd  # type: ignore[import-untyped]

        rows = [
            (str(year), name, counts.get(name, 0))
            for year, counts in table.items()
            if year is not None
            for name in series
            if name in counts or name == series[0]  # of each year at least one, so that none is left out
        ]
        frame = pd.DataFrame(rows, columns=["year", "section", "releases"])
        colours = dict(zip(series, COLOURS, strict=False))
        return {
            self._caption: plot_caption_html(self._label, series) if rows else "",
            self._plot: gr.BarPlot(frame, color_map=colours, visible=bool(rows)),
            self._table: years_table_html(table, series if len(series) > 1 else (), self._label) if table else "",
        }

    def wire(self, narrow: Callable[..., Any], widen: Callable[..., Any], inputs: Any, outputs: Any) -> None:
        """Have ``narrow`` called with the inputs and a ``gr.SelectData``, and ``widen`` with the inputs alone."""
        self._plot.select(narrow, inputs, outputs, **QUIET)
        self._table.select(narrow, inputs, outputs, **QUIET)
        self._plot.double_click(widen, inputs, outputs, **QUIET)


def picked(event: gr.SelectData) -> tuple[str, str]:
    """The first and the last year that were picked; nothing where none was."""
    years = sorted(str(year) for year in event.index or [])
    return (years[0], years[-1]) if years else ("", "")
