"""A document: what one file of a source says, before it is known which release it belongs to."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from corpus.release import DateSource, Link, Paragraph, ReleaseKind, Span

#: Raise it whenever the same file would be read differently: documents read before are then read again.
PARSER_VERSION = 1


class Severity(StrEnum):
    """What a problem means: nothing could be read, something is doubtful, was mended, or is only worth knowing."""

    UNREAD = "unread"
    SUSPECT = "suspect"
    MENDED = "mended"
    NOTED = "noted"


class ProblemKind(StrEnum):
    """What can be wrong with a document."""

    UNREADABLE = "unreadable"
    FRONT_MATTER = "broken front matter"
    TOO_LARGE = "too large"
    TOO_DEEP = "nested too deep"
    REFUSED = "refused archive member"
    PASSWORD = "needs a password"  # noqa: S105 - a name, no secret
    NO_TEXT = "no text"
    MENU_ONLY = "site menu only"
    TEST_PAGE = "test page"
    GARBLED = "garbled text"
    BAD_DATE = "bad date"
    SUSPECT_DATE = "suspect date"
    TITLE_CONFLICT = "title of another document"
    ID_CONFLICT = "ids disagree"
    LOST_CHARACTER = "lost character"
    FLATTENED_TABLE = "flattened table"
    LOST_QUOTES = "lost quotation marks"
    GLUED_WORDS = "glued words"
    MOJIBAKE = "mojibake"
    RAW_HTML = "raw HTML"
    INVISIBLE = "invisible characters"
    INLINE_HEADINGS = "inline headings"
    REPEATED_LEAD = "repeated lead"
    LATER_UPDATE = "updated later"
    NO_URL = "no url"
    OTHER_SECTION = "url of another section"

    @property
    def severity(self) -> Severity:
        """What a problem of this kind means."""
        return _SEVERITY.get(self, Severity.NOTED)


_SEVERITY = (
    dict.fromkeys(
        (
            ProblemKind.UNREADABLE,
            ProblemKind.FRONT_MATTER,
            ProblemKind.TOO_LARGE,
            ProblemKind.TOO_DEEP,
            ProblemKind.REFUSED,
            ProblemKind.PASSWORD,
            ProblemKind.NO_TEXT,
            ProblemKind.MENU_ONLY,
            ProblemKind.TEST_PAGE,
            ProblemKind.GARBLED,
        ),
        Severity.UNREAD,
    )
    | dict.fromkeys(
        (
            ProblemKind.BAD_DATE,
            ProblemKind.SUSPECT_DATE,
            ProblemKind.TITLE_CONFLICT,
            ProblemKind.ID_CONFLICT,
            ProblemKind.LOST_CHARACTER,
            ProblemKind.FLATTENED_TABLE,
            ProblemKind.LOST_QUOTES,
            ProblemKind.GLUED_WORDS,
        ),
        Severity.SUSPECT,
    )
    | dict.fromkeys(
        (
            ProblemKind.MOJIBAKE,
            ProblemKind.RAW_HTML,
            ProblemKind.INVISIBLE,
            ProblemKind.INLINE_HEADINGS,
            ProblemKind.REPEATED_LEAD,
        ),
        Severity.MENDED,
    )
)


class Problem(NamedTuple):
    """One thing that is wrong with a document. ``line`` counts from 1 in the file, 0 where no line is to blame."""

    kind: ProblemKind
    reason: str
    line: int = 0


class DropKind(StrEnum):
    """What cleaning takes out of a text: nothing of it is the release's own words."""

    ARCHIVE_MARK = "archive mark"
    LETTERHEAD = "letterhead"
    PAGE_NUMBER = "page number"
    END_MARK = "end mark"
    VIEWER_NOTE = "viewer note"
    SITE_MENU = "site menu"
    REPEATED_TITLE = "repeated title"
    REPEATED_LEAD = "repeated lead"


class Dropped(NamedTuple):
    """Words that cleaning took out."""

    kind: DropKind
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read and cleaned. ``path`` is its place within its source; ``text`` is empty for a stub.

    ``stated`` is the date that the source gives, ``written`` the one that the text itself gives.
    """

    path: str
    release_id: str
    title: str
    section: str
    url: str
    kind: ReleaseKind
    text: str
    paragraphs: tuple[Paragraph, ...] = ()
    bold: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    stated: datetime.date | None = None
    stated_source: DateSource = DateSource.UNKNOWN
    written: datetime.date | None = None
    written_source: DateSource = DateSource.UNKNOWN
    dropped: tuple[Dropped, ...] = ()
    problems: tuple[Problem, ...] = ()
