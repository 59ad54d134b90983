"""A briefing as a Word document: headings, real footnotes, a table of sources, how it was made."""

import io
from typing import TYPE_CHECKING

from assistant.briefing.briefing import BriefedQuestion, BriefedSentence, Briefing, Note, day, is_digest
from assistant.briefing.files import repeatable_package
from assistant.briefing.footnotes import Footnotes
from assistant.briefing.markdown import without_lead
from assistant.briefing.word_parts import add_hyperlink, xml_text
from assistant.briefing.word_styles import (
    ABOUT,
    DOUBTED,
    MISSING,
    add_row,
    add_table,
    finish_table,
    new_document,
)
from assistant.briefing.wording import counted, doubts, making, note_lead
from assistant.citations.citation import shown_title
from corpus.dating import in_words

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

#: Widths of columns in inches; together as wide as the lines.
SOURCE_WIDTHS = (1.0, 1.3, 3.1, 0.9)
MAKING_WIDTHS = (1.4, 4.9)


def as_word(briefing: Briefing) -> bytes:
    """The whole document, as the bytes of a ``.docx`` file; the same briefing gives the same bytes."""
    return _Writer(briefing).write()


class _Writer:
    """Puts one briefing into one document."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._document = new_document(briefing.title, briefing.date, briefing.provenance.program)
        self._footnotes = Footnotes(self._document)
        self._notes = {note.number: note for note in briefing.notes}
        self._retrieved = in_words(briefing.provenance.retrieved)

    def write(self) -> bytes:
        document, briefing = self._document, self._briefing
        document.add_heading(xml_text(briefing.title), 0)
        document.add_paragraph(in_words(briefing.date), ABOUT)
        document.add_paragraph(f"{counted(briefing)} {doubts(briefing)}", ABOUT)
        sectioned = any(section.heading for section in briefing.sections)
        for section in briefing.sections:
            if section.heading:
                document.add_heading(xml_text(section.heading), 1)
            for question in section.questions:
                document.add_heading(xml_text(question.question), 2 if sectioned else 1)
                self._answer(question)
        if briefing.sources:
            self._sources()
        self._making()
        packed = io.BytesIO()
        document.save(packed)
        return repeatable_package(packed.getvalue(), briefing.date)

    def _answer(self, question: BriefedQuestion) -> None:
        if not question.sentences:
            missing = self._document.add_paragraph(style=MISSING)
            missing.add_run("Not in the corpus. ").bold = True
            missing.add_run(xml_text(without_lead(question.not_found)))
            self._document.add_paragraph(style=MISSING).add_run(xml_text(question.searched)).italic = True
            return
        paragraph: Paragraph | None = None
        for sentence in question.sentences:
            if paragraph is None or question.as_list:
                paragraph = self._document.add_paragraph(style="List Bullet" if question.as_list else "Normal")
            else:
                paragraph.add_run(" ")
            self._sentence(paragraph, sentence)
        for notice in question.notices:
            self._document.add_paragraph().add_run(xml_text(f"Note: {notice}")).italic = True

    def _sentence(self, paragraph: "Paragraph", sentence: BriefedSentence) -> None:
        if sentence.lead_in:
            paragraph.add_run(xml_text(f"{sentence.lead_in} ")).italic = True
        paragraph.add_run(xml_text(sentence.text))
        for n, number in enumerate(sentence.notes):
            if n:
                paragraph.add_run(",").font.superscript = True
            self._note(paragraph, self._notes[number])
        if sentence.doubt:
            paragraph.add_run(xml_text(f" [{sentence.doubt}]"), DOUBTED)

    def _note(self, paragraph: "Paragraph", note: Note) -> None:
        footnote = self._footnotes.add(paragraph, note.number)
        footnote.text(f" {note_lead(note)}")
        if note.first != note.number:
            footnote.text(" (note ")
            footnote.number_of(note.first)
            footnote.text(")")
        footnote.text(f": “{note.citation.quote}”")
        if note.first == note.number and note.citation.url:
            footnote.text(" ")
            footnote.link(note.citation.url, note.citation.url)
            footnote.text(f" (retrieved {self._retrieved}).")

    def _sources(self) -> None:
        self._document.add_heading("Sources", 1)
        described = "The releases cited, newest first, with the numbers of the notes that cite them."
        self._document.add_paragraph(described, ABOUT).paragraph_format.keep_with_next = True
        table = add_table(
            self._document, "Sources", described, ("Release", "Date", "Title and section", "Notes"), SOURCE_WIDTHS
        )
        for source in self._briefing.sources:
            release, date, title, notes = add_row(table)
            if source.url:
                add_hyperlink(release.paragraphs[0]._p, self._document.part, source.release_id, source.url)
            else:
                release.paragraphs[0].add_run(xml_text(source.release_id))
            date.paragraphs[0].add_run(day(source))
            kind = "; digest in our own words" if is_digest(source) else ""
            title.paragraphs[0].add_run(xml_text(f"{shown_title(source)} ({source.section}{kind})"))
            notes.paragraphs[0].add_run(", ".join(map(str, source.notes)))
        finish_table(table, SOURCE_WIDTHS)

    def _making(self) -> None:
        heading = self._document.add_heading("How this was made", 1)
        heading.paragraph_format.page_break_before = True
        for line in self._briefing.skipped:
            self._document.add_paragraph(f"Line {line.line} was not asked: {xml_text(line.reason)}.", "List Bullet")
        table = add_table(self._document, "How this was made", "A name and a value a row.", ("What", ""), MAKING_WIDTHS)
        table.rows[0].cells[1].paragraphs[0].add_run("Value").bold = True
        for name, value in making(self._briefing):
            cells = add_row(table)
            cells[0].paragraphs[0].add_run(name)
            cells[1].paragraphs[0].add_run(xml_text(value))
        finish_table(table, MAKING_WIDTHS)
