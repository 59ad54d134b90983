"""The questions of an evaluation run as HTML: what was expected, what was answered, and what came of it."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord, RecordedCitation
from assistant.evaluation.report.asked import SIGNS, Answered, Asked, facts_said, groups_cited

TONES = {"correct": "good", "wrong": "bad", "failed": "bad", "abstained": "warn"}

_MARKERS = re.compile(r" ?\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\]")


def questions_html(asked: Sequence[Asked], others: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Questions, each to be opened.

    Args:
        asked: the questions; the first answer of each is shown.
        others: by the question's id, the other systems of the run with what came of it.
    """
    if not asked:
        return '<p class="empty">No question is like that: take a condition away.</p>'
    return "".join(_asked(a.question, a.answers[0], others.get(a.question.id, ())) for a in asked)


def position_html(first: int, last: int, total: int) -> str:
    """Which of the questions are shown; told to screen readers when it changes."""
    place = f"{first + 1:,}–{last:,} of {total:,}" if total else "no question"
    return f'<p class="about" role="status">{place}</p>'


def question_html(badge: str, question_id: str, text: str, kind: str, inside: str) -> str:
    """A question on one line, with all that is told of it (HTML) when it is opened."""
    return (
        f'<details class="question"><summary>{badge} <span class="id">{escape(question_id)}</span> '
        f'<span class="text">{escape(text)}</span> <span class="type">{escape(kind)}</span></summary>'
        f'<div class="inside">{inside}</div></details>'
    )


def answer_html(answer: AnswerRecord) -> str:
    """The text of an answer, its markers as buttons that open the release at the quote."""
    if not answer.answer:
        return f'<p class="answer">No answer: {escape(answer.error or "it is empty")}</p>'
    cited = {citation.marker: citation for citation in answer.citations}
    parts: list[str] = []
    at = 0
    for found in _MARKERS.finditer(answer.answer):
        markers = [int(marker) for marker in found[1].split(",")]
        if cited.keys() >= set(markers):  # a number in brackets may be the release's own
            parts += [escape(answer.answer[at : found.start()]), *(_marker(cited[marker]) for marker in markers)]
            at = found.end()
    return f'<p class="answer">{"".join(parts)}{escape(answer.answer[at:])}</p>'


def check_html(holds: bool, yes: str, no: str) -> str:
    """Whether something holds: a sign and a word in its colour."""
    return _badge("good", "✓", yes) if holds else _badge("bad", "✗", no)


def _asked(question: EvaluationQuestion, answered: Answered, others: Sequence[tuple[str, str]]) -> str:
    score, answer = answered.score, answered.answer
    told = [f"confidence {score.confidence:.2f}"] if score.confidence is not None else []
    told += [f"{score.timings_ms['total']:,.0f} ms"] if "total" in score.timings_ms else []
    if others:
        told.append("the other systems: " + ", ".join(f"{escape(label)} {_outcome(found)}" for label, found in others))
    missing = "".join(f"<li>{escape(reason)}</li>" for reason in score.missing)
    parts = [
        *(f'<p class="turn"><b>{escape(turn.role)}</b> {escape(turn.content)}</p>' for turn in question.history),
        _expected(question, answer),
        answer_html(answer),
        f'<ul class="missing">{missing}</ul>' if missing else "",
        _citations(answer.citations),
        _withheld(answer.withheld) if answer.withheld else "",
        f'<p class="about">{" · ".join(told)}</p>' if told else "",
        _ask_link(question) if answered.outcome != "correct" else "",
    ]
    return question_html(_outcome(answered.outcome), question.id, question.question, question.type, "".join(parts))


def _expected(question: EvaluationQuestion, answer: AnswerRecord) -> str:
    """What a right answer says and cites, and whether this one does."""
    note = f'<p class="about">{escape(question.note)}</p>' if question.note else ""
    if not question.answerable:
        return f'<p class="gold"><b>The corpus holds no answer:</b> a right answer says so.</p>{note}'
    facts = (
        f"<li>{check_html(said, 'said', 'not said')} {escape(fact)}</li>" for fact, said in facts_said(question, answer)
    )
    groups = (
        f"<li>{check_html(cited, 'cited', 'not cited')} {' or '.join(map(_release, group))}</li>"
        for group, cited in groups_cited(question, answer)
    )
    return (
        '<p class="gold"><b>A right answer says and cites</b></p>'
        f'<ul class="gold">{"".join(facts)}{"".join(groups)}</ul>{note}'
    )


def _citations(citations: Sequence[RecordedCitation]) -> str:
    if not citations:
        return ""
    items = "".join(
        f"<li>{_marker(c)} <b>{escape(c.release_id)}</b> {escape(c.title)}: "
        f"<q>{escape(' '.join(c.quote.split()))}</q></li>"
        for c in citations
    )
    return f'<details><summary>What it cites ({len(citations)})</summary><ul class="cited">{items}</ul></details>'


def _withheld(answer: AnswerRecord) -> str:
    return f"<details><summary>What it withheld</summary>{answer_html(answer)}</details>"


def _marker(citation: RecordedCitation) -> str:
    release_id = escape(citation.release_id.lower())
    has_place = citation.start is not None and citation.end is not None
    place = f' data-start="{citation.start}" data-end="{citation.end}"' if has_place else ""
    return (
        f'<button type="button" class="open-release marker" data-release="{release_id}"{place} '
        f'aria-label="Source {citation.marker}, {release_id}">{citation.marker}</button>'
    )


def _release(release_id: str) -> str:
    name = escape(release_id)
    return f'<button type="button" class="open-release name" data-release="{name}">{name}</button>'


def _ask_link(question: EvaluationQuestion) -> str:
    alone = " (without what was said before it)" if question.history else ""
    return f'<p><a class="ask" href="?ask={quote(question.question, safe="")}">Ask it in the chat</a>{alone}</p>'


def _outcome(found: str) -> str:
    return _badge(TONES[found], SIGNS[found], found)


def _badge(tone: str, sign: str, word: str) -> str:
    return f'<span class="outcome {tone}">{sign} {word}</span>'
