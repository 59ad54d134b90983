"""What stands on a page without being the release: the site's menu and marks, the letterhead, notes about viewers.

Lines that only belong to the site are taken out of the text, and what was taken out is recorded. Lines that say
something of this release to the press (contacts, "as prepared for delivery") stay in the text as ``FURNITURE``
paragraphs, which are neither indexed nor quoted.
"""

import re
from collections.abc import Iterable

from corpus.document import DropKind, Dropped

_MARKS = "*_#> \t\u00a0"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
#: A day written out, "April 14, 2009".
DAY_IN_WORDS = rf"(?:{_MONTHS})\s+\d{{1,2}},?\s+(?:19|20)\d\d"
#: An id of a series; months of a table's head ("Jan-22") look like one.
_NUMBER = r"(?:(?!jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]{2,3}|report)\s?[-–]?\s?\d{1,5}[a-z]?"
#: Lines at the start and at the end of a text among which a letterhead or an id may stand.
_HEAD, _FOOT = 12, 5

#: The site's mark on old pages, at times set right before the first word.
_ARCHIVED = re.compile(r"[*_]*\(Archived Content\)[*_]*", re.I)
#: The old site's menu, which stands alone on some pages in place of the release.
_MENU = re.compile(r"Enter Search Term\(s\):.*?The Fair Chance to Compete Act", re.S)

_WHOLE_LINES = {
    DropKind.LETTERHEAD: re.compile(
        rf"""(?:FROM\ THE\ )?OFFICE\ OF\ PUBLIC\ AFFAIRS .{{0,20}}
        | {_NUMBER}                                        # the id set as a line of its own
        | (?:{DAY_IN_WORDS})\s*{_NUMBER}                   # the day and the id""",
        re.X | re.I,
    ),
    DropKind.PAGE_NUMBER: re.compile(rf"(?:{DAY_IN_WORDS})?\s*(?:19|20)\d\d(?:-\d+){{4,}}"),
    DropKind.END_MARK: re.compile(r"(?:[#-]\s?){2,} | -\s?\d+\s?-", re.X),
    DropKind.VIEWER_NOTE: re.compile(r"(?:To view or print|We recommend printing)\b.{0,200}", re.I),
    DropKind.SITE_MENU: re.compile(r"Enter Search Term.*|Advanced Search|About Treasury", re.I),
}
#: A letterhead that runs into the first words of the text.
_GLUED_LETTERHEAD = re.compile(
    rf"""\A[\s*_]*
    (?: (?:FROM\ THE\ )?OFFICE\ OF\ PUBLIC\ AFFAIRS [\s*_]* (?:{DAY_IN_WORDS}\s*)? (?:{_NUMBER}\b)?
      | {DAY_IN_WORDS}\s*{_NUMBER}\b | [A-Za-z]{{2}}-\d{{1,4}}(?=[\s*_]*[*A-Z]) )""",
    re.X,
)
#: The mark that ends a release, behind its last words.
_END_MARK = re.compile(r"(?<=[^\s#])[\s*]*(?:(?:#\s?){2,}|-\s?30\s?-)[\s*_]*(?=\Z|\n)")
_DAY_BY_NUMBER = re.compile(rf"({DAY_IN_WORDS})\s*{_NUMBER}\b|AFFAIRS\W*({DAY_IN_WORDS})", re.I)
_PAGE_STAMP = re.compile(r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})-\d+-\d+")

_KEPT = re.compile(
    r"""(?:as\ prepared\ for\ delivery | for\ immediate\ release | embargoed\ until\b.{0,80} | media\ contacts?
    | (?:media|press)?\s?contacts?:.{0,120} | all\ media\ queries\ should\ be\ directed\ to.{0,120}
    | only\ call\ this\ number\ if\ you\ are\ a\ member\ of\ the\ media | high\ resolution\ image
    | links | reports?(?:\(s\))? | related\ (?:documents|links|content) | click\ here\ (?:to|for)\b.{0,120}
    | \[?(?:official\b.{0,40}\bphoto|photo\ credit|photos?\ (?:by|courtesy)|caption:).{0,100}\]?
    | view\ (?:the\ )?(?:full\ )?(?:report|letter|document|image)s? )[.:]?""",
    re.X | re.I,
)


def drop_kind(line: str, *, at_edge: bool, with_menu: bool = False) -> DropKind | None:
    """Why a whole line (or paragraph) is not the release's; None where it is.

    Args:
        line: with its markup.
        at_edge: it stands near the start or the end, where a letterhead may be.
        with_menu: it stands on a page that has the site's menu.
    """
    bare = line.strip(_MARKS).replace("\u00a0", " ")
    if not bare:
        # Marks alone: ``###`` ends a release, ``**`` and ``---`` are markup.
        return DropKind.END_MARK if line.count("#") > 1 else None
    if len(bare) > 260:
        return None
    kind = next((kind for kind, pattern in _WHOLE_LINES.items() if pattern.fullmatch(bare)), None)
    elsewhere = (kind is DropKind.LETTERHEAD and not at_edge) or (kind is DropKind.SITE_MENU and not with_menu)
    return None if elsewhere else kind


def is_kept_furniture(paragraph: str) -> bool:
    """Whether a paragraph speaks to the press and not of the matter: kept, but not indexed or quoted."""
    return len(paragraph) < 160 and bool(_KEPT.fullmatch(paragraph.strip()))


def take_out_furniture(source: str) -> tuple[str, list[Dropped]]:
    """Take the site's lines and the letterhead out of a body in Markdown or plain text.

    Lines are emptied and not removed, so that line numbers stay.

    Returns:
        The rest, and what was taken out, in order.
    """
    dropped: list[Dropped] = []

    def take(kind: DropKind, text: str) -> str:
        dropped.append(Dropped(kind, " ".join(text.split())))
        return "\n" * text.count("\n")

    if "rchived" in source[:400]:
        head = source[:400]
        source = _ARCHIVED.sub(lambda m: take(DropKind.ARCHIVE_MARK, m[0]), head, count=1) + source[400:]
    with_menu = "Enter Search Term" in source
    if with_menu:
        source = _MENU.sub(lambda m: take(DropKind.SITE_MENU, m[0]), source)
    lines = source.split("\n")
    filled = [n for n, line in enumerate(lines) if line.strip(_MARKS)]
    edges = {*filled[:_HEAD], *filled[-_FOOT:]}
    for n, line in enumerate(lines):
        if len(line) < 300 and (kind := drop_kind(line, at_edge=n in edges, with_menu=with_menu)):
            lines[n] = take(kind, line)
    source = _END_MARK.sub(lambda m: take(DropKind.END_MARK, m[0]), "\n".join(lines))
    if glued := _GLUED_LETTERHEAD.match(source):
        # An odd number of bold marks: the bold run goes on after the letterhead.
        marks = "**" if glued[0].count("**") % 2 else ""
        source = take(DropKind.LETTERHEAD, glued[0]) + marks + source[glued.end() :]
    return source, dropped


def day_of_letterhead(dropped: Iterable[Dropped]) -> str | None:
    """The day that a letterhead gives, in words, as ``April 14, 2009``."""
    for kind, text in dropped:
        if kind is DropKind.LETTERHEAD and (match := _DAY_BY_NUMBER.search(text)):
            return match[1] or match[2]
    return None


def day_of_page_number(dropped: Iterable[Dropped]) -> tuple[int, int, int] | None:
    """Year, month and day of the moment at which the old site numbered the page."""
    for kind, text in dropped:
        if kind is DropKind.PAGE_NUMBER and (match := _PAGE_STAMP.search(text)):
            return int(match[1]), int(match[2]), int(match[3])
    return None
