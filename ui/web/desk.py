"""What every part of the page works with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.engine import Assistant
from ui.history.conversations import Conversations
from ui.history.feedback import FeedbackStore

#: Of every event: nothing but the page calls it, and nothing covers the page while it runs.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The assistant, what is kept on the server, the folder of evaluation runs, and whether the page may sync."""

    assistant: Assistant
    conversations: Conversations
    feedback: FeedbackStore
    runs: Path
    may_sync: bool


def user_of(request: gr.Request | None) -> str:
    """Who asks: the name of the login, empty where there is none."""
    return (request.username or "") if request else ""
