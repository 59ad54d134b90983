"""Drafts in Markdown and in plain text: their pieces, each with the places of its words in the text."""

import re
from collections.abc import Iterator

from assistant.briefing.draft.draft import Block, BlockKind
from assistant.briefing.draft.references import Mention
from assistant.question import PAGE, page_id
from corpus.loaders.markdown import FRONT_MATTER

#: A footnote or a link's address, set apart at the start of a line; the lines under it that are indented belong to it.
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>\^?[^\]\n]+)\]:[ \t]*(?P<text>.*(?:\n[ \t]+\S.*)*)", re.M)
#: A numbered source as ``assistant ask`` prints it, and as people list them.
_NUMBERED = re.compile(r"^ {0,3}\[(?P<label>\d{1,3})\][ \t]+(?P<text>\S.*(?:\n[ \t]+\S.*)*)", re.M)
_MARK = r"(?:[-*•–]|\d{1,2}[.)])[ \t]+"
_PIECE = re.compile(rf"(?P<mark>{_MARK})?(?P<words>\S(?:.|\n(?![ \t]*(?:\n|\Z|{_MARK})))*)")
#: What Markdown marks words with; the group ``words`` is kept, or nothing.
_INLINE = re.compile(
    r"""!\[[^\]]*\]\([^)\s]*[^)]*\)
    | \[(?!\^)(?P<words>[^\]\[]+)\](?:\((?P<url>[^)\s]+)[^)]*\)|\[(?P<label>[^\]\[]+)\])
    | \\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<code>`+)
    | \*{1,3}(?=\S) | (?<=\S)\*{1,3}
    | (?<!\w)_{1,3}(?=\S) | (?<=\S)_{1,3}(?!\w)
    """,
    re.X,
)


def notes_apart(text: str) -> tuple[str, dict[str, str]]:
    """The text with its footnotes and lists of sources blanked, every place kept, and what these say by label."""
    notes: dict[str, str] = {}

    def blank(match: re.Match[str]) -> str:
        notes[match["label"].removeprefix("^")] = " ".join(match["text"].split())
        return re.sub(r"\S", " ", match[0])

    return _NUMBERED.sub(blank, _DEFINITION.sub(blank, text)), notes


def text_blocks(text: str) -> Iterator[Block]:
    """The paragraphs of plain text, set apart by blank lines, and its items, which a mark starts.

    A line break inside one counts as a space.
    """
    for match in _PIECE.finditer(text):
        start, end = match.span("words")
        kind = BlockKind.ITEM if match["mark"] else BlockKind.PARAGRAPH
        yield Block(kind, re.sub(r"\s", " ", match["words"]), range(start, end))


def markdown_blocks(text: str, notes: dict[str, str]) -> Iterator[Block]:
    """The headings, paragraphs, items and cells of Markdown.

    Front matter, code and HTML are no part of the draft. Which lines make a piece is told by ``markdown-it-py``.
    """
    from markdown_it import MarkdownIt

    if front_matter := FRONT_MATTER.match(text):
        text = re.sub(r"[^\n]", " ", text[: front_matter.end()]) + text[front_matter.end() :]
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = text.split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inside: list[str] = []
    taken: dict[int, int] = {}  # a table's cells are all on one line: how far each line is read
    for n, token in enumerate(tokens):
        if token.nesting:
            inside = [*inside, token.type] if token.nesting > 0 else inside[:-1]
        if token.type != "inline" or not token.map:
            continue
        words: list[str] = []
        positions: list[int] = []
        for number, line in enumerate(token.content.split("\n"), token.map[0]):
            column = lines[number].find(line, taken.get(number, 0))
            if column < 0:  # markup that the parser changed ("\|" in a table): the piece cannot be placed
                break
            taken[number] = column + len(line)
            if words:
                words.append(" ")
                positions.append(starts[number] - 1)
            words += line
            positions += range(starts[number] + column, starts[number] + column + len(line))
        else:
            yield _without_marks(_kind(inside, tokens[n - 1].type), "".join(words), positions, notes)


def _kind(inside: list[str], opened: str) -> BlockKind:
    if opened == "heading_open":
        return BlockKind.HEADING
    if opened in ("th_open", "td_open"):
        return BlockKind.CELL
    return BlockKind.ITEM if "list_item_open" in inside else BlockKind.PARAGRAPH


def _without_marks(kind: BlockKind, text: str, positions: list[int], notes: dict[str, str]) -> Block:
    """Take Markdown's marks out; a link to the department's site becomes a reference behind its words."""
    kept: list[int] = []
    mentions: list[Mention] = []
    at = 0
    for match in _INLINE.finditer(text):
        kept += range(at, match.start())
        at = match.end()
        label = match["label"]
        if label is not None and label not in notes:  # two references side by side: [jy1539][jy0916]
            kept += range(*match.span())
        elif match["words"] is not None:
            url = match["url"] or notes.get(label or "", "")
            if PAGE.fullmatch(match["words"]) is None:  # an address as its own words is no words
                kept += (n for n in range(*match.span("words")) if text[n] not in "*`")
            if page := PAGE.search(url):
                mentions.append(Mention(len(kept), match.span(), page[0], (page_id(page[0]),)))
        elif match["escaped"] is not None:
            kept.append(match.start("escaped"))
    kept += range(at, len(text))
    return Block(
        kind, "".join(text[n] for n in kept), [positions[n] for n in kept], [_placed(m, kept) for m in mentions]
    )


def _placed(mention: Mention, kept: list[int]) -> Mention:
    """A mention whose place of writing counts in what is kept."""
    first = sum(n < mention.at[0] for n in kept)
    return Mention(mention.start, (first, max(first, mention.start)), mention.written, mention.names)
