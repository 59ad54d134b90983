"""Pages of a list: where one is, and two buttons."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ui.web.desk import QUIET
from ui.web.rendering.corpus import page_text


class Pager:
    """``first`` is the number of the first that is shown, from 0."""

    def __init__(self, size: int) -> None:
        self.size = size

    def build(self) -> None:
        """Make the components."""
        self.first = gr.State(0)
        with gr.Row(elem_classes="corpus-pager") as self.row:
            self._back = gr.Button("← Previous", size="sm", min_width=110, scale=0, interactive=False)
            self._where = gr.HTML("", elem_classes="corpus-where")
            self._on = gr.Button("Next →", size="sm", min_width=110, scale=0, interactive=False)

    @property
    def outputs(self) -> list[Any]:
        """The components that ``at`` sets."""
        return [self.first, self._back, self._where, self._on, self.row]

    def at(self, first: int, shown: int, total: int) -> dict[Any, Any]:
        """What the components show where ``shown`` of ``total`` are shown from ``first`` on."""
        return {
            self.first: first,
            self._back: gr.Button(interactive=first > 0),
            self._where: page_text(first, shown, total),
            self._on: gr.Button(interactive=first + shown < total),
            self.row: gr.Row(visible=total > self.size),
        }

    def wire(self, show: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any], top: str) -> None:
        """Have ``show`` called with the inputs and the new ``first``; the element ``top`` then comes into view."""

        def back(*values: Any) -> Any:
            return show(*values[:-1], max(0, values[-1] - self.size))

        def on(*values: Any) -> Any:
            return show(*values[:-1], values[-1] + self.size)

        look = f"() => document.querySelector('{top}')?.scrollIntoView({{block: 'start'}})"
        for button, turn in ((self._back, back), (self._on, on)):
            turned = button.click(turn, [*inputs, self.first], list(outputs), **QUIET)
            turned.then(None, None, None, js=look, **QUIET)
