"""How the Word documents that we write look: styles that can be changed in Word, no formatting of single words."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Pt, RGBColor

from assistant.briefing.word_parts import add_field, describe_table, mark_header_row, xml_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell, _Row

FONT = "Calibri"
INK, SOFT, ACCENT, DOUBT = (RGBColor.from_string(c) for c in ("1C2430", "566072", "1F3864", "9C2B1F"))
LINK = RGBColor.from_string("1D4F9C")

#: Thin lines between the rows, none between the columns.
_BORDERS = (
    f"<w:tblBorders {nsdecls('w')}>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="C9CFD8"/>' for side in ("top", "bottom", "insideH")
    )
    + "</w:tblBorders>"
)
#: Names of our own styles.
ABOUT, QUESTION, MISSING, DOUBTED = "About", "Question", "Not Found", "Doubt"


def new_document(title: str, day: date, program: str) -> "Document":
    """An empty document with styles, page numbers and properties.

    The margins suit Letter and A4 alike: the lines are as wide as both allow.
    """
    import docx

    document = docx.Document()
    package = document.part.package
    thumbnails = [name for name, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]
    for name in thumbnails:  # a picture of the template's own first page
        del package.rels[name]
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1.1)
    section.top_margin, section.bottom_margin = Inches(1), Inches(1)
    _style(document)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("Page ")
    add_field(footer, "PAGE", "1")
    footer.add_run(" of ")
    add_field(footer, "NUMPAGES", "1")
    about = document.core_properties
    about.title, about.author, about.last_modified_by = xml_text(title), program, program
    about.comments, about.language = "", "en-US"
    about.created = about.modified = datetime.combine(day, time(), UTC)
    return document


def add_table(
    document: "Document", title: str, description: str, header: "Sequence[str]", widths: "Sequence[float]"
) -> "Table":
    """A table with a row of column names; widths are inches. Add rows, then call ``finish_table``."""
    table: Table = document.add_table(1, len(header))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    describe_table(table, title, description)
    table._tbl.tblPr.append(parse_xml(_BORDERS))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for cell, name in zip(table.rows[0].cells, header, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E9EDF3"/>')
        cell._tc.get_or_add_tcPr().append(shade)
    return table


def add_row(table: "Table") -> "Sequence[_Cell]":
    """The cells of a new row."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row.cells


def finish_table(table: "Table", widths: "Sequence[float]") -> None:
    """Set what depends on the rows: widths of cells (some readers look nowhere else), style, header."""
    for n, row in enumerate(table.rows):
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Inches(width)
            for paragraph in cell.paragraphs:
                paragraph.style = "Table Text"
                paragraph.paragraph_format.keep_with_next = n == 0 or None
    mark_header_row(table)


def _style(document: "Document") -> None:
    styles = document.styles
    fonts = styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    for name in list(fonts.attrib):  # the template names a theme's fonts, which go before any other
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    _set(styles["Normal"], 11, after=6, line=1.12)
    title = _set(styles["Title"], 26, ACCENT, after=4)
    _unbordered(title)
    _set(styles["Heading 1"], 16, ACCENT, before=18, after=6)
    _set(styles["Heading 2"], 12.5, ACCENT, before=14, after=4)
    _set(styles["List Bullet"], 11, after=4, line=1.12)
    _set(styles["Footer"], 9, SOFT)
    _set(_added(document, ABOUT), 11, SOFT, after=6)
    _set(_added(document, "Table Text"), 9.5, after=2, before=2)
    missing = _set(_added(document, MISSING), 11, after=4)
    missing.paragraph_format.left_indent = Inches(0.2)
    border = f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8" w:color="8A94A3"/></w:pBdr>'
    missing.element.get_or_add_pPr().insert_element_before(parse_xml(border), "w:shd", "w:spacing", "w:ind")
    note = _set(_added(document, "footnote text", "FootnoteText"), 9, after=3)
    note.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    reference = _added(document, "footnote reference", "FootnoteReference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    link = _added(document, "Hyperlink", "Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = LINK, True
    doubt = _added(document, DOUBTED, DOUBTED, WD_STYLE_TYPE.CHARACTER)
    doubt.font.color.rgb, doubt.font.bold = DOUBT, True


def _added(
    document: "Document", name: str, style_id: str = "", kind: WD_STYLE_TYPE = WD_STYLE_TYPE.PARAGRAPH
) -> "ParagraphStyle":
    """A new style; one with an id is one of Word's own, which the template lacks."""
    style: ParagraphStyle = document.styles.add_style(name, kind, builtin=bool(style_id))
    if style_id:
        style.element.set(qn("w:styleId"), style_id)
    if kind is WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = document.styles["Normal"]
    style.hidden, style.quick_style = False, True
    return style


def _set(
    style: "ParagraphStyle",
    size: float,
    colour: RGBColor = INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
) -> "ParagraphStyle":
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    if fonts is not None:
        style.element.rPr.remove(fonts)
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = line
    return style


def _unbordered(title: "ParagraphStyle") -> None:
    """The template draws a line under titles."""
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)
