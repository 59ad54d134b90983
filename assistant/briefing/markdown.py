"""A briefing in Markdown, with footnotes as GitHub and pandoc read them."""

import re
from collections.abc import Iterator, Sequence

from assistant.briefing.briefing import BriefedQuestion, BriefedSentence, Briefing, Note, day
from assistant.briefing.wording import counted, doubts, making, note_lead
from assistant.citations.citation import shown_title
from corpus.dating import in_words


def as_markdown(briefing: Briefing) -> str:
    """The whole briefing."""
    return "\n".join(_lines(briefing)) + "\n"


def escaped(text: str) -> str:
    """A text on one line, in which Markdown finds nothing to mark up."""
    text = re.sub(r"([\\`*_{}\[\]<>|~&$])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(#|[-+]|\d+[.)])", lambda m: m[0][:-1] + "\\" + m[0][-1], text)


def _lines(briefing: Briefing) -> Iterator[str]:
    yield from (f"# {escaped(briefing.title)}", "", in_words(briefing.date), "")
    yield from (f"{counted(briefing)} {doubts(briefing)}", "")
    sectioned = any(section.heading for section in briefing.sections)
    for section in briefing.sections:
        if section.heading:
            yield from (f"## {escaped(section.heading)}", "")
        for question in section.questions:
            yield from (f"{'###' if sectioned else '##'} {escaped(question.question)}", "")
            yield from _answer(question)
    if briefing.sources:
        yield from ("## Sources", "", "| Release | Date | Title | Notes |", "| --- | --- | --- | --- |")
        for s in briefing.sources:
            linked = f"[{escaped(s.release_id)}](<{s.url}>)" if s.url else escaped(s.release_id)
            yield _row([linked, escaped(day(s)), escaped(shown_title(s)), ", ".join(map(str, s.notes))])
        yield ""
    if briefing.skipped:
        yield from ("## Not asked", "")
        yield from (f"- Line {line.line}: {escaped(line.reason)}" for line in briefing.skipped)
        yield ""
    yield from ("## How this was made", "", "| | |", "| --- | --- |")
    yield from (_row([escaped(name), escaped(value)]) for name, value in making(briefing))
    yield ""
    retrieved = in_words(briefing.provenance.retrieved)
    yield from (f"[^{note.number}]: {_note(note, retrieved)}" for note in briefing.notes)


def _answer(question: BriefedQuestion) -> Iterator[str]:
    if not question.sentences:
        yield from (f"**Not in the corpus.** {escaped(without_lead(question.not_found))}", "")
        yield from (f"*{escaped(question.searched)}*", "")
    elif question.as_list:
        yield from (f"- {_sentence(sentence)}" for sentence in question.sentences)
        yield ""
    else:
        yield from (" ".join(map(_sentence, question.sentences)), "")
    for notice in question.notices:
        yield from (f"*Note: {escaped(notice)}*", "")


def without_lead(not_found: str) -> str:
    """What is said where nothing answers, without its first words, which each format sets apart."""
    text = re.sub(r"^Not in the corpus[:.]?\s*", "", not_found)
    return text[:1].upper() + text[1:]


def _sentence(sentence: BriefedSentence) -> str:
    notes = "".join(f"[^{number}]" for number in sentence.notes)
    doubt = f" **[{escaped(sentence.doubt)}]**" if sentence.doubt else ""
    lead_in = f"*{escaped(sentence.lead_in)}* " if sentence.lead_in else ""
    return lead_in + escaped(sentence.text) + notes + doubt


def _note(note: Note, retrieved: str) -> str:
    earlier = f" (note {note.first})" if note.first != note.number else ""
    source = f" <{note.citation.url}> (retrieved {retrieved})." if note.citation.url and not earlier else ""
    return f"{escaped(note_lead(note))}{earlier}: “{escaped(note.citation.quote)}”{source}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
