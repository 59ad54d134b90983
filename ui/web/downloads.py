"""Buttons that make a file when they are pressed, and hand it over."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from corpus.errors import AssistantError
from ui.web.desk import QUIET, user_of

#: Characters of a file's name, without its ending.
LONGEST_NAME = 60
#: Has the browser save the file that was made, where one was.
_FETCH = """(file) => {
  if (!file) return;
  const link = document.createElement("a");
  [link.href, link.download] = [file.url, file.orig_name];
  link.click();
}"""


def download(
    label: str, name: str, make: Callable[..., tuple[str, bytes]], inputs: Sequence[Any], after: str = ""
) -> gr.Button:
    """A button that makes a file of what is on the page at that moment, and hands it over.

    Gradio's own download button hands over what was made before it was pressed, which may be out of date.

    Args:
        label: what the button says.
        name: its id in the page.
        make: gives the file's name and its content; an ``AssistantError`` of it is shown.
        inputs: the components whose values ``make`` is given, after the user's name.
        after: a concurrency id of one event at a time: what was sent to it before is settled first.
    """
    button = gr.Button(label, elem_id=name, size="sm", min_width=80)
    made = gr.DownloadButton(visible=False)

    def hand_over(request: gr.Request, *values: Any) -> str | None:
        try:
            called, content = make(user_of(request), *values)
        except AssistantError as error:
            gr.Warning(str(error))
            return None
        return str(save_bytes_to_cache(content, called, made.GRADIO_CACHE))

    queued: dict[str, Any] = {"concurrency_id": after, "concurrency_limit": 1} if after else {}
    pressed = button.click(lambda: None, **queued, **QUIET)
    pressed.then(hand_over, list(inputs), made, **QUIET).then(None, made, None, js=_FETCH, **QUIET)
    return button


def file_name(title: str, otherwise: str, ending: str) -> str:
    """A title as the name of a file: letters, digits and hyphens."""
    words = re.sub(r"[\W_]+", "-", title).strip("-")[:LONGEST_NAME].rstrip("-")
    return f"{words or otherwise}{ending}"
