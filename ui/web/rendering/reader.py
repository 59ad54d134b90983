"""The reader: a whole release with the quoted words marked at their place, and the sources of an answer above it."""

from bisect import bisect_left
from collections.abc import Sequence
from html import escape

from assistant.citations.citation import Citation, shown_title
from corpus.dating import in_words
from corpus.release import ParagraphKind, Release, ReleaseKind, Span
from ui.web.rendering.markup import anchor, web_link
from ui.wording import digest_note

EMPTY = (
    '<p class="empty">Choose a marker such as [1] in an answer, or a release in a list: it opens here, whole, '
    "with the quoted words marked.</p>"
)


def sources_html(citations: Sequence[Citation]) -> str:
    """What an answer cites, a button each that opens it in the reader; nothing where it cites nothing."""
    if not citations:
        return ""
    items = "".join(f"<li>{_source(citation)}</li>" for citation in citations)
    return f'<h2>Sources of this answer</h2><ol class="sources">{items}</ol>'


def _source(c: Citation) -> str:
    note = " · digest" if c.kind is ReleaseKind.DIGEST else ""
    return (
        f'<button type="button" class="source open-release" id="{escape(anchor(c))}" '
        f'data-release="{escape(c.release_id)}" data-start="{c.start}" data-end="{c.end}">'
        f'<span class="marker">{c.marker}</span> <span class="place">{escape(c.release_id)} · '
        f"{escape(in_words(c.date, c.date_confidence))} · {escape(c.section)}{note}</span>"
        f'<span class="title">{escape(shown_title(c))}</span>'
        f'<q class="quote">{escape(" ".join(c.quote.split()))}</q></button>'
    )


def release_html(release: Release, marked: Sequence[Span] = (), chosen: Span | None = None) -> str:
    """A whole release: its head, then its paragraphs.

    Args:
        release: what is read.
        marked: the characters that are marked: the quotes of an answer that lie in this release.
        chosen: the one of them that is looked at; it is marked too where it is not among them.
    """
    spans = sorted({*marked, *([chosen] if chosen else [])})
    spans = [
        span for n, span in enumerate(spans) if n == 0 or span.start >= spans[n - 1].end
    ]  # first of those that lap
    starts = [span.start for span in spans]
    body: list[str] = []
    for paragraph in release.paragraphs:
        inside = spans[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
        words = _marked(release.text, paragraph.start, paragraph.end, inside, chosen)
        if paragraph.kind is ParagraphKind.HEADING:
            body.append(f"<h4>{words}</h4>")
        elif paragraph.kind is ParagraphKind.TABLE:
            body.append(f'<pre class="table" tabindex="0">{words}</pre>')
        else:
            quiet = ' class="furniture"' if paragraph.kind is ParagraphKind.FURNITURE else ""
            body.append(f"<p{quiet}>{words}</p>")
    return f'<article data-release="{escape(release.release_id)}">{_head(release, len(spans))}{"".join(body)}</article>'


def _head(release: Release, hits: int) -> str:
    title = "untitled" if release.title.lower() == release.release_id else release.title
    day = in_words(release.date, release.date_confidence)
    lines = [f"{escape(release.release_id)} · {escape(day)} · {escape(release.section)}"]
    lines += [web_link(release.url, "open at its publisher")] if release.url.startswith("http") else []
    notes = [digest_note(release)] if release.kind is ReleaseKind.DIGEST else []
    notes += [f"Also published as {', '.join(release.also_published_as)}."] if release.also_published_as else []
    notes += [f"Its date is in doubt: {release.date_suspect}."] if release.date_suspect else []
    moves = (
        '<span class="hits"><button type="button" data-hit="-1" aria-label="Previous quote">↑</button>'
        f'<span class="count" aria-live="polite">{hits} marked</span>'
        '<button type="button" data-hit="1" aria-label="Next quote">↓</button></span>'
        if hits
        else ""
    )
    return (
        f'<header><h3>{escape(title)}</h3><p class="place">{" · ".join(lines)}</p>'
        + "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
        + f"{moves}</header>"
    )


def _marked(text: str, start: int, end: int, spans: Sequence[Span], chosen: Span | None) -> str:
    """The words from ``start`` to ``end``, escaped, those of the spans marked."""
    parts: list[str] = []
    at = start
    for span in spans:
        current = ' class="chosen"' if span == chosen else ""
        words = escape(text[span.start : min(span.end, end)])
        parts += [
            escape(text[at : span.start]),
            f'<mark{current} data-start="{span.start}" tabindex="-1">{words}</mark>',
        ]
        at = min(span.end, end)
    return "".join([*parts, escape(text[at:end])])
