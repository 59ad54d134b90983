"""When a release was published, how that is known, and how far it can be relied on.

Several things may name a day: the front matter (or the publisher's record), the file's name, the letterhead, the
dateline, the number of the old site's page, the id; and the ids of a series run in time, so that its neighbours say
roughly when a release was made. ``establish`` states the rule; ``docs/corpus.md`` explains it with examples.
"""

import datetime
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from statistics import median_low
from zoneinfo import ZoneInfo

from corpus.furniture import DAY_IN_WORDS
from corpus.release import DateConfidence, DateSource

FILE_DATE = re.compile(r"(\d{4}-\d\d-\d\d)-")

#: Days of a crawl or a move of the site, each with the letters of the id series that was then running: hundreds of
#: old releases carry them.
CRAWL_DAYS = {
    datetime.date(2021, 7, 9): "jy",
    datetime.date(2025, 12, 23): "sb",
    datetime.date(2026, 1, 16): "sb",
}
#: An id of a series: letters and a number, and at times a letter for a part.
SERIES_ID = re.compile(r"([a-z]{2,3})-?0*(\d{1,4})[a-z]?")
#: Fewer members than this are no series.
SERIES_MEMBERS = 30
#: Neighbours on each side whose days are asked.
NEIGHBOURS = 7
#: Days by which a release may stand apart from its neighbours: releases are numbered and published some weeks apart.
TOLERANCE = datetime.timedelta(60)
#: A stated day that stands apart from its neighbours by more is not believed even where nothing else is known.
INCREDIBLE = datetime.timedelta(300)
#: A text that dates itself this many days from the stated day or more makes the stated day suspect.
DISAGREEMENT = datetime.timedelta(15)

WASHINGTON = ZoneInfo("America/New_York")

_DATELINE = re.compile(rf"\A(?:[A-Z][\w.,’' ]{{2,40}}?)?[(,–—\s-]*({DAY_IN_WORDS})\)?\s*[-–—:]")
_ID_DAY = re.compile(r"[a-z]{0,2}(\d\d)(\d\d)((?:19|20)\d\d)(?:[.-]?\d)?[a-z]?")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that names a day."""

    day: datetime.date
    source: DateSource


@dataclass(frozen=True, slots=True)
class Dating:
    """What was established. ``suspect`` says what speaks against the stated day; empty where nothing does."""

    day: datetime.date | None
    source: DateSource
    confidence: DateConfidence
    suspect: str = ""


def calendar_day(stated: str) -> datetime.date:
    """The day that a timestamp names where it was published.

    A time with an offset names the day as written there. A time in UTC is moved to Washington, except midnight sharp,
    which is how a day without a time is stored.

    >>> calendar_day("2023-06-15T22:30:00-04:00")
    datetime.date(2023, 6, 15)
    >>> calendar_day("2023-06-16T02:30:00Z")
    datetime.date(2023, 6, 15)
    >>> calendar_day("2023-06-16T00:00:00+00:00")
    datetime.date(2023, 6, 16)

    Raises:
        ValueError: it is no timestamp of ISO 8601.
    """
    moment = datetime.datetime.fromisoformat(stated.strip())
    if moment.utcoffset() == datetime.timedelta(0) and moment.time() != datetime.time(0):
        return moment.astimezone(WASHINGTON).date()
    return moment.date()


def day_in_name(path: PurePath) -> datetime.date | None:
    """The day that a file's name starts with."""
    match = FILE_DATE.match(path.name)
    return _day(match.group(1)) if match else None


def day_in_words(text: str) -> datetime.date | None:
    """The day that ``April 14, 2009`` names; None for ``February 30, 2009``."""
    try:
        return datetime.datetime.strptime(" ".join(text.replace(",", " ").split()), "%B %d %Y").date()
    except ValueError:
        return None


def day_of_dateline(text: str) -> datetime.date | None:
    """The day in "Washington, April 14, 2009 – ..." at the start of a text."""
    match = _DATELINE.match(text[:120])
    return day_in_words(match[1]) if match else None


def day_in_id(release_id: str) -> datetime.date | None:
    """The day in an id such as ``09062016`` or ``tg06062011``."""
    match = _ID_DAY.fullmatch(release_id)
    return _day(f"{match[3]}-{match[1]}-{match[2]}") if match else None


def month_of_page_id(release_id: str) -> datetime.date | None:
    """The middle of the month in which the old site numbered a page, where the id leaves no doubt which.

    The id is year, month, day and time run together without zeros: ``20037218...`` is of July 2003, but ``2003111...``
    may be of January or November.
    """
    match = re.match(r"((?:19|20)\d\d)([2-9])\d{5,}", release_id)
    return datetime.date(int(match[1]), int(match[2]), 15) if match else None


def in_words(date: datetime.date | None, confidence: DateConfidence = DateConfidence.HIGH) -> str:
    """A date as a release writes it, "June 15, 2023"; only the month where the day is not known."""
    if date is None:
        return "date unknown"
    if confidence is DateConfidence.LOW:
        return f"about {date:%B %Y}"
    return f"{date:%B} {date.day}, {date.year}"


class Series:
    """The id series of a corpus, and when each ran: ``js1``, ``js2``, ... from 2003 to 2006."""

    def __init__(self, dated: Iterable[tuple[str, datetime.date]]) -> None:
        """Learn the series from releases and the days stated for them, wrong ones included."""
        members: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for release_id, day in dated:
            match = SERIES_ID.fullmatch(release_id)
            if match and day not in CRAWL_DAYS:
                members[match[1]].append((int(match[2]), day.toordinal()))
        self._members = {letters: sorted(found) for letters, found in members.items() if len(found) >= SERIES_MEMBERS}

    def period(self, release_id: str) -> tuple[datetime.date, datetime.date] | None:
        """When the neighbours of an id were published: the typical days of those before and of those after it.

        Medians of ``NEIGHBOURS`` on either side, so that a few wrong days among them do no harm; the earlier of the two
        comes first. None where the id belongs to no series.
        """
        match = SERIES_ID.fullmatch(release_id)
        members = self._members.get(match[1]) if match else None
        if not match or not members:
            return None
        number = int(match[2])
        at = bisect_left(members, (number, 0))
        after = at
        while after < len(members) and members[after][0] == number:
            after += 1
        sides = [members[max(0, at - NEIGHBOURS) : at], members[after : after + NEIGHBOURS]]
        days = sorted(median_low([day for _, day in side]) for side in sides if side)
        return datetime.date.fromordinal(days[0]), datetime.date.fromordinal(days[-1])


def establish(release_id: str, claims: Iterable[Claim], series: Series) -> Dating:
    """Decide on a release's day.

    1. The stated day (front matter, publisher's record, metadata) counts where nothing speaks against it. Against it
       speak: it is a day of a crawl and the id is not of the series then running; it stands apart from the ids next
       to it by more than ``TOLERANCE``; the text dates itself ``DISAGREEMENT`` or more away.
    2. Else the first of these that fits the neighbouring ids: letterhead, dateline, page number, id, file name.
    3. Else, where the neighbours are known and the stated day is that of a crawl or more than ``INCREDIBLE`` from
       them, a day in the middle between them, which is only good for the month unless they are all of one day; or
       the month that the old site's page number gives.
    4. Else the stated day, doubtful, unless it is that of a crawl; then the day is unknown.

    Args:
        release_id: such as ``jy1539``.
        claims: what the copies of the release name, in the order in which they are to be believed.
        series: the id series of the corpus.
    """
    claims = list(claims)
    stated = [claim for claim in claims if claim.source in STATED]
    written = [claim for claim in claims if claim.source not in STATED]
    period = series.period(release_id)

    def fits(day: datetime.date) -> bool:
        if is_crawl_day(day, release_id):
            return False
        return period is None or period[0] - TOLERANCE <= day <= period[1] + TOLERANCE

    own = next((claim for claim in written if claim.source in SELF_DATED and fits(claim.day)), None)
    believed = next((claim for claim in stated if fits(claim.day)), None)
    suspect = "" if not stated or believed is stated[0] else _against(stated[0].day, release_id, period)
    if believed:
        if own is None or abs(believed.day - own.day) < DISAGREEMENT:
            agrees = own is not None or period is not None
            return Dating(
                believed.day,
                believed.source,
                DateConfidence.HIGH if agrees or not suspect else DateConfidence.MEDIUM,
                suspect,
            )
        against = f"stated as {believed.day}, but the {own.source} says {own.day}"
        return Dating(own.day, own.source, DateConfidence.MEDIUM, against)
    if own or (own := next((claim for claim in written if fits(claim.day)), None)):
        return Dating(own.day, own.source, DateConfidence.MEDIUM, suspect)
    credible = [c for c in stated if not is_crawl_day(c.day, release_id)]
    if not credible and period is None and (month := month_of_page_id(release_id)):
        return Dating(month, DateSource.ID, DateConfidence.LOW, suspect)
    if period and not any(period[0] - INCREDIBLE <= c.day <= period[1] + INCREDIBLE for c in credible):
        middle = period[0] + (period[1] - period[0]) / 2
        certain = DateConfidence.MEDIUM if period[0] == period[1] else DateConfidence.LOW
        return Dating(middle, DateSource.ID_SERIES, certain, suspect)
    if credible:
        return Dating(credible[0].day, credible[0].source, DateConfidence.MEDIUM, suspect)
    return Dating(None, DateSource.UNKNOWN, DateConfidence.NONE, suspect)


#: Sources that state a day for the document, and that the text itself gives.
STATED = (DateSource.FRONT_MATTER, DateSource.PUBLISHER, DateSource.METADATA)
SELF_DATED = (DateSource.LETTERHEAD, DateSource.DATELINE)


def is_crawl_day(day: datetime.date, release_id: str) -> bool:
    """Whether it is a day of a crawl, and the id is not of the series that was then running."""
    running = CRAWL_DAYS.get(day)
    return running is not None and not re.fullmatch(rf"{running}\d+", release_id)


def _against(day: datetime.date, release_id: str, period: tuple[datetime.date, datetime.date] | None) -> str:
    if is_crawl_day(day, release_id):
        return f"{day} is the day of a crawl of the site"
    if period is None:
        return ""
    return f"stated as {day}, but the ids next to it are of {period[0]} to {period[1]}"


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
