"""A release made of a few sentences, and citations of them."""

import datetime

from assistant.citations.checking import Checked, Checker
from assistant.citations.citation import Citation, cite
from corpus.cleaning import clean_markdown
from corpus.release import DateSource, Release, ReleaseKind, Span


def release_of(text: str, title: str = "Treasury Sanctions the Harbor Network", release_id: str = "ab1") -> Release:
    """A release of March 4, 2019 with that text."""
    clean = clean_markdown(text)
    return Release(
        release_id=release_id,
        title=title,
        date=datetime.date(2019, 3, 4),
        date_source=DateSource.FRONT_MATTER,
        section="press-releases",
        url="",
        kind=ReleaseKind.RELEASE,
        text=clean.text,
        paragraphs=clean.paragraphs,
        path=f"{release_id}.md",
    )


def cited(release: Release, sentence: int = 0) -> tuple[Citation, Release]:
    """A citation of a sentence of a release."""
    return cite(release, spans(release)[sentence], 1), release


def spans(release: Release) -> list[Span]:
    """The sentences of a release."""
    return [span for paragraph in release.paragraphs for span in paragraph.sentences]


def checked(sentence: str, source: str, checker: Checker | None = None) -> Checked:
    """A sentence held against the first paragraph of a release that holds nothing but its source."""
    release = release_of(source)
    paragraph = release.paragraphs[0]
    citation = cite(release, Span(paragraph.start, paragraph.end), 1)
    return (checker or Checker()).check(sentence, [(citation, release)])
