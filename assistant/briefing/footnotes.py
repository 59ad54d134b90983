"""Footnotes for python-docx, which has none: the part of a Word document that holds them, and references to it.

After ECMA-376 part 1, 17.11: the part begins with the separators -1 and 0, which the settings name, and every
footnote is referred to once from the document.
"""

from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from assistant.briefing.word_parts import Element, add_bookmark, add_hyperlink, add_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

REFERENCE_STYLE, TEXT_STYLE = "FootnoteReference", "FootnoteText"

_EMPTY = f"""<w:footnotes {nsdecls("w", "r")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
<w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr>
<w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""


class Footnotes:
    """The footnotes of a new document, numbered from 1 in the order in which they are added."""

    def __init__(self, document: "Document") -> None:
        self._part = XmlPart(
            PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, parse_xml(_EMPTY), document.part.package
        )
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = document.settings.element
        named: Element = OxmlElement("w:footnotePr")
        for separator in ("-1", "0"):
            named.append(_with_id(OxmlElement("w:footnote"), separator))
        settings.insert_element_before(named, "w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr")

    def add(self, paragraph: "Paragraph", number: int) -> "Footnote":
        """Refer to a new footnote at the end of a paragraph; what it says is added to what is given."""
        run = paragraph.add_run()
        run.style = "footnote reference"
        run._r.append(_with_id(OxmlElement("w:footnoteReference"), str(number)))
        add_bookmark(run._r, bookmark(number), number)
        footnote = _with_id(OxmlElement("w:footnote"), str(number))
        holder = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{TEXT_STYLE}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{REFERENCE_STYLE}"/></w:rPr><w:footnoteRef/></w:r></w:p>'
        )
        footnote.append(holder)
        self._part.element.append(footnote)
        return Footnote(holder, self._part)


class Footnote:
    """The one paragraph of a footnote."""

    def __init__(self, holder: Element, part: XmlPart) -> None:
        self._holder = holder
        self._part = part

    def text(self, words: str) -> None:
        """Add words."""
        add_text(self._holder, words)

    def link(self, words: str, url: str) -> None:
        """Add words that lead to a page."""
        add_hyperlink(self._holder, self._part, words, url)

    def number_of(self, number: int) -> None:
        """Add the number of another footnote, which Word keeps right when footnotes are moved."""
        field: Element = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" NOTEREF {bookmark(number)} \\h ")
        add_text(field, str(number))
        self._holder.append(field)


def bookmark(number: int) -> str:
    """The name of the place where a footnote is referred to."""
    return f"_Note{number}"


def _with_id(element: Element, number: str) -> Element:
    element.set(qn("w:id"), number)
    return element
