"""From markup to verbatim text with paragraphs.

Markdown becomes HTML (cmark-gfm, the reference implementation), HTML becomes a tree (lexbor), and one walk over
the tree writes the text. What goes: markup, invisible characters, runs of white space, and furniture that belongs
to the site and not to the release. What never changes: the words, their order, their spelling.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import cmarkgfm
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.release import Paragraph, ParagraphKind
from corpus.sentences import sentence_spans

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
WHITE_SPACE = re.compile(r"\s+")

HEADING_TAGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BOLD_HEADING_LEVEL = 7
BLOCK_TAGS = (
    frozenset(
        "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form "
        "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
    )
    | HEADING_TAGS.keys()
)
SKIPPED_TAGS = frozenset(["head", "iframe", "img", "noscript", "script", "style", "svg", "template"])

#: The site's mark on old pages, at times set right before the first word.
ARCHIVED = re.compile(r"\A\s*[*_]*\(Archived Content\)[*_]*")
#: Whole lines and paragraphs that belong to the site or the letterhead, never to the release.
FURNITURE = re.compile(
    r"""(?:FROM\ THE\ )?OFFICE\ OF\ PUBLIC\ AFFAIRS .{0,20}
    | (?:[A-Z]{2,3}|report)(?:\ ?-\ ?)?\d{1,5}                  # the id set as a line of its own
    | \d+(?:-\d+){4,}                                            # the number of a page of the old site
    | (?:[\#-]\ ?){2,} | -\ ?\d+\ ?-                              # end marks: ###, # # #, -30-
    | (?:To\ view\ or\ print|We\ recommend\ printing)\b.{0,200}
    | Enter\ Search\ Term.* | Advanced\ Search | About\ Treasury""",
    re.X | re.I,
)
#: A line of a text that was wrapped by hand is at most this long.
WRAPPED_LINE = 100
#: A paragraph set in bold throughout is a heading up to this many words.
HEADING_WORDS = 20


@dataclass(slots=True)
class _Block:
    kind: ParagraphKind
    level: int = 0
    prefix: str = ""
    pieces: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, text: str, bold: bool) -> None:
        self.pieces.append((text, bold))


def clean_markdown(source: str, title: str = "") -> tuple[str, tuple[Paragraph, ...]]:
    """Turn Markdown (raw HTML allowed inside) into verbatim text and its paragraphs."""
    source = INVISIBLE.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    source = "\n".join("" if _is_furniture(line) else line for line in ARCHIVED.sub("", source).split("\n"))
    html = cmarkgfm.markdown_to_html_with_extensions(source, options=Options.CMARK_OPT_UNSAFE, extensions=["table"])
    body = LexborHTMLParser(html).body
    return _assemble(_split_lines(_blocks(body)) if body else (), title)


def clean_title(title: str) -> str:
    """A title in one line, without invisible characters."""
    return " ".join(INVISIBLE.sub("", title).split())


def clean_text(source: str, title: str = "") -> tuple[str, tuple[Paragraph, ...]]:
    """Turn plain text into verbatim text and its paragraphs: no character of it is markup."""
    source = INVISIBLE.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = (_Block(ParagraphKind.BODY, pieces=[(part, False)]) for part in re.split(r"\n\s*\n", source))
    return _assemble(_split_lines(blocks), title)


def _is_furniture(line: str) -> bool:
    return bool(FURNITURE.fullmatch(line.strip("*_ \t\u00a0")))


def _blocks(root: LexborNode) -> Iterator[_Block]:
    """Walk the tree in document order, one block for every run of inline content."""
    block = _Block(ParagraphKind.BODY)

    def walk(node: LexborNode, bold: bool, kind: ParagraphKind, level: int) -> Iterator[_Block]:
        nonlocal block
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                block.add(child.text_content or "", bold)
            elif tag == "br":
                block.add("\n", bold)
            elif tag == "table":
                yield block
                block = _Block(ParagraphKind.TABLE)
                block.add("\n".join(_table_rows(child)), False)
                yield block
                block = _Block(kind, level)
            elif tag in BLOCK_TAGS:
                yield block
                inner_level = HEADING_TAGS.get(tag, level)
                inner_kind = ParagraphKind.HEADING if tag in HEADING_TAGS else kind
                block = _Block(inner_kind, inner_level, _list_number(child) if tag == "li" else "")
                yield from walk(child, bold, inner_kind, inner_level)
                yield block
                block = _Block(kind, level)
            elif tag not in SKIPPED_TAGS and not tag.startswith("-"):
                yield from walk(child, bold or tag in ("strong", "b"), kind, level)
            child = child.next

    yield from walk(root, False, ParagraphKind.BODY, 0)
    yield block


def _list_number(item: LexborNode) -> str:
    """The number of an item in an ordered list: it is part of the words ("1. Includes ...")."""
    parent = item.parent
    if parent is None or parent.tag != "ol":
        return ""
    start = parent.attributes.get("start") or ""
    number = int(start) if start.isdecimal() else 1
    before = item.prev
    while before is not None:
        number += before.tag == "li"
        before = before.prev
    return f"{number}. "


def _table_rows(table: LexborNode) -> Iterator[str]:
    for row in table.css("tr"):
        cells = [WHITE_SPACE.sub(" ", cell.text(deep=True)).strip() for cell in row.iter() if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)


def _split_lines(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """A line break inside a block ends a paragraph, unless the text was wrapped by hand or the sentence goes on."""
    for block in blocks:
        lines = "".join(text for text, _ in block.pieces).strip().split("\n")
        wrapped = len(lines) > 1 and all(len(line) <= WRAPPED_LINE for line in lines)
        if block.kind is not ParagraphKind.BODY or wrapped or len(lines) == 1:
            yield block
            continue
        part = _Block(block.kind, prefix=block.prefix)
        for text, bold in block.pieces:
            for n, line in enumerate(text.split("\n")):
                if n and line.lstrip()[:1].islower():
                    part.add(" ", bold)
                elif n:
                    yield part
                    part = _Block(block.kind)
                part.add(line, bold)
        yield part


def _assemble(blocks: Iterator[_Block] | tuple[()], title: str) -> tuple[str, tuple[Paragraph, ...]]:
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    headings: list[tuple[int, str]] = []
    position = 0
    for block in blocks:
        raw = "".join(text for text, _ in block.pieces)
        if block.kind is ParagraphKind.TABLE:
            text = raw
        else:
            # Stray asterisks are bold marks that the source set beside a space, where Markdown does not see them.
            text = WHITE_SPACE.sub(" ", block.prefix + re.sub(r"\*+", "", raw)).strip()
        if not text or _is_furniture(text) or (not paragraphs and _same_words(text, title)):
            continue
        kind, level = block.kind, block.level
        if kind is ParagraphKind.BODY and _is_bold_heading(block, text):
            kind, level = ParagraphKind.HEADING, BOLD_HEADING_LEVEL
        if kind is ParagraphKind.HEADING:
            headings = [h for h in headings if h[0] < level]
        if parts:
            parts.append("\n\n")
            position += 2
        paragraphs.append(
            Paragraph(
                start=position,
                end=position + len(text),
                kind=kind,
                headings=tuple(heading for _, heading in headings),
                sentences=sentence_spans(text, position) if kind is ParagraphKind.BODY else (),
            )
        )
        if kind is ParagraphKind.HEADING:
            headings.append((level, text))
        parts.append(text)
        position += len(text)
    return "".join(parts), tuple(paragraphs)


def _is_bold_heading(block: _Block, text: str) -> bool:
    """A short paragraph set in bold throughout that does not end like a sentence."""
    return (
        any(piece.strip() for piece, bold in block.pieces if bold)
        and all(bold or not piece.strip() for piece, bold in block.pieces)
        and len(text.split()) <= HEADING_WORDS
        and not text.endswith((".", "!", "?", ",", ";", "”", '"'))
    )


def _same_words(text: str, title: str) -> bool:
    return re.findall(r"\w+", text.lower()) == re.findall(r"\w+", title.lower())
