"""The index in use, and, where the server allows it, a sync of its sources."""

from html import escape
from typing import Any

import gradio as gr

from corpus.catalog_reader import SourceRow
from corpus.errors import AssistantError
from indexes.background_sync import BackgroundSync
from ui.web.desk import QUIET
from ui.web.rendering.corpus import index_html, sync_html
from ui.web.tabs.corpus_parts.files import CorpusFiles

#: Seconds between two looks at a sync that runs.
LOOK_AGAIN = 1.0


class IndexPart:
    """One sync for the whole server: everybody sees the same one."""

    def __init__(self, files: CorpusFiles, may_sync: bool) -> None:
        self._files = files
        self._may_sync = may_sync
        self._sync = BackgroundSync(files.home, files.assistant.settings.embedding_model)

    def build(self, tab: gr.Tab) -> None:
        """Make the components and connect them."""
        self._index = gr.HTML("")
        if not self._may_sync:
            tab.select(self.described, None, self._index, **QUIET)
            return
        with gr.Row(elem_classes="corpus-sync-row"):
            self._start = gr.Button("Sync the sources and rebuild the index", size="sm", scale=0, min_width=300)
            self._stop = gr.Button("Stop the sync", variant="stop", size="sm", scale=0, min_width=140, visible=False)
        self._progress = gr.HTML("")
        self._timer = gr.Timer(LOOK_AGAIN, active=False)
        outputs = [self._index, self._start, self._stop, self._progress, self._timer]
        tab.select(self.look, None, outputs, **QUIET)
        self._start.click(self.start, None, outputs, **QUIET)
        self._stop.click(self.stop, None, outputs, **QUIET)
        self._timer.tick(self.look, None, outputs, **QUIET)

    def described(self) -> str:
        """What is indexed."""
        generation = self._files.assistant.generation()
        sources: list[SourceRow] | None = None
        try:
            with self._files.catalog() as catalog:
                sources = [row for row in catalog.sources() if row.documents]
        except AssistantError:
            pass  # the index is all there is, and says so
        return index_html(generation.name, generation.manifest, sources)

    def start(self) -> dict[Any, Any]:
        """Begin a sync; where one runs, say so."""
        try:
            self._sync.start()
        except AssistantError as error:
            gr.Warning(escape(f"{error}"))
        return self.look()

    def stop(self) -> dict[Any, Any]:
        """Stop the sync that runs."""
        self._sync.stop()
        return self.look()

    def look(self) -> dict[Any, Any]:
        """The index, and how far the sync is."""
        state = self._sync.state
        return {
            self._index: self.described(),
            self._start: gr.Button(visible=self._files.home.catalog_file.is_file()),
            self._stop: gr.Button(visible=state.active),
            self._progress: sync_html(state),
            self._timer: gr.Timer(active=state.active),
        }
