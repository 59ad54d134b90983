"""The periods of time that a question names: days, months, seasons, quarters, years, and what is open at one end."""

import calendar
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
_PARTS = {"early": (1, 4), "mid": (4, 9), "late": (9, 12), "end of": (11, 12), "beginning of": (1, 2)}
#: Days of a month; the last is cut to the month's.
_PARTS_OF_MONTH = {"early": (1, 10), "beginning of": (1, 10), "mid": (10, 20), "late": (20, 31), "end of": (20, 31)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


class Precision(StrEnum):
    """How closely a period is named."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included, and the words that name them."""

    start: datetime.date
    end: datetime.date
    precision: Precision
    words: str

    def distance(self, day: datetime.date) -> int:
        """Days between a day and the period; 0 inside it."""
        return max((self.start - day).days, (day - self.end).days, 0)


def periods(text: str, as_of: datetime.date) -> list[Period]:
    """The periods that a text names, in order.

    "Since 2022" ends at ``as_of``, and "last year" is the one before that day's. What lies after ``as_of``, or is no
    date ("31 February"), is left out.
    """
    found: list[tuple[int, int, Period]] = []
    for pattern, reading in _FORMS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end, _ in found):
                continue
            try:
                start, end, precision = reading(match, as_of)
            except ValueError:
                continue
            if start <= as_of and start <= end:
                period = Period(start, min(end, as_of), precision, match.group())
                found.append((match.start(), match.end(), period))
    return [period for _, _, period in sorted(found, key=lambda item: item[0])]


_Read = tuple[datetime.date, datetime.date, Precision]


def _day(year: str, month: str, day: str) -> _Read:
    number = _MONTHS[month.lower()] if month.lower() in _MONTHS else int(month)
    date = datetime.date(int(year), number, int(day))
    return date, date, Precision.DAY


def _months(year: int, first: int, last: int) -> _Read:
    """From the first of a month to the last of another; a month above 12 is in the year after."""
    start = datetime.date(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)
    return start, _month_end(year + (last - 1) // 12, (last - 1) % 12 + 1), Precision.MONTH


def _month_end(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def _part_of_month(part: str, month: str, year: str) -> _Read:
    number, (first, last) = _MONTHS[month.lower()], _PARTS_OF_MONTH[part.lower()]
    end = _month_end(int(year), number)
    return datetime.date(int(year), number, first), end.replace(day=min(last, end.day)), Precision.MONTH


def _fiscal_year(year: int) -> _Read:
    """A fiscal year ends in September; it is spoken of from its budget on, in the February of the year before."""
    return datetime.date(year - 1, 2, 1), datetime.date(year, 9, 30), Precision.YEAR


def _years(first: int, last: int) -> _Read:
    return datetime.date(first, 1, 1), datetime.date(last, 12, 31), Precision.YEAR


def _since(match: re.Match[str], as_of: datetime.date) -> _Read:
    month = match["month"]
    start = datetime.date(int(match["year"]), _MONTHS[month.lower()] if month else 1, 1)
    return start, as_of, Precision.YEAR


def _relative(match: re.Match[str], as_of: datetime.date) -> _Read:
    back = 0 if match["which"].lower() == "this" else 1
    if match["unit"].lower() == "year":
        return _years(as_of.year - back, as_of.year - back)
    return _months(as_of.year - 1, as_of.month + 12 - back, as_of.month + 12 - back)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


#: The forms, the most particular first: what one has read, no later one reads again.
_FORMS = (
    (
        _compiled(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ({_YEAR})\b"),
        lambda m, _: _day(m[3], m[1], m[2]),
    ),
    (
        _compiled(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\.?,? ({_YEAR})\b"),
        lambda m, _: _day(m[3], m[2], m[1]),
    ),
    (_compiled(rf"\b({_YEAR})-(\d\d)-(\d\d)\b"), lambda m, _: _day(m[1], m[2], m[3])),
    (_compiled(rf"\bsince (?:(?P<month>{_MONTH})\.? )?(?P<year>{_YEAR})\b"), _since),
    (
        _compiled(rf"\b({_YEAR})(?:\s*[-–]\s*|\s+(?:to|through|and|until)\s+)({_YEAR})\b"),
        lambda m, _: _years(int(m[1]), int(m[2])),
    ),
    (
        # What is so "by mid-February" or "as of the end of June" was so before, and told at any time of the month.
        _compiled(
            rf"(?<!\bby )(?<!\bas of )(?<!\bas of the )\b({'|'.join(_PARTS_OF_MONTH)})[- ]({_MONTH})\.?,? ({_YEAR})\b"
        ),
        lambda m, _: _part_of_month(m[1], m[2], m[3]),
    ),
    (_compiled(rf"\b(?:FY|fiscal(?: year)?)[- ]?({_YEAR})\b"), lambda m, _: _fiscal_year(int(m[1]))),
    (
        _compiled(rf"\b({_MONTH})\.?\s*(?:[-–]|to|through|and)\s*({_MONTH})\.?(?: of)?,? ({_YEAR})\b"),
        lambda m, _: _months(int(m[3]), _MONTHS[m[1].lower()], _MONTHS[m[2].lower()]),
    ),
    (
        _compiled(rf"\b({_MONTH})\.?(?: of)?,? ({_YEAR})\b"),
        lambda m, _: _months(int(m[2]), _MONTHS[m[1].lower()], _MONTHS[m[1].lower()]),
    ),
    (
        _compiled(rf"\b({'|'.join(_SEASONS)})(?: of)?,? ({_YEAR})\b"),
        lambda m, _: _months(int(m[2]), *_SEASONS[m[1].lower()]),
    ),
    (
        _compiled(rf"\b({'|'.join(_ORDINALS)}) quarter(?: of)?,? ({_YEAR})\b"),
        lambda m, _: _months(int(m[2]), 3 * _ORDINALS[m[1].lower()] - 2, 3 * _ORDINALS[m[1].lower()]),
    ),
    (
        _compiled(rf"\bQ([1-4])(?: of)?,? ({_YEAR})\b"),
        lambda m, _: _months(int(m[2]), 3 * int(m[1]) - 2, 3 * int(m[1])),
    ),
    (
        _compiled(rf"\b(?:the )?({'|'.join(_PARTS)})[- ]({_YEAR})\b"),
        lambda m, _: _months(int(m[2]), *_PARTS[m[1].lower()]),
    ),
    (_compiled(r"\b(?P<which>last|this|previous) (?P<unit>year|month)\b"), _relative),
    (_compiled(rf"(?<![\d$.,])\b({_YEAR})\b(?![.,]?\d)"), lambda m, _: _years(int(m[1]), int(m[1]))),
)


def nearest(named: list[Period], day: datetime.date) -> Period | None:
    """The period nearest to a day; None where none is named."""
    return min(named, key=lambda period: period.distance(day), default=None)
