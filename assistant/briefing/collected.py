"""A briefing in the making: answers collected from conversations, in the order and with the words a person chose."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel

from assistant.answers.answer import Answer
from assistant.briefing.briefing import Reply
from assistant.briefing.stated import Stated, editable_text


class Entry(BaseModel):
    """An answer with the heading it stands under, or, without an answer, the heading of a section.

    ``id`` is the stored answer's, and is in a briefing once. ``text`` is what a person wrote in the answer's place;
    None where it stands as it was given.
    """

    id: str
    heading: str
    answer: Answer | None = None
    text: str | None = None

    @property
    def shown_text(self) -> str:
        """The words that stand under the heading."""
        if self.text is not None:
            return self.text
        return editable_text(self.answer) if self.answer else ""


def added(entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    """With one more at the end, unless it is there already."""
    return [*entries] if any(e.id == entry.id for e in entries) else [*entries, entry]


def moved(entries: Sequence[Entry], entry_id: str, by: int) -> list[Entry]:
    """With one moved down by so many places, up where that is below zero; it stays within the ends."""
    others = [entry for entry in entries if entry.id != entry_id]
    for at, entry in enumerate(entries):
        if entry.id == entry_id:
            others.insert(max(at + by, 0), entry)
    return others


def removed(entries: Sequence[Entry], entry_id: str) -> list[Entry]:
    """Without one."""
    return [entry for entry in entries if entry.id != entry_id]


def reworded(
    entries: Sequence[Entry], entry_id: str, heading: str | None = None, text: str | None = None
) -> list[Entry]:
    """With another heading or text of one; a heading that is emptied becomes the question again.

    Text that is the answer's again is no edit.
    """

    def change(entry: Entry) -> Entry:
        update: dict[str, str | None] = {}
        if heading is not None:
            update["heading"] = heading.strip() or (entry.answer.question if entry.answer else entry.heading)
        if text is not None and entry.answer:
            same = text.split() == editable_text(entry.answer).split()
            update["text"] = None if same else text
        return entry.model_copy(update=update)

    return [change(entry) if entry.id == entry_id else entry for entry in entries]


def restored(entries: Sequence[Entry], entry_id: str) -> list[Entry]:
    """With one answer as it was given."""
    return [entry.model_copy(update={"text": None}) if entry.id == entry_id else entry for entry in entries]


def in_sections(
    entries: Sequence[Entry], edited: Callable[[Answer, str], Sequence[Stated]]
) -> list[tuple[str, list[Reply]]]:
    """The answers under their sections' headings; those before the first heading stand under an empty one.

    An answer whose text was emptied is left out.

    Args:
        entries: the briefing in the making.
        edited: checks the text that stands in an answer's place.
    """
    sections: list[tuple[str, list[Reply]]] = [("", [])]
    for entry in entries:
        if entry.answer is None:
            sections.append((entry.heading, []))
        elif entry.text is None:
            sections[-1][1].append(Reply(entry.heading, entry.answer))
        elif entry.text.strip():
            sections[-1][1].append(Reply(entry.heading, entry.answer, edited(entry.answer, entry.text)))
    return sections
