"""Dates as people read them."""

import datetime


def in_words(date: datetime.date | None) -> str:
    """A date as a release writes it, "June 15, 2023"; says so where it is unknown."""
    return f"{date:%B} {date.day}, {date.year}" if date else "date unknown"
