"""A briefing: the answers to a list of questions, with numbered notes. What is written to Word, Markdown and JSON."""

import datetime
from importlib.metadata import version

from pydantic import BaseModel

from assistant.answers.answer import Answer
from assistant.answers.answer import Provenance as AnswerProvenance
from assistant.briefing.questions import BriefingQuestion, BriefingQuestions
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.engine import Assistant
from assistant.question import AnswerType
from corpus.dating import in_words
from corpus.errors import BriefingError, QuestionError
from corpus.progress import Progress, silent
from corpus.release import DateConfidence, ReleaseKind

UNTITLED = "Briefing"


class BriefedSentence(BaseModel):
    """A sentence with the numbers of its notes. ``doubt`` says what the check found wrong, and is empty where nothing.

    A sentence in doubt is marked in every format. ``lead_in`` stands before it, in our words: the release and its date.
    """

    text: str
    notes: list[int]
    verdict: Verdict
    doubt: str = ""
    lead_in: str = ""


class BriefedQuestion(BaseModel):
    """A question and its answer; ``not_found`` is what is said where there is none, ``searched`` what was looked in.

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
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(bool(question.sentences) for question in self.questions)


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
    notes: list[Note] = []
    sections: list[BriefingSection] = []
    provenance: AnswerProvenance | None = None
    with progress("answering", questions.count) as advance:
        for section in questions.sections:
            briefed: list[BriefedQuestion] = []
            for question in section.questions:
                try:
                    answer = assistant.ask(question.text)
                except QuestionError as error:
                    skipped.append(SkippedLine(line=question.line, reason=str(error)))
                else:
                    provenance = answer.provenance
                    briefed.append(_briefed(question, answer, notes, assistant))
                advance(1)
            if briefed:
                sections.append(BriefingSection(heading=section.heading, questions=briefed))
    if provenance is None:
        raise BriefingError(f"no question can be asked: {skipped[0].reason if skipped else 'there is none'}")
    return Briefing(
        title=title or questions.title or UNTITLED,
        date=date or datetime.date.today(),
        sections=sections,
        notes=notes,
        sources=_sources(notes),
        skipped=sorted(skipped, key=lambda line: line.line),
        provenance=_provenance(assistant, provenance),
    )


def is_digest(cited: Citation | Source) -> bool:
    """Whether the words are ours and not the department's."""
    return cited.kind is ReleaseKind.DIGEST


def day(cited: Citation | Source) -> str:
    """The date of a release as people write it."""
    return in_words(cited.date, cited.date_confidence)


def _briefed(question: BriefingQuestion, answer: Answer, notes: list[Note], assistant: Assistant) -> BriefedQuestion:
    """The answer, its citations numbered on from the notes so far, to which they are added."""
    cited = {citation.marker: citation for citation in answer.citations}
    sentences = []
    for sentence in answer.sentences:
        numbers = [_add_note(notes, cited[marker]) for marker in sentence.citations]
        doubt = _doubt(sentence.verdict, sentence.reasons)
        sentences.append(
            BriefedSentence(
                text=sentence.text, notes=numbers, verdict=sentence.verdict, doubt=doubt, lead_in=sentence.lead_in
            )
        )
    return BriefedQuestion(
        question=question.text,
        line=question.line,
        sentences=sentences,
        as_list=len(sentences) > 1 and answer.understood.answer_type is AnswerType.LIST,
        not_found="" if sentences else answer.answer,
        searched="" if sentences else _searched(answer, assistant),
        notices=answer.notices,
    )


def _add_note(notes: list[Note], citation: Citation) -> int:
    number = len(notes) + 1
    first = next((note.number for note in notes if note.citation.release_id == citation.release_id), number)
    notes.append(Note(number=number, first=first, citation=citation.model_copy(update={"marker": number})))
    return number


def _doubt(verdict: Verdict, reasons: list[str]) -> str:
    """What is wrong with a sentence, in words; nothing where the check holds it carried."""
    said = {Verdict.PARTIAL: "Only partly supported", Verdict.UNSUPPORTED: "Not supported"}.get(verdict)
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
