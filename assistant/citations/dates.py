"""The dates that a text gives, as exact as it gives them."""

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name[:3]: n for name, n in _MONTHS.items()} | {"sept": 9}
_MONTH = r"(?i:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")"
_NO_COUNT = r"(?!\d|[.,]\d|\s?%|\s?(?:percent|per cent|million|billion|thousand)\b)"
_DAY = rf"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?{_NO_COUNT}"
_DAYS = rf"{_DAY}(?:(?:,? and |, | ?- ?| to | through ){_DAY}){{0,5}}"
_YEAR = r"(?:19|20)\d\d"
_FORMS = re.compile(
    rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b)"
    rf"|(?P<slashed>(?<![\d/])\d{{1,2}}/\d{{1,2}}/{_YEAR}(?![\d/]))"
    rf"|\b(?P<days1>{_DAYS})(?: of)? (?P<month1>{_MONTH})\b\.?(?:,? (?P<year1>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_MONTH})\b\.? (?P<days2>{_DAYS})(?:,? (?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_MONTH})\b\.?,?(?: of)? (?P<year3>{_YEAR})(?!\d|[.,]\d)"
    rf"|(?<=\bin )(?P<may>May)\b|\b(?P<month4>January|February|March|April|June|July|August|September|October|"
    rf"November|December)\b"
    rf"|(?<![\d$€£.,/-])(?P<year4>{_YEAR})(?=-(?:19|20)\d\d\b|(?![\w%/-]|[.,]\d))"
    rf"|(?<=\d{{4}}-)(?P<year5>{_YEAR})(?![\w%/-]|[.,]\d)"
)
_NUMBER = re.compile(r"\d+")
_LIST = re.compile(r"(?:,? and|,| to| through|,? or| ?-) ?")
WEEKDAYS = frozenset(name.lower() for name in calendar.day_name)


@dataclass(frozen=True, slots=True)
class Day:
    """A date at characters ``[start, end)`` of a folded text; what is not told is None."""

    year: int | None
    month: int | None
    day: int | None
    start: int = 0
    end: int = 0

    def holds(self, other: "Day") -> bool:
        """Whether this date is the other one, or tells the same more exactly."""
        return all(
            asked is None or asked == told
            for asked, told in ((other.year, self.year), (other.month, self.month), (other.day, self.day))
        )

    def __str__(self) -> str:
        month = calendar.month_name[self.month] if self.month else ""
        day = f" {self.day}" if self.day else ""
        comma = ", " if self.day and self.year else " " if self.month and self.year else ""
        return f"{month}{day}{comma}{self.year or ''}"


def day_of(date: datetime.date) -> Day:
    """A calendar day."""
    return Day(date.year, date.month, date.day)


def dates(folded: str) -> tuple[Day, ...]:
    """The dates of a folded text, in order.

    In a list the year of the last day is that of those before it: "May 11 and May 12, 2020".
    """
    found = list(_found(folded))
    for n in range(len(found) - 2, -1, -1):
        here, after = found[n], found[n + 1]
        listed = (here.start, here.end) == (after.start, after.end) or _LIST.fullmatch(folded, here.end, after.start)
        if listed and here.year is None and after.year and after.month and here.month:
            found[n] = replace(here, year=after.year)
    return tuple(found)


def _found(folded: str) -> Iterator[Day]:
    for match in _FORMS.finditer(folded):
        start, end = match.span()
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
            if month <= 12 and day <= 31:
                yield Day(year, month, day, start, end)
        elif match["slashed"]:
            month, day, year = map(int, match["slashed"].split("/"))
            if month <= 12 and day <= 31:
                yield Day(year, month, day, start, end)
        elif match["days1"] or match["days2"]:
            name = match["month1"] or match["month2"]
            if not name[0].isupper():
                continue
            written = match["year1"] or match["year2"]
            for number in _NUMBER.findall(match["days1"] or match["days2"]):
                yield Day(int(written) if written else None, _MONTHS[name.lower()], int(number), start, end)
        elif match["month3"]:
            yield Day(int(match["year3"]), _MONTHS[match["month3"].lower()], None, start, end)
        elif match["may"] or match["month4"]:
            yield Day(None, _MONTHS[(match["may"] or match["month4"]).lower()], None, start, end)
        else:
            yield Day(int(match["year4"] or match["year5"]), None, None, start, end)
