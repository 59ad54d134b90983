"""The briefing in the making as HTML: a card for every answer, its fields, and what the check says of each sentence."""

from collections.abc import Callable, Sequence
from html import escape

from assistant.briefing.collected import Entry
from assistant.briefing.draft.wording import MARKS
from assistant.briefing.stated import LONGEST_TEXT, Stated, stated
from assistant.citations.citation import Citation
from corpus.dating import in_words
from ui.web.rendering.verdicts import BADGES

EMPTY = (
    '<div class="briefing-empty"><h2>No answers collected yet</h2>'
    "<p>Ask in the Chat and choose <b>Add to briefing</b> under an answer. It appears here as a card: put the cards in "
    "order, reword them, and every sentence that you change is checked against the releases while you write. Then take "
    "the briefing along as a Word document, Markdown or JSON, with a numbered note for every sentence.</p></div>"
)
#: What stands in a card while its text is checked.
CHECKING = '<p class="checking" role="status">Checking …</p>'
#: Gives what is stated under a heading, or None while its text is not checked yet.
Checked = Callable[[Entry], Sequence[Stated] | None]


def cards_html(entries: Sequence[Entry], checked: Checked) -> str:
    """All cards in order; where there are none, what the tab is for."""
    if not entries:
        return EMPTY
    cards = []
    answers = 0
    for n, entry in enumerate(entries):
        answers += entry.answer is not None
        ends = (n == 0, n == len(entries) - 1)
        cards.append(_section(entry, *ends) if entry.answer is None else _card(entry, answers, ends, checked(entry)))
    return f'<ol class="briefing-cards">{"".join(cards)}</ol>'


def sentences_html(entry: Entry, sentences: Sequence[Stated]) -> str:
    """What the check says of each sentence of an answer, and what each cites."""
    if entry.answer and not sentences and entry.text is None:
        return f'<p class="quiet">{escape(entry.answer.answer)}</p>'
    if not sentences:
        return '<p class="warn"><b>◐ empty</b> Nothing stands here; the answer is left out of the files.</p>'
    edited = sum(sentence.edited for sentence in sentences)
    doubted = sum(sentence.in_doubt for sentence in sentences)
    said = f"{edited} of {len(sentences)} edited" if edited else "As it was answered"
    need = f", {doubted} need{'s' if doubted == 1 else ''} a look" if doubted else ""
    items = "".join(_sentence(sentence) for sentence in sentences)
    return f'<p class="quiet">{said}{need}</p><ol class="sentences">{items}</ol>'


def trouble_html(message: str) -> str:
    """Why a text cannot be checked."""
    return f'<p class="bad" role="alert"><b>✗ not checked:</b> {escape(message)}.</p>'


def standing(entries: Sequence[Entry], checked: Checked) -> str:
    """How much is collected, and whether a sentence needs a look, in one line."""
    answers = [entry for entry in entries if entry.answer]
    if not answers:
        return ""
    said = f"{len(answers)} answer{'s' if len(answers) != 1 else ''}"
    found = [checked(entry) for entry in answers]
    doubted = sum(sentence.in_doubt for sentences in found for sentence in sentences or ())
    if any(sentences is None for sentences in found):
        return f'<p class="standing quiet" role="status">{said} · checking …</p>'
    if doubted:
        need = "1 sentence needs a look" if doubted == 1 else f"{doubted} sentences need a look"
        marked = "it is marked" if doubted == 1 else "they are marked"
        said += f' · <b class="bad">✗ {need}</b>; in the files {marked}'
        return f'<p class="standing" role="status">{said}</p>'
    return f'<p class="standing" role="status">{said} · <b class="good">✓ every checked sentence is carried</b></p>'


def stated_in(entry: Entry) -> Sequence[Stated]:
    """What an answer states as it was given."""
    return stated(entry.answer) if entry.answer else []


def _card(entry: Entry, number: int, ends: tuple[bool, bool], sentences: Sequence[Stated] | None) -> str:
    said = CHECKING if sentences is None else sentences_html(entry, sentences)
    restore = _button("restore", "Restore the answer", "Restore", disabled=entry.text is None)
    text = escape(entry.shown_text)
    lines = max(3, min(14, len(entry.shown_text) // 68 + entry.shown_text.count("\n") + 1))
    return (
        f'<li class="briefing-card" data-id="{escape(entry.id)}"><div class="head">'
        f'<span class="number" aria-hidden="true">{number}</span>'
        f"{_heading(entry, 'Heading of this answer')}{_moves(*ends, restore)}</div>"
        f'<div class="body"><textarea data-field="text" aria-label="Text of this answer" rows="{lines}" '
        f'maxlength="{LONGEST_TEXT}" data-text="{text}">\n{text}</textarea>'
        f'<div class="checks" aria-live="polite">{said}</div></div></li>'
    )


def _section(entry: Entry, first: bool, last: bool) -> str:
    return (
        f'<li class="briefing-card section" data-id="{escape(entry.id)}"><div class="head">'
        f'<span class="number" aria-hidden="true">§</span>{_heading(entry, "Heading of this section")}'
        f"{_moves(first, last)}</div></li>"
    )


def _heading(entry: Entry, label: str) -> str:
    heading = escape(entry.heading)
    return (
        f'<input type="text" data-field="heading" aria-label="{label}" value="{heading}" data-text="{heading}" '
        'autocomplete="off">'
    )


def _moves(first: bool, last: bool, restore: str = "") -> str:
    moves = _button("up", "Move up", "↑", first) + _button("down", "Move down", "↓", last)
    return f'<div class="moves">{restore}{moves}{_button("remove", "Remove from the briefing", "✕")}</div>'


def _button(act: str, label: str, shown: str, disabled: bool = False) -> str:
    state = " disabled" if disabled else ""
    return f'<button type="button" data-act="{act}" aria-label="{label}" title="{label}"{state}>{shown}</button>'


def _sentence(sentence: Stated) -> str:
    if sentence.verdict is None:
        icon, word, tone = MARKS[None][0], f"not checked: {sentence.unchecked}", "none"
    else:
        badge = BADGES[sentence.verdict]
        icon, word, tone = badge.icon, badge.word, badge.tone
    words = escape(f"{sentence.lead_in} {sentence.text}".strip())
    shown = f'<span class="words">{words}</span>'
    cited = f'<span class="cited">{"".join(_source(c, sentence.in_doubt) for c in sentence.citations)}</span>'
    if sentence.in_doubt:
        reasons = "".join(f"<li>{escape(reason)}</li>" for reason in sentence.reasons)
        said = f'{shown}<ul class="reasons">{reasons}</ul>{cited}'
    else:
        said = f"{cited}{shown}"
    return f'<li class="{tone}"><span class="badge">{icon} {escape(word)}</span> {said}</li>'


def _source(citation: Citation, quoted: bool) -> str:
    """The release that a sentence cites, as a button that opens it; where the sentence is in doubt, with the quote."""
    day = in_words(citation.date, citation.date_confidence)
    quote = f" <q>{escape(' '.join(citation.quote.split()))}</q>" if quoted else ""
    return (
        f'<button type="button" class="open-release" data-release="{escape(citation.release_id)}" '
        f'data-start="{citation.start}" data-end="{citation.end}">{escape(citation.release_id)}</button> '
        f'<span class="day">{escape(day)}</span>{quote} '
    )
