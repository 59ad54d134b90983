"""Markdown as the sources write it, set right so that no word is lost when it is read as Markdown."""

import re

from corpus.blocks import BLOCK_TAGS, SKIPPED_TAGS

INLINE_TAGS = frozenset(
    "a abbr acronym b big br cite code col colgroup del em font i img input ins kbd label mark o:p q s small span "
    "strike strong sub summary details sup time tt u var wbr hr head html title meta link".split()
)
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)([^<>]*)>")
#: Releases hold no code: a backtick is a quotation mark.
BACKTICK = re.compile(r"(?<!\\)`")
_DELIMITER_ROW = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?")
_MARKS = re.compile(r"(?<![\\*])\*{2,3}(?!\*)")


def escape_unknown_tags(source: str) -> tuple[str, int]:
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


def widen_tables(source: str) -> str:
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


def bold_as_tags(source: str) -> str:
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
