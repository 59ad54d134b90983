"""A checked draft as a Word document with a comment at every sentence that needs a look.

A draft that is a Word document keeps everything that it has; of any other a new document is made.
"""

import io
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.briefing.draft.draft import BlockKind, Draft
from assistant.briefing.draft.draft_check import CheckedDraft, CheckedSentence
from assistant.briefing.draft.reading import open_word
from assistant.briefing.draft.word_text import runs_between, word_paragraphs
from assistant.briefing.draft.wording import counted, finding_lines, verdict_words
from assistant.briefing.files import repeatable_package
from assistant.briefing.word_parts import Element, xml_text
from corpus.dating import in_words

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "treasury-assistant", "TA"
STYLES = {BlockKind.ITEM: "List Bullet", BlockKind.HEADING: "Heading 1"}


def commented(path: Path, data: bytes, checked: CheckedDraft) -> bytes:
    """The analyst's own Word document with comments; the original's bytes are only read.

    Raises:
        BriefingError: it cannot be opened.
    """
    document = open_word(path, data)
    paragraphs = iter(word_paragraphs(document))
    paragraph = next(paragraphs)
    for sentence in checked.sentences:
        while sentence.start >= paragraph.start + len(paragraph.text):
            paragraph = next(paragraphs)
        if sentence.wrong:
            first, last = sentence.start - paragraph.start, sentence.end - paragraph.start
            _comment(document, runs_between(paragraph.element, first, last), sentence)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def new_commented(draft: Draft, checked: CheckedDraft, day: date) -> bytes:
    """A new Word document of a draft in Markdown or text, with comments."""
    from docx.text.run import Run

    from assistant.briefing.word_styles import ABOUT, new_document

    document = new_document(f"{checked.name}, checked", day, checked.provenance.program)
    document.add_paragraph(xml_text(f"{checked.name}: {counted(checked)}."), ABOUT)
    paragraph, block, at = None, -1, 0
    for written, sentence in zip(draft.sentences, checked.sentences, strict=True):
        if written.block != block or paragraph is None:
            paragraph, block = document.add_paragraph(style=STYLES.get(written.kind, "Normal")), written.block
        elif between := _between(draft.text[at : sentence.start]):
            paragraph.add_run(xml_text(between))
        run: Run = paragraph.add_run(xml_text(written.words))
        at = sentence.end
        if sentence.wrong:
            _comment(document, [run._r], sentence)
        if references := "".join(f" [{r.written.strip('[]()')}]" for r in written.references):
            paragraph.add_run(xml_text(references))
    packed = io.BytesIO()
    document.save(packed)
    return repeatable_package(packed.getvalue(), day)


def comment_text(sentence: CheckedSentence) -> str:
    """What a comment says: the verdict, what is wrong, and the evidence with its quote and address."""
    lines = [f"{verdict_words(sentence).capitalize()}.", *(f"{line}." for line in finding_lines(sentence))]
    for citation in sentence.evidence:
        lines.append(f"{citation.release_id}, {in_words(citation.date, citation.date_confidence)}: “{citation.quote}”")
        lines += [citation.url] if citation.url else []
    return "\n".join(line.replace("..", ".") if line.endswith("..") else line for line in lines)


def _comment(document: "Document", runs: list[Element], sentence: CheckedSentence) -> None:
    from docx.text.run import Run

    if runs:
        ends = [Run(run, document.part) for run in (runs[0], runs[-1])]
        document.add_comment(ends, xml_text(comment_text(sentence)), AUTHOR, INITIALS)


def _between(gap: str) -> str:
    """What stands between two sentences of a paragraph, without references and marks: a space, or nothing."""
    return " " if re.search(r"\s", gap) else ""
