"""Whether the numbers, dates and authorities of a sentence stand in what it cites."""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from assistant.citations.authorities import Authority
from assistant.citations.dates import WEEKDAYS, Day, day_of
from assistant.citations.folding import stem_of
from assistant.citations.names import names
from assistant.citations.quantities import ORDINALS, Bound, Kind, Quantity
from assistant.citations.reading import Fact, Reading
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.vocabulary import STOP, alike

#: Words after a count in which the thing counted is looked for.
_NOUNS = 3
#: Things of a list, at most, that a sentence may count; and what says that it counts what was named.
_LISTED = 12
_DEFINITE = re.compile(r"\b(?:the|these|those|all|its|their) $")
_BETWEEN_NAMES = re.compile(r",? (?:and )?(?:the )?")
_TODAY = frozenset(("today", "today's", "yesterday", "tomorrow", "tonight"))


@dataclass(frozen=True)
class Evidence:
    """What a sentence is held against: the cited spans, and what is known of their releases.

    ``before`` holds, of each span, the sentences before it; ``known`` the titles and headings. Both lend names and
    words, and no facts: what another sentence says happened in 2012 may be somebody else's.
    """

    quotes: tuple[Reading, ...]
    before: tuple[tuple[Reading, ...], ...]
    known: tuple[Reading, ...]
    days: tuple[datetime.date, ...]
    where: str


def check_facts(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    """What is wrong with the facts of a sentence, names aside."""
    yield from _told_twice(sentence, evidence)
    yield from _authorities(sentence, evidence)
    yield from _dates(sentence, evidence)
    yield from _quantities(sentence, evidence)
    yield from _identifiers(sentence, evidence)


def reason(
    kind: ReasonKind,
    message: str,
    sentence: Reading,
    span: tuple[int, int],
    instead: str = "",
    contradicts: bool = False,
) -> Reason:
    """A reason about the characters ``span`` of a folded sentence."""
    return Reason(kind, message, *sentence.folded.original(*span), instead, contradicts)


def _told_twice(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    """A value that the sentence has more often than the spans, where it lacks another value that they have."""
    kinds: tuple[tuple[ReasonKind, Callable[[Reading], Sequence[Fact]]], ...] = (
        (ReasonKind.ORDER, lambda reading: reading.authorities),
        (ReasonKind.DATE, lambda reading: reading.dates),
        (ReasonKind.NUMBER, lambda reading: reading.quantities),
    )
    for kind, facts in kinds:
        mine = facts(sentence)
        if len(mine) < 2:
            continue
        told = [(quote, f) for quote in evidence.quotes for f in facts(quote)]
        values = {value_of(f) for f in mine}
        there, said = Counter(value_of(f) for _, f in told), Counter[object]()
        for asked in mine:
            said[value_of(asked)] += 1
            if said[value_of(asked)] > max(there[value_of(asked)], 1) and there[value_of(asked)]:
                rivals = [
                    quote.text[f.start : f.end]
                    for quote, f in told
                    if sort_of(f) == sort_of(asked) and value_of(f) not in values
                ]
                if rivals:
                    yield _missing(kind, asked, rivals, sentence, evidence)


def kind_of(fact: Fact) -> ReasonKind:
    """What kind of reason a fact gives where it is wrong."""
    match fact:
        case Authority():
            return ReasonKind.ORDER
        case Day():
            return ReasonKind.DATE
        case _:
            return ReasonKind.NUMBER


def same_fact(asked: Fact, told: Fact, evidence: Evidence) -> bool:
    """Whether a fact of a span tells what a sentence asks, bounds aside."""
    match asked, told:
        case Authority(), Authority():
            return _one_authority(asked, told)
        case Day(), Day():
            return _completed(told, evidence).holds(asked)
        case Quantity(), Quantity():
            return _same_value(asked, told) or asked.rounds(told)
        case _:
            return False


def value_of(fact: Fact) -> object:
    """A fact without its place."""
    match fact:
        case Authority():
            return fact.label, fact.number
        case Day():
            return fact.year, fact.month, fact.day
        case _:
            return fact.kind, fact.value


def sort_of(fact: Fact) -> object:
    """What must be alike before one value can stand in the place of another."""
    match fact:
        case Authority():
            return fact.label
        case Day():
            return fact.month is None, fact.day is None
        case _:
            return fact.kind


def _authorities(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    told = [a for quote in evidence.quotes for a in quote.authorities]
    for asked in sentence.authorities:
        if any(_one_authority(asked, a) for a in told):
            continue
        if any(
            q.value == Decimal(asked.number) for r in evidence.quotes for q in r.quantities if asked.number.isdigit()
        ):
            continue
        others = [a for a in told if a.label == asked.label and not _in(a, sentence.authorities)]
        yield _missing(ReasonKind.ORDER, asked, [str(a) for a in others], sentence, evidence)


def _one_authority(asked: Authority, told: Authority) -> bool:
    if asked.label == told.label:
        return asked.number == told.number or told.number.startswith(f"{asked.number}(")
    return {asked.label, told.label} <= {"section", "U.S.C.", "CFR", "Part"} and (
        asked.number == told.number.split(" ")[-1] or told.number == asked.number.split(" ")[-1]
    )


def _in(authority: Authority, asked: Sequence[Authority]) -> bool:
    return any(_one_authority(a, authority) for a in asked)


def _missing(kind: ReasonKind, asked: Fact, others: list[str], sentence: Reading, evidence: Evidence) -> Reason:
    """That a fact is not there, and what stands in its place."""
    span = (asked.start, asked.end)
    said = str(asked) if isinstance(asked, Authority) else sentence.text[asked.start : asked.end]
    others = list(dict.fromkeys(others))
    if others:
        instead = others[0]
        listed = " and ".join(others[:3])
        return reason(kind, f"says {said}; {evidence.where} says {listed}", sentence, span, instead, True)
    return reason(kind, f"{said} is not in {evidence.where}", sentence, span)


def _dates(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    told = [_completed(d, evidence) for quote in evidence.quotes for d in quote.dates]
    today = any(t.key in _TODAY for quote in evidence.quotes for t in quote.tokens)
    published = [day_of(date) for date in evidence.days]
    numbers = {q.value for quote in evidence.quotes for q in quote.quantities if q.kind is Kind.COUNT}
    unused = [d for d in told if not any(d.holds(asked) for asked in sentence.dates)]
    for asked in sentence.dates:
        if any(d.holds(asked) for d in told):
            continue
        if asked.month is None and asked.year in numbers:
            continue
        rivals = [d for d in unused if _comparable(asked, d)]
        if any(d.holds(asked) for d in published) and (today or not rivals):
            continue
        yield _missing(ReasonKind.DATE, asked, [str(d) for d in rivals], sentence, evidence)
    yield from _weekdays(sentence, evidence, [*told, *published])


def _completed(told: Day, evidence: Evidence) -> Day:
    """A day or month without a year is of the year of the release."""
    if told.year is None and len({date.year for date in evidence.days}) == 1:
        return Day(evidence.days[0].year, told.month, told.day, told.start, told.end)
    return told


def _comparable(asked: Day, told: Day) -> bool:
    """Whether one date can stand in the place of the other."""
    return (asked.year is None or told.year is not None) and (
        asked.month is None or told.month is not None or told.year is not None
    )


def _weekdays(sentence: Reading, evidence: Evidence, days: Sequence[Day]) -> Iterator[Reason]:
    for token in sentence.tokens:
        if token.key in WEEKDAYS and token.capital:
            if any(token.key in reading.keys for reading in evidence.quotes):
                continue
            if not any(_weekday(d) == token.key for d in days):
                yield reason(
                    ReasonKind.DATE, f"{token.text} is not in {evidence.where}", sentence, (token.start, token.end)
                )


def _weekday(day: Day) -> str:
    if day.year and day.month and day.day:
        try:
            return f"{datetime.date(day.year, day.month, day.day):%A}".lower()
        except ValueError:
            return ""
    return ""


def _quantities(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    told = [(quote, q) for quote in evidence.quotes for q in quote.quantities]
    for asked in sentence.quantities:
        same = [(quote, q) for quote, q in told if _same_value(asked, q)]
        if same:
            if not any(_bounds_agree(asked.bound, q.bound) for _, q in same):
                yield _bound_reason(asked, same[0][0], same[0][1], sentence, evidence)
            elif asked.kind is Kind.COUNT and not _counted(asked, sentence, same):
                yield from _other_count(asked, sentence, told, evidence)
            continue
        if any(asked.rounds(q) for _, q in told):
            continue
        if _said_otherwise(asked, sentence, evidence):
            continue
        others = [
            quote.text[q.start : q.end]
            for quote, q in told
            if q.kind is asked.kind and not any(_same_value(a, q) for a in sentence.quantities)
        ]
        if asked.kind is Kind.COUNT and (asked.value == 1 or _of_the_named(asked, sentence, evidence)):
            continue
        yield _missing(ReasonKind.NUMBER, asked, others, sentence, evidence)
    yield from _ordinals(sentence, evidence)


def _same_value(asked: Quantity, told: Quantity) -> bool:
    if asked.value != told.value:
        return False
    return asked.kind is told.kind or ({asked.kind, told.kind} == {Kind.COUNT, Kind.MONEY} and asked.value >= 1000)


def _bounds_agree(asked: Bound, told: Bound) -> bool:
    if asked is told or asked is Bound.ABOUT or Bound.DURING in (asked, told):
        return True
    if told in (Bound.ABOUT, Bound.NEAR):
        return asked in (Bound.EXACT, Bound.NEAR, Bound.BELOW if told is Bound.NEAR else Bound.NEAR)
    return told is Bound.BELOW and asked is Bound.NEAR


def _bound_reason(asked: Quantity, quote: Reading, told: Quantity, sentence: Reading, evidence: Evidence) -> Reason:
    number = sentence.text[asked.start : asked.end]
    instead = f"{told.bound} {quote.text[told.start : told.end]}"
    contradicts = asked.bound is not Bound.EXACT
    message = f"says {asked.bound} {number}; {evidence.where} says {instead}"
    return reason(ReasonKind.NUMBER, message, sentence, (asked.start, asked.end), instead, contradicts)


def _nouns(reading: Reading, quantity: Quantity) -> list[str]:
    """The words in which a count says what it counts."""
    found: list[str] = []
    for token in reading.tokens[_first_after(reading, quantity.end) :][: 2 * _NOUNS]:
        if "," in reading.text[quantity.end : token.start] or len(found) == _NOUNS:
            break
        if token.key not in STOP:
            found.append(token.stem)
        elif token.key not in ("of", "the", "more", "or", "other"):
            break
    return found


def _first_after(reading: Reading, position: int) -> int:
    low, high = 0, len(reading.tokens)
    while low < high:
        middle = (low + high) // 2
        if reading.tokens[middle].start < position:
            low = middle + 1
        else:
            high = middle
    return low


def _counted(asked: Quantity, sentence: Reading, same: Sequence[tuple[Reading, Quantity]]) -> bool:
    nouns = _nouns(sentence, asked)
    return not nouns or any(alike(n, other) for quote, q in same for n in nouns for other in _nouns(quote, q))


def _other_count(
    asked: Quantity, sentence: Reading, told: Sequence[tuple[Reading, Quantity]], evidence: Evidence
) -> Iterator[Reason]:
    """Where the thing counted has another number there: "two banks and five men" for "five banks and two men"."""
    nouns = _nouns(sentence, asked)[:1]
    for quote, q in told:
        if q.kind is Kind.COUNT and q.value != asked.value and set(nouns) & set(_nouns(quote, q)[:1]):
            said = sentence.text[asked.start : asked.end]
            there = quote.text[q.start : q.end]
            noun = _first_after(sentence, asked.end)
            message = f"says {said} {sentence.tokens[noun].text}; {evidence.where} says {there}"
            yield reason(ReasonKind.NUMBER, message, sentence, (asked.start, asked.end), there, True)
            return


def _said_otherwise(asked: Quantity, sentence: Reading, evidence: Evidence) -> bool:
    """A share in a word, a pair, a decade."""
    words: tuple[str, ...] = ()
    if asked.kind is Kind.PERCENT:
        words = {50: ("half",), 25: ("quarter",), 100: ("all", "entire", "whole", "wholly")}.get(int(asked.value), ())
    elif asked.kind is Kind.COUNT:
        words = {
            2: ("both", "pair", "couple", "twice", "two-thirds"),
            10: ("decade",),
            20: ("decades",),
            12: ("dozen", "year") if stem_of("months") in _nouns(sentence, asked)[:1] else ("dozen",),
            100: ("century",),
        }.get(int(asked.value) if asked.value < 1000 else 0, ())
    return any(word in quote.keys for quote in evidence.quotes for word in words)


def _lists(quote: Reading) -> list[int]:
    """How many names stand in each list of names."""
    found = names(quote)
    lengths = [1] * bool(found)
    for one, other in pairwise(found):
        if _BETWEEN_NAMES.fullmatch(quote.text, one.end, other.start):
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


def _of_the_named(asked: Quantity, sentence: Reading, evidence: Evidence) -> bool:
    """Whether a count takes up what the spans name, one by one: "the three groups"."""
    counts = any(q.kind is Kind.COUNT for quote in evidence.quotes for q in quote.quantities)
    definite = _DEFINITE.search(sentence.text[max(0, asked.start - 8) : asked.start].lower())
    if asked.value > _LISTED or (counts and not definite):
        return False
    return any(asked.value == length for quote in evidence.quotes for length in _lists(quote))


def _ordinals(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    """Places in an order that are told in words: "third"."""
    told = {stem_of(w) for w in ORDINALS} & {s for q in evidence.quotes for s in q.stems}
    values = {int(q.value) for quote in evidence.quotes for q in quote.quantities if q.kind is Kind.ORDINAL}
    for token in sentence.tokens:
        place = ORDINALS.get(token.key)
        if place is None or token.stem in told or place in values or place == 1:
            continue
        if place == 2 and any(k in quote.keys for quote in evidence.quotes for k in ("another", "deputy", "two", "2")):
            continue
        others = [
            t.text
            for quote in evidence.quotes
            for t in quote.tokens
            if t.key in ORDINALS and t.stem not in sentence.stems
        ]
        if others:
            message = f"says {token.text}; {evidence.where} says {others[0]}"
        else:
            message = f"{token.text} is not in {evidence.where}"
        yield reason(
            ReasonKind.NUMBER, message, sentence, (token.start, token.end), others[0] if others else "", bool(others)
        )


def _identifiers(sentence: Reading, evidence: Evidence) -> Iterator[Reason]:
    told = {key for reading in (*evidence.quotes, *evidence.known) for _, _, key in reading.identifiers}
    stems = {stem for reading in (*evidence.quotes, *evidence.known) for stem in reading.stems}
    for start, end, key in sentence.identifiers:
        if key not in told and key not in stems:
            said = sentence.text[start:end]
            yield reason(ReasonKind.NAME, f"{said} is not in {evidence.where}", sentence, (start, end))
