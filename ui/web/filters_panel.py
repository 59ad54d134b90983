"""The conditions that a question can be asked under."""

import datetime
from typing import Any

import gradio as gr

from assistant.periods import Period, periods
from corpus.errors import QuestionError
from corpus.release import ReleaseKind
from indexes.filters import SearchFilter
from ui.web.desk import Desk


class FiltersPanel:
    """First and last day, sections, programmes, kinds of documents."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.inputs: list[gr.components.Component] = []

    def build(self) -> None:
        """Make the components."""
        releases = self._desk.assistant.generation().releases
        with gr.Accordion("Filters", open=False, elem_id="filters"), gr.Row():
            first = gr.Textbox(label="From", placeholder="2014, March 2014 or 2014-03-05", min_width=140)
            last = gr.Textbox(label="To", placeholder="2015", min_width=140)
            sections = gr.Dropdown(releases.sections(), label="Sections", multiselect=True, min_width=200)
            known = releases.programmes()
            programmes = gr.Dropdown(known, label="Programmes", multiselect=True, min_width=200, visible=bool(known))
            kinds = gr.Dropdown(
                [(kind.value, kind.value) for kind in ReleaseKind], label="Kinds", multiselect=True, min_width=160
            )
        self.inputs = [first, last, sections, programmes, kinds]

    @staticmethod
    def options(
        first: str | None,
        last: str | None,
        sections: list[str] | None,
        programmes: list[str] | None,
        kinds: list[str] | None,
    ) -> dict[str, Any]:
        """What is set, as it is kept beside a question; see ``condition``.

        Raises:
            QuestionError: a day cannot be read.
        """
        days = {
            "date_from": period.start.isoformat() if (period := _period(first)) else "",
            "date_to": period.end.isoformat() if (period := _period(last)) else "",
        }
        chosen = {"sections": sections, "programmes": programmes, "kinds": kinds}
        return {name: value for name, value in {**days, **chosen}.items() if value}

    @staticmethod
    def condition(options: dict[str, Any]) -> SearchFilter | None:
        """The condition that kept options stand for; None where nothing is set."""

        def day(name: str) -> datetime.date | None:
            return datetime.date.fromisoformat(options[name]) if name in options else None

        condition = SearchFilter(
            date_from=day("date_from"),
            date_to=day("date_to"),
            sections=tuple(options.get("sections", ())),
            programmes=tuple(options.get("programmes", ())),
            kinds=tuple(ReleaseKind(kind) for kind in options.get("kinds", ())),
        )
        return condition if condition else None


def _period(text: str | None) -> Period | None:
    """The time that somebody typed: a day, a month or a year, in figures or words; None where nothing was typed."""
    if not text or not text.strip():
        return None
    found = periods(text, datetime.date.max)
    if not found:
        raise QuestionError(f"“{text.strip()}” is no day, month or year; type 2014, March 2014 or 2014-03-05")
    return found[0]
