"""From markup to verbatim text with paragraphs.

Markdown becomes HTML (cmark-gfm, the reference implementation), HTML becomes a tree (lexbor), and one walk over
the tree writes the text. What goes: markup, invisible characters, runs of white space, and furniture that belongs
to the site and not to the release. What never changes: the words, their order, their spelling.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urljoin

import cmarkgfm
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser

from corpus.blocks import WHITE_SPACE, Block, Piece, blocks_of, is_throughout, split_lines
from corpus.document import DropKind, Dropped, Problem, ProblemKind
from corpus.furniture import drop_kind, is_kept_furniture, take_out_furniture
from corpus.headings import (
    BOLD_HEADING_LEVEL,
    HEADED,
    PLAIN_HEADING_WORDS,
    reads_as_heading,
    split_at_headings,
)
from corpus.markdown_repair import BACKTICK, bold_as_tags, escape_unknown_tags, widen_tables
from corpus.release import Link, Paragraph, ParagraphKind, Span
from corpus.sentences import sentence_spans

SITE = "https://home.treasury.gov"
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: A paragraph that is one link and no sentence leads elsewhere.
LINK_WORDS = 12
#: So many short lines in a row, a third of them with figures, are the cells of a table.
CELLS = 8
#: A repeated lead is looked for among this many paragraphs at the start.
LEADING = 6
#: Figures of several cells with nothing between them: three decimal points, or thousands that run on.
_RUN_OF_DIGITS = re.compile(
    r"(?:\d+\.\d+){3}|(?:\d{1,3},\d{3}){2}\d*,\d{3}\d|(?:-?0\.\d\d){3}|(?:(?<!\S)[-$(]*[\d,.]*\d[%)]?\s+){8}"
)


@dataclass(frozen=True, slots=True)
class CleanText:
    """Verbatim text with everything that is known of its characters, and what was taken out or mended."""

    text: str
    paragraphs: tuple[Paragraph, ...] = ()
    bold: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    problems: tuple[Problem, ...] = ()


def clean_markdown(source: str, title: str = "") -> CleanText:
    """Turn Markdown (raw HTML allowed inside) into verbatim text.

    Raises:
        RecursionError: the markup is nested hundreds of levels deep.
    """
    problems: list[Problem] = []
    source, dropped = take_out_furniture(_without_invisible(source, problems))
    problems += _lost_characters(source)
    source, tags = escape_unknown_tags(BACKTICK.sub(r"\\`", source))
    if tags:
        problems.append(Problem(ProblemKind.RAW_HTML, f"{tags:,} HTML tags were read as markup"))
    markup = cmarkgfm.markdown_to_html_with_extensions(
        bold_as_tags(widen_tables(source)), options=Options.CMARK_OPT_UNSAFE, extensions=["table"]
    )
    return _clean_tree(markup, title, dropped, problems)


def clean_html(source: str, title: str = "") -> CleanText:
    """Turn the HTML of a body into verbatim text.

    Raises:
        RecursionError: the markup is nested hundreds of levels deep.
    """
    problems: list[Problem] = []
    source, dropped = take_out_furniture(_without_invisible(source, problems))
    problems += _lost_characters(source)
    return _clean_tree(source, title, dropped, problems)


def clean_text(source: str, title: str = "") -> CleanText:
    """Turn plain text into verbatim text: no character of it is markup."""
    problems: list[Problem] = []
    source, dropped = take_out_furniture(_without_invisible(source, problems))
    problems += _lost_characters(source)
    blocks = [Block(ParagraphKind.BODY, pieces=[Piece(part)]) for part in re.split(r"\n\s*\n", source)]
    return _assemble(list(split_lines(blocks)), title, dropped, problems)


def clean_title(title: str) -> str:
    """A title in one line, without invisible characters, markup, or the quotation marks that YAML doubled."""
    title = html.unescape(title).encode("utf-8", "replace").decode()
    title = INVISIBLE.sub("", title).replace("''", "'").replace('""', '"')
    return " ".join(re.sub(r"\*{2,}", "", title).split())


def _without_invisible(source: str, problems: list[Problem]) -> str:
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    source, count = INVISIBLE.subn("", source)
    if count:
        problems.append(Problem(ProblemKind.INVISIBLE, f"{count:,} invisible characters were taken out"))
    return source


def _lost_characters(source: str) -> list[Problem]:
    """U+FFFD stands where a character was lost before the text reached us: it stays, and is reported."""
    at = source.find("\ufffd")
    if at < 0:
        return []
    around = " ".join(source[max(0, at - 20) : at + 20].split())
    reason = f"{source.count(chr(0xFFFD)):,} characters were lost at the source, the first in “{around}”"
    return [Problem(ProblemKind.LOST_CHARACTER, reason, source.count("\n", 0, at) + 1)]


def _clean_tree(markup: str, title: str, dropped: list[Dropped], problems: list[Problem]) -> CleanText:
    body = LexborHTMLParser(markup).body
    if body is None:
        return CleanText("", dropped=tuple(dropped), problems=tuple(problems))
    found = list(blocks_of(body))
    # A text that has its headings marked has no others inside its paragraphs.
    marked = any(block.kind is ParagraphKind.HEADING and block.raw.strip() for block in found)
    blocks: list[Block] = []
    restored = 0
    for block in split_lines(found):
        parts = split_at_headings(block, marked)
        restored += sum(part.kind is ParagraphKind.HEADING for part in parts) if len(parts) > 1 else 0
        blocks += parts
    if restored:
        problems.append(Problem(ProblemKind.INLINE_HEADINGS, f"{restored:,} headings stood inside paragraphs"))
    return _assemble(blocks, title, dropped, problems)


class _Spans(NamedTuple):
    bold: list[Span]
    links: list[Link]


class _Writer:
    """Writes paragraphs one after the other, and keeps count of where things stand."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.position = 0
        self.paragraphs: list[Paragraph] = []
        self.bold: list[Span] = []
        self.links: list[Link] = []
        self._headings: list[tuple[int, str]] = []

    def write(self, kind: ParagraphKind, level: int, text: str, spans: "_Spans") -> None:
        if kind is ParagraphKind.HEADING:
            self._headings = [heading for heading in self._headings if heading[0] < level]
        if self.parts:
            self.parts.append("\n\n")
            self.position += 2
        start = self.position
        paragraph = Paragraph(
            start=start,
            end=start + len(text),
            kind=kind,
            headings=tuple(heading for _, heading in self._headings),
            sentences=sentence_spans(text, start) if kind is ParagraphKind.BODY else (),
        )
        if kind is ParagraphKind.HEADING:
            self._headings.append((level, text))
        elif kind is ParagraphKind.BODY:
            self.bold += [Span(start + a, start + b) for a, b in spans.bold]
        self.links += [Link(start + a, start + b, url) for a, b, url in spans.links]
        self.paragraphs.append(paragraph)
        self.parts.append(text)
        self.position += len(text)


_Folded = tuple[Block, str, _Spans]


def _assemble(blocks: list[Block], title: str, dropped: list[Dropped], problems: list[Problem]) -> CleanText:
    writer = _Writer()
    title_words = _words(title)
    leads: set[str] = set()
    last = ""
    folded = list(_gather_cells([(block, *_fold_white_space(block)) for block in blocks], problems))
    for n, (block, text, spans) in enumerate(folded):
        leading = len(writer.paragraphs) < LEADING
        if drop := drop_kind(text, at_edge=leading):
            dropped.append(Dropped(drop, text))
            continue
        words = _words(text)
        if title_words and words == title_words and leading:
            dropped.append(Dropped(DropKind.REPEATED_TITLE, text))
            continue
        if words.count(" ") >= LEADING and ((leading and words in leads) or last.endswith(words)):
            dropped.append(Dropped(DropKind.REPEATED_LEAD, text))
            problems.append(Problem(ProblemKind.REPEATED_LEAD, f"said twice: “{text[:60]}”"))
            continue
        if leading:
            leads.add(words)
        last = words
        kind, level = block.kind, block.level
        if kind is ParagraphKind.BODY:
            following = folded[n + 1][1] if n + 1 < len(folded) else ""
            kind, level = _kind_of(block, text, spans, writer, following)
            if kind is ParagraphKind.TABLE:
                problems.append(Problem(ProblemKind.FLATTENED_TABLE, f"figures run together: “{text[:60]}”"))
        writer.write(kind, level, text, spans)
    text = "".join(writer.parts)
    return CleanText(
        text,
        tuple(_with_links_as_body(text, writer.paragraphs)),
        tuple(writer.bold),
        tuple(writer.links),
        tuple(dropped),
        tuple(problems),
    )


def _with_links_as_body(text: str, paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """A page that holds nothing but links to its reports has these as its body."""
    bare = not any(p.kind in (ParagraphKind.BODY, ParagraphKind.TABLE) for p in paragraphs)
    for paragraph in paragraphs:
        words = text[paragraph.start : paragraph.end]
        if bare and paragraph.kind is ParagraphKind.FURNITURE and not is_kept_furniture(words):
            sentences = sentence_spans(words, paragraph.start)
            yield replace(paragraph, kind=ParagraphKind.BODY, sentences=sentences)
        else:
            yield paragraph


def _kind_of(block: Block, text: str, spans: _Spans, writer: _Writer, following: str) -> tuple[ParagraphKind, int]:
    """What a paragraph of running text is, and the level where it is a heading.

    Args:
        block: the paragraph.
        text: its words.
        spans: its links.
        writer: what stands before it.
        following: the text after it.
    """
    if is_kept_furniture(text):
        return ParagraphKind.FURNITURE, 0
    if _RUN_OF_DIGITS.search(text):
        return ParagraphKind.TABLE, 0
    heading = (ParagraphKind.HEADING, BOLD_HEADING_LEVEL)
    first = not writer.paragraphs
    emphasised = is_throughout(block, "bold") or (not first and is_throughout(block, "italic"))
    if emphasised and reads_as_heading(text):
        return heading
    words = text.split()
    ended = not first and writer.parts[-1].rstrip().endswith((".", "!", "?", "”", '"'))
    capitals = sum(word[:1].isupper() for word in words)
    if (
        ended
        and not block.prefix
        and 1 < len(words) <= PLAIN_HEADING_WORDS
        and capitals * 2 > len(words)
        and len(following) >= HEADED
        and reads_as_heading(text)
        and not any(c.isdigit() or c == "," for c in text)
        and not spans.links
    ):
        return heading
    if len(spans.links) == 1 and spans.links[0][:2] == (0, len(text)) and len(words) <= LINK_WORDS:
        return ParagraphKind.FURNITURE, 0
    return ParagraphKind.BODY, 0


def _gather_cells(blocks: list[_Folded], problems: list[Problem]) -> Iterator[_Folded]:
    """Make one table of the cells of a table that the source sets one a line; empty blocks are left out."""
    run: list[_Folded] = []
    for folded in (*(folded for folded in blocks if folded[1]), None):
        if folded and folded[0].kind is ParagraphKind.BODY and _is_cell(folded[1]):
            run.append(folded)
            continue
        figures = sum(_FIGURE_CELL.fullmatch(text) is not None for _, text, _ in run)
        if len(run) >= CELLS and figures >= CELLS / 2 and figures >= len(run) / 3:
            text = "\n".join(cell for _, cell, _ in run)
            problems.append(Problem(ProblemKind.FLATTENED_TABLE, f"{len(run):,} cells stand one a line"))
            yield Block(ParagraphKind.TABLE), text, _Spans([], [])
        else:
            yield from run
        run = []
        if folded:
            yield folded


_FIGURE_CELL = re.compile(r"[-–$(*]*\d[\d,.]*[%)*]?|n\.?a\.?|[-–]+|\*+")


def _is_cell(text: str) -> bool:
    """Whether a line is short and no sentence."""
    return len(text) <= 60 and len(text.split()) <= 7 and not text.endswith((".", "!", "?", ";", "”", '"'))


def _fold_white_space(block: Block) -> tuple[str, _Spans]:
    """The block's text with every run of white space folded to one, and where its bold runs and links then stand."""
    if block.kind is ParagraphKind.TABLE:
        return block.raw, _Spans([], [])
    out = [block.prefix]
    length = len(block.prefix)
    spaced = True  # no white space at the start, and none after white space
    touching = False  # nothing but white space since the last bold run
    bold: list[Span] = []
    links: list[Link] = []
    for piece in block.pieces:
        # Stray asterisks are bold marks that the source set where Markdown does not see them.
        text = WHITE_SPACE.sub(" ", piece.text.replace("*", "") if "*" in piece.text else piece.text)
        if spaced and text.startswith(" "):
            text = text[1:]
        if not text:
            continue
        bare = text.strip()
        start = length + len(text) - len(text.lstrip())
        end = start + len(bare)
        if bare and piece.bold:
            if touching:
                bold[-1] = Span(bold[-1].start, end)
            else:
                bold.append(Span(start, end))
        touching = piece.bold if bare else touching
        if bare and piece.url:
            url = piece.url if piece.url.startswith("#") else urljoin(SITE, piece.url)
            if links and links[-1].url == url and links[-1].end >= start - 1:
                links[-1] = Link(links[-1].start, end, url)
            else:
                links.append(Link(start, end, url))
        out.append(text)
        length += len(text)
        spaced = text.endswith(" ")
    return "".join(out).rstrip(), _Spans(bold, links)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
