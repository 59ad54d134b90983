"""From a tree of HTML to blocks: runs of inline content in document order, with what is bold, italic or linked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from corpus.release import ParagraphKind

WHITE_SPACE = re.compile(r"\s+")
HEADING_TAGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCK_TAGS = (
    frozenset(
        "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure footer form "
        "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
    )
    | HEADING_TAGS.keys()
)
SKIPPED_TAGS = frozenset(["head", "iframe", "img", "noscript", "script", "style", "svg", "template"])
#: A line of a text that was wrapped by hand is at most this long.
WRAPPED_LINE = 100


class Piece(NamedTuple):
    """Words of one style."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""


@dataclass(slots=True)
class Block:
    """A run of inline content; ``prefix`` is the number of a list's item."""

    kind: ParagraphKind
    level: int = 0
    prefix: str = ""
    pieces: list[Piece] = field(default_factory=list)

    @property
    def raw(self) -> str:
        """All words, white space as it was."""
        return "".join(piece.text for piece in self.pieces)


def blocks_of(root: LexborNode) -> Iterator[Block]:
    """Walk the tree in document order, one block for every run of inline content."""
    block = Block(ParagraphKind.BODY)

    def walk(node: LexborNode, bold: bool, italic: bool, url: str, kind: ParagraphKind, level: int) -> Iterator[Block]:
        nonlocal block
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                block.pieces.append(Piece(child.text_content or "", bold, italic, url))
            elif tag == "br":
                block.pieces.append(Piece("\n", bold, italic))
            elif tag == "table" and " | " in (rows := "\n".join(_table_rows(child))):  # else a box of prose
                yield block
                yield Block(ParagraphKind.TABLE, pieces=[Piece(rows)])
                block = Block(kind, level)
            elif tag in BLOCK_TAGS:
                prefix = _list_number(child) if tag == "li" else ""
                if not prefix and not block.raw.strip():  # an item's number goes to its first paragraph
                    prefix, block.prefix = block.prefix, ""
                yield block
                inner_level = HEADING_TAGS.get(tag, level)
                inner_kind = ParagraphKind.HEADING if tag in HEADING_TAGS else kind
                block = Block(inner_kind, inner_level, prefix)
                yield from walk(child, bold, italic, url, inner_kind, inner_level)
                yield block
                block = Block(kind, level)
            elif tag not in SKIPPED_TAGS and not tag.startswith("-"):
                inner_url = (child.attributes.get("href") or "") if tag == "a" else url
                inner_bold, inner_italic = bold or tag in ("strong", "b"), italic or tag in ("em", "i")
                yield from walk(child, inner_bold, inner_italic, inner_url, kind, level)
            child = child.next

    yield from walk(root, False, False, "", ParagraphKind.BODY, 0)
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
            yield " | ".join(cells).rstrip(" |")  # cells that only fill the row up


def split_lines(blocks: Iterable[Block]) -> Iterator[Block]:
    """A line break inside a block ends a paragraph, unless the text was wrapped by hand or the sentence goes on."""
    for block in blocks:
        lines = block.raw.strip().split("\n")
        wrapped = len(lines) > 1 and all(len(line) <= WRAPPED_LINE for line in lines)
        if block.kind is not ParagraphKind.BODY or wrapped or len(lines) == 1:
            yield block
            continue
        part = Block(block.kind, prefix=block.prefix)
        for piece in block.pieces:
            for n, line in enumerate(piece.text.split("\n")):
                if n and line.lstrip()[:1].islower():
                    part.pieces.append(piece._replace(text=" "))
                elif n:
                    yield part
                    part = Block(block.kind)
                part.pieces.append(piece._replace(text=line))
        yield part


def is_throughout(block: Block, style: str) -> bool:
    """Whether all words of a block are ``bold``, or ``italic``."""
    words = [piece for piece in block.pieces if piece.text.strip()]
    return bool(words) and all(getattr(piece, style) for piece in words)
