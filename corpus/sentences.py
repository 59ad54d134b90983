"""Sentence spans, by ``sentencex`` (rule-based, knows the abbreviations of English)."""

import re
from collections.abc import Iterable, Iterator

import sentencex

from corpus.release import Span

#: Sentences that the source glued together ("... was closed today.The bank ..."): a word in small letters, a full
#: stop, and a capital with no space between. Names of web sites and abbreviations are not cut.
_GLUED = re.compile(
    r"(?<![@/])\b[a-z’']{2,}[)”\"]?[.!?][”\"]?(?=[“\"]?[A-Z][a-z’]* [a-z“\"A-Z(])|[)”\"]\.(?=[A-Z][a-z]+ )"
)


#: The number or letter of a list's item, which belongs to the words after it.
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[ivxIVX]{1,5}|[A-Za-z])[.)]\s*")
_TIME_ZONE = re.compile(r"(?:[ECMP][DS]?T|Eastern|local)\b")
#: From this length on a piece with quotation marks is looked through for sentences inside the quotation.
LONG_QUOTATION = 300
_QUOTES = str.maketrans('“”"', "   ")


def sentence_spans(text: str, start: int = 0) -> tuple[Span, ...]:
    """Split ``text`` into sentences; spans are shifted by ``start`` and hold no white space at either end.

    ``sentencex`` hands back consecutive pieces that join to the text, so that positions are found by walking. What it
    cuts too often (after the number of a list's item, inside "U.S.", before a time zone) is joined again; what it
    keeps together (quotations of several sentences, sentences that the source glued) is cut.
    """
    bounds: list[tuple[int, int]] = []
    for first, last in _pieces(text):
        piece = text[first:last]
        quoted = last - first > LONG_QUOTATION and any(mark in piece for mark in '“”"')
        inner = _inside_quotation(piece) if quoted else [(0, len(piece))]
        for a, b in inner:
            for c, d in _unglued(piece[a:b]):
                bounds.append((first + a + c, first + a + d))
    spans: list[Span] = []
    for first, last in _joined(text, bounds):
        stripped = text[first:last].strip()
        if stripped:
            begin = text.index(stripped, first)
            spans.append(Span(start + begin, start + begin + len(stripped)))
    return tuple(spans)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for piece in sentencex.segment("en", text):
        position = text.index(piece, position)
        yield position, position + len(piece)
        position += len(piece)


def _inside_quotation(piece: str) -> list[tuple[int, int]]:
    """The sentences of a piece as if it had no quotation marks; a closing mark stays with what it closes."""
    bounds: list[tuple[int, int]] = []
    for first, last in _pieces(piece.translate(_QUOTES)):
        while bounds and first < last and piece[first] in '”" ':
            first += 1
        if bounds:
            bounds[-1] = (bounds[-1][0], first)
        bounds.append((first, last))
    return bounds


def _joined(text: str, bounds: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put pieces together that are no sentences by themselves."""
    joined: list[tuple[int, int]] = []
    for first, last in bounds:
        after = text[first:last].lstrip()
        before = text[joined[-1][0] : joined[-1][1]] if joined else ""
        bare = before.rstrip()
        if joined and (
            _ENUMERATOR.fullmatch(before.lstrip())
            or after[:1].islower()
            or (bare.endswith("U.") and after.startswith("S."))
            or (bare.endswith(".m.") and _TIME_ZONE.match(after))
        ):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _unglued(piece: str) -> Iterator[tuple[int, int]]:
    first = 0
    for match in _GLUED.finditer(piece):
        yield first, match.end()
        first = match.end()
    yield first, len(piece)
