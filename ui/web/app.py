"""The page: a conversation and the other tabs on the left, a reader on the right; and how it is served."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import gradio as gr

from ui.web.actions import Actions
from ui.web.address import check_port
from ui.web.desk import Desk, user_of
from ui.web.history_panel import HistoryPanel
from ui.web.reader_pane import ReaderPane
from ui.web.rendering.standing import standing_html
from ui.web.tabs.briefing import BriefingTab
from ui.web.tabs.chat import ChatTab
from ui.web.tabs.corpus import CorpusTab
from ui.web.tabs.draft import DraftTab
from ui.web.tabs.evaluation import EvaluationTab

STATIC = Path(__file__).parent / "static"
#: Answers under way at one time; more wait their turn.
AT_ONCE = 8


def build_page(desk: Desk) -> Any:
    """The page as Gradio blocks, not served yet."""
    reader = ReaderPane(desk)
    chat, briefing = ChatTab(desk, reader), BriefingTab(desk)
    history = HistoryPanel(desk, chat)
    with gr.Blocks(title="Treasury releases", analytics_enabled=False, fill_height=True, fill_width=True) as page:
        with gr.Row(elem_id="top"):
            gr.HTML("<h1>Treasury releases</h1>", elem_id="title")
            standing = gr.HTML(standing_html(desk.assistant.manifest), elem_id="standing")
        with gr.Row(elem_id="desk", equal_height=False):
            with gr.Column(scale=6, min_width=320, elem_id="work"), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Chat", id="chat"):
                    chat.build()
                with gr.Tab("Briefing", id="briefing"):
                    briefing.build()
                with gr.Tab("Check a draft", id="draft"):
                    DraftTab(desk).build()
                with gr.Tab("Corpus", id="corpus"):
                    CorpusTab(desk).build()
                with gr.Tab("Evaluation", id="evaluation"):
                    EvaluationTab(desk).build()
            with gr.Column(scale=5, min_width=320, elem_id="reading"):
                reader.build()
        with gr.Sidebar(open=False, width=300, elem_id="history"):
            history.build()
        Actions(desk, briefing).build()
        chat.wire(history.find, history.listed, history.list)
        history.wire()
        _open_at_load(page, desk, chat, history, standing)
    return page


def _open_at_load(page: Any, desk: Desk, chat: ChatTab, history: HistoryPanel, standing: gr.HTML) -> None:
    """What the page's address names is opened: an answer, a conversation, or a question to be asked."""

    def load(request: gr.Request) -> tuple[Any, ...]:
        user, named = user_of(request), dict(request.query_params)
        conversation, turn_id = named.get("conversation"), named.get("answer")
        if turn_id:
            turn = desk.conversations.turn(user, turn_id)
            conversation = turn.conversation_id if turn else None
            if turn is None:
                gr.Warning("There is no answer under this address: it was deleted, or it is somebody else’s.")
        known = bool(conversation and desk.conversations.conversation(user, conversation))
        # What is not named is left alone: somebody may have begun to type.
        opened = chat.open(conversation, turn_id, user) if known else [gr.skip()] * len(chat.opened)
        return standing_html(desk.assistant.manifest), named.get("ask", gr.skip()), *opened

    page.load(
        load, None, [standing, chat.question, *chat.opened], api_visibility="private", show_progress="hidden"
    ).then(history.find, history.listed, history.list, api_visibility="private", show_progress="hidden")


def serve(desk: Desk, host: str, port: int, login: Callable[[str, str], Awaitable[bool]] | None = None) -> Any:
    """Serve the page; what is returned runs until the program ends.

    Args:
        desk: what it works with.
        host: the address to serve on.
        port: 0 takes any free one.
        login: says whether a name and a password belong together; everybody is let in where there is none.

    Raises:
        ServingError: the port is taken or the address cannot be used.
    """
    check_port(host, port)
    page = build_page(desk)
    theme = gr.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        radius_size="sm",
        font=["system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    page.queue(default_concurrency_limit=AT_ONCE).launch(
        server_name=host,
        server_port=port or None,
        share=False,
        quiet=True,
        auth=login,
        auth_message="Your conversations are kept under this name." if login else None,
        theme=theme,
        css_paths=sorted(STATIC.glob("*.css")),
        js=(STATIC / "desk.js").read_text(encoding="utf-8"),
        footer_links=["settings"],
        ssr_mode=False,
        prevent_thread_lock=True,
    )
    return page
