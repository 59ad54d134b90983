"""Whose a fact is: the party of its clause in a sentence, and the party of its clause in what is cited."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations.dates import Day
from assistant.citations.facts import Evidence, kind_of, reason, same_fact, sort_of
from assistant.citations.names import HONORIFICS, LEGAL_FORMS, Name, OtherNames, Source, capitals, names, same_names
from assistant.citations.quantities import Kind, Quantity
from assistant.citations.reading import Fact, Reading, read
from assistant.citations.reasons import Reason
from assistant.citations.vocabulary import STOP
from corpus.sentences import sentence_spans

#: A name after one of these depends on another word; who is told with "by" acts.
_GOVERNING = frozenset("of in for from to with at on under against including based via than into near".split())
_REFERRING = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|both|(?:the|this|these|those) (?:[a-z-]+ )?"
    r"(?:compan(?:y|ies)|banks?|groups?|firms?|networks?|organizations?|individuals?|persons?|entit(?:y|ies)|"
    r"m[ae]n|wom[ae]n|couple|vessels?|ships?|exchanges?|agenc(?:y|ies)|funds?|designees?))\b",
    re.IGNORECASE,
)
#: What a clause with a party of its own begins with, where facts of one kind stand on either side.
_NEW_CLAUSE = re.compile(r"(?:[;:]|,? (?:and|but|while|whereas)|,)(?: (?:also|then|the))* $")
_SEMICOLON = re.compile("; ")
#: Sentences before a cited span in which a word that only points back may have its name.
BEFORE = 2
#: Characters of a cited span, at most, whose clauses are looked at.
_LONGEST = 6_000


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a cited span that holds a fact, and the sentences before it, the nearest first."""

    reading: Reading
    fact: Fact
    before: tuple[Reading, ...]

    def bearers(self, known: frozenset[str]) -> tuple[tuple[Reading, Name], ...]:
        """The parties that the clause may tell its fact of: its own, or those that it points back to."""
        return next((found for text in (self.reading, *self.before) if (found := _parties(text, known))), ())


def check_parties(
    sentence: Reading, named: Sequence[Name], evidence: Evidence, texts: Sequence[str], others: OtherNames | None
) -> Iterator[Reason]:
    """Where a fact stands in what is cited, but of another party than the sentence tells it of.

    A fact belongs to the party named before it in its clause, else to the first after it. In the spans it must stand
    in a clause that names this party, or points back to a sentence that does, or names no party. Where both parties
    are named by the sentence, only another value of the same kind, told of this party, speaks against it.
    """
    around = [*evidence.quotes, *(reading for before in evidence.before for reading in before)]
    known = capitals((sentence, *around))
    clauses_of = _Clauses(evidence, known)
    for fact in sentence.valued:
        low, high = _clause(sentence, named, fact)
        party = _party_of(fact, [n for n in parties(sentence, named) if low <= n.start < high])
        if party is None:
            continue
        clauses = list(clauses_of.holding(fact))
        if not clauses or _published(fact, evidence):
            continue
        beside = [f for f in sentence.valued if low <= f.start < high]
        own = _Names(sentence, party, known, texts, others)
        if not any(own.stands_in(reading) for reading in around):
            continue  # a name that is not there is told as such
        if any(_tells_of(clause, own) for clause in clauses):
            continue
        its = [c for c in clauses_of.of_sort(fact) if _tells_of(c, own) and not _said(c.fact, beside, evidence)]
        rivals = [rival for clause in clauses for rival in clause.bearers(known)]
        strangers = [r for r in rivals if not any(same_party(*r, sentence, name) for name in named)]
        if not its and not strangers:
            continue
        said = sentence.text[fact.start : fact.end]
        rival = (strangers or rivals)[0][1].text
        message = f"tells {said} of {party.text}; {evidence.where} tells it of {rival}"
        instead = its[0].reading.text[its[0].fact.start : its[0].fact.end] if its else ""
        if instead:
            message += f", and {instead} of {party.text}"
        yield reason(kind_of(fact), message, sentence, (fact.start, fact.end), instead, bool(instead))


def parties(reading: Reading, named: Sequence[Name]) -> list[Name]:
    """The names that stand for somebody who may act or be acted on, in order.

    Those that depend on another word ("of Lagos", "Okafor's"), only describe one ("Harbor oil"), or are known to
    everybody (countries, agencies) are none.
    """
    return [name for name in named if independent(reading, name) and not _general(reading, name)]


def same_party(one: Reading, name: Name, other: Reading, second: Name) -> bool:
    """Whether two names may be one party's: they share a word, and not each has a word that the other lacks."""
    mine, theirs = _telling(one, name), _telling(other, second)
    return bool(mine & theirs) and (mine <= theirs or theirs <= mine)


def shared_words(one: Reading, name: Name, other: Reading, second: Name) -> float:
    """The share of the words of two names that both have."""
    mine, theirs = _telling(one, name), _telling(other, second)
    return len(mine & theirs) / len(mine | theirs)


def _telling(reading: Reading, name: Name) -> frozenset[str]:
    """The words of a name that tell it from others."""
    words = [reading.tokens[n] for n in name.tokens]
    stems = frozenset(t.stem for t in words if t.key not in HONORIFICS and t.key not in LEGAL_FORMS)
    return stems or frozenset(t.stem for t in words)


def independent(reading: Reading, name: Name) -> bool:
    """Whether a name neither depends on another word nor only describes one."""
    first, last = name.tokens[0], name.tokens[-1]
    before = reading.tokens[first - 1] if first else None
    if before and before.key in ("the", "a", "an") and first > 1:
        before = reading.tokens[first - 2]
    if before is not None and before.key in _GOVERNING:
        return False
    if reading.tokens[last].genitive:
        return False
    if last + 1 == len(reading.tokens):
        return True
    after = reading.tokens[last + 1]
    apart = reading.text[reading.tokens[last].end : after.start] != " "
    verbal = after.key.endswith(("ed", "s")) or after.stem != after.key
    return apart or verbal or after.capital or after.key in STOP or last + 1 in reading.in_fact


def _general(reading: Reading, name: Name) -> bool:
    words = [reading.tokens[n] for n in name.tokens]
    return all(t.key in HONORIFICS for t in words) or tuple(t.stem for t in words) in same_names()


@lru_cache(maxsize=1024)
def _parties(reading: Reading, known: frozenset[str]) -> tuple[tuple[Reading, Name], ...]:
    return tuple((reading, name) for name in parties(reading, names(reading, known)))


def _party_of(fact: Fact, inside: Sequence[Name]) -> Name | None:
    """The party, of those in its clause, that a sentence tells a fact of; None where it names none."""
    before = [n for n in inside if n.end <= fact.start]
    after = [n for n in inside if n.start >= fact.end]
    return before[-1] if before else after[0] if after else None


def _clause(reading: Reading, named: Sequence[Name], fact: Fact) -> tuple[int, int]:
    """The characters of the clause that a fact stands in, within its sentence.

    A clause ends at a semicolon, and where a name begins a new one, if facts of this kind stand on either side.
    """
    low, high = next(
        ((s.start, s.stop) for s in _sentences(reading.text) if s.start <= fact.start < s.stop), (0, len(reading.text))
    )
    alike = [f for f in reading.valued if low <= f.start < high and sort_of(f) == sort_of(fact)]
    starts = [n.start for n in named if _NEW_CLAUSE.search(reading.text, max(low, n.start - 20), n.start)]
    cuts = [at for at in starts if any(f.end <= at for f in alike) and any(f.start >= at for f in alike)]
    cuts += [match.end() for match in _SEMICOLON.finditer(reading.text, low, high)]
    first = max((at for at in cuts if at <= fact.start), default=low)
    last = min((at for at in cuts if at > fact.start), default=high)
    return first, last


@lru_cache(maxsize=1024)
def _sentences(text: str) -> tuple[range, ...]:
    """The sentences of a text, as ranges of characters; a long text is taken whole."""
    if len(text) > _LONGEST:
        return (range(len(text)),)
    return tuple(range(span.start, span.end) for span in sentence_spans(text))


class _Clauses:
    """The clauses of the cited spans by the facts that they hold, each found when it is asked for."""

    def __init__(self, evidence: Evidence, known: frozenset[str]) -> None:
        self._evidence, self._known = evidence, known

    def holding(self, asked: Fact) -> Iterator[_Clause]:
        """The clauses that hold a fact of a sentence."""
        return self._where(lambda told: same_fact(asked, told, self._evidence))

    def of_sort(self, asked: Fact) -> Iterator[_Clause]:
        """The clauses that hold a fact which could stand in the place of another."""
        return self._where(lambda told: _interchangeable(asked, told))

    def _where(self, wanted: Callable[[Fact], bool]) -> Iterator[_Clause]:
        for quote, before in zip(self._evidence.quotes, self._evidence.before, strict=True):
            named = names(quote, self._known)
            for told in quote.valued:
                if not wanted(told):
                    continue
                low, high = _clause(quote, named, told)
                earlier = [
                    read(quote.text[s.start : min(s.stop, low)]) for s in _sentences(quote.text) if s.start < low
                ]
                clause = read(quote.text[low:high])
                fact = next((f for f in clause.valued if f.start == told.start - low), None)
                if fact is not None:
                    yield _Clause(clause, fact, (*before, *earlier)[-BEFORE:][::-1])


def _interchangeable(asked: Fact, told: Fact) -> bool:
    if isinstance(asked, Quantity) and asked.kind is Kind.COUNT:
        return False
    return sort_of(asked) == sort_of(told)


class _Names:
    """A party of a sentence, to be looked for in readings."""

    def __init__(
        self,
        sentence: Reading,
        name: Name,
        known: frozenset[str],
        texts: Sequence[str],
        others: OtherNames | None,
    ) -> None:
        self.known = known
        self._sentence, self._name, self._texts, self._others = sentence, name, texts, others

    def stands_in(self, reading: Reading) -> bool:
        """Whether a text names the party, by this name or another of it."""
        if any(self.is_named(reading, other) for other in names(reading, self.known)):
            return True
        source = Source((reading,), self._texts, self._others)
        return source.holds(self._sentence, self._name)

    def is_named(self, reading: Reading, name: Name) -> bool:
        """Whether a name is the party's."""
        return same_party(self._sentence, self._name, reading, name)


def _tells_of(clause: _Clause, party: _Names) -> bool:
    """Whether a clause tells its fact of a party: names it, or points back to it, or names nobody."""
    rivals = _parties(clause.reading, party.known)
    if party.stands_in(clause.reading):
        alike = [f for f in clause.reading.valued if sort_of(f) == sort_of(clause.fact)]
        if "respectively" not in clause.reading.keys or len(alike) != len(rivals):
            return True
        return party.is_named(*rivals[alike.index(clause.fact)])
    pointing = _REFERRING.search(clause.reading.text)
    if rivals and not (pointing and pointing.start() < rivals[0][1].start):
        return False
    for sentence in clause.before:
        if party.stands_in(sentence):
            return True
        if _parties(sentence, party.known):
            return False
    return True


def _said(told: Fact, asked: Sequence[Fact], evidence: Evidence) -> bool:
    return any(same_fact(fact, told, evidence) for fact in asked)


def _published(fact: Fact, evidence: Evidence) -> bool:
    """Whether a date is that of a release, which is every party's."""
    if not isinstance(fact, Day):
        return False
    return any(same_fact(fact, Day(d.year, d.month, d.day), evidence) for d in evidence.days)
