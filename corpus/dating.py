"""When a release was published, and how that is known.

The date stated in the front matter counts, as the day that it names where it was published; else the one in the file's
name. Some days are not publication dates at all but the days on which the site was crawled or moved: hundreds of old
releases carry them. On such a day only ids of the series then running are believed; any other release has no known
date, which is better than a wrong one.
"""

import datetime
import re
from pathlib import PurePath

from corpus.release import DateSource

FILE_DATE = re.compile(r"(\d{4}-\d\d-\d\d)-")

#: Days of a crawl or a move of the site, each with the letters of the id series that was then running.
CRAWL_DAYS = {
    datetime.date(2021, 7, 9): "jy",
    datetime.date(2025, 12, 23): "sb",
    datetime.date(2026, 1, 16): "sb",
}


def establish_date(stated: str, path: PurePath, release_id: str) -> tuple[datetime.date | None, DateSource]:
    """The calendar day of publication, never shifted to another time zone, and where it comes from.

    Args:
        stated: the front matter's date, such as ``2023-06-15T10:30:00-04:00``; empty where there is none.
        path: the file, whose name may start with a date.
        release_id: such as ``jy1539``.

    Raises:
        ValueError: the stated date is none.
    """
    if stated:
        date, source = datetime.date.fromisoformat(stated[:10]), DateSource.FRONT_MATTER
    elif in_name := _date_in_name(path):
        date, source = in_name, DateSource.FILE_NAME
    else:
        return None, DateSource.UNKNOWN
    series = CRAWL_DAYS.get(date)
    if series and not re.fullmatch(rf"{series}\d+", release_id):
        return None, DateSource.UNKNOWN
    return date, source


def in_words(date: datetime.date | None) -> str:
    """A date as a release writes it, "June 15, 2023"; says so where it is unknown."""
    return f"{date:%B} {date.day}, {date.year}" if date else "date unknown"


def _date_in_name(path: PurePath) -> datetime.date | None:
    match = FILE_DATE.match(path.name)
    if match is None:
        return None
    try:
        return datetime.date.fromisoformat(match.group(1))
    except ValueError:
        return None
