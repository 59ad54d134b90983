"""The model that everything downstream reads: a release, its paragraphs and its sentences.

All positions are half-open character spans ``[start, end)`` of ``Release.text``; what is quoted is always
``release.text[start:end]``.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open character positions ``[start, end)`` of a release's text."""

    start: int
    end: int


class ParagraphKind(StrEnum):
    """What a paragraph is: only ``BODY`` paragraphs are split into sentences and quoted in answers."""

    BODY = "body"
    HEADING = "heading"
    TABLE = "table"


class ReleaseKind(StrEnum):
    """Where the words come from: the department's own release, our digest of one, or another document."""

    RELEASE = "release"
    DIGEST = "digest"
    DOCUMENT = "document"


class DateSource(StrEnum):
    """How a date was established."""

    FRONT_MATTER = "front matter"
    FILE_NAME = "file name"
    UNKNOWN = "unknown"


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
    """One document. ``release_id`` is what people cite, such as ``jy1539``."""

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
    also_published_as: tuple[str, ...] = ()
