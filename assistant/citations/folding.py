"""Texts as they are compared: typographic marks, odd spaces and invisible characters folded, positions kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy

_FOLDED = {
    **dict.fromkeys(map(ord, "’‘‛ʼʻ′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(
        [*range(0x20), *range(0x7F, 0xA1), 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x3000], " "
    ),
}
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}(?:[A-Za-z](?![^\W_]))?|\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text to compare, and where each of its characters stood."""

    text: str
    offsets: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The characters ``[start, end)`` of the folded text, in the text that was folded."""
        return (self.offsets[start], self.offsets[end - 1] + 1) if start < end else (0, 0)


def fold(text: str) -> Folded:
    """Fold a text; its letters and digits stay as they are."""
    plain = text.translate(_FOLDED)
    if not _INVISIBLE.search(plain):
        return Folded(plain, range(len(text)))
    kept = [(n, c) for n, c in enumerate(plain) if not _INVISIBLE.match(c)]
    return Folded("".join(c for _, c in kept), [n for n, _ in kept])


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a folded text, without the genitive.

    ``key`` is the word in small letters without accents and full stops; ``stem`` what its forms have in common.
    """

    start: int
    end: int
    text: str
    key: str
    stem: str
    genitive: bool = False

    @property
    def capital(self) -> bool:
        """Whether it is written as a name is."""
        return any(c.isupper() for c in self.text)


def tokens(folded: str) -> tuple[Token, ...]:
    """The words of a folded text, in order."""
    found = []
    for match in _TOKEN.finditer(folded):
        word, genitive = match[0], False
        if word[-2:] in ("'s", "'S") or (folded[match.end() : match.end() + 1] == "'" and word[-1:] in "sS"):
            genitive = True
            word = word.removesuffix("'s").removesuffix("'S")
        key, stem = _forms(word)
        found.append(Token(match.start(), match.start() + len(word), word, key, stem, genitive))
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def _forms(word: str) -> tuple[str, str]:
    if len(word) > 64:
        return word, word
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    key = "".join(c for c in decomposed if not unicodedata.combining(c)).replace(".", "") if word[0].isalpha() else word
    return key, stem_of(key)


_IRREGULAR = Path(__file__).parent / "wordlists" / "irregular.txt"


@lru_cache(maxsize=1)
def _bases() -> dict[str, str]:
    """The first form of each other form of an irregular word."""
    lines = (line.split() for line in _IRREGULAR.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {form: forms[0] for forms in lines for form in forms[1:]}


@lru_cache(maxsize=1 << 16)
def stem_of(word: str) -> str:
    """What the forms of an English word have in common (Snowball, and a list of irregular ones)."""
    terms = _stemmer().analyze(_bases().get(word, word))
    return terms[0] if len(terms) == 1 else word


@lru_cache(maxsize=1)
def _stemmer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\S+")).filter(tantivy.Filter.stemmer("english")).build()
    )
