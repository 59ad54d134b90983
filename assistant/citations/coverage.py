"""Whether the words of a sentence that carry what it says stand, or are meant, in what it cites."""

from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np

from assistant.citations.dates import WEEKDAYS
from assistant.citations.folding import Token, stem_of
from assistant.citations.names import Source
from assistant.citations.reading import Reading
from assistant.citations.vocabulary import groups, hedges
from indexes.embedding.encoder import Encoder

#: Words of telling and counting that say nothing which the facts beside them do not.
_LIGHT = frozenset(
    "worth total amount number year month day week time period date end start late early mid via part order "
    "come take go give get let become thing way kind case self play see "
    "means face do".split()
)
_BOUNDS = frozenset("nearly almost about approximately roughly around estimated exactly least most".split())
#: What any party may be called.
_GENERIC = frozenset(
    "group groups company companies bank banks firm firms agency department organization network "
    "vessel vessels man men "
    "woman country individuals entities pair duo designees".split()
)
#: What is said of a person or a firm in these words must be said in these words: no likeness will do.
GRAVE = frozenset(
    map(
        stem_of,
        "convict indict charge arrest sentence acquit accuse kill fine sue extradite deport pardon "
        "prosecute plead guilty "
        "die attack steal launder bribe torture murder rape kidnap betray expel burn bomb rob fraud terrorist "
        "criminal confess sabotage insure auction praise criticize leak veto deny doubt fear threaten".split(),
    )
)
#: Letters that two words of one root have in common.
_ROOT = 5
#: How alike (cosine) two words are in meaning before one may stand for the other. Chosen on the development half.
ALIKE = 0.6


class Words:
    """What the words of sentences are looked up in: their stems, roots and meanings."""

    def __init__(self, quotes: Sequence[Reading], known: Sequence[Reading]) -> None:
        stems = {stem for reading in (*quotes, *known) for stem in reading.stems}
        self.stems = stems
        self._groups = {group for stem in stems for group in groups(stem)}
        self._roots: dict[str, list[str]] = {}
        for stem in stems:
            self._roots.setdefault(stem[:_ROOT], []).append(stem)

    def holds(self, token: Token) -> bool:
        """Whether a word stands there, one of its root, or one that means nearly the same."""
        stem = token.stem
        return (
            stem in self.stems
            or token.key in self.stems
            or bool(groups(stem) & self._groups)
            or (len(stem) >= _ROOT and any(_one_root(stem, other) for other in self._roots.get(stem[:_ROOT], ())))
        )


def _one_root(one: str, other: str) -> bool:
    common = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        common += 1
    return common >= _ROOT and common >= min(len(one), len(other)) - 2


def uncovered(sentence: Reading, named: frozenset[int], words: Words, source: Source) -> Iterator[int]:
    """The words of a sentence, names and facts aside, for which nothing stands in what it cites."""
    for n in sentence.content:
        token = sentence.tokens[n]
        if n in named or {token.key, token.stem} & _LIGHT or _checked_elsewhere(token) or _points_back(sentence, n):
            continue
        if not words.holds(token) and not (token.capital and source.word(token)):
            yield n


def _checked_elsewhere(token: Token) -> bool:
    """Weekdays are dates, "nearly" goes with a number; adverbs that hedge are held against the spans' hedges."""
    return token.key in WEEKDAYS or token.key in _BOUNDS or (token.key.endswith("ly") and token.key in hedges())


def _points_back(sentence: Reading, n: int) -> bool:
    """Whether a word stands for a name: "the group", "this bank"."""
    before = sentence.tokens[n - 1].key if n else ""
    return sentence.tokens[n].key in _GENERIC and before in ("the", "this", "these", "those", "that", "both")


class Meanings:
    """How alike words are by an encoder; each word is embedded once. Safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}
        self._lock = Lock()

    def stands_for(self, word: str, others: Sequence[str]) -> bool:
        """Whether a word means nearly the same as one of the others."""
        if not others:
            return False
        vectors = self._vectors([word, *others])
        return bool((vectors[1:] @ vectors[0]).max() >= ALIKE)

    def _vectors(self, words: Sequence[str]) -> np.ndarray:
        with self._lock:
            new = list(dict.fromkeys(word for word in words if word not in self._known))
            if new:
                if len(self._known) > 50_000:
                    self._known.clear()
                    new = list(dict.fromkeys(words))
                self._known.update(zip(new, self._encoder.embed(new), strict=True))
            return np.stack([self._known[word] for word in words])
