"""The amounts, percentages and counts that a text gives, in digits and in words, and how they are bounded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_SMALL = {word: n for n, word in enumerate(_ONES.split())}
_SMALL |= {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SHORT = {"k": 3, "mn": 6, "mln": 6, "m": 6, "mm": 6, "bn": 9, "b": 9, "bln": 9, "tn": 12, "trn": 12, "t": 12}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS = {word: n for n, word in enumerate(_ORDINALS.split(), 1)}

_WORD = "|".join(sorted((*_SMALL, *_SCALES), key=len, reverse=True))
_IN_WORDS = (
    rf"(?i:(?:{_WORD}|a(?= (?:hundred|thousand|million|billion|trillion|dozen)\b)|"
    rf"dozen)\b(?:[ -](?:{_WORD}|dozen)\b|(?<=hundred) and (?:{_WORD})\b|"
    rf"(?<=thousand) and (?:{_WORD})\b){{0,12}})"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_CURRENCY = r"(?:U\.?S\.? ?)?\$|USD|US dollars|€|EUR|£|GBP|¥"
_QUANTITY = re.compile(
    rf"(?P<money>(?:{_CURRENCY}) ?)?"
    rf"(?<![\w.,])(?:(?P<digits>{_DIGITS})|(?P<words>{_IN_WORDS}))"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|(?:[ -]?(?P<scale>(?i:hundred|thousand|million|billion|trillion)|"
    rf"mn|mln|bn|bln|tn|trn)\b)?"
    rf"(?P<short>(?i:[kmbt]|mm)\b)?(?P<percent> ?%|[ -](?i:percent(?:age points?)?|per cent|pct)\b)?"
    rf"(?: ?(?P<unit>(?:U\.?S\.? )?(?i:dollars?|USD|euros?|pounds)\b))?)"
)
_RANGE = re.compile(r" ?(?:-|to|and|or) ?")

_ABOVE = (
    r"more than|(?:long|old|high|larg|great)er than|over|exceed(?:s|ed|ing)?|above|at least|greater than|"
    r"upwards of|no (?:less|fewer) than|not less than|in excess of|surpass(?:ed|ing|es)?|better than|"
    r"a minimum of|topp(?:ed|ing)"
)
_BELOW = (
    r"up to|as (?:much|many|high) as|under|less than|fewer than|at most|no more than|not more than|"
    r"a maximum of|below|at maximum"
)
_NEAR = r"nearly|almost|close to|just under|not quite"
_ABOUT = r"about|approximately|around|roughly|some|estimated|an estimated|circa|or so|in the region of|an average of"
_BEFORE = re.compile(
    rf"\b(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW})|(?P<near>{_NEAR})|(?P<about>{_ABOUT})) (?:the |"
    rf"an? |USD |negative |positive )?$",
    re.I,
)
_AFTER = re.compile(r" ?(?:(?P<above>or more|or above|at least)|(?P<below>or (?:less|fewer)|at most))\b", re.I)
#: "Over five years" is during them, or longer.
_TIME = re.compile(r"[ -](?:straight |consecutive )?(?:years?|months?|weeks?|days?|decades?|quarters?|hours?)\b", re.I)
#: Characters before a number in which what bounds it stands.
_REACH = 40


class Bound(StrEnum):
    """Which side of the number is meant."""

    EXACT = "exactly"
    ABOUT = "about"
    ABOVE = "more than"
    BELOW = "up to"
    NEAR = "nearly"
    DURING = "over"


class Kind(StrEnum):
    """What a number counts; amounts of money, shares and places in an order are not counts of things."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at characters ``[start, end)`` of a folded text. ``unit`` is that of its last written digit."""

    value: Decimal
    kind: Kind
    bound: Bound
    unit: Decimal
    start: int
    end: int

    def same(self, other: "Quantity") -> bool:
        """Whether both are one value of one kind."""
        return self.value == other.value and self.kind is other.kind

    def rounds(self, exact: "Quantity") -> bool:
        """Whether this is the other number rounded, and says so."""
        if self.kind is not exact.kind or self.bound is Bound.EXACT:
            return False
        off = exact.value - self.value
        match self.bound:
            case Bound.ABOUT:
                return abs(off) <= min(self.unit / 2, abs(exact.value) / 20)
            case Bound.ABOVE:
                return 0 < off < min(self.unit, abs(exact.value) / 10)
            case _:
                return 0 < -off < min(self.unit, abs(exact.value) / 10)


def quantities(folded: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """The numbers of a folded text, in order, but for those in the spans ``taken`` (dates, orders).

    The scale of a range is that of its end: "$100 to $200 million".
    """
    found = list(_found(folded, taken))
    for n in range(len(found) - 2, -1, -1):
        (here, scaled), (after, _) = found[n], found[n + 1]
        if not scaled and _RANGE.fullmatch(folded, here.end, after.start) and here.value < after.value:
            if (
                after.value >= 1000
                and after.unit >= 1
                and here.value * 1000 <= after.value * 10
                and here.unit < 1000 <= after.value
            ):
                scale = _scale_written(folded[after.start : after.end])
                if scale and (here.kind is after.kind or here.kind is Kind.COUNT or after.kind is Kind.COUNT):
                    kind = here.kind if here.kind is not Kind.COUNT else after.kind
                    found[n] = (replace(here, value=here.value * scale, unit=here.unit * scale, kind=kind), True)
                    found[n + 1] = (replace(after, kind=kind), True)
                    continue
            if here.kind is Kind.COUNT and after.kind is Kind.PERCENT:
                found[n] = (replace(here, kind=Kind.PERCENT), True)
    return tuple(quantity for quantity, _ in found)


def _scale_written(written: str) -> Decimal | None:
    scale = re.search(r"(?i)(thousand|million|billion|trillion|(?<=\d)(?:mn|mln|bn|bln|tn|trn|[kmbt]))\b", written)
    return Decimal(10) ** {**_SCALES, **_SHORT}[scale[1].lower()] if scale else None


def _found(folded: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[Quantity, bool]]:
    spans, at = sorted(taken), 0
    for match in _QUANTITY.finditer(folded):
        start, end = match.span()
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at < len(spans) and spans[at][0] < end:
            continue
        if match["short"] and not match["money"]:
            if match["words"] or match["scale"]:
                continue
            if match["short"] not in ("m", "k", "b"):
                continue
            end = match.end("digits")
        yield from _quantity(folded, match, start, end)


def _quantity(folded: str, match: re.Match[str], start: int, end: int) -> Iterator[tuple[Quantity, bool]]:
    exponent = 0
    if match["digits"]:
        if len(match["digits"]) > 40:
            return
        value = Decimal(match["digits"].replace(",", ""))
        unit = _last_digit(match["digits"].replace(",", ""))
    else:
        if match["words"].lower() == "one":  # more often a pronoun than a count
            after = folded[match.end("words") : match.end("words") + 4]
            if after.startswith((" of ", " or ", ".", ",", " and", " to")):
                return
        value = _in_words(match["words"].lower())
        unit = _last_digit(str(value))
    if match["scale"]:
        exponent += {**_SCALES, **_SHORT}[match["scale"].lower()]
    if match["short"] and match["money"]:
        exponent += _SHORT[match["short"].lower()]
    factor = Decimal(10) ** exponent
    if match["ordinal"]:
        kind = Kind.ORDINAL
    elif match["percent"]:
        kind = Kind.PERCENT
    elif match["money"] or match["unit"]:
        kind = Kind.MONEY
    else:
        kind = Kind.COUNT
    yield Quantity(value * factor, kind, _bound(folded, start, end), unit * factor, start, end), exponent > 0


def _last_digit(written: str) -> Decimal:
    """The worth of the last digit that is not a trailing nought of a whole number."""
    if "." in written:
        return Decimal(1).scaleb(-len(written.partition(".")[2]))
    stripped = written.rstrip("0")
    return Decimal(10) ** (len(written) - len(stripped)) if stripped else Decimal(1)


def _in_words(words: str) -> Decimal:
    total = group = 0
    for word in re.findall(r"[a-z]+", words):
        if word == "a":
            group = 1
        elif word == "dozen":
            group = max(group, 1) * 12
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total += max(group, 1) * 10 ** _SCALES[word]
            group = 0
        elif word in _SMALL:
            group += _SMALL[word]
    return Decimal(total + group)


def _bound(folded: str, start: int, end: int) -> Bound:
    before = _BEFORE.search(folded[max(0, start - _REACH) : start])
    after = _AFTER.match(folded, end)
    for match in (before, after):
        if match:
            groups = match.groupdict()
            for name, bound in _BOUNDS.items():
                if groups.get(name):
                    over = groups[name].lower() == "over" and _TIME.match(folded, end)
                    return Bound.DURING if over else bound
    return Bound.EXACT


_BOUNDS = {"above": Bound.ABOVE, "below": Bound.BELOW, "near": Bound.NEAR, "about": Bound.ABOUT}
