"""A briefing: the answers to a list of questions, with numbered notes. What is written to Word, Markdown and JSON."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from pydantic import BaseModel

from assistant.answers.answer import Answer
from assistant.answers.answer import Provenance as AnswerProvenance
from assistant.briefing.questions import BriefingQuestions
from assistant.briefing.stated import Stated, is_list, stated
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.engine import Assistant
from corpus.dating import in_words
from corpus.errors import BriefingError, QuestionError
from corpus.progress import Progress, silent
from corpus.release import DateConfidence, ReleaseKind

UNTITLED = "Briefing"
_DOUBTS = {Verdict.PARTIAL: "Only partly supported", Verdict.UNSUPPORTED: "Not supported"}


class BriefedSentence(BaseModel):
    """A sentence with the numbers of its notes. ``doubt`` says what the check found wrong, and is empty where nothing.

    A sentence in doubt is marked in every format. ``lead_in`` stands before it, in our words: the release and its date.
    ``verdict`` is None where a person wrote a sentence that asserts nothing; ``edited`` says that a person wrote it.
    """

    text: str
    notes: list[int]
    verdict: Verdict | None
    doubt: str = ""
    lead_in: str = ""
    edited: bool = False


class BriefedQuestion(BaseModel):
    """A question and its answer; ``not_found`` is what is said where there is none, ``searched`` what was looked in.

    ``line`` is where the file of questions has it; 0 where it was asked in a conversation.
    ``notices`` are those of the answer: that releases differ, or what became of a language model's work.
    """

    question: str
    line: int
    sentences: list[BriefedSentence] = []
    as_list: bool = False
    not_found: str = ""
    searched: str = ""
    notices: list[str] = []


class BriefingSection(BaseModel):
    """Questions under a heading, which may be empty."""

    heading: str
    questions: list[BriefedQuestion]


class Note(BaseModel):
    """A numbered note: what one sentence cites. ``first`` is the first note of the same release; it may be this one."""

    number: int
    first: int
    citation: Citation


class Source(BaseModel):
    """A release that the briefing cites, and in which notes."""

    release_id: str
    title: str
    date: datetime.date | None
    date_confidence: DateConfidence
    section: str
    url: str
    kind: ReleaseKind
    also_published_as: list[str]
    notes: list[int]


class SkippedLine(BaseModel):
    """A line that could not be asked, and why."""

    line: int
    reason: str


class BriefingProvenance(AnswerProvenance):
    """What made the briefing: as for an answer, and the corpus by name, its size and days, and the program's version.

    ``retrieved`` is the day on which the quoted copies of the releases were indexed.
    """

    corpus_name: str
    releases: int
    latest_date: datetime.date | None
    retrieved: datetime.date
    program: str
    setting_values: dict[str, str]


class Briefing(BaseModel):
    """The whole of it. The same questions over the same index give the same briefing, but for ``date``."""

    title: str
    date: datetime.date
    sections: list[BriefingSection]
    notes: list[Note]
    sources: list[Source]
    skipped: list[SkippedLine]
    provenance: BriefingProvenance

    @property
    def questions(self) -> list[BriefedQuestion]:
        """The questions of all sections, in order."""
        return [question for section in self.sections for question in section.questions]

    @property
    def collected(self) -> bool:
        """Whether its answers were collected from conversations; those of a file have lines, from 1 on."""
        return any(question.line == 0 for question in self.questions)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(bool(question.sentences) for question in self.questions)


@dataclass(frozen=True, slots=True)
class Reply:
    """A question, its answer, and what is stated in its place where a person edited it: see ``stated.edited``."""

    question: str
    answer: Answer
    edited: Sequence[Stated] | None = None
    line: int = 0


def build_briefing(
    assistant: Assistant,
    questions: BriefingQuestions,
    title: str = "",
    date: datetime.date | None = None,
    progress: Progress = silent,
) -> Briefing:
    """Answer every question; one that cannot be asked is listed among the skipped lines.

    Args:
        assistant: what answers.
        questions: what is asked.
        title: the title, else the one of the questions.
        date: the day of making, else today.
        progress: told of every question.

    Raises:
        BriefingError: none of the questions can be asked.
    """
    skipped = [SkippedLine(line=line, reason=reason) for line, reason in questions.bad]
    sections: list[tuple[str, list[Reply]]] = []
    with progress("answering", questions.count) as advance:
        for section in questions.sections:
            replies: list[Reply] = []
            for question in section.questions:
                try:
                    replies.append(Reply(question.text, assistant.ask(question.text), line=question.line))
                except QuestionError as error:
                    skipped.append(SkippedLine(line=question.line, reason=str(error)))
                advance(1)
            sections.append((section.heading, replies))
    if not any(replies for _, replies in sections):
        raise BriefingError(f"no question can be asked: {skipped[0].reason if skipped else 'there is none'}")
    return compose_briefing(assistant, sections, title or questions.title, date, skipped)


def compose_briefing(
    assistant: Assistant,
    sections: Sequence[tuple[str, Sequence[Reply]]],
    title: str = "",
    date: datetime.date | None = None,
    skipped: Sequence[SkippedLine] = (),
) -> Briefing:
    """Make a briefing of answers that are there already, in this order, with notes numbered through.

    Args:
        assistant: over the index that the answers are from.
        sections: headings, each with its questions; those without a question are left out.
        title: the title.
        date: the day of making, else today.
        skipped: lines that could not be asked.

    Raises:
        BriefingError: there is no answer.
    """
    made_by = [reply.answer.provenance for _, replies in sections for reply in replies]
    if not made_by:
        raise BriefingError("a briefing needs an answer")
    notes: list[Note] = []
    briefed = [
        BriefingSection(heading=heading, questions=[_briefed(reply, notes, assistant) for reply in replies])
        for heading, replies in sections
        if replies
    ]
    return Briefing(
        title=title or UNTITLED,
        date=date or datetime.date.today(),
        sections=briefed,
        notes=notes,
        sources=_sources(notes),
        skipped=sorted(skipped, key=lambda line: line.line),
        provenance=_provenance(assistant, made_by[-1]),
    )


def is_digest(cited: Citation | Source) -> bool:
    """Whether the words are ours and not the department's."""
    return cited.kind is ReleaseKind.DIGEST


def day(cited: Citation | Source) -> str:
    """The date of a release as people write it."""
    return in_words(cited.date, cited.date_confidence)


def _briefed(reply: Reply, notes: list[Note], assistant: Assistant) -> BriefedQuestion:
    """What is stated, its citations numbered on from the notes so far, to which they are added."""
    answer = reply.answer
    sentences = [
        BriefedSentence(
            text=sentence.text,
            notes=[_add_note(notes, citation) for citation in sentence.citations],
            verdict=sentence.verdict,
            doubt=_doubt(sentence.verdict, sentence.reasons),
            lead_in=sentence.lead_in,
            edited=sentence.edited,
        )
        for sentence in (stated(answer) if reply.edited is None else reply.edited)
    ]
    return BriefedQuestion(
        question=reply.question,
        line=reply.line,
        sentences=sentences,
        as_list=is_list(answer) and len(sentences) > 1,
        not_found="" if sentences else answer.answer,
        searched="" if sentences else _searched(answer, assistant),
        notices=answer.notices,
    )


def _add_note(notes: list[Note], citation: Citation) -> int:
    number = len(notes) + 1
    first = next((note.number for note in notes if note.citation.release_id == citation.release_id), number)
    notes.append(Note(number=number, first=first, citation=citation.model_copy(update={"marker": number})))
    return number


def _doubt(verdict: Verdict | None, reasons: list[str]) -> str:
    """What is wrong with a sentence, in words; nothing where the check holds it carried."""
    said = _DOUBTS.get(verdict) if verdict else None
    return f"{said}: {'; '.join(reasons)}" if said and reasons else said or ""


def _searched(answer: Answer, assistant: Assistant) -> str:
    manifest = assistant.manifest
    latest = f", the latest of {in_words(manifest.latest_date)}" if manifest.latest_date else ""
    text = f"Searched: the {manifest.releases:,} releases of {manifest.corpus_name}{latest}"
    read = [f"“{p.words}” as {p.start} to {p.end}" for p in answer.understood.periods]
    read += [f"“{c.asked}” as “{c.read}”" for c in answer.understood.corrections]
    return f"{text}; read {', '.join(read)}." if read else f"{text}."


def _sources(notes: list[Note]) -> list[Source]:
    """The releases that are cited, newest first; those without a date last."""
    sources: dict[str, Source] = {}
    for note in notes:
        c = note.citation
        if c.release_id not in sources:
            sources[c.release_id] = Source(notes=[], **c.model_dump(include=set(Source.model_fields) - {"notes"}))
        sources[c.release_id].notes.append(note.number)
    by_id = sorted(sources.values(), key=lambda source: source.release_id)
    return sorted(by_id, key=lambda source: source.date or datetime.date.min, reverse=True)


def _provenance(assistant: Assistant, answer: AnswerProvenance) -> BriefingProvenance:
    from assistant.settings import ANSWERING

    manifest = assistant.manifest
    values = assistant.settings.model_dump(mode="json", include=ANSWERING)
    return BriefingProvenance(
        **answer.model_dump(),
        corpus_name=manifest.corpus_name,
        releases=manifest.releases,
        latest_date=manifest.latest_date,
        retrieved=manifest.created.date(),
        program=f"treasury-assistant {version('treasury-assistant')}",
        setting_values={name: str(value) for name, value in sorted(values.items())},
    )
