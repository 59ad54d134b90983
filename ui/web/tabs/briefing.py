"""The briefing: answers collected from the chat, put in order and edited, checked while they are, and taken along."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from pydantic import TypeAdapter, ValidationError

from assistant.answers.answer import Answer
from assistant.briefing.briefing import Briefing, compose_briefing
from assistant.briefing.collected import Entry, added, in_sections, moved, removed, restored, reworded
from assistant.briefing.stated import Stated, edited
from corpus.errors import AssistantError
from ui.history.stored import StoredTurn
from ui.web.desk import QUIET, Desk, user_of
from ui.web.downloads import download, file_name
from ui.web.rendering.briefing import EMPTY, cards_html, sentences_html, standing, stated_in, trouble_html

SCRIPT = Path(__file__).parents[1] / "static" / "briefing.js"
#: The events that change a briefing come one after another, so that none overwrites another's change.
_IN_ORDER = "briefing"
_ASK = "(items) => [items, confirm('Remove all answers from the briefing?')]"
#: The browser keeps what is collected; Gradio's own store for this does not work inside a tab that is not opened yet.
_KEEP = "(kept) => { try { localStorage.setItem('briefing', kept); } catch { /* it forgets, and nothing else */ } }"
_FIND = "(kept, items) => { try { return [localStorage.getItem('briefing'), items]; } catch { return ['', items]; } }"
#: Checked texts that are kept, of all users together.
_KEPT = 512

_ENTRIES = TypeAdapter(list[Entry])
#: The entries of a briefing as plain JSON.
Items = list[dict[str, Any]]


class BriefingTab:
    """``items`` holds the entries; every change of it is shown, kept in the browser, and checked where it edits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._texts = _CheckedTexts(desk)
        self.items: gr.State

    def build(self) -> None:
        """Make the components, and connect them."""
        self.items = gr.State([])
        kept = gr.Textbox(visible=False)
        in_order: dict[str, Any] = {**QUIET, "concurrency_id": _IN_ORDER, "concurrency_limit": 1}
        with gr.Column(elem_id="briefing"):
            with gr.Row(elem_id="briefing-top", visible=False) as top:
                title = gr.Textbox(
                    label="Title of the briefing",
                    placeholder="Title of the briefing",
                    max_lines=1,
                    container=False,
                    elem_id="briefing-title",
                )
                with gr.Row(elem_id="briefing-files"):
                    for label, ending, make in (
                        ("Word", ".docx", _word),
                        ("Markdown", ".md", _markdown),
                        ("JSON", ".json", _json),
                    ):
                        name = f"briefing{ending.replace('.', '-')}"
                        download(label, name, self._maker(ending, make), [self.items, title], _IN_ORDER)
                    section = gr.Button("Add a section", size="sm", min_width=80)
                    clear = gr.Button("Remove all", size="sm", min_width=80)
                    sure = gr.Checkbox(visible=False)
            summary = gr.HTML("", elem_id="briefing-standing")
            cards = gr.HTML(EMPTY, elem_id="briefing-list", js_on_load=SCRIPT.read_text(encoding="utf-8"), checks=[])
        cards.input(self.change, self.items, self.items, **in_order)
        section.click(self.add_section, self.items, self.items, **in_order)
        clear.click(self.clear, [self.items, sure], self.items, js=_ASK, **in_order)
        shown = self.items.change(self.show, self.items, [top, cards, summary, kept], **QUIET)
        shown.then(None, kept, None, js=_KEEP, **QUIET)
        shown.then(self.check, self.items, [cards, summary], **QUIET)
        root = Context.root_block
        if root is not None:
            root.load(self.restore, [kept, self.items], self.items, js=_FIND, **in_order)

    # --- what changes a briefing ---

    def add(self, items: Items, turn: StoredTurn) -> Items:
        """The items with one more, unless its answer is there already, or it has none."""
        if turn.answer is None:
            return items
        return _as_items(added(_entries(items), Entry(id=turn.id, heading=turn.question, answer=turn.answer)))

    def add_section(self, items: Items) -> Items:
        """The items with the heading of a section at the end; what is added next stands under it."""
        return _as_items(added(_entries(items), Entry(id=f"section-{secrets.token_hex(4)}", heading="New section")))

    def clear(self, items: Items, sure: bool) -> Items:
        """No items, where the person meant it."""
        return [] if sure else items

    def change(self, items: Items, event: gr.EventData) -> Items:
        """Take over what was typed, then do what a button says: see ``static/briefing.js``."""
        return _as_items(changed(_entries(items), event._data))

    def restore(self, kept: str | None, items: Items, request: gr.Request) -> Items:
        """The briefing that this browser had, its answers read from the server again, without those that are gone."""
        if items or not kept:
            return items
        try:
            found = _ENTRIES.validate_json(kept)
        except ValidationError:
            return items
        entries: list[Entry] = []
        for entry in found:
            turn = self._desk.conversations.turn(user_of(request), entry.id)
            if turn and turn.answer:
                entries = added(entries, entry.model_copy(update={"answer": turn.answer}))
            elif entry.id.startswith("section-"):
                entries = added(entries, entry.model_copy(update={"answer": None}))
        return _as_items(entries)

    # --- what is shown ---

    def show(self, items: Items) -> tuple[Any, Any, str, str]:
        """The cards, those with texts that are not checked yet saying so; and what the browser keeps."""
        entries = _entries(items)
        light = _ENTRIES.dump_json(entries, exclude={"__all__": {"answer"}}).decode()
        cards = gr.HTML(cards_html(entries, self._texts.known))
        return gr.Row(visible=bool(entries)), cards, standing(entries, self._texts.known), light

    def check(self, items: Items) -> tuple[Any, str]:
        """What the check says of every edited text; the cards stay as they are, and so does the cursor in them."""
        entries = _entries(items)
        checks = [
            {"id": entry.id, "text": entry.text, "html": self._said(entry)}
            for entry in entries
            if entry.answer and entry.text is not None
        ]
        return gr.HTML(checks=checks), standing(entries, self._texts.known)

    def _said(self, entry: Entry) -> str:
        try:
            return sentences_html(entry, self._texts.stated(entry))
        except AssistantError as error:
            return trouble_html(str(error))

    # --- what is taken along ---

    def _maker(self, ending: str, make: Callable[[Briefing], bytes]) -> Callable[[str, Items, str], tuple[str, bytes]]:
        def maker(_user: str, items: Items, title: str) -> tuple[str, bytes]:
            made = self.briefing(items, title)
            return file_name(title, "briefing", ending), make(made)

        return maker

    def briefing(self, items: Items, title: str) -> Briefing:
        """The briefing as it stands.

        Raises:
            BriefingError: it holds no answer, or a text is too long.
        """
        sections = in_sections(_entries(items), self._texts.edited)
        return compose_briefing(self._desk.assistant, sections, title.strip())


def changed(entries: Sequence[Entry], wanted: dict[str, Any]) -> list[Entry]:
    """The entries with the edits of a page, after which one of its buttons was pressed, or none."""
    result = [*entries]
    for edit in wanted.get("edits", []):
        heading, text = (edit.get("text") if edit.get("field") == field else None for field in ("heading", "text"))
        result = reworded(result, str(edit.get("id")), heading, text)
    act, entry_id = wanted.get("act"), str(wanted.get("id"))
    if act in ("up", "down"):
        return moved(result, entry_id, -1 if act == "up" else 1)
    if act == "remove":
        return removed(result, entry_id)
    return restored(result, entry_id) if act == "restore" else result


class _CheckedTexts:
    """What the check said of edited texts: a text is checked once, until the index changes. Shared between threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._checked: OrderedDict[tuple[str, str, str], Sequence[Stated]] = OrderedDict()

    def known(self, entry: Entry) -> Sequence[Stated] | None:
        """What an entry states; None where it is edited and not checked yet."""
        if entry.answer is None or entry.text is None:
            return stated_in(entry)
        with self._lock:
            return self._checked.get(self._key(entry.answer, entry.text))

    def stated(self, entry: Entry) -> Sequence[Stated]:
        """What an entry states, checked where it is edited.

        Raises:
            BriefingError: the text is too long.
        """
        if entry.answer is None or entry.text is None:
            return stated_in(entry)
        return self.edited(entry.answer, entry.text)

    def edited(self, answer: Answer, text: str) -> Sequence[Stated]:
        """What a text states that stands in an answer's place.

        Raises:
            BriefingError: the text is too long.
        """
        key = self._key(answer, text)
        with self._lock:
            found = self._checked.get(key)
        if found is None:
            found = edited(self._desk.assistant, answer, text)
            with self._lock:
                self._checked[key] = found
                while len(self._checked) > _KEPT:
                    self._checked.popitem(last=False)
        return found

    def _key(self, answer: Answer, text: str) -> tuple[str, str, str]:
        return self._desk.assistant.generation().name, answer.model_dump_json(), text


def _entries(items: Items) -> list[Entry]:
    return [Entry.model_validate(item) for item in items]


def _as_items(entries: Sequence[Entry]) -> Items:
    return [entry.model_dump(mode="json") for entry in entries]


def _word(briefing: Briefing) -> bytes:
    from assistant.briefing.word import as_word

    return as_word(briefing)


def _markdown(briefing: Briefing) -> bytes:
    from assistant.briefing.markdown import as_markdown

    return as_markdown(briefing).encode()


def _json(briefing: Briefing) -> bytes:
    return (briefing.model_dump_json(indent=1) + "\n").encode()
