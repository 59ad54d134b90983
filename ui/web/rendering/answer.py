"""An answer in the chat: sentences with markers that lead into the reader, verdicts, and what can be done with it."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from assistant.answers.answer import Answer, AnswerSentence, Draft
from assistant.citations.citation import Citation, shown_title
from corpus.dating import in_words
from ui.history.stored import StoredTurn, TurnState
from ui.web.rendering.markup import anchor, escape_markdown, web_link
from ui.web.rendering.verdicts import BADGES

#: What an answer's links do; the page's script reads the words after "#".
ACTIONS = (
    ("copy", "Copy with references"),
    ("rich", "Copy as rich text"),
    ("link", "Copy link"),
    ("brief", "Add to briefing"),
)


def answer_markdown(answer: Answer) -> str:
    """The answer, its markers as links to the quotes; an abstention says what was searched."""
    if answer.abstained:
        return escape_markdown(answer.answer)
    notices = "".join(f"\n\n*Note: {escape_markdown(notice)}*" for notice in answer.notices)
    return sentences_markdown(answer.sentences, answer.citations) + notices


def draft_markdown(draft: Draft) -> str:
    """What a language model has written so far and the check has passed."""
    shown = sentences_markdown(draft.sentences, draft.citations)
    waiting = f"*Checking {draft.held} more …*" if draft.held else "*Writing …*"
    return f"{shown}\n\n{waiting}" if shown else waiting


def sentences_markdown(sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> str:
    """Sentences, each with its markers; the title of a marker says how the check judged its sentence."""
    anchors = {citation.marker: anchor(citation) for citation in citations}
    shown = []
    for sentence in sentences:
        badge = BADGES[sentence.verdict]
        lead_in = f"*{escape_markdown(sentence.lead_in)}* " if sentence.lead_in else ""
        markers = "".join(f' [\\[{m}\\]](#{anchors[m]} "{badge.meaning}")' for m in sentence.citations)
        shown.append(("\n- " if sentence.is_item else "") + lead_in + escape_markdown(sentence.text) + markers)
    return " ".join(shown).replace(" \n", "\n").lstrip("\n")


def turn_markdown(turn: StoredTurn) -> str:
    """What stands under a question: its answer and what can be done with it, or why there is none."""
    if turn.answer is None:
        return {
            TurnState.RUNNING: "*Still being answered …*",
            TurnState.STOPPED: "*Stopped before it was answered. Press retry to ask again.*",
        }.get(turn.state, escape_markdown(turn.error or "This answer cannot be read any more."))
    actions = [
        f"[{label}](#{name}-{turn.id})" for name, label in ACTIONS if name != "brief" or not turn.answer.abstained
    ]
    return f"{answer_markdown(turn.answer)}\n\n{' · '.join(actions)}"


def messages(turns: Sequence[StoredTurn]) -> list[Any]:
    """A conversation as the messages of a chat, two a turn."""
    return [
        message
        for turn in turns
        for message in (
            {"role": "user", "content": escape_markdown(turn.question)},
            {"role": "assistant", "content": turn_markdown(turn)},
        )
    ]


def with_references(answer: Answer) -> str:
    """The answer as Markdown that stands by itself: markers, and under them the releases with their quotes."""
    if answer.abstained:
        return answer.answer
    lines = [" ".join(sentence.marked for sentence in answer.sentences).replace(" \n", "\n").strip(), ""]
    lines += [f"*Note: {notice}*" for notice in answer.notices]
    for c in answer.citations:
        url = f" <{c.url}>" if c.url else ""
        lines.append(f"[{c.marker}] {c.release_id}, {shown_title(c)}, {_day(c)}: “{' '.join(c.quote.split())}”{url}")
    return "\n".join(lines)


def with_references_html(answer: Answer) -> str:
    """The same as HTML, for a word processor."""
    if answer.abstained:
        return f"<p>{escape(answer.answer)}</p>"
    words = " ".join(
        f"{escape(s.lead_in)} {escape(s.text)}{''.join(f'<sup>[{m}]</sup>' for m in s.citations)}".strip()
        for s in answer.sentences
    )
    notices = "".join(f"<p><em>Note: {escape(notice)}</em></p>" for notice in answer.notices)
    sources = "".join(
        f"<li>{web_link(c.url, c.release_id)}, {escape(shown_title(c))}, {escape(_day(c))}: "
        f"“{escape(' '.join(c.quote.split()))}”</li>"
        for c in answer.citations
    )
    return f"<p>{words}</p>{notices}<ol>{sources}</ol>"


def permalink(turn_id: str) -> str:
    """The address of an answer, within the page's own."""
    return f"?answer={quote(turn_id)}"


def _day(citation: Citation) -> str:
    return in_words(citation.date, citation.date_confidence)
