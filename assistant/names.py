"""The names in a question: what was misspelled, and what else releases call the same thing."""

import re
from dataclasses import dataclass
from itertools import islice

from indexes.generation import Generation
from indexes.lexical import LONGEST_QUERY
from indexes.name_table import SHORTEST, NameTable, OtherNames, name_keys
from indexes.names import folded

#: Unknown words that are looked up, and names whose other names are searched: a question holds few, a document many.
LOOKED_UP, NAMES = 8, 8
#: An acronym that is a word too ("SANS", "IT") is a name only where it is written so, or where small letters are rarer.
RARELY = 0.01
#: Letters of an acronym that is told from a name by its capitals.
SHORT = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that no release has, and the one that it was read as."""

    asked: str
    read: str


@dataclass(frozen=True, slots=True)
class AlsoCalled:
    """A name as it was asked, and what else releases call the same."""

    asked: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A question with its slips corrected, and the names in it that have others."""

    text: str
    corrections: tuple[Correction, ...] = ()
    also_called: tuple[AlsoCalled, ...] = ()

    def read(self, text: str) -> str:
        """A text of the same question with the slips corrected."""
        read = {correction.asked: correction.read for correction in self.corrections}
        return _WORD.sub(lambda match: read.get(match[0], match[0]), text) if read else text

    @property
    def also(self) -> dict[str, tuple[str, ...]]:
        """What ``LexicalIndex.search`` takes."""
        return {name.asked: name.others for name in self.also_called}


def expand(text: str, generation: Generation) -> Expansion:
    """Read the names of a question as the releases of a generation write them.

    A word is corrected only where no release has it: a rare name is not a slip.

    Args:
        text: any text; of a long one, the first ``LONGEST_QUERY`` words are read, as by a search.
        generation: whose words and names to go by.
    """
    read = Expansion(text, _corrections(text, generation))
    corrected = read.read(text)
    return Expansion(corrected, read.corrections, _also_called(corrected, generation))


def aliases(name: str, generation: Generation) -> list[str]:
    """What else releases call what is named: long forms, acronyms and aliases.

    Other spellings of a single word are left out. They help a search, but a check must not take one name for another.
    """
    known = generation.names.also(name_keys()(name))
    return [other for other in known.others if " " in other or " " in name or other.isupper()] if known else []


def _words(text: str) -> list[re.Match[str]]:
    return list(islice(_WORD.finditer(text), LONGEST_QUERY))


def _corrections(text: str, generation: Generation) -> tuple[Correction, ...]:
    words = dict.fromkeys(match[0] for match in _words(text))
    unknown = [w for w in words if w.isalpha() and len(w) >= SHORTEST and not generation.lexical.holds(w)]
    read = ((word, generation.names.nearest(word)) for word in unknown[:LOOKED_UP])
    return tuple(Correction(word, nearest) for word, nearest in read if nearest)


def _also_called(text: str, generation: Generation) -> tuple[AlsoCalled, ...]:
    """From the left, the longest name that starts at a word; a word belongs to one name only."""
    words = _words(text)
    terms = [generation.lexical.terms(word[0]) for word in words]
    found: dict[str, AlsoCalled] = {}
    at = 0
    while at < len(words) and len(found) < NAMES:
        end, others = _longest_name(words[at:], terms[at:], generation.names)
        if others:
            asked = text[words[at].start() : words[at + end - 1].end()]
            found.setdefault(asked, AlsoCalled(asked, others))
        at += end
    return tuple(found.values())


def _longest_name(words: list[re.Match[str]], terms: list[list[str]], names: NameTable) -> tuple[int, tuple[str, ...]]:
    """How many words the longest name takes that the first word starts, and its others; one word where there is none.

    No name starts or ends with a stop word.
    """
    key: list[str] = []
    alone = names.also(folded(words[0][0]))
    best = 1, alone.others if alone and _is_written(words[0][0], alone, names) else ()
    for n, of_word in enumerate(terms, 1):
        added = [term for term in of_word if len(term) > 1]
        key += added
        if not key or len(key) > names.longest:
            break
        if added and len(key) > 1 and (named := names.also(" ".join(key))):
            best = n, named.others
    return best


def _is_written(word: str, named: OtherNames, names: NameTable) -> bool:
    """Whether a word is meant as a name: it is written as that name is, or its small letters are no word.

    A name that is no acronym may be written with any capital. "Un" is a part of somebody's name, and not "UN".
    """
    if word.istitle() and len(word) <= SHORT and word != named.name:
        return False
    if word == named.name or (word[0].isupper() and not any(c.isupper() for c in named.name[1:])):
        return True
    return names.releases(word.lower()) <= RARELY * names.releases(named.name)
