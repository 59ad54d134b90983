"""A citation: the exact words of one release that carry one sentence of an answer."""

import datetime
from typing import Protocol

from pydantic import BaseModel

from corpus.release import DateConfidence, DateSource, Release, ReleaseKind, Span


class Citation(BaseModel):
    """Points at ``release.text[start:end]``, which is ``quote``. ``paragraph`` counts from 1."""

    marker: int
    release_id: str
    title: str
    date: datetime.date | None
    date_source: DateSource
    date_confidence: DateConfidence = DateConfidence.HIGH
    kind: ReleaseKind
    url: str
    section: str
    paragraph: int
    start: int
    end: int
    quote: str
    also_published_as: list[str]


class Titled(Protocol):
    """What has a title and an id: a citation, or a source of several."""

    release_id: str
    title: str


def shown_title(cited: Titled) -> str:
    """The title; a document that has none is named by its file, which its id says already."""
    return "untitled" if cited.title.lower() == cited.release_id else cited.title


def cite(release: Release, span: Span, marker: int) -> Citation:
    """The citation of a span of a release.

    Raises:
        ValueError: the span is empty or does not lie inside one paragraph.
    """
    holding = (n for n, p in enumerate(release.paragraphs, 1) if p.start <= span.start < span.end <= p.end)
    number = next(holding, None)
    if number is None:
        raise ValueError(f"{release.release_id}: no paragraph holds the characters {span.start} to {span.end}")
    return Citation(
        marker=marker,
        release_id=release.release_id,
        title=release.title,
        date=release.date,
        date_source=release.date_source,
        date_confidence=release.date_confidence,
        kind=release.kind,
        url=release.url,
        section=release.section,
        paragraph=number,
        start=span.start,
        end=span.end,
        quote=release.text[span.start : span.end],
        also_published_as=list(release.also_published_as),
    )
