"""Whether the names in a sentence stand in what it cites, under the same name or another of the same thing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations.dates import WEEKDAYS
from assistant.citations.folding import Token, stem_of
from assistant.citations.reading import Reading, read
from assistant.citations.vocabulary import STOP, lines
from indexes.names import name_pairs

#: Gives other names of a name, such as those that an index has learned.
OtherNames = Callable[[str], Sequence[str]]

_JOINS = re.compile(r"(?:'s)?[ \-&./]{1,3}|'s ")
_CONNECTORS = frozenset("of for the and de del la las los el al bin ibn in on von y e da do &".split())
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)
HONORIFICS = frozenset(
    "secretary mr mrs ms dr president former minister general deputy chief director commander "
    "senator chairman governor "
    "ambassador professor first vice under assistant prime executive order orders eo the section public law resolution "
    "treasury ofac".split()
)
#: Words of companies' legal forms, which may be left out.
LEGAL_FORMS = frozenset(
    "ltd limited co company corp corporation inc incorporated llc plc sa sal sarl oao ooo pjsc jsc "
    "ao gmbh fze nv bv pte srl lp na ag spa jv dmcc fzco jvc kg".split()
)

#: What makes an address of a name, as in "Blender.io".
_ADDRESS = re.compile(r"\.[a-z]{2,}\b")
_DEMONYM = re.compile(r"(?:ians?|ans?|nians?|ese|ish|is?|ia|on|a|o|y|e|os?)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence: its tokens that are capitalised, joined over small words such as "of"."""

    tokens: tuple[int, ...]
    text: str
    start: int
    end: int


def names(reading: Reading, known: Set[str] = frozenset()) -> tuple[Name, ...]:
    """The names of a text, in order.

    A capital that only starts the sentence makes no name by itself, unless the word is ``known`` to be written so.
    """
    found: list[Name] = []
    run: list[int] = []
    for n in range(len(reading.tokens)):
        if _capitalised(reading, n, known):
            if run and not _joined(reading, run[-1], n):
                found.extend(_name(reading, run))
                run = []
            run.append(n)
    found.extend(_name(reading, run))
    return tuple(found)


def _capitalised(reading: Reading, n: int, known: Set[str]) -> bool:
    token = reading.tokens[n]
    if not token.text[0].isalpha() or not token.capital or n in reading.in_fact:
        return False
    if token.key in _MONTHS or token.key in WEEKDAYS or len(token.key) < 2:
        return False
    if token.key in STOP and not (token.text.isupper() and len(token.text) > 1):
        return False
    return token.key in known or not (
        starts_sentence(reading, n) and token.text[1:].islower() and not _followed(reading, n)
    )


def starts_sentence(reading: Reading, n: int) -> bool:
    """Whether a token begins a sentence or a quotation, where a capital says nothing."""
    before = reading.text[max(0, reading.tokens[n].start - 3) : reading.tokens[n].start].rstrip(" \"('-")
    return n == 0 or before.endswith((".", "!", "?", ":", ";")) or (not before and reading.tokens[n].start < 3)


def _followed(reading: Reading, n: int) -> bool:
    after = reading.tokens[n + 1] if n + 1 < len(reading.tokens) else None
    return (
        after is not None
        and after.capital
        and after.key not in _MONTHS
        and reading.tokens[n].key not in STOP
        and n + 1 not in reading.in_fact
        and bool(_JOINS.fullmatch(reading.text, reading.tokens[n].end, after.start))
        and stem_of(reading.tokens[n].key) == reading.tokens[n].key
    )


def _joined(reading: Reading, one: int, other: int) -> bool:
    first, second = reading.tokens[one], reading.tokens[other]
    if other - one == 1:
        return not first.genitive and bool(_JOINS.fullmatch(reading.text, first.end, second.start))
    between = reading.tokens[one + 1 : other]
    if (
        other - one > 3
        or first.genitive
        or any(t.key not in ("of", "for", "the", "de", "del", "la", "bin", "ibn", "y") or t.capital for t in between)
    ):
        return False
    return "," not in reading.text[first.end : second.start] and between[0].key != "the"


def _name(reading: Reading, run: list[int]) -> Iterator[Name]:
    if run:
        start, end = reading.tokens[run[0]].start, reading.tokens[run[-1]].end
        yield Name(tuple(run), reading.text[start:end], start, end)


def capitals(readings: Iterable[Reading]) -> frozenset[str]:
    """The words that texts write with a capital where no sentence starts."""
    return frozenset(
        token.key
        for reading in readings
        for n, token in enumerate(reading.tokens)
        if token.capital and token.key not in STOP and not starts_sentence(reading, n)
    )


@lru_cache(maxsize=1)
def same_names() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The other names, each as stems, of names that everybody knows by several."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for line in lines("names.txt"):
        keys = [_key(name) for name in line.split("|")]
        for key in keys:
            found.setdefault(key, set()).update(other for other in keys if other != key)
    return {key: tuple(sorted(others)) for key, others in found.items()}


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others."""
    return tuple(t.stem for t in read(name).tokens if t.key not in _CONNECTORS)


@lru_cache(maxsize=64)
def _stated(text: str) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """What a release itself says is called in two ways."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for pair in name_pairs(text):
        one, other = _key(pair.name), _key(pair.other)
        if one and other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {key: tuple(sorted(others)) for key, others in found.items()}


class Source:
    """The words in which names are looked up: those of the cited spans, and what a release states about its names."""

    def __init__(self, readings: Sequence[Reading], texts: Sequence[str], others: OtherNames | None) -> None:
        self._readings = readings
        self._texts = texts
        self._others = others
        self.stems = {stem for reading in readings for stem in reading.stems}
        self._acronyms = {t.key for r in readings for t in r.tokens if t.text.isupper() and len(t.text) > 1}
        self._demonyms: set[str] | None = None
        self._initials: set[str] | None = None

    def holds(self, reading: Reading, name: Name) -> bool:
        """Whether a name of a sentence is named, under this or another name."""
        words = [reading.tokens[n] for n in name.tokens]
        if address := _ADDRESS.match(reading.text, name.end):  # its words elsewhere are not it
            written = f"{words[-1].text}{address[0]}".lower()
            return any(written in cited.text.lower() for cited in self._readings)
        return self._whole(words) or self._other(tuple(t.stem for t in words), name.text) or self._by_parts(words)

    def word(self, token: Token) -> bool:
        """Whether a word of a name stands there, as a noun or an adjective, or an acronym of what stands there."""
        if token.stem in self.stems or token.key in self.stems:
            return True
        if token.capital and len(token.key) >= 4 and demonym(token.key) in self.demonyms:
            return True
        if token.text.isupper() and token.key.removesuffix("s") in self.initials:
            return True
        return self._other((token.stem,), token.text)

    def _whole(self, words: Sequence[Token]) -> bool:
        """All words that matter stand together."""
        needed = [t for t in words if t.key not in LEGAL_FORMS] or list(words)
        if not all(self.word(t) for t in needed):
            return False
        direct = [t for t in needed if t.stem in self.stems and t.key not in HONORIFICS]
        if len(direct) < 2:
            return True
        reach = 2 * len(words) + 3
        return any(self._near(reading, direct, reach) for reading in self._readings)

    @staticmethod
    def _near(reading: Reading, words: Sequence[Token], reach: int) -> bool:
        rarest = min(words, key=lambda t: len(reading.stems.get(t.stem, ())))
        for place in reading.stems.get(rarest.stem, ())[:20]:
            near = {t.stem for t in reading.tokens[max(0, place - reach) : place + reach + 1]}
            if all(t.stem in near for t in words):
                return True
        return False

    def _other(self, key: tuple[str, ...], written: str) -> bool:
        key = tuple(stem for stem in key if stem not in _CONNECTORS)
        others: Iterable[tuple[str, ...]] = same_names().get(key, ())
        if any(self._all(other) for other in others):
            return True
        if any(self._all(other) for text in self._texts for other in _stated(text).get(key, ())):
            return True
        if len(key) > 1 and "".join(stem[0] for stem in key) in self._acronyms:
            return True
        return self._others is not None and any(self._all(_key(other)) for other in self._others(written))

    def _all(self, key: Sequence[str]) -> bool:
        return bool(key) and all(stem in self.stems for stem in key)

    def _by_parts(self, words: Sequence[Token]) -> bool:
        """A title or a country, and a name: "OFAC Director Ann Harbor", "Iranian Bank Melli"."""
        for cut in range(1, len(words)):
            head, tail = words[:cut], words[cut:]
            if (_general(head) or _general(tail)) and self._part(head) and self._part(tail):
                return True
        return False

    def _part(self, words: Sequence[Token]) -> bool:
        return self._whole(words) or self._other(tuple(t.stem for t in words), " ".join(t.text for t in words))

    @property
    def demonyms(self) -> set[str]:
        """The roots of the capitalised words."""
        if self._demonyms is None:
            self._demonyms = {demonym(t.key) for r in self._readings for t in r.tokens if t.capital and len(t.key) >= 4}
        return self._demonyms

    @property
    def initials(self) -> set[str]:
        """The acronyms that runs of capitalised words would have, small words left out."""
        if self._initials is None:
            self._initials = set()
            for reading in self._readings:
                run = ""
                for token in reading.tokens:
                    if token.capital and token.text[0].isalpha():
                        run = (run + token.key[0])[-8:]
                        self._initials |= {run[n:] for n in range(len(run) - 1)}
                    elif token.key not in _CONNECTORS:
                        run = ""
        return self._initials


def _general(words: Sequence[Token]) -> bool:
    return all(t.key in HONORIFICS for t in words) or tuple(t.stem for t in words) in same_names()


@lru_cache(maxsize=1 << 14)
def demonym(key: str) -> str:
    """What a country and its people have in common: "iran", "iranian"; "russia", "russian"."""
    match = _DEMONYM.search(key)
    return key[: match.start()] if match and match.start() >= 3 else key
