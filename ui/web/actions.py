"""What the links under an answer do: copy it with its references, copy its address, take it into the briefing."""

import json
import time
from pathlib import Path
from typing import Any

import gradio as gr

from ui.web.desk import Desk, user_of
from ui.web.rendering.answer import permalink, with_references, with_references_html
from ui.web.tabs.briefing import BriefingTab

SCRIPT = Path(__file__).parent / "static" / "clip.js"
_LISTEN = 'document.addEventListener("desk-act", (event) => trigger("select", event.detail));'


class Actions:
    """Two unseen components: one hears what is wanted, the other puts it on the clipboard and says so."""

    def __init__(self, desk: Desk, briefing: BriefingTab) -> None:
        self._desk = desk
        self._briefing = briefing

    def build(self) -> None:
        """Make the components, and connect them."""
        heard = gr.HTML("", elem_id="actions", js_on_load=_LISTEN)
        clip = gr.HTML(
            "",
            elem_id="clip",
            html_template='<p role="status"></p>',
            js_on_load=SCRIPT.read_text(encoding="utf-8"),
        )
        heard.select(
            self.act,
            self._briefing.items,
            [clip, self._briefing.items],
            api_visibility="private",
            show_progress="hidden",
        )

    def act(self, event: gr.EventData, items: list[Any], request: gr.Request) -> tuple[str, Any]:
        """Do what a link under an answer says."""
        turn = self._desk.conversations.turn(user_of(request), str(event.turn))
        if turn is None or turn.answer is None:
            gr.Warning("This answer is not kept any more.")
            return "", gr.skip()
        if event.action == "brief":
            return _sent("said", "", "Added to the briefing."), self._briefing.add(items, turn)
        if event.action == "link":
            return _sent("link", permalink(turn.id), "Link copied."), gr.skip()
        html = with_references_html(turn.answer) if event.action == "rich" else ""
        return _sent("text", with_references(turn.answer), "Copied with references.", html), gr.skip()


def _sent(kind: str, text: str, said: str, html: str = "") -> str:
    """What ``static/clip.js`` reads; the time makes the same words news again."""
    return json.dumps({"kind": kind, "text": text, "html": html, "said": said, "at": time.time()})
