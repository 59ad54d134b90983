"""Whether who did it to whom, and what belongs to what, is as in the cited spans."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from assistant.citations.facts import Evidence, reason
from assistant.citations.names import HONORIFICS, LEGAL_FORMS, Name, demonym, same_names, starts_sentence
from assistant.citations.reading import Reading
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.relations import turned_relations
from assistant.citations.verbs import after_modal, is_verb, passive, verbal
from assistant.citations.vocabulary import STOP

#: Words between two names, at most, where one is said to do something to the other.
_FAR = 16
#: Words before a verb, or after "by", in which who acts is looked for.
_BEFORE, _AFTER = 14, 9
#: Words between a verb and the names that it stands between.
_NEAR = 8
#: Letters that the name of a country has, at least.
_COUNTRY = 4
#: Words on either side of a name or number that say what it has to do with.
_AROUND = 4
#: Names and numbers of a sentence that are compared with each other.
_COMPARED = 12


def check_roles(sentence: Reading, names: Sequence[Name], evidence: Evidence) -> Iterator[Reason]:
    """Where somebody else acts, or two names or two values of one kind have changed places."""
    found = next(_other_agents(sentence, names, evidence), None) or next(_crossings(sentence, names, evidence), None)
    if found:
        yield found
        return
    turned = next(turned_relations(sentence, names, evidence), None)
    if turned:
        yield turned
        return
    for first_at, second_at, kind in _exchangeable(sentence):
        for quote in evidence.quotes:
            if _exchanged(sentence, first_at, second_at, quote):
                first, second = (
                    sentence.text[sentence.tokens[start].start : sentence.tokens[end].end]
                    for start, end in (first_at, second_at)
                )
                span = (sentence.tokens[first_at[0]].start, sentence.tokens[second_at[1]].end)
                message = f"“{first}” and “{second}” stand in each other's place in {evidence.where}"
                yield reason(kind, message, sentence, span, contradicts=True)
                return


#: What may stand between who acts and what is done; what has a name depend on another word; where a clause begins.
_AUXILIARY = frozenset(
    "has have had also already jointly then later first further again previously knowingly once".split()
)
_GOVERNING = frozenset("of in for by to from with at on under against and or including based via".split())
_SUBORDINATING = frozenset("when while where if because after before since although which who whom that whose".split())
#: After a comma these begin what is only added: "Okafor, who lives in Lagos, moved".
_RELATIVE = frozenset(("who", "which"))
_PRONOUNS = frozenset("it he she they who which that".split())


def _crossings(sentence: Reading, names: Sequence[Name], evidence: Evidence) -> Iterator[Reason]:
    """Where the names on either side of a verb stand on the other sides of it in the spans, or it is turned passive."""
    for n in range(len(sentence.tokens)):
        if not is_verb(sentence, n) and not after_modal(sentence, n):
            continue
        one = next((name for name in reversed(names) if 0 < n - name.tokens[-1] <= _NEAR), None)
        other = next((name for name in names if 0 < name.tokens[0] - n <= _NEAR), None)
        if one is None or other is None or _governed(sentence, one):
            continue
        ways = {
            way
            for q in evidence.quotes
            for m in q.stems.get(sentence.tokens[n].stem, ())
            if (way := _crossed(sentence, n, one, other, q, m)) is not None
        }
        if ways == {True}:
            message = f"“{one.text}” and “{other.text}” stand the other way round in {evidence.where}"
            yield reason(ReasonKind.DIRECTION, message, sentence, (one.start, other.end), contradicts=True)


def _crossed(sentence: Reading, n: int, one: Name, other: Name, quote: Reading, m: int) -> bool | None:
    """Whether two names have changed sides of a verb; None where a span does not tell."""
    first = min(_distinct(sentence, one, other, quote), key=lambda place: abs(place - m), default=None)
    second = min(_distinct(sentence, other, one, quote), key=lambda place: abs(place - m), default=None)
    if first is None or second is None or max(abs(first - m), abs(second - m)) > _FAR:
        return None
    if passive(sentence, n) == passive(quote, m):
        return second < m < first
    by = any(
        r.tokens[k].key == "by"
        for r, v in ((sentence, n), (quote, m))
        for k in range(v, min(len(r.tokens), v + _AFTER))
    )
    return by and first < m < second


def _acts(sentence: Reading, n: int, inside: Mapping[int, Name]) -> Name | None:
    """The name that a sentence has right before a verb, or right after "by"."""
    if passive(sentence, n):
        by = next(
            (m for m in range(n + 1, min(len(sentence.tokens), n + _AFTER)) if sentence.tokens[m].key == "by"), None
        )
        if by is None or any(verbal(sentence, m) for m in range(n + 1, by)):
            return None
        return next((inside[m] for m in range(by + 1, min(len(sentence.tokens), by + 3)) if m in inside), None)
    for m in range(n - 1, max(-1, n - 4), -1):
        if "," in sentence.text[sentence.tokens[m].end : sentence.tokens[m + 1].start]:
            return None
        if m in inside:
            return None if _governed(sentence, inside[m]) else inside[m]
        if sentence.tokens[m].key not in _AUXILIARY:
            return None
    return None


def _governed(sentence: Reading, name: Name) -> bool:
    """Whether a name depends on another word: "of Iran", "based in Lebanon"."""
    first = name.tokens[0]
    before = sentence.tokens[first - 1] if first else None
    if before and before.key == "the" and first > 1:
        before = sentence.tokens[first - 2]
    return before is not None and before.key in _GOVERNING


def _agent(reading: Reading, n: int) -> frozenset[int]:
    """The capitalised words of who does what the verb at ``n`` says; none where it is not told, or not by a name."""
    if passive(reading, n):
        by = next(
            (m for m in range(n + 1, min(len(reading.tokens), n + _AFTER)) if reading.tokens[m].key == "by"), None
        )
        if by is None or any(verbal(reading, m) for m in range(n + 1, by)):
            return frozenset()
        acting: list[int] = []
        for m in range(by + 1, min(len(reading.tokens), by + 1 + _AFTER)):
            between = reading.text[reading.tokens[m - 1].end : reading.tokens[m].start]
            if m > by + 1 and ("," in between or ";" in between or (verbal(reading, m) and acting)):
                break
            if reading.tokens[m].capital and m not in reading.in_fact:
                acting.append(m)
            elif acting and reading.tokens[m].key in ("on", "in", "under", "for", "as", "at", "from", "to", "after"):
                break
        return frozenset(acting)
    found: list[int] = []
    for m in range(n - 1, max(-1, n - 1 - _BEFORE), -1):
        token = reading.tokens[m]
        between = reading.text[token.end : reading.tokens[m + 1].start]
        if ";" in between or ": " in between:
            break
        if token.key in _SUBORDINATING and not (token.key in _RELATIVE and reading.text[token.start - 2] == ","):
            break
        if token.key in _PRONOUNS and not found:
            return frozenset()
        if token.capital and m not in reading.in_fact and not (starts_sentence(reading, m) and token.key in STOP):
            found.append(m)
    return frozenset(found)


def _other_agents(sentence: Reading, names: Sequence[Name], evidence: Evidence) -> Iterator[Reason]:
    """Where the sentence has somebody act who does not, though named in the spans, and they say who does."""
    inside = {n: name for name in names for n in name.tokens}
    for n in range(len(sentence.tokens)):
        if not is_verb(sentence, n):
            continue
        name = _acts(sentence, n, inside)
        if name is None:
            continue
        there = [
            (quote, agent)
            for quote in evidence.quotes
            for m in quote.stems.get(sentence.tokens[n].stem, ())
            if (is_verb(quote, m) or after_modal(quote, m)) and (agent := _agent(quote, m))
        ]
        if there and all(_someone_else(sentence, name, quote, agent) for quote, agent in there):
            quote, agent = there[0]
            instead = quote.text[quote.tokens[min(agent)].start : quote.tokens[max(agent)].end]
            message = f"has “{name.text}” as who {sentence.tokens[n].text}; in {evidence.where} it is “{instead}”"
            yield reason(ReasonKind.DIRECTION, message, sentence, (name.start, name.end), instead, True)
            return


def _someone_else(sentence: Reading, name: Name, quote: Reading, agent: frozenset[int]) -> bool:
    """Whether a name stands in a span, and not where who acts stands."""
    stems = {
        sentence.tokens[n].stem
        for n in name.tokens
        if sentence.tokens[n].key not in HONORIFICS - {"ofac"} | LEGAL_FORMS
    }
    acting = {quote.tokens[m].stem for m in agent}
    key = tuple(sentence.tokens[n].stem for n in name.tokens)
    if any(acting.issuperset(other) for other in same_names().get(key, ())):
        return False
    elsewhere = stems - acting
    if not stems or 2 * len(elsewhere) <= len(stems):
        return False
    peoples = {demonym(token.key) for token in quote.tokens if token.capital and len(token.key) >= _COUNTRY}
    said = {sentence.tokens[n].stem: demonym(sentence.tokens[n].key) for n in name.tokens}
    return all(stem in quote.stems or said[stem] in peoples for stem in elsewhere)


def _distinct(sentence: Reading, name: Name, other: Name, quote: Reading) -> tuple[int, ...]:
    """Where the word of a name that tells it from another stands in a span."""
    shared = {sentence.tokens[n].stem for n in other.tokens}
    words = [sentence.tokens[n] for n in name.tokens if sentence.tokens[n].stem not in shared]
    places = [quote.stems[t.stem] for t in words if t.stem in quote.stems]
    return min(places, key=len, default=())


def _exchangeable(sentence: Reading) -> Iterator[tuple[tuple[int, int], tuple[int, int], ReasonKind]]:
    """Pairs of values of one kind."""
    for kind, facts in (
        (ReasonKind.DATE, sentence.dates),
        (ReasonKind.ORDER, sentence.authorities),
        (ReasonKind.NUMBER, sentence.quantities),
    ):
        found = [span for fact in facts[:_COMPARED] if (span := _span(sentence, fact.start, fact.end))]
        for one, other in combinations(found, 2):
            yield one, other, kind


def _span(reading: Reading, start: int, end: int) -> tuple[int, int] | None:
    inside = [n for n in reading.in_fact if start <= reading.tokens[n].start < end]
    return (min(inside), max(inside)) if inside else None


def _exchanged(sentence: Reading, one: tuple[int, int], other: tuple[int, int], quote: Reading) -> bool:
    """Whether the words around each stand, in the span, around the other, and not around the same."""
    first, second = _find(sentence, one, quote), _find(sentence, other, quote)
    if first is None or second is None or first == second:
        return False
    mine, yours = _around(sentence, one, other), _around(sentence, other, one)
    theirs, others = _around(quote, first, second), _around(quote, second, first)
    mine, yours = mine - yours, yours - mine
    theirs, others = theirs - others, others - theirs
    return not mine & theirs and not yours & others and bool(mine & others) and bool(yours & theirs)


def _find(sentence: Reading, span: tuple[int, int], quote: Reading) -> tuple[int, int] | None:
    """The one place in a span of text where the same words stand; None where there is none, or several."""
    stems = [sentence.tokens[n].stem for n in range(span[0], span[1] + 1)]
    places = [n for n in quote.stems.get(stems[0], ()) if [t.stem for t in quote.tokens[n : n + len(stems)]] == stems]
    return (places[0], places[0] + len(stems) - 1) if len(places) == 1 else None


def _around(reading: Reading, span: tuple[int, int], other: tuple[int, int]) -> set[str]:
    """The words near a span, up to the other."""
    low = max(0, span[0] - _AROUND, other[1] + 1 if other[1] < span[0] else 0)
    high = min(len(reading.tokens), span[1] + _AROUND + 1, other[0] if other[0] > span[1] else len(reading.tokens))
    near = [*range(low, span[0]), *range(span[1] + 1, high)]
    return {reading.tokens[n].stem for n in near if reading.tokens[n].key not in STOP}
