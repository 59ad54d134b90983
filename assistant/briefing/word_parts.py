"""What python-docx leaves to its users: links, fields, bookmarks, table headers, text that XML can hold."""

import re
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

#: Characters that no XML 1.0 document can hold, written out or escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: Elements and parts of python-docx, which has no types.
Element = Any


def xml_text(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def add_text(holder: Element, words: str, style: str = "") -> Element:
    """Add a run of words to a paragraph's or a link's element; gives the run."""
    run = OxmlElement("w:r")
    if style:
        named = OxmlElement("w:rStyle")
        named.set(qn("w:val"), style)
        properties = OxmlElement("w:rPr")
        properties.append(named)
        run.append(properties)
    text = OxmlElement("w:t")
    text.text = xml_text(words)
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    holder.append(run)
    return run


def add_hyperlink(holder: Element, part: Element, words: str, url: str) -> None:
    """Add words that lead to a page; ``part`` is the one that the element is in."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), part.relate_to(xml_text(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    add_text(link, words, "Hyperlink")
    holder.append(link)


def add_bookmark(run: Element, name: str, number: int) -> None:
    """Put a bookmark around a run; numbers and names are unique in a document."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    run.addprevious(start)
    run.addnext(end)


def add_field(paragraph: "Paragraph", code: str, shown: str) -> None:
    """Add what Word works out: PAGE, NUMPAGES; ``shown`` stands there until it does."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {code} ")
    add_text(field, shown)
    paragraph._p.append(field)


def mark_header_row(table: "Table") -> None:
    """The first row names the columns: it is read out so, and repeated on every page; no row is cut in two."""
    for n, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if n == 0:
            properties.append(OxmlElement("w:tblHeader"))


def describe_table(table: "Table", title: str, description: str) -> None:
    """What a table is, for those who do not see it."""
    for name, words in (("w:tblCaption", title), ("w:tblDescription", description)):
        element = OxmlElement(name)
        element.set(qn("w:val"), words)
        table._tbl.tblPr.append(element)
