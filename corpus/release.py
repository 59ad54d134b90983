"""The model that everything downstream reads: a release, its paragraphs, sentences, bold runs and links.

All positions are half-open character spans ``[start, end)`` of ``Release.text``; what is quoted is always
``release.text[start:end]``. Paragraphs are set apart by one blank line, so that joining their slices with two line
breaks gives the text again.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open character positions ``[start, end)`` of a release's text."""

    start: int
    end: int


class Link(NamedTuple):
    """The words ``[start, end)`` lead to ``url``."""

    start: int
    end: int
    url: str


class ParagraphKind(StrEnum):
    """What a paragraph is.

    ``BODY`` is what the release says, and what answers quote. ``BOILERPLATE`` is body that stands in many releases and
    is indexed once. ``TABLE`` has a row a line. ``FURNITURE`` (press contacts, "as prepared for delivery") is kept in
    the text, but neither indexed nor quoted.
    """

    BODY = "body"
    HEADING = "heading"
    TABLE = "table"
    BOILERPLATE = "boilerplate"
    FURNITURE = "furniture"


class ReleaseKind(StrEnum):
    """Where the words come from: the department's own release, our digest of one, or another document."""

    RELEASE = "release"
    DIGEST = "digest"
    DOCUMENT = "document"


class DateSource(StrEnum):
    """How a date was established; ``docs/corpus.md`` states the rule."""

    FRONT_MATTER = "front matter"
    FILE_NAME = "file name"
    PUBLISHER = "publisher's record"
    METADATA = "document's metadata"
    LETTERHEAD = "letterhead"
    DATELINE = "dateline"
    PAGE_NUMBER = "page number"
    ID = "id"
    ID_SERIES = "neighbouring ids"
    UNKNOWN = "unknown"


class DateConfidence(StrEnum):
    """How far a date can be relied on: to the day, probably, only roughly, or there is none."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, heading or table of a release, with the headings above it, outermost first."""

    start: int
    end: int
    kind: ParagraphKind
    headings: tuple[str, ...] = ()
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One document. ``release_id`` is what people cite, such as ``jy1539``.

    ``bold`` are the runs set in bold inside body paragraphs: in sanctions releases, the designated parties.
    ``other_ids`` and ``other_urls`` are what the same document was also published as. ``date_suspect`` says why the
    date, or the date that was stated, is not to be trusted; it is empty where nothing speaks against it.
    """

    release_id: str
    title: str
    date: datetime.date | None
    date_source: DateSource
    section: str
    url: str
    kind: ReleaseKind
    text: str
    paragraphs: tuple[Paragraph, ...]
    path: str
    date_confidence: DateConfidence = DateConfidence.HIGH
    date_suspect: str = ""
    bold: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    other_ids: tuple[str, ...] = ()
    other_urls: tuple[str, ...] = ()

    @property
    def also_published_as(self) -> tuple[str, ...]:
        """The other ids, then the other urls."""
        return self.other_ids + self.other_urls
