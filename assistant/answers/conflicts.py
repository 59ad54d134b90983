"""Releases that say the same thing with different values: both are shown, the newest first, and the answer says so.

Two sentences say the same where their words, their names and the things they count are the same but for the values.
Nothing is said where time, a release or a value in the question tells which of the two is meant, and nothing in doubt:
a difference that is none costs a reader more trust than one that goes unnamed, since every sentence is cited anyway.
"""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answers.evidence import Candidate, Evidence
from assistant.citations.authorities import Authority
from assistant.citations.dates import Day
from assistant.citations.folding import Token
from assistant.citations.names import HONORIFICS, LEGAL_FORMS
from assistant.citations.quantities import Bound, Kind, Quantity
from assistant.citations.reading import Reading, read
from assistant.citations.vocabulary import DENIAL, STOP, alike, opposite
from assistant.periods import Period
from assistant.question import AnswerType
from corpus.dating import in_words
from corpus.release import DateConfidence, Release, Span

#: How likely the other sentence must be to answer, against the one chosen. This and the figures below were chosen by
#: reading what they let through on the full corpus.
BESIDE = 0.25
#: How likely the chosen one must be, against the best: both sentences go before all others.
MAIN = 0.3
#: The share of the words of either sentence, values left out, that must stand in the other.
SAME_WORDS = 0.8
#: Fewer words in common than this are a phrase, not a statement.
WORDS_IN_COMMON = 4
#: A sentence with more values of a kind than this is a table in prose: which stands for which is not to be told.
MOST_VALUES = 4
#: Words to either side of a value that say what it is the value of.
AROUND = 3
#: Words, at most, that say what is counted.
COUNTED = 3
#: Counts below this are exact as they are written; larger numbers may be rounded to their last digit.
ROUNDED_FROM = 1000


class ValueKind(StrEnum):
    """What the releases differ in."""

    MONEY = "amount"
    PERCENT = "percentage"
    COUNT = "number"
    DATE = "date"
    AUTHORITY = "authority"


_Value = Quantity | Day | Authority

#: What a question must ask for, for values of a kind to be its answer, the likeliest kind first.
_ASKED = {
    AnswerType.MONEY: (ValueKind.MONEY, ValueKind.PERCENT),
    AnswerType.NUMBER: (ValueKind.COUNT, ValueKind.PERCENT, ValueKind.MONEY),
    AnswerType.DATE: (ValueKind.DATE,),
    AnswerType.AUTHORITY: (ValueKind.AUTHORITY,),
    AnswerType.OTHER: (ValueKind.MONEY, ValueKind.PERCENT, ValueKind.COUNT),
}
_QUANTITIES = {ValueKind.MONEY: Kind.MONEY, ValueKind.PERCENT: Kind.PERCENT, ValueKind.COUNT: Kind.COUNT}


@dataclass(frozen=True, slots=True)
class Told:
    """What one release says: the sentence, the one before it that it leans on, and its values as they are written."""

    release: Release
    span: Span
    leans_on: Span | None
    values: tuple[str, ...]

    @property
    def quote(self) -> str:
        """The sentence, word for word."""
        return self.release.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two releases that say the same with different values of a kind, the newest first, one without a date last."""

    kind: ValueKind
    told: tuple[Told, Told]

    @property
    def notice(self) -> str:
        """What a reader is told, in our words, with the values as each release writes them."""
        return "The releases differ: " + "; ".join(_cited(told) for told in self.told) + "."


def find_conflict(
    evidence: Evidence,
    chosen: Sequence[tuple[Release, Span]],
    periods: Sequence[Period] = (),
    named: Sequence[str] = (),
) -> Conflict | None:
    """Find a release that says what a chosen sentence says, with other values.

    Args:
        evidence: what was found for the question.
        chosen: the sentences of the answer.
        periods: that the question names; of one that only one of the two releases is of, nothing is in conflict.
        named: the releases that the question names, likewise.

    Returns:
        Of the likeliest chosen sentence that another release contradicts, that pair; of several such releases, the
        newest. None where there is none, or where the question asks for nothing that has a value.
    """
    kinds = _ASKED.get(evidence.question.answer_type, ())
    in_answer = {(release.release_id, span) for release, span in chosen}
    ranked = evidence.candidates
    for mine in (c for c in ranked if (c.release.release_id, c.span) in in_answer):
        if mine.probability < MAIN * ranked[0].probability or not any(_values(read(mine.text), k) for k in kinds):
            continue
        rivals = [
            (other, differing)
            for other in ranked
            if other.probability >= BESIDE * mine.probability
            and not _same_document(mine.release, other.release)
            and mine.found <= other.nearby  # about all of the question that the chosen one is about
            and not _told_apart(mine, other, periods, named)
            and (differing := _differing(mine.text, other.text, kinds, evidence.question.text))
        ]
        if rivals:
            other, (kind, pairs) = min(rivals, key=lambda rival: _newest_first(rival[0].release))
            sides = (
                Told(mine.release, mine.span, mine.leans_on, tuple(_written(mine.text, a) for a, _ in pairs)),
                Told(other.release, other.span, other.leans_on, tuple(_written(other.text, b) for _, b in pairs)),
            )
            newest, older = sorted(sides, key=lambda told: _newest_first(told.release))
            return Conflict(kind, (newest, older))
    return None


def with_conflict(spans: Sequence[tuple[Release, Span]], conflict: Conflict) -> list[tuple[Release, Span]]:
    """The sentences of an answer with both that differ, the newest first, before the rest."""
    first = [(told.release, span) for told in conflict.told for span in (told.leans_on, told.span) if span]
    there = {(release.release_id, span) for release, span in first}
    return first + [(release, span) for release, span in spans if (release.release_id, span) not in there]


def _cited(told: Told) -> str:
    release = told.release
    day = in_words(release.date if _dated(release) else None, release.date_confidence)
    *first, last = told.values
    values = f"{', '.join(first)} and {last}" if first else last
    return f"{values} ({release.release_id}, {day})"


def _dated(release: Release) -> bool:
    return release.date is not None and release.date_confidence is not DateConfidence.NONE


def _newest_first(release: Release) -> tuple[bool, int, str]:
    day = release.date if release.date and _dated(release) else datetime.date.min
    return not _dated(release), -day.toordinal(), release.release_id


def _same_document(one: Release, other: Release) -> bool:
    """Whether both are one document, maybe published under several ids."""
    return bool({one.release_id, *one.other_ids} & {other.release_id, *other.other_ids})


def _told_apart(mine: Candidate, other: Candidate, periods: Sequence[Period], named: Sequence[str]) -> bool:
    """Whether the question says, by a time or a release, which of the two it means, or means neither."""
    if (mine.release.release_id in named) is not (other.release.release_id in named):
        return True
    for period in periods:
        of_it = {_is_of(mine.release, period), _is_of(other.release, period)}
        speaks_of_it = {_speaks_of(mine, period), _speaks_of(other, period)}
        if len(of_it) == 2 or len(speaks_of_it) == 2 or not any(of_it | speaks_of_it):
            return True
    return False


def _is_of(release: Release, period: Period) -> bool:
    return release.date is not None and period.start <= release.date <= period.end


def _speaks_of(candidate: Candidate, period: Period) -> bool:
    """Whether a date in the title or sentence is of the period; a month without a year is one of the release's."""
    year = candidate.release.date.year if candidate.release.date else None
    told = (*read(candidate.release.title).dates, *read(candidate.text).dates)
    return any(_overlaps(day, year, period) for day in told)


def _overlaps(day: Day, year: int | None, period: Period) -> bool:
    year = day.year or year
    if year is None:
        return False
    first, last = day.month or 1, day.month or 12
    end = calendar.monthrange(year, last)[1]
    start = datetime.date(year, first, min(day.day or 1, end))
    return start <= period.end and period.start <= datetime.date(year, last, min(day.day or end, end))


def _differing(
    mine: str, other: str, kinds: Sequence[ValueKind], question: str
) -> tuple[ValueKind, list[tuple[_Value, _Value]]] | None:
    """The pairs of values, of the first kind that differs, in which two sentences that say the same differ."""
    one, two = read(mine), read(other)
    if not _say_the_same(one, two):
        return None
    for kind in kinds:
        first, second = _values(one, kind), _values(two, kind)
        if not 0 < len(first) == len(second) <= MOST_VALUES:
            continue
        pairs = [(a, b) for a, b in zip(first, second, strict=True) if not _agree(a, b)]
        if (
            pairs
            and all(_of_the_same(one, a, two, b) for a, b in pairs)
            and not any(_agree(a, b) for a, _ in pairs for b in second)
            and not any(_agree(a, b) for _, b in pairs for a in first)
            and not any(_agree(v, asked) for asked in _values(read(question), kind) for pair in pairs for v in pair)
        ):
            return kind, pairs
    return None


def _say_the_same(one: Reading, two: Reading) -> bool:
    """Whether two sentences have the same words but for their values, and the same names, and nothing is opposite."""
    first, second = ({r.tokens[n].stem for n in r.content} for r in (one, two))
    common = first & second
    if len(common) < WORDS_IN_COMMON or len(common) < SAME_WORDS * max(len(first), len(second)):
        return False
    if any(opposite(a, b) for a in first ^ second for b in first | second):
        return False  # "inflows" and "outflows"
    if (one.keys.keys() ^ two.keys.keys()) & DENIAL:
        return False
    return _named(one) <= two.stems.keys() and _named(two) <= one.stems.keys()


def _named(reading: Reading) -> set[str]:
    """The stems of what is written with a capital, titles and legal forms left out."""
    return {
        token.stem
        for n in reading.content
        if (token := reading.tokens[n]).capital and token.key not in HONORIFICS and token.key not in LEGAL_FORMS
    }


def _values(reading: Reading, kind: ValueKind) -> list[_Value]:
    match kind:
        case ValueKind.DATE:
            return list(reading.dates)
        case ValueKind.AUTHORITY:
            return list(reading.authorities)
        case _:
            return [q for q in reading.quantities if q.kind is _QUANTITIES[kind]]


def _agree(one: _Value, other: _Value) -> bool:
    """Whether two values of a kind are one, written otherwise, less exactly, or as a bound that the other keeps to."""
    match one, other:
        case Day(), Day():
            as_exact = (one.month is None, one.day is None) == (other.month is None, other.day is None)
            return not as_exact or one.holds(other) or other.holds(one)
        case Authority(), Authority():
            parts = one.number.startswith(other.number) or other.number.startswith(one.number)
            return parts or one.label != other.label
        case Quantity(), Quantity():
            return one.same(other) or _rounded(one, other) or _within_bound(one, other)
        case _:
            return False


def _rounded(one: Quantity, other: Quantity) -> bool:
    """Whether one is the other, rounded: "about $1.2 billion" for "$1.21 billion", and so without "about"."""
    if one.rounds(other) or other.rounds(one):
        return True
    larger = max(abs(one.value), abs(other.value))
    if one.kind is Kind.COUNT and larger < ROUNDED_FROM:
        return False
    return abs(one.value - other.value) <= min(max(one.unit, other.unit) / 2, larger / 20)


def _within_bound(one: Quantity, other: Quantity) -> bool:
    """Whether one is a bound that the other keeps to: "more than 20" and "24"."""
    for bound, exact in ((one, other), (other, one)):
        if exact.bound in (Bound.EXACT, Bound.ABOUT):
            if bound.bound is Bound.ABOVE and exact.value > bound.value:
                return True
            if bound.bound in (Bound.BELOW, Bound.NEAR) and exact.value < bound.value:
                return True
    return False


def _of_the_same(one: Reading, a: _Value, two: Reading, b: _Value) -> bool:
    """Whether two values are of the same thing, by the words around them; of counts, by the word that says what of."""
    before_a, after_a = _around(one, a)
    before_b, after_b = _around(two, b)
    if isinstance(a, Quantity) and a.kind is Kind.COUNT:
        return bool(after_a and after_b) and alike(after_a[0], after_b[0])
    return bool({*before_a, *after_a} & {*before_b, *after_b})


def _around(reading: Reading, value: _Value) -> tuple[list[str], list[str]]:
    """The stems next before and after a value."""
    content = [reading.tokens[n] for n in reading.content]
    before = [t.stem for t in content if t.end <= value.start][-AROUND:]
    return before, [t.stem for t in content if t.start >= value.end][:AROUND]


def _written(text: str, value: _Value) -> str:
    """A value as it is written; a count with the words after it that say what of: "43 straight months"."""
    reading = read(text)
    end = value.end
    if isinstance(value, Quantity) and value.kind is Kind.COUNT:
        end = _end_of_counted(reading, value)
    start, end = reading.folded.original(value.start, end)
    return text[start:end]


def _end_of_counted(reading: Reading, count: Quantity) -> int:
    """Where what is counted ends: at the first plural, else after one word; nowhere after a comma or a small word."""
    words: list[Token] = []
    for token in (t for t in reading.tokens if t.start >= count.end):
        joined = reading.text[words[-1].end if words else count.end : token.start] in (" ", "-")
        if not joined or token.key in STOP or len(words) == COUNTED:
            break
        words.append(token)
    plural = next((token for token in words if token.key.endswith("s")), None)
    return plural.end if plural else words[0].end if words else count.end
