"""The corpus: searched and browsed, who is mentioned when, what is wrong with documents, and what is indexed."""

import gradio as gr

from ui.web.desk import Desk
from ui.web.tabs.corpus_parts.files import CorpusFiles
from ui.web.tabs.corpus_parts.index import IndexPart
from ui.web.tabs.corpus_parts.mentions import MentionsPart
from ui.web.tabs.corpus_parts.problems import ProblemsPart
from ui.web.tabs.corpus_parts.search import SearchPart


class CorpusTab:
    """Four parts, each in a tab of its own."""

    def __init__(self, desk: Desk) -> None:
        files = CorpusFiles(desk.assistant)
        self.search = SearchPart(files)
        self.mentions = MentionsPart(files)
        self.problems = ProblemsPart(files)
        self.index = IndexPart(files, desk.may_sync)

    def build(self) -> None:
        """Make the components and connect them."""
        with gr.Tabs(elem_classes="corpus-parts"):
            with gr.Tab("Releases"):
                self.search.build()
            with gr.Tab("Mentions"):
                self.mentions.build()
            with gr.Tab("Problems") as problems:
                self.problems.build(problems)
            with gr.Tab("Index") as index:
                self.index.build(index)
