"""The chat page: a conversation on the left, the cited sources with their quotes marked on the right."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.engine import Assistant
from assistant.question import Turn
from corpus.errors import AssistantError, ServingError
from ui.web.rendering import (
    answer_markdown,
    corpus_html,
    escape_markdown,
    sources_html,
    sources_of_answer,
    sources_of_message,
)

STATIC = Path(__file__).parent / "static"

#: Example questions, each with the release that answers it: only those that the index can answer are shown.
EXAMPLES = (
    ("Which executive order was Choe Un Jong designated under, and why?", "jy1539"),
    ("Why was Tornado Cash sanctioned?", "jy0916"),
    ("Who is Dan Gertler?", "sm0243"),
    ("What does the Capital Purchase Program do?", "hp1207"),
)
#: Seconds between two sentences of an answer as it streams.
PACE = 0.12


def build_page(assistant: Assistant) -> Any:
    """The page as Gradio blocks, not served yet."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # nothing leaves the machine
    import gradio as gr

    def respond(message: str, history: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
        try:
            answer = assistant.ask(message, [turn for entry in history if (turn := _turn(entry))])
        except AssistantError as error:
            yield escape_markdown(f"{error}"), sources_html([]), corpus_html(assistant.manifest)
            return
        sources, corpus = sources_of_answer(answer, assistant), corpus_html(assistant.manifest)
        for count in range(1, len(answer.sentences)):
            yield answer_markdown(answer, count), sources, corpus
            time.sleep(PACE)
        yield answer_markdown(answer), sources, corpus

    def show_sources(event: gr.SelectData) -> str:
        return sources_of_message(str(event.value), assistant)

    with gr.Blocks(title="Treasury releases", analytics_enabled=False, fill_height=True) as page:
        gr.Markdown("# Treasury releases, asked and answered", elem_id="title")
        corpus = gr.HTML(corpus_html(assistant.manifest), elem_id="corpus")
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=6, min_width=320):
                chatbot = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    height="calc(100vh - 17rem)",
                    min_height=320,
                    latex_delimiters=[],
                    allow_tags=False,
                    buttons=["copy", "copy_all"],
                    layout="panel",
                    placeholder=(
                        "### Ask about sanctions, economic policy or speeches\n"
                        "Every sentence of an answer is quoted from a release and cited. "
                        "Where the corpus holds no answer, you are told so."
                    ),
                )
                sources = gr.HTML(sources_html([]), elem_id="sources", label="Sources", render=False)
                gr.ChatInterface(
                    respond,
                    chatbot=chatbot,
                    textbox=gr.Textbox(
                        placeholder="Ask a question about the releases",
                        label="Question",
                        show_label=False,
                        lines=1,
                        elem_id="question",
                        scale=7,
                        submit_btn=True,
                        stop_btn=True,
                    ),
                    additional_outputs=[sources, corpus],
                    examples=[question for question, release_id in EXAMPLES if assistant.release(release_id)] or None,
                    editable=True,
                    save_history=True,
                    api_name="ask",
                    concurrency_limit=8,
                )
            with gr.Column(scale=4, min_width=320):
                gr.Markdown("## Sources")
                sources.render()  # type: ignore[no-untyped-call]
        chatbot.select(show_sources, outputs=sources, api_visibility="private", show_progress="hidden")
        page.load(lambda: corpus_html(assistant.manifest), outputs=corpus, api_visibility="private")
    return page


def serve(assistant: Assistant, host: str, port: int, block: bool = True) -> Any:
    """Serve the page until stopped; with ``block`` false, return the running page.

    Raises:
        ServingError: the port is taken or the address cannot be used.
    """
    check_port(host, port)
    import gradio as gr

    page = build_page(assistant)
    theme = gr.themes.Default(
        primary_hue="blue",
        neutral_hue="slate",
        font=["system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    )
    page.queue(default_concurrency_limit=8).launch(
        server_name=host,
        server_port=port or None,
        share=False,
        quiet=True,
        theme=theme,
        css_paths=STATIC / "chat.css",
        js=(STATIC / "chat.js").read_text(encoding="utf-8"),
        footer_links=["api", "settings"],
        ssr_mode=False,
        prevent_thread_lock=True,
    )
    if block:
        page.block_thread()
    return page


def check_port(host: str, port: int) -> None:
    """Find out whether an address can be served on, before anything slow is loaded.

    Raises:
        ServingError: it cannot.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ServingError(
            f"cannot serve on {host}:{port}: {(error.strerror or str(error)).lower()}; "
            "choose another port with --port, or stop what uses it"
        ) from error


def _turn(entry: dict[str, Any]) -> Turn | None:
    """A message of Gradio's history as a turn of ours; only text counts."""
    content = entry.get("content")
    if isinstance(content, list):
        content = " ".join(part.get("text", "") for part in content if isinstance(part, dict))
    role = entry.get("role")
    if not isinstance(content, str) or role not in ("user", "assistant"):
        return None
    return Turn(role, content)
