"""The pane beside every tab: the sources of an answer, and a release whole with its quotes marked."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.answers.answer import Answer
from corpus.release import Span
from ui.web.desk import Desk
from ui.web.rendering.reader import EMPTY, release_html, sources_html

SCRIPT = Path(__file__).parent / "static" / "reader.js"


class ReaderPane:
    """Anything on the page with the class ``open-release`` opens here; see ``static/reader.js``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.sources: gr.HTML
        self.release: gr.HTML

    def build(self) -> None:
        """Make the components."""

        def open_release(place: dict[str, Any]) -> str:  # of its own: Gradio marks the functions that it serves
            return self.open_release(place)

        self.sources = gr.HTML("", elem_id="sources")
        self.release = gr.HTML(
            EMPTY,
            elem_id="reader",
            js_on_load=SCRIPT.read_text(encoding="utf-8"),
            server_functions=[open_release],
        )

    def open_release(self, place: dict[str, Any]) -> str:
        """The release that a part of the page asks for, its spans marked; says so where there is none."""
        name = str(place.get("release", ""))
        release = self._desk.assistant.release(name)
        if release is None:
            return '<p class="empty">This release is not in the index any more.</p>'
        marked = [span for pair in place.get("marked", []) if (span := _span(pair, len(release.text)))]
        return release_html(release, marked, _span(place.get("chosen"), len(release.text)))

    def show(self, answer: Answer | None) -> tuple[str, str]:
        """The sources of an answer, and the first of them opened."""
        if answer is None or not answer.citations:
            return "", EMPTY
        first = answer.citations[0]
        marked = [[c.start, c.end] for c in answer.citations if c.release_id == first.release_id]
        place = {"release": first.release_id, "marked": marked, "chosen": [first.start, first.end]}
        return sources_html(answer.citations), self.open_release(place)


def _span(pair: Any, length: int) -> Span | None:
    """Two numbers of a page as a span inside a text; None where they are none."""
    try:
        start, end = (int(number) for number in pair)
    except (TypeError, ValueError):
        return None
    return Span(start, end) if 0 <= start < end <= length else None
