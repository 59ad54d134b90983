"""The list of conversations."""

from collections.abc import Sequence
from html import escape

from corpus.dating import in_words
from ui.history.stored import Conversation


def conversations_html(found: Sequence[Conversation], current: str | None, words: str = "") -> str:
    """A button for each, newest first, the one that is open marked."""
    if not found:
        said = f"No conversation holds “{escape(words)}”." if words.strip() else "What you ask is kept here."
        return f'<p class="empty">{said}</p>'
    return (
        f'<ul data-current="{escape(current or "")}">'
        + f"{''.join(_item(conversation, conversation.id == current) for conversation in found)}</ul>"
    )


def _item(conversation: Conversation, is_current: bool) -> str:
    current = ' aria-current="true"' if is_current else ""
    asked = f"{conversation.turns} question{'' if conversation.turns == 1 else 's'}"
    return (
        f'<li><button type="button" data-pick="{escape(conversation.id)}"{current}>'
        f'<span class="title">{escape(conversation.title)}</span>'
        f'<span class="when">{escape(in_words(conversation.updated.date()))} · {asked}</span></button></li>'
    )
