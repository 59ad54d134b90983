"""Check a draft: a text or a file, sentence by sentence against the releases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.briefing.draft.draft import Draft
from assistant.briefing.draft.draft_check import CheckedDraft, CheckedSentence, DraftChecker, known_in
from assistant.briefing.draft.reading import read_draft, refuse
from corpus.errors import AssistantError, BriefingError
from ui.web.desk import QUIET, Desk
from ui.web.downloads import download, file_name
from ui.web.rendering.draft import EMPTY, progress_html, results_html, trouble_html

SCRIPT = Path(__file__).parents[1] / "static" / "draft.js"
#: What a text is called that was pasted; like standard input, it is Markdown, of which plain text is a kind.
PASTED = "Pasted text"
STOPPED = (
    '<p class="draft-trouble" role="status"><b>Stopped.</b> Press Check to begin again; a shorter text is checked '
    "sooner.</p>"
)


@dataclass(frozen=True, slots=True)
class Result:
    """A draft, what was found in it, and the bytes it was read from."""

    draft: Draft
    checked: CheckedDraft
    data: bytes


class DraftTab:
    """A text or a file goes in; the text with verdicts, evidence and right values comes out, and files of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def build(self) -> None:
        """Make the components, and connect them."""
        result = gr.State(None)
        with gr.Column(elem_id="draft"):
            with gr.Row(elem_id="draft-in"):
                text = gr.Textbox(
                    label="Text to check",
                    placeholder="Paste a paragraph or a page; Markdown and references such as [jy1539] are understood",
                    lines=6,
                    max_lines=8,
                    scale=3,
                    min_width=260,
                    elem_id="draft-text",
                )
                with gr.Column(scale=1, min_width=200):
                    file = gr.File(label="or a .docx, .md or .txt file", height=140, elem_id="draft-file")
                    with gr.Row():
                        go = gr.Button("Check", variant="primary", min_width=80, elem_id="draft-check")
                        stop = gr.Button("Stop", variant="stop", min_width=80, visible=False, elem_id="draft-stop")
            with gr.Row(elem_id="draft-tools", visible=False) as tools:
                gr.Checkbox(label="Only what needs attention", elem_id="draft-only", min_width=200)
                with gr.Row(elem_id="draft-files"):
                    download("Word with comments", "draft-docx", _word, [result])
                    download("HTML page", "draft-html", _page, [result])
                    download("JSON", "draft-json", _json, [result])
            results = gr.HTML(EMPTY, elem_id="draft-results", js_on_load=SCRIPT.read_text(encoding="utf-8"))
        shown = [results, result, go, stop, tools]
        checking = go.click(self.check, [text, file], shown, concurrency_limit=2, concurrency_id="check", **QUIET)
        stopping = stop.click(None, cancels=[checking], **QUIET)
        stopping.then(self.stopped, None, shown, **QUIET)  # after it: no step that was on its way comes over it
        file.change(lambda path: gr.Textbox(visible=path is None), file, text, **QUIET)

    def check(self, text: str, path: str | None) -> Iterator[tuple[Any, ...]]:
        """Check the file, else the text: how far it is after every sentence, then all that was found."""
        busy = (gr.Button(interactive=False), gr.Button(visible=True), gr.Row(visible=False))
        idle = (gr.Button(interactive=True), gr.Button(visible=False))
        try:
            draft, data = self._read(text, path)
            yield progress_html(0, len(draft.sentences)), None, *busy
            checker = DraftChecker(self._desk.assistant, draft)
            found: list[CheckedSentence] = []
            for sentence in draft.sentences:
                found.append(checker.check(sentence))
                yield progress_html(len(found), len(draft.sentences)), *(gr.skip() for _ in range(4))
            result = Result(draft, checker.whole(found), data)
        except AssistantError as error:
            yield trouble_html(str(error)), None, *idle, gr.Row(visible=False)
        else:
            yield results_html(draft, result.checked), result, *idle, gr.Row(visible=True)

    def stopped(self) -> tuple[Any, ...]:
        """What is shown once a check is stopped."""
        return STOPPED, None, gr.Button(interactive=True), gr.Button(visible=False), gr.Row(visible=False)

    def _read(self, text: str, path: str | None) -> tuple[Draft, bytes]:
        """The draft and its bytes.

        Raises:
            BriefingError: there is none, or it cannot be read.
        """
        if path is None:
            if not text.strip():
                raise BriefingError("there is nothing to check: paste a text, or choose a file")
            name, data = Path(PASTED), text.encode("utf-8", "replace")
        else:
            name = Path(Path(path).name)  # the folder is the server's own and tells nobody anything
            refuse(name, Path(path).stat().st_size)
            data = Path(path).read_bytes()
        return read_draft(name, data, known_in(self._desk.assistant)), data


def _word(_user: str, result: Result) -> tuple[str, bytes]:
    """The analyst's own Word document with comments; of any other text a new one."""
    from assistant.briefing.draft.comments import commented, new_commented

    path = Path(result.draft.name)
    if path.suffix.lower() == ".docx":
        made = commented(path, result.data, result.checked)
    else:
        made = new_commented(result.draft, result.checked, date.today())
    return _named(result, ".docx"), made


def _page(_user: str, result: Result) -> tuple[str, bytes]:
    from assistant.briefing.draft.page import as_page

    return _named(result, ".html"), as_page(result.draft, result.checked).encode()


def _json(_user: str, result: Result) -> tuple[str, bytes]:
    return _named(result, ".json"), (result.checked.model_dump_json(indent=1) + "\n").encode()


def _named(result: Result, ending: str) -> str:
    return file_name(f"{Path(result.draft.name).stem} checked", "checked", ending)
