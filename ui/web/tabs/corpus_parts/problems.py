"""What is wrong with the documents: the catalog's problems, and how many documents are copies."""

from typing import Any

import gradio as gr

from corpus.document import ProblemKind
from corpus.errors import AssistantError
from ui.web.desk import QUIET
from ui.web.rendering.corpus import folds_html, problems_html, status_html
from ui.web.tabs.corpus_parts.files import CorpusFiles
from ui.web.tabs.corpus_parts.pager import Pager

PAGE = 50


class ProblemsPart:
    """Everything that is shown follows from the kind and the page."""

    def __init__(self, files: CorpusFiles) -> None:
        self._files = files
        self._pager = Pager(PAGE)

    def build(self, tab: gr.Tab) -> None:
        """Make the components and connect them."""
        self._status = gr.HTML("", elem_classes="corpus-problems-status")
        self._kind = gr.Dropdown([("all", "")], value="", label="Kind of problem", filterable=False)
        self._table = gr.HTML("")
        self._pager.build()
        outputs = [self._kind, self._status, self._table, *self._pager.outputs]
        tab.select(self.show, self._kind, outputs, **QUIET)
        self._kind.input(self.show, self._kind, outputs, **QUIET)
        self._pager.wire(self.show, [self._kind], outputs, ".corpus-problems-status")

    def show(self, kind: str = "", first: int = 0) -> dict[Any, Any]:
        """A page of the problems of a kind."""
        try:
            with self._files.catalog() as catalog:
                counts = catalog.problem_counts()
                problems = catalog.problem_page([ProblemKind(kind)] if kind else [], first, PAGE)
                folds = folds_html(catalog.fold_counts(), catalog.suspect_count())
        except AssistantError as error:
            return {
                self._kind: gr.Dropdown([("all", "")], value="", visible=False),
                self._status: status_html(f"Problems are not known here: {error}."),
                self._table: "",
                **self._pager.at(0, 0, 0),
            }
        total = counts.get(ProblemKind(kind), 0) if kind else sum(counts.values())
        choices = [("all", ""), *((f"{name} ({count:,})", str(name)) for name, count in counts.items())]
        return {
            self._kind: gr.Dropdown(choices, value=kind, visible=True),
            self._status: status_html(f"{total:,} problems with documents") + folds,
            self._table: problems_html(problems),
            **self._pager.at(first, len(problems), total),
        }
