"""What the releases of a generation call things, in SQLite: their words, and which names mean the same.

Words and pairs of names are kept up release by release: what one release adds, it takes away when it goes. What follows
from all of them together (``also``) is settled anew after each change, from these tables and not from texts, so that an
index brought into step equals one made anew.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, Levenshtein

from corpus.release import Release
from indexes.lexical import term_maker
from indexes.names import Said, folded, name_pairs, skeleton, words

#: Two names, and how a release says that they mean the same.
SaidPair = tuple[str, str, Said]

SCHEMA = """
CREATE TABLE word (word TEXT PRIMARY KEY, releases INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE name_pair (
    release_id TEXT NOT NULL REFERENCES release,
    name TEXT NOT NULL,
    other TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (release_id, name, other, said)
) WITHOUT ROWID;
CREATE TABLE also (
    key TEXT NOT NULL,
    rank INTEGER NOT NULL,
    name TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (key, rank)
) WITHOUT ROWID;
"""

#: Other names that one name has, at most; the most used are kept.
OTHERS = 4
#: Releases that must say so before it is believed.
NEEDED = {Said.ACRONYM: 2, Said.MARKED: 1, Said.BESIDE: 2}
#: The share of an acronym's releases that a meaning needs to be kept.
SHARE = 0.15
#: Letters that a word needs before other spellings of it, or what it was meant to be, are looked for.
SHORTEST, SHORTEST_SMALL = 5, 6
#: Letters from which on a name may hold two slips.
LONG = 8
#: How alike spellings must be (Indel similarity) where no release says that they are of one name.
ALIKE = 0.75
#: Pairs of spellings that a release must say are one before their differing letters are taken for one another.
EXCHANGED = 5
#: Unless a release says otherwise, words are different where the rarer, or the more common, has more releases.
RARER, COMMONER = 100, 400
#: A word of more releases is no other name of something because a single release says so.
COMMON = 20
#: Above this share of small letters a word is no name.
SMALL = 0.05
#: A word of fewer releases is no correction of another.
KNOWN = 3


def write_names(db: sqlite3.Connection, releases: Iterable[Release]) -> None:
    """Add what releases call things."""
    counts: Counter[str] = Counter()
    for release in releases:
        text = _text(release.title, release.text)
        counts.update(words(text))
        rows = ((release.release_id, pair.name, pair.other, pair.said) for pair in name_pairs(text))
        db.executemany("INSERT INTO name_pair VALUES (?, ?, ?, ?)", rows)
    _count(db, counts)


def delete_names(db: sqlite3.Connection, release_ids: Iterable[str]) -> None:
    """Take away what releases call things, while their texts are still in the table of releases."""
    counts: Counter[str] = Counter()
    for release_id in release_ids:
        for title, text in db.execute("SELECT title, text FROM release WHERE release_id = ?", (release_id,)):
            counts.subtract(words(_text(title, text)))
        db.execute("DELETE FROM name_pair WHERE release_id = ?", (release_id,))
    _count(db, counts)
    db.execute("DELETE FROM word WHERE releases = 0")


def _text(title: str, text: str) -> str:
    return f"{title}\n{text}"


def _count(db: sqlite3.Connection, counts: Counter[str]) -> None:
    add = "INSERT INTO word VALUES (?, ?) ON CONFLICT DO UPDATE SET releases = releases + excluded.releases"
    db.executemany(add, sorted(counts.items()))


def settle_names(db: sqlite3.Connection) -> None:
    """Say anew which names mean the same."""
    vocabulary = _Vocabulary(db.execute("SELECT word, releases FROM word"))
    counted = db.execute("SELECT name, other, said, count(*) FROM name_pair GROUP BY name, other, said")
    said = {(name, other, Said(how)): int(count) for name, other, how, count in counted}
    key_of = name_keys()
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    others: dict[str, Counter[str]] = defaultdict(Counter)
    acronyms = list(_acronyms(said, key_of))
    for name, other, count in (*acronyms, *_marked(said, key_of, vocabulary), *_spellings(vocabulary, said)):
        one, two = key_of(name), key_of(other)
        if one and two and one != two:
            spelled[one][name] += count
            spelled[two][other] += count
            others[one][two] += count
            others[two][one] += count
    _join_by_meaning(others, [(key_of(name), key_of(acronym)) for name, acronym, _ in acronyms])
    db.execute("DELETE FROM also")
    for key, found in sorted(others.items()):
        kept = sorted(found, key=lambda other: (-found[other], other))[:OTHERS]
        rows = ((key, n, _most_used(spelled[key]), _most_used(spelled[other])) for n, other in enumerate(kept))
        db.executemany("INSERT INTO also VALUES (?, ?, ?, ?)", rows)


def name_keys() -> Callable[[str], str]:
    """What gives a name's key: a word's is the word in small letters, that of several words their search terms.

    Nothing else has one.
    """
    terms_of = term_maker()

    def key_of(name: str) -> str:
        if name.isalpha():
            return folded(name)
        terms = [term for term in terms_of(name) if len(term) > 1]
        return " ".join(terms) if len(terms) > 1 else ""

    return key_of


def _most_used(spelled: Counter[str]) -> str:
    return min(spelled, key=lambda name: (-spelled[name], name))


class _Vocabulary:
    """The words of a corpus by how they read in small letters: releases, the share in small letters, the spelling."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        self.releases: Counter[str] = Counter()
        self.small: Counter[str] = Counter()
        self.spelling: dict[str, str] = {}
        most: Counter[str] = Counter()
        for word, count in sorted(rows):
            key = folded(word)
            self.releases[key] += count
            self.small[key] += count if word[0].islower() else 0
            if count > most[key] or (count == most[key] and self.spelling[key].isupper()):
                most[key], self.spelling[key] = count, word

    def is_name(self, key: str) -> bool:
        return self.small[key] <= SMALL * self.releases[key]


def _acronyms(said: Mapping[SaidPair, int], key_of: Callable[[str], str]) -> Iterator[tuple[str, str, int]]:
    """Acronyms and their common meanings; a meaning that is spelled in several ways is given in the most used."""
    meanings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    needed: dict[tuple[str, str], int] = {}
    for (name, acronym, how), count in said.items():
        if how is not Said.MARKED:
            acronym = acronym[:-1] if acronym.endswith("s") and acronym[:-1].isupper() else acronym
            meanings[acronym][key_of(name)][name] += count
            needed[acronym, key_of(name)] = NEEDED[how]
    for acronym, by_key in meanings.items():
        total = sum(spelled.total() for spelled in by_key.values())
        for key, spelled in by_key.items():
            if spelled.total() >= max(needed[acronym, key], SHARE * total):
                yield _most_used(spelled), acronym, spelled.total()


def _join_by_meaning(others: Mapping[str, Counter[str]], acronyms: Iterable[tuple[str, str]]) -> None:
    """What else an acronym's meaning is called, the acronym is called too, and the other way round."""
    joined = [
        (acronym, other, min(others[name][acronym], others[name][other]))
        for name, acronym in acronyms
        for other in others[name]
        if acronym in others[name] and other != acronym
    ]
    for acronym, other, count in joined:
        others[acronym][other] = max(others[acronym][other], count)
        others[other][acronym] = max(others[other][acronym], count)


def _marked(
    said: Mapping[SaidPair, int], key_of: Callable[[str], str], vocabulary: _Vocabulary
) -> Iterator[tuple[str, str, int]]:
    """Names that a release says mean the same, where neither is a part of the other, and each is a name by itself."""
    for (name, other, how), count in said.items():
        if how is Said.MARKED:
            keys = [key_of(name).split(), key_of(other).split()]
            part = set(keys[0]) <= set(keys[1]) or set(keys[1]) <= set(keys[0])
            alone = [key[0] for key in keys if len(key) == 1]
            if not part and all(
                len(word) > 2 and vocabulary.is_name(word) and (count > 1 or vocabulary.releases[word] <= COMMON)
                for word in alone
            ):
                yield name, other, count


def _spellings(vocabulary: _Vocabulary, said: Iterable[SaidPair]) -> Iterator[tuple[str, str, int]]:
    """Words that are spellings of one name: of the same skeleton, and alike.

    Where a release says that two names are one, the spellings in which they differ are sure, and the letters in which
    those differ are what is written for one another. Other pairs must differ in such letters only.
    """
    sure = set(_said_spellings(said))
    exchanged = Counter(letters for pair in sure for letters in _differences(*pair))
    groups: dict[str, list[str]] = defaultdict(list)
    for word, releases in sorted(vocabulary.releases.items()):
        if len(word) >= SHORTEST and releases > 1 and vocabulary.is_name(word):
            groups[skeleton(word)].append(word)
    for group in groups.values():
        for one, two in combinations(group, 2):
            rarer, commoner = sorted((vocabulary.releases[one], vocabulary.releases[two]))
            if (one, two) in sure or (
                rarer <= RARER
                and commoner <= COMMONER
                and _one_ending(one, two)
                and Indel.normalized_similarity(one, two) >= ALIKE
                and all(exchanged[letters] >= EXCHANGED for letters in _differences(one, two))
            ):
                yield vocabulary.spelling[one], vocabulary.spelling[two], rarer


def _said_spellings(said: Iterable[SaidPair]) -> Iterator[tuple[str, str]]:
    """Words of the same skeleton in which two names differ that a release says are one."""
    for name, other, _ in said:
        one, two = ({folded(word) for word in words(n)} for n in (name, other))
        for left in one - two:
            for right in two - one:
                if skeleton(left) == skeleton(right):
                    yield min(left, right), max(left, right)


def _differences(one: str, two: str) -> set[tuple[str, str]]:
    """What stands in one word where other letters, or none, stand in the other."""
    return {
        (min(left, right), max(left, right))
        for change in Levenshtein.opcodes(one, two)
        if change.tag != "equal"
        for left in [one[change.src_start : change.src_end]]
        for right in [two[change.dest_start : change.dest_end]]
    }


def _one_ending(one: str, two: str) -> bool:
    """Not Maria and Mario: an ending tells names apart, but for ``i`` and ``y``."""
    return one[-1] == two[-1] or {one[-1], two[-1]} == {"i", "y"}


@dataclass(frozen=True, slots=True)
class OtherNames:
    """A name as releases give it, and what else they call it, the most used first."""

    name: str
    others: tuple[str, ...]


class NameTable:
    """Reads what a corpus calls things. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def also(self, key: str) -> OtherNames | None:
        """The name of that key (see ``name_keys``) and its other names; None where it has none."""
        return self._also.get(key)

    @cached_property
    def longest(self) -> int:
        """Search terms of the longest name that has another."""
        return max((key.count(" ") + 1 for key in self._also), default=0)

    def releases(self, word: str) -> int:
        """Releases that spell a word so."""
        row = self._db.execute("SELECT releases FROM word WHERE word = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    def nearest(self, word: str) -> str | None:
        """The known word that a word is a slip of; None where there is none.

        A slip is a letter too much, left out, changed, or changed places with the next (optimal string alignment); the
        first letter is right. A name may have one, or two where it is long, and is read as a name where it can be;
        another word, which is rarely misspelled and often just new, has one, and must be longer.
        """
        key, is_name = folded(word), word[0].isupper()
        if len(key) < (SHORTEST if is_name else SHORTEST_SMALL):
            return None
        slips = 2 if is_name and len(key) >= LONG else 1
        near = [
            (
                int(away),
                is_name and not self._vocabulary.is_name(candidate),
                -self._vocabulary.releases[candidate],
                candidate,
            )
            for length in range(len(key) - slips, len(key) + slips + 1)
            for candidate, away, _ in process.extract(
                key, self._by_length.get((key[0], length), ()), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
        ]
        return self._vocabulary.spelling[min(near)[3]] if near else None

    @cached_property
    def _vocabulary(self) -> _Vocabulary:
        return _Vocabulary(self._db.execute("SELECT word, releases FROM word WHERE releases >= ?", (KNOWN,)))

    @cached_property
    def _by_length(self) -> dict[tuple[str, int], list[str]]:
        """Words by their first letter and their length."""
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._vocabulary.releases:
            found[word[0], len(word)].append(word)
        return dict(found)

    @cached_property
    def _also(self) -> dict[str, OtherNames]:
        found: dict[str, OtherNames] = {}
        for key, name, other in self._db.execute("SELECT key, name, other FROM also ORDER BY key, rank"):
            before = found[key].others if key in found else ()
            found[key] = OtherNames(name, (*before, other))
        return found
