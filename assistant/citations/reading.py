"""What the check reads off a text: its words, and the facts that it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.citations.authorities import Authority, authorities
from assistant.citations.dates import Day, dates
from assistant.citations.folding import Folded, Token, fold, tokens
from assistant.citations.quantities import Quantity, quantities
from assistant.citations.vocabulary import STOP

#: What carries its number as a part of its name: "G20", "MiG-21", "M30".
_IDENTIFIER = re.compile(r"\b(?=[A-Za-z]*[A-Z])[A-Za-z]{1,5}-?\d{1,4}\b(?!-\d)|\b\d{3}-\d{3}-\d{4}\b")


Fact = Day | Authority | Quantity


@dataclass(frozen=True)
class Reading:
    """A text, folded, with its words and facts in order."""

    folded: Folded
    tokens: tuple[Token, ...]
    dates: tuple[Day, ...]
    authorities: tuple[Authority, ...]
    quantities: tuple[Quantity, ...]
    identifiers: tuple[tuple[int, int, str], ...]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @cached_property
    def stems(self) -> dict[str, tuple[int, ...]]:
        """Where each stem stands among the tokens."""
        found: dict[str, list[int]] = {}
        for n, token in enumerate(self.tokens):
            found.setdefault(token.stem, []).append(n)
        return {stem: tuple(places) for stem, places in found.items()}

    @cached_property
    def keys(self) -> dict[str, tuple[int, ...]]:
        """Where each word stands among the tokens."""
        found: dict[str, list[int]] = {}
        for n, token in enumerate(self.tokens):
            found.setdefault(token.key, []).append(n)
        return {key: tuple(places) for key, places in found.items()}

    @cached_property
    def valued(self) -> tuple[Fact, ...]:
        """The dates, authorities and quantities, in order."""
        return tuple(sorted((*self.dates, *self.authorities, *self.quantities), key=lambda fact: fact.start))

    @cached_property
    def facts(self) -> tuple[tuple[int, int], ...]:
        """The spans of all facts but names."""
        spans = [(fact.start, fact.end) for fact in self.valued]
        return tuple(sorted(spans + [(start, end) for start, end, _ in self.identifiers]))

    @cached_property
    def in_fact(self) -> frozenset[int]:
        """The tokens that lie in facts."""
        inside, at = set(), 0
        for n, token in enumerate(self.tokens):
            while at < len(self.facts) and self.facts[at][1] <= token.start:
                at += 1
            if at < len(self.facts) and self.facts[at][0] < token.end:
                inside.add(n)
        return frozenset(inside)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The tokens that carry what is said: neither grammar nor facts nor single letters."""
        return tuple(
            n
            for n, token in enumerate(self.tokens)
            if n not in self.in_fact and token.key not in STOP and len(token.key) > 1
        )


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """Read a text."""
    folded = fold(text)
    identifiers = tuple(
        (m.start(), m.end(), m[0].replace("-", "").casefold()) for m in _IDENTIFIER.finditer(folded.text)
    )
    numbered = authorities(folded.text)
    spans: Sequence[tuple[int, int]] = [(a.start, a.end) for a in numbered]
    days = tuple(day for day in dates(folded.text) if not _inside(day.start, day.end, spans))
    spans = [*spans, *((d.start, d.end) for d in days), *((start, end) for start, end, _ in identifiers)]
    return Reading(folded, tokens(folded.text), days, numbered, quantities(folded.text, spans), identifiers)


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)
