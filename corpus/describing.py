"""From a cleaned text and what its file says of itself to a ``Document``, with everything that is wrong with it."""

import datetime
import re
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urljoin, urlsplit

from corpus.cleaning import SITE, CleanText
from corpus.dating import FILE_DATE, calendar_day, day_in_words, day_of_dateline, is_crawl_day
from corpus.document import Document, DropKind, Problem, ProblemKind
from corpus.furniture import DAY_IN_WORDS, day_of_letterhead, day_of_page_number
from corpus.identity import release_id, section_of
from corpus.release import DateSource, ParagraphKind, ReleaseKind

#: A title that names a day this far from the release's belongs to another release.
TITLE_DISAGREEMENT = datetime.timedelta(60)

_TEST_PAGE = re.compile(r"(?:this is (?:only )?a )?test(?:ing)?(?: page)?[\s\d.!]*", re.I)
_MOVED = re.compile(
    r"\b(?:page|site|content|information)\b.{0,40}\b(?:been|has|was|were) (?:moved|migrated|relocated)\b"
)
#: Characters of Latin-1 that no English text is full of: bytes of a binary file that were taken for text.
_BINARY = re.compile(r"[\x80-\x9f¡-¿ÐÞßðþÿ]")
_GLUED = re.compile(
    r"\b[a-z]{2,}[.!?][A-Z][a-z]+ [a-z]\w*"
    r"|\b(?:and|at|by|for|from|in|is|of|on|or|that|the|to|was|with)[A-Z][a-z]{2,}\w*"
)
_SPEECH = re.compile(r",\s(?:(?:said|added)\s[A-Z]|(?:he|she|[A-Z]\w+)\s(?:said|added)\b)")
_UPDATED = re.compile(r"\bUPDATED?:?\s+(\d{1,2}[/.]\d{1,2}[/.]\d{2,4})")


def describe(
    path: PurePath,
    clean: CleanText,
    *,
    title: str,
    url: str = "",
    stated: str = "",
    stated_source: DateSource,
    kind: ReleaseKind | None = None,
    number: str = "",
    problems: list[Problem] | None = None,
    first_line: int = 0,
) -> Document:
    """Put a document together.

    Args:
        path: the file's place within its source.
        clean: its text.
        title: as the file states it, cleaned; empty where it states none.
        url: as the file states it.
        stated: the timestamp that the file states.
        stated_source: what stated it.
        kind: as the file states it.
        number: the number that the file gives the release apart from its url.
        problems: what was found before cleaning.
        first_line: lines of the file before the text.
    """
    url = " ".join(url.split())
    found = [*(problems or []), *clean.problems]
    found = [problem._replace(line=problem.line + first_line) if problem.line else problem for problem in found]
    identity = release_id(url, path)
    found += _identity_problems(url, path, identity, number)
    day: datetime.date | None = None
    if stated.strip():
        try:
            day = calendar_day(stated)
        except ValueError:
            found.append(Problem(ProblemKind.BAD_DATE, f"the date {stated.strip()!r} is not of the form 2023-06-15"))
    written, written_source = _date_in_text(clean)
    titled = next((d for words in re.findall(DAY_IN_WORDS, title) if (d := day_in_words(words))), None)
    if day and titled and abs(day - titled) > TITLE_DISAGREEMENT and not is_crawl_day(day, identity):
        found.append(Problem(ProblemKind.TITLE_CONFLICT, f"its title is of {titled}, the release of {day}"))
    absolute = urljoin(SITE, url) if url else ""
    if kind is None:
        published = url.startswith("/") or (urlsplit(url).hostname or "").endswith("treasury.gov")
        kind = ReleaseKind.RELEASE if published or FILE_DATE.match(path.name) else ReleaseKind.DOCUMENT
    document = Document(
        path=path.as_posix(),
        release_id=identity,
        title=title or path.stem,
        section=section_of(url, path),
        url=absolute.replace(" ", "%20"),
        kind=kind,
        text=clean.text,
        paragraphs=clean.paragraphs,
        bold=clean.bold,
        links=clean.links,
        stated=day,
        stated_source=stated_source if day else DateSource.UNKNOWN,
        written=written,
        written_source=written_source,
        dropped=clean.dropped,
        problems=tuple(found),
    )
    if unread := _unread(document, title):
        return replace(document, text="", paragraphs=(), bold=(), links=(), problems=(*document.problems, unread))
    return replace(document, problems=(*document.problems, *_text_problems(document.text)))


def _unread(document: Document, title: str) -> Problem | None:
    """Why a document has no text of its own; None where it has."""
    bodies = [p for p in document.paragraphs if p.kind in (ParagraphKind.BODY, ParagraphKind.TABLE)]
    if not bodies:
        if any(drop.kind is DropKind.SITE_MENU for drop in document.dropped):
            return Problem(ProblemKind.MENU_ONLY, "holds the old site's menu in place of the release")
        return Problem(ProblemKind.NO_TEXT, "holds no text of its own, only a title, links or contacts")
    if len(_BINARY.findall(document.text)) > len(document.text) / 20:
        return Problem(ProblemKind.GARBLED, "is the bytes of another format, taken for text")
    words = document.text.split()
    if len(words) <= 12 and (_TEST_PAGE.fullmatch(document.text.strip()) or _TEST_PAGE.fullmatch(title.strip())):
        return Problem(ProblemKind.TEST_PAGE, f"was published to try the site: “{document.text[:60]}”")
    if len(words) < 60 and _MOVED.search(document.text):
        return Problem(ProblemKind.TEST_PAGE, f"only says that something has moved: “{document.text[:60]}”")
    return None


def _identity_problems(url: str, path: PurePath, identity: str, number: str) -> list[Problem]:
    if not url:
        return (
            [Problem(ProblemKind.NO_URL, "states no url; its id is the file's name")]
            if FILE_DATE.match(path.name)
            else []
        )
    found = []
    if number and _letters(number) != _letters(identity):
        found.append(Problem(ProblemKind.ID_CONFLICT, f"the url says {identity}, the release's number {number}"))
    slug = FILE_DATE.sub("", path.stem)
    if FILE_DATE.match(path.name) and slug != url.rstrip("/").rsplit("/", 1)[-1]:
        found.append(Problem(ProblemKind.ID_CONFLICT, f"the url says {identity}, the file's name {slug}"))
    folder, segments = path.parent.name, url.strip("/").split("/")
    if FILE_DATE.match(path.name) and folder and len(segments) > 1 and folder != segments[-2]:
        found.append(Problem(ProblemKind.OTHER_SECTION, f"lies in {folder}, its url says {segments[-2]}"))
    return found


def _text_problems(text: str) -> list[Problem]:
    found = []
    if glued := _GLUED.findall(text):
        found.append(Problem(ProblemKind.GLUED_WORDS, f"{len(glued):,} places, the first “{glued[0][:40]}”"))
    if _SPEECH.search(text) and not re.search(r"[\"“”«]|''", text):
        found.append(Problem(ProblemKind.LOST_QUOTES, "reports what somebody said without any quotation marks"))
    if update := _UPDATED.search(text):
        found.append(Problem(ProblemKind.LATER_UPDATE, f"was added to on {update[1]}"))
    return found


def _date_in_text(clean: CleanText) -> tuple[datetime.date | None, DateSource]:
    if (words := day_of_letterhead(clean.dropped)) and (day := day_in_words(words)):
        return day, DateSource.LETTERHEAD
    first = next((p for p in clean.paragraphs if p.kind is ParagraphKind.BODY), None)
    if first and (day := day_of_dateline(clean.text[first.start : first.end])):
        return day, DateSource.DATELINE
    if parts := day_of_page_number(clean.dropped):
        try:
            return datetime.date(*parts), DateSource.PAGE_NUMBER
        except ValueError:
            pass
    return None, DateSource.UNKNOWN


def _letters(text: str) -> str:
    return re.sub(r"\W|_", "", text.lower())
