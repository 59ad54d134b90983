"""What one name is, or does, to another, in a sentence and in what it cites: owner and owned, wife and husband."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations.facts import Evidence, reason
from assistant.citations.folding import stem_of
from assistant.citations.names import HONORIFICS, Name, capitals, names
from assistant.citations.parties import independent, same_party, shared_words
from assistant.citations.reading import Reading
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.verbs import BE, RELATIONS, after_modal, is_verb, passive
from assistant.citations.vocabulary import STOP, lines

#: Words between two names, at most, and between a verb and its names.
_FAR, _NEAR = 16, 8
#: Words after "by" in which who acts is looked for.
_AFTER = 9
#: What holds both ways round.
_MUTUAL = frozenset(
    map(
        stem_of,
        "marry spouse couple partner partnership sibling brother sister twin cousin friend ally rival colleague "
        "counterpart namesake relative meet join merge together between cooperate collaborate agree same".split(),
    )
)
_OF = frozenset(("of", "for", "to"))
_DETERMINERS = frozenset(("the", "a", "an"))
_POSSESSIVES = frozenset(("his", "her", "its", "their"))
_OBJECTS = frozenset(("it", "him", "her", "them"))
#: "Seen as the owner of", "known as", "described as" say what something is.
_SEEN = frozenset(map(stem_of, "see regard know describe call consider name identify view serve act work".split()))


@dataclass(frozen=True, slots=True)
class _Tie:
    """``one`` is the ``stem`` of ``other``, or does it to it; said by the word at ``at``."""

    stem: str
    one: Name
    other: Name
    at: int


def turned_relations(sentence: Reading, named: Sequence[Name], evidence: Evidence) -> Iterator[Reason]:
    """Where the spans have one name to another what the sentence has the other to the one, and never as it has it."""
    for tie in _ties(sentence, named):
        if _told(sentence, tie, evidence, turned=True) and not _told(sentence, tie, evidence, turned=False):
            first, second = sorted((tie.one, tie.other), key=lambda name: name.start)
            message = f"“{first.text}” and “{second.text}” stand the other way round in {evidence.where}"
            yield reason(ReasonKind.DIRECTION, message, sentence, (first.start, second.end), contradicts=True)


def told_inversely(sentence: Reading, named: Sequence[Name], evidence: Evidence) -> frozenset[int]:
    """The words that the spans say the other way round: "husband", where they have her as his wife."""
    return frozenset(tie.at for tie in _ties(sentence, named) if _told(sentence, tie, evidence, turned=False))


def _told(sentence: Reading, tie: _Tie, evidence: Evidence, turned: bool) -> bool:
    one, other = (tie.other, tie.one) if turned else (tie.one, tie.other)
    known = capitals((sentence, *evidence.quotes))
    return any(
        told.stem == tie.stem
        and _means(sentence, one, other, quote, told.one)
        and _means(sentence, other, one, quote, told.other)
        for quote in evidence.quotes
        for told in _ties_of(quote, known)
    )


def _means(sentence: Reading, name: Name, rival: Name, quote: Reading, told: Name) -> bool:
    """Whether a name of a span is a name of the sentence, rather than its rival."""
    if not same_party(sentence, name, quote, told):
        return False
    return not same_party(sentence, rival, quote, told) or (
        shared_words(sentence, name, quote, told) > shared_words(sentence, rival, quote, told)
    )


@lru_cache(maxsize=1)
def _inverses() -> dict[str, tuple[int, int]]:
    """Of each stem that has an inverse, the line of the list and the side of the bar."""
    return {
        stem_of(word): (n, side)
        for n, line in enumerate(lines("inverses.txt"))
        for side, words in enumerate(line.split("|"))
        for word in words.split()
    }


@lru_cache(maxsize=1024)
def _ties_of(reading: Reading, known: frozenset[str]) -> tuple[_Tie, ...]:
    return tuple(_ties(reading, names(reading, known)))


def _ties(reading: Reading, named: Sequence[Name]) -> Iterator[_Tie]:
    """What the names of a text are, or do, to each other."""
    for low, one in enumerate(named):
        for other in named[low + 1 : low + 4]:
            if other.tokens[0] - one.tokens[-1] <= _FAR:
                found = _noun(reading, one, other)
                if found:
                    yield _tie(reading, *found)
    for n in range(len(reading.tokens)):
        if (is_verb(reading, n) or after_modal(reading, n)) and reading.tokens[n].stem not in _MUTUAL:
            yield from _done(reading, named, n)


def _tie(reading: Reading, at: int, one: Name, other: Name) -> _Tie:
    """A tie by a noun; an owner owns, and a husband has a wife."""
    token = reading.tokens[at]
    inverse = _inverses().get(token.stem)
    if inverse:
        line, side = inverse
        return _Tie(f"inverse {line}", other, one, at) if side else _Tie(f"inverse {line}", one, other, at)
    key = token.key
    acting = f"{key[:-3]}y" if key.endswith("ier") else key[:-2] if key.endswith(("er", "or")) else key
    return _Tie(stem_of(acting), one, other, at)


def _noun(reading: Reading, one: Name, other: Name) -> tuple[int, Name, Name] | None:
    """The noun that ties two names, and which of them is it to which."""
    between = range(one.tokens[-1] + 1, other.tokens[0])
    if any(reading.tokens[n].stem in _MUTUAL for n in between):
        return None
    if ";" in reading.text[one.end : other.start] or any(_acts(reading, n) for n in between):
        return None
    content = [n for n in between if _plain(reading, n)]
    if reading.tokens[one.tokens[-1]].genitive or any(reading.tokens[n].key in _POSSESSIVES for n in between):
        if not content or not all(
            reading.tokens[n].key in BE | _DETERMINERS for n in range(content[-1] + 1, other.tokens[0])
        ):
            return None
        return content[-1], other, one
    if reading.tokens[other.tokens[-1]].genitive and not content:
        after = _noun_after(reading, other.tokens[-1] + 1)
        return (after, one, other) if after is not None else None
    end = other.tokens[0] - 1
    while end > one.tokens[-1] and (reading.tokens[end].key in _DETERMINERS or reading.tokens[end].key in HONORIFICS):
        end -= 1
    if not content or reading.tokens[end].key not in _OF or content[-1] != end - 1:
        return None
    at = content[-1]
    if reading.tokens[at].key in RELATIONS or (reading.tokens[end].key != "to" and _is(reading, one, at)):
        return at, one, other
    return None


def _is(reading: Reading, one: Name, at: int) -> bool:
    """Whether it is the name itself that is what the noun at ``at`` says: "A is a", "A, the", "A, seen as the"."""
    first = reading.tokens[one.tokens[-1] + 1]
    apart = reading.text[one.end : first.start].startswith((",", " ("))
    if not apart and first.key not in BE and first.key != "as":
        return False
    return not any(reading.tokens[n].key in _OF for n in range(one.tokens[-1] + 1, at))


def _plain(reading: Reading, n: int) -> bool:
    token = reading.tokens[n]
    return token.key not in STOP and not token.capital and n not in reading.in_fact


def _acts(reading: Reading, n: int) -> bool:
    return is_verb(reading, n) and reading.tokens[n].stem not in _SEEN


def _noun_after(reading: Reading, first: int) -> int | None:
    """The last word of a noun that begins at ``first``."""
    last = None
    for n in range(first, min(len(reading.tokens), first + 3)):
        token = reading.tokens[n]
        apart = n > first and reading.text[reading.tokens[n - 1].end : token.start] != " "
        if apart or not _plain(reading, n) or is_verb(reading, n):
            break
        last = n
    return last


def _done(reading: Reading, named: Sequence[Name], n: int) -> Iterator[_Tie]:
    """What is done by the verb at ``n``, by whom, and to whom."""
    subject = next((name for name in reversed(named) if 0 < n - name.tokens[-1] <= _NEAR), None)
    if subject is None or not independent(reading, subject):
        return
    if any(is_verb(reading, m) or reading.tokens[m].key in ("to", "that") for m in range(subject.tokens[-1] + 1, n)):
        return
    stem = reading.tokens[n].stem
    if passive(reading, n):
        by = next((m for m in range(n + 1, min(len(reading.tokens), n + 4)) if reading.tokens[m].key == "by"), None)
        if by is None or any(is_verb(reading, m) for m in range(n + 1, by)):
            return
        agent = next((name for name in named if by < name.tokens[0] <= by + 3), None)
        if agent:
            yield _Tie(stem, agent, subject, n)
        return
    for m in range(n + 1, min(len(reading.tokens), n + _NEAR)):
        token = reading.tokens[m]
        if token.key in _OBJECTS:
            earlier = [p for p in named if p.end < subject.start and independent(reading, p)]
            if earlier:
                yield _Tie(stem, subject, earlier[-1], n)
            return
        object_ = next((name for name in named if name.tokens[0] == m), None)
        if object_:
            if not reading.tokens[object_.tokens[-1]].genitive:
                yield _Tie(stem, subject, object_, n)
            return
        if m not in reading.in_fact and token.key not in _DETERMINERS and token.key != "of" and token.key[0].isalpha():
            return
