"""Chunks: whole sentences of one section, packed to fill the encoder's window without overflowing it.

The encoder of MiniLM reads 256 word pieces and silently drops the rest, so a chunk is measured in its word pieces,
with the title, date and headings that are embedded in front of it counted in.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from corpus.dating import in_words
from corpus.release import ParagraphKind, Release, Span

#: Raise it whenever the same release would be cut or written differently: indexes made before are then stale.
CHUNKER_VERSION = 2

#: Counts the word pieces of each text, special tokens left out.
CountTokens = Callable[[Sequence[str]], list[int]]

#: Pieces that a title, date line and headings may take of the window, at most.
MAX_CONTEXT_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of one release's text, and what is embedded and searched for it.

    ``context`` (title, date, headings) precedes the span's words in the search text only; it is never quoted.
    """

    release_id: str
    start: int
    end: int
    context: str
    heading: str
    text: str

    @property
    def search_text(self) -> str:
        """What is embedded: the context and, under it, the words."""
        return f"{self.context}\n{self.text}"


def chunk_release(
    release: Release, count_tokens: CountTokens, window: int, indexed_boilerplate: Container[int] = ()
) -> list[Chunk]:
    """Cut one release into chunks, in order; together they cover every sentence and table row that is indexed.

    Args:
        release: its text may be of any length.
        count_tokens: how many word pieces each text takes (see ``CountTokens``).
        window: word pieces that the encoder reads, its two special tokens included.
        indexed_boilerplate: numbers (from 0) of the boilerplate paragraphs that are indexed with this release; the
            others are indexed with another one.
    """
    units, sections, headings = _units(release, indexed_boilerplate)
    if not units:
        return []
    sizes = count_tokens([release.text[unit.start : unit.end] for unit in units])
    contexts = [_context(release, heading) for heading in headings]
    room = [max(window - 2 - cost, int((1 - MAX_CONTEXT_SHARE) * window)) for cost in count_tokens(contexts)]

    def chunk(section: int, spans: Sequence[Span]) -> Chunk:
        start, end = spans[0].start, spans[-1].end
        text = release.text[start:end]
        return Chunk(release.release_id, start, end, contexts[section], headings[section], text)

    chunks: list[Chunk] = []
    first, filled = 0, 0
    for n, (unit, section, size) in enumerate(zip(units, sections, sizes, strict=True)):
        if n > first and (section != sections[first] or filled + size > room[section]):
            chunks.append(chunk(sections[first], units[first:n]))
            first, filled = n, 0
        if size > room[section]:
            pieces = _split_long(release.text, unit, count_tokens, room[section])
            chunks.extend(chunk(section, [piece]) for piece in pieces)
            first = n + 1
        else:
            filled += size
    if first < len(units):
        chunks.append(chunk(sections[first], units[first:]))
    return chunks


def _units(release: Release, indexed_boilerplate: Container[int]) -> tuple[list[Span], list[int], list[str]]:
    """The smallest spans that are kept whole (sentences, table rows), the section of each, and each section's headings.

    Two sections under equal headings are two, and so is what stands before and after a paragraph that is not indexed.
    """
    units: list[Span] = []
    sections: list[int] = []
    headings: list[str] = []
    interrupted = True
    for n, paragraph in enumerate(release.paragraphs):
        if paragraph.kind in (ParagraphKind.HEADING, ParagraphKind.FURNITURE) or (
            paragraph.kind is ParagraphKind.BOILERPLATE and n not in indexed_boilerplate
        ):
            interrupted = True
            continue
        if interrupted:
            headings.append(" > ".join(paragraph.headings))
            interrupted = False
        spans = paragraph.sentences
        if paragraph.kind is ParagraphKind.TABLE:
            spans = tuple(_lines(release.text, paragraph.start, paragraph.end))
        units.extend(spans)
        sections.extend([len(headings) - 1] * len(spans))
    return units, sections, headings


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Span(start, stop)
        start = stop + 1


def _context(release: Release, section: str) -> str:
    date = f" ({in_words(release.date, release.date_confidence)})" if release.date else ""
    return f"{release.title}{date}" + (f"\n{section}" if section else "")


def _split_long(text: str, unit: Span, count_tokens: CountTokens, room: int) -> Iterator[Span]:
    """Cut a sentence that alone overflows the window, at white space where there is any."""
    start = unit.start
    while start < unit.end:
        end = unit.end
        while end - start > 1 and count_tokens([text[start:end]])[0] > room:
            middle = start + (end - start) // 2
            space = text.rfind(" ", start + 1, middle)
            end = space if space > start else middle
        yield Span(start, end)
        start = end
        while start < unit.end and text[start].isspace():
            start += 1
