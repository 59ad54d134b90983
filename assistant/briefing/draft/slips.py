"""What a wrong name or date is a slip of, where the check finds only that it is not there."""

import datetime
import re
from collections.abc import Sequence

from assistant.briefing.draft.evidence import Candidate
from assistant.periods import Precision, periods
from corpus.dating import in_words

#: From how many letters on, and from what likeness of 100 on, a name is held for a slip of another.
SHORTEST_NAME, ALIKE = 4, 80
#: Days by which a date may be missed.
MISSED = 31


def name_meant(name: str, candidates: Sequence[Candidate]) -> str:
    """The name in the releases that one is a slip of, "Nelson" of "Nielson"; empty where there is none like it."""
    from rapidfuzz import fuzz, process

    if not name[:1].isupper() or len(name) < SHORTEST_NAME:
        return ""
    further = len(name.split()) - 1
    pattern = re.compile(rf"\b[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){{{further}}}")
    texts = {c.release.release_id: c.release.text for c in candidates}
    likely = {found.rstrip(".’'") for text in texts.values() for found in pattern.findall(text)}
    if name in likely:
        return ""
    found = process.extractOne(name, sorted(likely), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return found[0] if found else ""


def date_meant(words: str, candidates: Sequence[Candidate]) -> str:
    """The date of the release that a day is a slip of: another of the days around it, or one part of it wrong."""
    days = [p.start for p in periods(words, datetime.date.max) if p.precision is Precision.DAY]
    if len(days) != 1:
        return ""
    for candidate in candidates:
        date = candidate.release.date
        if date and date != days[0] and _is_near(days[0], date):
            return in_words(date, candidate.release.date_confidence)
    return ""


def _is_near(a: datetime.date, b: datetime.date) -> bool:
    same = (a.year == b.year) + (a.month == b.month) + (a.day == b.day)
    return abs((a - b).days) <= MISSED or same == 2
