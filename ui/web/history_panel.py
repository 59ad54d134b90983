"""The conversations of one user: found, opened, renamed, deleted, exported."""

from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import HistoryError
from ui.web.desk import QUIET, Desk, user_of
from ui.web.downloads import download, file_name
from ui.web.rendering.history import conversations_html
from ui.web.tabs.chat import ChatTab

SCRIPT = Path(__file__).parent / "static" / "history.js"
#: Of the list.
MOST = 200


class HistoryPanel:
    """Beside the chat; what it shows is always what the server keeps."""

    def __init__(self, desk: Desk, chat: ChatTab) -> None:
        self._desk = desk
        self._chat = chat
        self.list: gr.HTML
        self.words: gr.Textbox

    def build(self) -> None:
        """Make the components."""
        gr.Markdown("## Conversations")
        self._new = gr.Button("New conversation", variant="primary", elem_id="new-conversation")
        self.words = gr.Textbox(label="Find in questions and answers", elem_id="find-conversation", max_lines=1)
        self.list = gr.HTML("", elem_id="conversations", js_on_load=SCRIPT.read_text(encoding="utf-8"))
        with gr.Accordion("This conversation", open=False, elem_id="this-conversation"):
            self._title = gr.Textbox(label="New name", max_lines=1)
            with gr.Row():
                self._rename = gr.Button("Rename", size="sm", min_width=80)
                download("Export", "export-conversation", self.export, [self._chat.conversation])
                self._delete = gr.Button("Delete", size="sm", variant="stop", min_width=80)

    @property
    def listed(self) -> list[Any]:
        """What the list is made from: see ``find``."""
        return [self.words, self._chat.conversation]

    def wire(self) -> None:
        """Connect them, once the chat is there."""
        opened, current = self._chat.opened, self._chat.conversation
        listed = self.listed
        self.words.change(self.find, listed, self.list, trigger_mode="always_last", **QUIET)
        self.list.select(self.open, None, opened, **QUIET).then(self.find, listed, self.list, **QUIET)
        self._new.click(self.new, None, opened, **QUIET).then(self.find, listed, self.list, **QUIET)
        self._rename.click(self.rename, [self._title, current], self._title, **QUIET).then(
            self.find, listed, self.list, **QUIET
        )
        self._delete.click(self.delete, current, opened, js=_CONFIRM, **QUIET).then(
            self.find, listed, self.list, **QUIET
        )

    def find(self, words: str, conversation: str | None, request: gr.Request) -> str:
        """The list, of those that hold the words."""
        found = self._desk.conversations.find(user_of(request), words, MOST)
        return conversations_html(found, conversation, words)

    def open(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Open the conversation that was picked."""
        return self._chat.open(str(event.pick), None, user_of(request))

    def new(self, request: gr.Request) -> tuple[Any, ...]:
        """An empty conversation; it is kept from its first question on."""
        return self._chat.open(None, None, user_of(request))

    def rename(self, title: str, conversation: str | None, request: gr.Request) -> str:
        """Give the open conversation a name."""
        if conversation and title.strip():
            self._desk.conversations.rename(user_of(request), conversation, title.strip())
        return ""

    def delete(self, conversation: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Delete the open conversation; the page has asked whether it is meant."""
        if conversation:
            self._desk.conversations.delete(user_of(request), conversation)
        return self.new(request)

    def export(self, user: str, conversation: str | None) -> tuple[str, bytes]:
        """The open conversation as a Markdown file with its references.

        Raises:
            HistoryError: none is open, or it is not kept any more.
        """
        found = self._desk.conversations.conversation(user, conversation) if conversation else None
        if found is None:
            raise HistoryError("no conversation is open; ask something, or choose one from the list")
        text = self._desk.conversations.export(user, found.id)
        return file_name(found.title, "conversation", ".md"), text.encode()


_CONFIRM = """(conversation) => {
  if (!confirm("Delete this conversation? Its answers and their links are gone then.")) throw new Error("kept");
  return [conversation];
}"""
