"""Lists that a release sets as paragraphs: an introduction that ends with a colon, and an item a paragraph."""

import re

from corpus.release import Paragraph, ParagraphKind, Release, Span

#: Items that are taken, at most.
MOST_ITEMS = 30
#: Words of an item, at most; a longer paragraph is prose again.
LONGEST_ITEM = 60
_OPEN = re.compile(r"(;|,|;? and|;? or|,? and|,? or)$")
_INTRODUCES = re.compile(r":\W*$")


def list_around(release: Release, span: Span) -> list[Span]:
    """The introduction and every item of the list that a sentence introduces or belongs to; empty where there is none.

    Items that end with a semicolon or a comma run up to the one that ends the sentence. Items that are sentences
    themselves run as long as each is one short paragraph.
    """
    paragraphs = release.paragraphs
    at = next((n for n, p in enumerate(paragraphs) if p.start <= span.start and span.end <= p.end), None)
    if at is None:
        return []
    if not _introduces(release, paragraphs[at], span):
        if not _is_item(release, paragraphs[at]):
            return []
        for back in range(at - 1, max(-1, at - MOST_ITEMS - 1), -1):
            last = paragraphs[back].sentences[-1] if paragraphs[back].sentences else None
            if last and _introduces(release, paragraphs[back], last):
                found = _items(release, back)
                return [last, *found] if span in found else []
            if not _is_item(release, paragraphs[back]):
                return []
        return []
    items = _items(release, at)
    return [span, *items] if items else []


def _items(release: Release, introduction: int) -> list[Span]:
    items: list[Span] = []
    open_list = False
    for paragraph in release.paragraphs[introduction + 1 : introduction + 1 + MOST_ITEMS]:
        if not _is_item(release, paragraph):
            break
        span = paragraph.sentences[0]
        ends_open = bool(_OPEN.search(release.text[span.start : span.end].rstrip()))
        items.append(span)
        if open_list and not ends_open:
            break
        open_list = ends_open
    return items


def _introduces(release: Release, paragraph: Paragraph, span: Span) -> bool:
    ends_paragraph = bool(paragraph.sentences) and span == paragraph.sentences[-1]
    return ends_paragraph and bool(_INTRODUCES.search(release.text[span.start : span.end]))


def _is_item(release: Release, paragraph: Paragraph) -> bool:
    if paragraph.kind is not ParagraphKind.BODY or len(paragraph.sentences) != 1:
        return False
    text = release.text[paragraph.start : paragraph.end]
    return len(text.split()) <= LONGEST_ITEM and not _INTRODUCES.search(text)
