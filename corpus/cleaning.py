"""From markup to verbatim text with paragraphs.

Markdown becomes HTML (cmark-gfm, the reference implementation), HTML becomes a tree (lexbor), and one walk over
the tree writes the text. What goes: markup, invisible characters, runs of white space, and furniture that belongs
to the site and not to the release. What never changes: the words, their order, their spelling.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin

import cmarkgfm
from cmarkgfm.cmark import Options
from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.document import DropKind, Dropped, Problem, ProblemKind
from corpus.furniture import drop_kind, is_kept_furniture, take_out_furniture
from corpus.release import Link, Paragraph, ParagraphKind, Span
from corpus.sentences import sentence_spans

SITE = "https://home.treasury.gov"

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
INLINE_TAGS = frozenset(
    "a abbr acronym b big br cite code col colgroup del em font i img input ins kbd label mark o:p q s small span "
    "strike strong sub summary details sup time tt u var wbr hr head html title meta link".split()
)

#: A line of a text that was wrapped by hand is at most this long.
WRAPPED_LINE = 100
#: A paragraph set in bold throughout is a heading up to this many words.
HEADING_WORDS = 20
#: From this length on a paragraph that holds bold runs is looked through for headings.
RUN_TOGETHER = 1200
#: A plain line of up to so many words, mostly capitalised, before a paragraph of so many characters is a heading.
PLAIN_HEADING_WORDS, HEADED = 8, 150
#: Up to so many words between two gaps are a heading.
GAP_WORDS = 12
#: A paragraph that is one link and no sentence leads elsewhere.
LINK_WORDS = 12
#: So many short lines in a row, a third of them with figures, are the cells of a table.
CELLS = 8
#: A repeated lead is looked for among this many paragraphs at the start.
LEADING = 6

_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)([^<>]*)>")
#: Releases hold no code: a backtick is a quotation mark.
_BACKTICK = re.compile(r"(?<!\\)`")
_DELIMITER_ROW = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?")
_MARKS = re.compile(r"(?<![\\*])\*{2,3}(?!\*)")
_SENTENCE_ENDS = re.compile(r"[.!?:;][\"”’')\]]*\s*$")
_NAME_ENDS = re.compile(r"(?:^|[\s(·])[A-Z][\w’'-]*\)?\s*$")
_SENTENCE = re.compile(r"[\s*]*[A-Z][\w’'-]*,?\s+[a-z]")
#: A bracket opens no sentence after a heading, but for what a table's figures are in.
_STARTS_SENTENCE = re.compile(r"\s*(?:[\"“‘'\[]*[A-Z0-9•·]|\((?:in|[BM]illions)\b)")
#: Words that hardly ever stand in the middle of a name.
_OPENS_SENTENCE = re.compile(
    r"\s*[\"“]?(?:A|After|All|Although|An|As|At|Because|Before|But|By|During|Each|For|From|He|How|I|If|In|It|Last|Many|"
    r"More|Most|My|No|On|Once|One|Our|Over|She|Since|So|Some|Such|That|The|Their|There|These|They|This|Those|Through|"
    r"Thus|To|Today|Under|Until|We|What|When|Where|While|With|Without|You)\s+[a-zA-Z“\"]"
)
#: A wide gap where the source lost the end of a paragraph.
_GAP = re.compile(r"[ \t\u00a0]{3,}")
_FORM_LABEL = re.compile(r"(?:who|what|when|where|why|note|rsvp|contact)\b|\d{1,2}:\d\d", re.I)
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


class _Piece(NamedTuple):
    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""


@dataclass(slots=True)
class _Block:
    kind: ParagraphKind
    level: int = 0
    prefix: str = ""
    pieces: list[_Piece] = field(default_factory=list)

    @property
    def raw(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def clean_markdown(source: str, title: str = "") -> CleanText:
    """Turn Markdown (raw HTML allowed inside) into verbatim text.

    Raises:
        RecursionError: the markup is nested hundreds of levels deep.
    """
    problems: list[Problem] = []
    source, dropped = take_out_furniture(_without_invisible(source, problems))
    problems += _lost_characters(source)
    source, tags = _escape_unknown_tags(_BACKTICK.sub(r"\\`", source))
    if tags:
        problems.append(Problem(ProblemKind.RAW_HTML, f"{tags:,} HTML tags were read as markup"))
    markup = cmarkgfm.markdown_to_html_with_extensions(
        _bold_as_tags(_widen_tables(source)), options=Options.CMARK_OPT_UNSAFE, extensions=["table"]
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
    blocks = [_Block(ParagraphKind.BODY, pieces=[_Piece(part)]) for part in re.split(r"\n\s*\n", source)]
    return _assemble(list(_split_lines(blocks)), title, dropped, problems)


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


def _escape_unknown_tags(source: str) -> tuple[str, int]:
    """Words between angle brackets are words where HTML knows no such tag; gives the number of real tags too."""
    if "<" not in source:
        return source, 0
    tags = 0

    def known(match: re.Match[str]) -> str:
        nonlocal tags
        name = match[2].lower()
        if name in BLOCK_TAGS or name in INLINE_TAGS or name in SKIPPED_TAGS:
            tags += name != "br"
            return match[0]
        if re.match(r"(?:https?|mailto|ftp):", match[2] + match[3]) or "@" in match[3]:
            return match[0]  # an address in angle brackets is Markdown
        return f"&lt;{match[0][1:-1]}&gt;"

    return _TAG.sub(known, source), tags


def _widen_tables(source: str) -> str:
    """Give a table's head as many cells as its widest row has: Markdown drops the cells beyond the head's."""
    if "---" not in source or "|" not in source:
        return source
    lines = source.split("\n")
    for n in range(1, len(lines)):
        if not _DELIMITER_ROW.fullmatch(lines[n]):
            continue
        end = n + 1
        while end < len(lines) and lines[end].lstrip().startswith("|"):
            end += 1
        head = _cells(lines[n - 1])
        if head == _cells(lines[n]) and (missing := max(map(_cells, lines[n + 1 : end]), default=0) - head) > 0:
            lines[n - 1] = lines[n - 1].rstrip().removesuffix("|") + "|" + " |" * missing
            lines[n] = lines[n].rstrip().removesuffix("|") + "|" + " --- |" * missing
    return "\n".join(lines)


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))) + 1


def _bold_as_tags(source: str) -> str:
    """Pairs of ``**`` as ``<b>`` and ``</b>``, with the white space inside the marks moved outside.

    Sources set the marks beside a space (``** Kimsuky**``), where Markdown does not see them.
    """
    if "**" not in source:
        return source
    blocks = re.split(r"(\n[ \t]*\n|\n(?=\s*(?:[-|#>]|\d+[.)])\s*))", source)
    for n, block in enumerate(blocks):
        marks = _paired(list(_MARKS.finditer(block)))
        if len(marks) < 2 or block.startswith("    "):
            continue
        parts, position = [], 0
        for opening, closing in zip(marks[::2], marks[1::2], strict=False):
            inside = block[opening.end() : closing.start()]
            bare = inside.strip()
            before = inside[: len(inside) - len(inside.lstrip())]
            if block[: opening.start()].endswith(("(", "[", "“")):
                before = ""  # no blank after an opening bracket
            after = inside[len(inside.rstrip()) :] if bare else ""
            parts += [block[position : opening.start()], before, f"<b>{bare}</b>" if bare else "", after]
            position = closing.end()
        blocks[n] = "".join(parts) + block[position:]
    return "".join(blocks)


def _paired(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """An even number of marks: of an odd one, that is left out without which the bold runs are shortest."""
    if len(marks) % 2 == 0:
        return marks
    candidates = [marks[:n] + marks[n + 1 :] for n in range(len(marks))]

    def bold(pairs: list[re.Match[str]]) -> int:
        return sum(closing.start() - opening.end() for opening, closing in zip(pairs[::2], pairs[1::2], strict=True))

    return min(reversed(candidates), key=bold)


def _clean_tree(markup: str, title: str, dropped: list[Dropped], problems: list[Problem]) -> CleanText:
    body = LexborHTMLParser(markup).body
    if body is None:
        return CleanText("", dropped=tuple(dropped), problems=tuple(problems))
    found = list(_blocks(body))
    # A text that has its headings marked has no others inside its paragraphs.
    marked = any(block.kind is ParagraphKind.HEADING and block.raw.strip() for block in found)
    blocks: list[_Block] = []
    restored = 0
    for block in _split_lines(found):
        parts = _split_at_headings(block, marked)
        restored += sum(part.kind is ParagraphKind.HEADING for part in parts) if len(parts) > 1 else 0
        blocks += parts
    if restored:
        problems.append(Problem(ProblemKind.INLINE_HEADINGS, f"{restored:,} headings stood inside paragraphs"))
    return _assemble(blocks, title, dropped, problems)


def _blocks(root: LexborNode) -> Iterator[_Block]:
    """Walk the tree in document order, one block for every run of inline content."""
    block = _Block(ParagraphKind.BODY)

    def walk(node: LexborNode, bold: bool, italic: bool, url: str, kind: ParagraphKind, level: int) -> Iterator[_Block]:
        nonlocal block
        child = node.first_child
        while child is not None:
            tag = child.tag or ""
            if tag == "-text":
                block.pieces.append(_Piece(child.text_content or "", bold, italic, url))
            elif tag == "br":
                block.pieces.append(_Piece("\n", bold, italic))
            elif tag == "table" and " | " in (rows := "\n".join(_table_rows(child))):  # else a box of prose
                yield block
                yield _Block(ParagraphKind.TABLE, pieces=[_Piece(rows)])
                block = _Block(kind, level)
            elif tag in BLOCK_TAGS:
                yield block
                inner_level = HEADING_TAGS.get(tag, level)
                inner_kind = ParagraphKind.HEADING if tag in HEADING_TAGS else kind
                block = _Block(inner_kind, inner_level, _list_number(child) if tag == "li" else "")
                yield from walk(child, bold, italic, url, inner_kind, inner_level)
                yield block
                block = _Block(kind, level)
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


def _split_lines(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """A line break inside a block ends a paragraph, unless the text was wrapped by hand or the sentence goes on."""
    for block in blocks:
        lines = block.raw.strip().split("\n")
        wrapped = len(lines) > 1 and all(len(line) <= WRAPPED_LINE for line in lines)
        if block.kind is not ParagraphKind.BODY or wrapped or len(lines) == 1:
            yield block
            continue
        part = _Block(block.kind, prefix=block.prefix)
        for piece in block.pieces:
            for n, line in enumerate(piece.text.split("\n")):
                if n and line.lstrip()[:1].islower():
                    part.pieces.append(piece._replace(text=" "))
                elif n:
                    yield part
                    part = _Block(block.kind)
                part.pieces.append(piece._replace(text=line))
        yield part


def _split_at_headings(block: _Block, marked: bool) -> list[_Block]:
    """Give a release that is one long paragraph its paragraphs and sections back.

    Wide gaps between sentences are lost paragraph breaks. A bold or italic run is a heading where a sentence ends
    before it and one starts after it; one that goes on in the sentence ("**Choe Chol Min** is ...") is a name. At the
    start of a paragraph of any length, a run is a heading if a sentence plainly starts after it.

    Args:
        block: what to split.
        marked: the text has headings that are marked as such, so that no other is looked for.
    """
    if block.kind is not ParagraphKind.BODY:
        return [block]
    long = len(block.raw) >= RUN_TOGETHER
    parts = _split_at_gaps(block) if long else [block]
    return parts if marked else [piece for part in parts for piece in _split_at_runs(part, long)]


def _split_at_gaps(block: _Block) -> list[_Block]:
    """A gap of three blanks or more between sentences ends a paragraph; few words between two gaps are a heading."""
    parts = [_Block(ParagraphKind.BODY, prefix=block.prefix)]
    for n, piece in enumerate(block.pieces):
        lines = _GAP.split(piece.text)
        for m, line in enumerate(lines):
            if m:
                before = parts[-1].raw.strip()
                after = line or "".join(later.text for later in block.pieces[n + 1 : n + 3])
                few = before[-1:].isalpha() and len(before.split()) <= GAP_WORDS
                ended = not before or few or _SENTENCE_ENDS.search(before[-12:])
                if ended and _STARTS_SENTENCE.match(after):
                    parts.append(_Block(ParagraphKind.BODY))
                else:
                    parts[-1].pieces.append(piece._replace(text=" "))
            parts[-1].pieces.append(piece._replace(text=line))
    parts = [part for part in parts if part.raw.strip()]
    for part in parts[1:-1]:
        if len(part.raw.split()) <= GAP_WORDS and _reads_as_heading(part.raw):
            part.kind, part.level = ParagraphKind.HEADING, BOLD_HEADING_LEVEL
    return parts


def _split_at_runs(block: _Block, long: bool) -> list[_Block]:
    if block.kind is not ParagraphKind.BODY:
        return [block]
    runs = list(_emphasis_runs(block.pieces))
    parts = [_Block(ParagraphKind.BODY, prefix=block.prefix)]
    for n, pieces in enumerate(runs):
        text = "".join(piece.text for piece in pieces)
        before = parts[-1].raw
        after = "".join(piece.text for run in runs[n + 1 : n + 3] for piece in run)
        emphasised = pieces[0].bold or pieces[0].italic
        leads = len(parts) == 1 and not before.strip() and not block.prefix and bool(_OPENS_SENTENCE.match(after))
        between = long and _between_sentences(before, text, after)
        if emphasised and _reads_as_heading(text) and (between or (leads and len(text.split()) > 1)):
            parts.append(_Block(ParagraphKind.HEADING, BOLD_HEADING_LEVEL, pieces=pieces))
            parts.append(_Block(ParagraphKind.BODY))
        else:
            parts[-1].pieces.extend(pieces)
    return [part for part in parts if part.raw.strip()]


def _emphasis_runs(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Neighbouring pieces that are all bold, all italic, or all plain."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and (run[-1].bold, run[-1].italic) != (piece.bold, piece.italic):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _between_sentences(before: str, text: str, after: str) -> bool:
    """Whether a run stands where one sentence, or a list without full stops, has ended and another begins."""
    if not before.strip() or _SENTENCE_ENDS.search(before[-12:]):
        return bool(_STARTS_SENTENCE.match(after))
    ends_list = _NAME_ENDS.search(before[-60:]) and len(text.split()) > 2
    return bool(ends_list and _SENTENCE.match(after))


def _reads_as_heading(text: str) -> bool:
    """Up to ``HEADING_WORDS`` words that do not end like a sentence, and are no dateline, time or label of a form."""
    text = text.strip()
    words = text.split()
    return (
        sum(c.isalpha() for c in text) > sum(c.isdigit() for c in text)
        and len(words) <= HEADING_WORDS
        and not text.endswith((".", "!", "?", ",", ";", ":", "”", '"', "-", "–", "—"))
        and not _FORM_LABEL.match(text)
        # "As prepared for delivery WASHINGTON": a place in capitals that opens the text.
        and (text.isupper() or not re.fullmatch(r"[A-Z]{7,}", words[-1]))
    )


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


class _Spans(NamedTuple):
    bold: list[Span]
    links: list[Link]


def _assemble(blocks: list[_Block], title: str, dropped: list[Dropped], problems: list[Problem]) -> CleanText:
    writer = _Writer()
    title_words = _words(title)
    leads: set[str] = set()
    last = ""
    folded = list(_gather_cells([(block, *_fold_white_space(block)) for block in blocks], problems))
    for n, (block, text, spans) in enumerate(folded):
        drop = drop_kind(text)
        certain = {DropKind.LETTERHEAD: len(writer.paragraphs) < LEADING, DropKind.SITE_MENU: False}
        if drop and certain.get(drop, True):
            dropped.append(Dropped(drop, text))
            continue
        words = _words(text)
        if title_words and words == title_words and len(writer.paragraphs) < LEADING:
            dropped.append(Dropped(DropKind.REPEATED_TITLE, text))
            continue
        leading = len(writer.paragraphs) < LEADING
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
    return CleanText(
        "".join(writer.parts),
        tuple(writer.paragraphs),
        tuple(writer.bold),
        tuple(writer.links),
        tuple(dropped),
        tuple(problems),
    )


_Folded = tuple[_Block, str, _Spans]


def _kind_of(block: _Block, text: str, spans: _Spans, writer: _Writer, following: str) -> tuple[ParagraphKind, int]:
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
    emphasised = _is_throughout(block, "bold") or (not first and _is_throughout(block, "italic"))
    if emphasised and _reads_as_heading(text):
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
        and _reads_as_heading(text)
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
            yield _Block(ParagraphKind.TABLE), text, _Spans([], [])
        else:
            yield from run
        run = []
        if folded:
            yield folded


_FIGURE_CELL = re.compile(r"[-–$(*]*\d[\d,.]*[%)*]?|n\.?a\.?|[-–]+|\*+")


def _is_cell(text: str) -> bool:
    """Whether a line is short and no sentence."""
    return len(text) <= 60 and len(text.split()) <= 7 and not text.endswith((".", "!", "?", ";", "”", '"'))


def _fold_white_space(block: _Block) -> tuple[str, _Spans]:
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


def _is_throughout(block: _Block, style: str) -> bool:
    """Whether all words of a block are ``bold``, or ``italic``."""
    words = [piece for piece in block.pieces if piece.text.strip()]
    return bool(words) and all(getattr(piece, style) for piece in words)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
