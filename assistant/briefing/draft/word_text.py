"""The text of a Word document with the places of its characters in runs, and runs cut in two where a place asks it.

Only what a reader sees is text: what was deleted or moved away under "track changes" is not.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from assistant.briefing.draft.draft import Block, BlockKind
from assistant.briefing.draft.references import Mention
from assistant.briefing.word_parts import Element
from assistant.question import PAGE, page_id

if TYPE_CHECKING:
    from docx.document import Document

#: What stands between the paragraphs of a document in the draft's text.
BETWEEN = "\n\n"
_CHARACTERS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
#: The same text box once more, for readers of older versions.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {qn("w:del"), qn("w:moveFrom")}
_REFERENCES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}


@dataclass(slots=True)
class WordParagraph:
    """A paragraph's element, and its text, which starts at ``start`` of the draft's."""

    element: Element
    kind: BlockKind
    start: int
    text: str = ""
    mentions: list[Mention] = field(default_factory=list)

    def block(self) -> Block:
        """The paragraph as a piece of a draft."""
        words = re.sub(r"\s", " ", self.text)
        return Block(self.kind, words, range(self.start, self.start + len(words)), self.mentions)


def word_paragraphs(document: "Document") -> list[WordParagraph]:
    """The paragraphs of a document's body in order, those in tables included."""
    styles = {style.style_id: (style.name or "").lower() for style in document.styles}
    found: list[WordParagraph] = []
    start = 0
    for element in document.element.body.iter(qn("w:p")):
        if any(above.tag == _FALLBACK for above in element.iterancestors()):
            continue
        paragraph = WordParagraph(element, _kind(element, styles), start)
        for piece in _pieces(element):
            if piece.tag in _REFERENCES:
                label = f"{_REFERENCES[piece.tag]} {piece.get(qn('w:id'))}"
                at = len(paragraph.text)
                paragraph.mentions.append(Mention(at, (at, at), label, note=label))
            else:
                paragraph.text += _characters(piece)
        _add_links(paragraph, document)
        found.append(paragraph)
        start += len(paragraph.text) + len(BETWEEN)
    return found


def word_notes(document: "Document") -> dict[str, str]:
    """What footnotes and endnotes say, by the labels of their references; the addresses of links are written out."""
    notes: dict[str, str] = {}
    for name, kind in (("footnote", RELATIONSHIP_TYPE.FOOTNOTES), ("endnote", RELATIONSHIP_TYPE.ENDNOTES)):
        for part in (r.target_part for r in document.part.rels.values() if r.reltype == kind):
            for note in parse_xml(part.blob).iter(qn(f"w:{name}")):
                targets = [part.rels[i].target_ref for link in note.iter(qn("w:hyperlink")) if (i := _rel(link, part))]
                said = "".join(_characters(piece) for p in note.iter(qn("w:p")) for piece in _pieces(p))
                notes[f"{name} {note.get(qn('w:id'))}"] = " ".join([said, *targets])
    return notes


def runs_between(paragraph: Element, start: int, end: int) -> list[Element]:
    """The runs that make up the characters ``[start, end)`` of a paragraph; runs are cut at both ends if need be."""
    _cut(paragraph, start)
    _cut(paragraph, end)
    found: list[Element] = []
    at = 0
    for run in _runs(paragraph):
        length = sum(len(_characters(child)) for child in run)
        if length and start <= at and at + length <= end:
            found.append(run)
        at += length
    return found


def _cut(paragraph: Element, place: int) -> None:
    """See that a run begins at a place; both halves keep the run's formatting."""
    at = 0
    for run in _runs(paragraph):
        length = sum(len(_characters(child)) for child in run)
        if at < place < at + length:
            _cut_run(run, place - at)
            return
        at += length


def _cut_run(run: Element, place: int) -> None:
    second = copy.deepcopy(run)
    at = 0
    for child, twin in zip(list(run), list(second), strict=True):
        if child.tag == qn("w:rPr"):
            continue
        length = len(_characters(child))
        if at + length <= place:
            second.remove(twin)
        elif at >= place:
            run.remove(child)
        else:
            words = child.text
            for half, text in ((child, words[: place - at]), (twin, words[place - at :])):
                half.text = text
                half.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        at += length
    run.addnext(second)


def _runs(paragraph: Element) -> Iterator[Element]:
    """The runs of a paragraph that are seen: not those deleted, nor those of a text box inside it."""
    for run in paragraph.iter(qn("w:r")):
        above = next(a for a in run.iterancestors() if a.tag == qn("w:p") or a.tag in _GONE)
        if above is paragraph:
            yield run


def _pieces(paragraph: Element) -> Iterator[Element]:
    return (child for run in _runs(paragraph) for child in run)


def _characters(piece: Element) -> str:
    """The characters that a piece of a run shows."""
    return piece.text or "" if piece.tag == qn("w:t") else _CHARACTERS.get(piece.tag, "")


def _add_links(paragraph: WordParagraph, document: "Document") -> None:
    """A link to a page of the department's refers to it, unless its words are an address, which is found anyway."""
    at = 0
    lengths: dict[Element, int] = {}
    for run in _runs(paragraph.element):
        at += sum(len(_characters(child)) for child in run)
        if run.getparent().tag == qn("w:hyperlink"):
            lengths[run.getparent()] = at
    for link, end in lengths.items():
        target = _rel(link, document.part)
        page = PAGE.search(document.part.rels[target].target_ref) if target else None
        words = "".join(_characters(child) for run in link.iter(qn("w:r")) for child in run)
        if page and not PAGE.search(words):
            paragraph.mentions.append(Mention(end, (end, end), page[0], (page_id(page[0]),)))


def _rel(link: Element, part: Element) -> str | None:
    target: str | None = link.get(qn("r:id"))
    return target if target in part.rels and part.rels[target].is_external else None


def _kind(paragraph: Element, styles: Mapping[str, str]) -> BlockKind:
    """What a paragraph is, by its style's name and by where it stands."""
    properties = paragraph.pPr
    style = properties.pStyle.val if properties is not None and properties.pStyle is not None else ""
    name = styles.get(style, style.lower())
    if name.startswith(("heading", "title", "subtitle", "toc", "caption")):
        return BlockKind.HEADING
    if any(above.tag == qn("w:tc") for above in paragraph.iterancestors()):
        return BlockKind.CELL
    numbered = properties is not None and properties.numPr is not None
    return BlockKind.ITEM if numbered or name.startswith("list") else BlockKind.PARAGRAPH
