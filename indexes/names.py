"""The names that a text gives to one thing, and the words that it spells them with.

Nothing is known about any name beforehand: a text says itself that two names mean the same. Three ways of saying it are
read: a long form and its acronym, ``Harbor Control Office (HCO)``, matched as by Schwartz and Hearst, "A Simple
Algorithm for Identifying Abbreviation Definitions in Biomedical Text" (2003); a marker, ``Alder Shipping, also known as
Alder Lines``; and an acronym of other letters after a name, ``North Harbor (RPH)``, which needs more texts to be
believed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

WORD = re.compile(r"[^\W\d_]+")

_CAPITAL = r"(?:[’'‘]?(?:[Aa]l|[Ee]l|[Aa]n|[Aa]s|[Aa]sh|[Aa]r)[- ])?[’'‘]?[A-ZÀ-ÖØ-Þ][\w’'&-]*"
_NAME = (
    rf"{_CAPITAL}(?:,? (?:(?:of|and|the|for|de|del|la|las|los|y|e|bin|ibn|in|von|do|da|&) ){{0,2}}{_CAPITAL}){{0,8}}"
)
_LEFT = re.compile(rf"({_NAME})(?: \([^()\n]{{1,40}}\))?[\s,;:(“\"]*$")
_RIGHT = re.compile(rf"[\s:“\"‘']*(?:the )?({_NAME})")
_MARKER = re.compile(
    r"(?<![\w.])(?:a\.?\s?k\.?\s?a|f\.?\s?k\.?\s?a|n\.?\s?k\.?\s?a|(?:more |better |commonly )?(?:also |formerly |"
    r"commonly |better |previously )(?:known as|called)|alias)(?![\w])\.?",
    re.I,
)
_SURNAME_FIRST = re.compile(r"([A-ZÀ-ÖØ-Þ’'-]{3,}(?: [A-ZÀ-ÖØ-Þ’'-]{3,})*), (\w.*)")
#: What follows a name in a list of particulars is no part of it.
_PARTICULARS = re.compile(r"[\s,]+(?:A\.?K\.?A|F\.?K\.?A|DOB|POB|Address|Title|Nationality|Passport|Name)\b.*", re.S)
_BRACKETS = re.compile(r"\(([^()\n]{2,90})\)")
_BETWEEN = re.compile(r",? or |[;,/] ?")
_ACRONYM = re.compile(r"(?=.{2,10}$)(?:[A-Z][\w&/’'-]*[A-Z][\w&/’'-]*|[A-Z](?:\.[A-Z])+\.?)s?")
_SMALL_WORD = re.compile(r"(?:a|an|and|at|by|for|in|of|on|or|the|to|with)\b")
#: Characters before a bracket or a marker in which a name is looked for.
_REACH = 140
_QUOTES = " \"“”‘’'.,;:"


class Said(StrEnum):
    """How a text says that two names mean the same, the surest way first."""

    ACRONYM = "acronym"
    MARKED = "marked"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names of one thing, as a text gives them; the acronym is ``other``."""

    name: str
    other: str
    said: Said


def words(text: str) -> set[str]:
    """The distinct words of a text, as spelled."""
    return set(WORD.findall(text))


def folded(word: str) -> str:
    """A word in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def name_pairs(text: str) -> set[NamePair]:
    """The pairs of names that a text says mean the same."""
    return {
        pair
        for pair in (*_bracketed(text), *_marked(text))
        if pair.name != pair.other and min(len(pair.name), len(pair.other)) > 1
    }


def _bracketed(text: str) -> Iterator[NamePair]:
    for match in _BRACKETS.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()].rpartition("\n")[2].rstrip(_QUOTES)
        inside = [part.strip(_QUOTES).removeprefix("the ") for part in _BETWEEN.split(match[1])][:3]
        acronym = inside[0].removesuffix("’s").removesuffix("'s")
        if not before or _MARKER.search(match[1]):
            continue
        left = _LEFT.search(before)
        if _ACRONYM.fullmatch(acronym) and (name := long_form(acronym, before)):
            yield NamePair(_tidy(name), acronym, Said.ACRONYM)
            for part in inside[1:]:
                if _ACRONYM.fullmatch(part) or (" " in part and re.fullmatch(_NAME, part) and "," not in part):
                    yield NamePair(_tidy(name), part, Said.MARKED)
        elif left and " " in left[1] and _ACRONYM.fullmatch(acronym) and acronym not in left[1]:
            yield NamePair(_given_name_first(_tidy(left[1])), acronym, Said.BESIDE)


def _marked(text: str) -> Iterator[NamePair]:
    head, end = "", -1
    for match in _MARKER.finditer(text):
        between = text[max(0, match.start() - _REACH, end) : match.start()]
        if end < 0 or re.search(r"\w", text[end : match.start()]):
            left = _LEFT.search(between)
            head = _given_name_first(_tidy(left[1])) if left else ""
        right = _RIGHT.match(text, match.end(), min(len(text), match.end() + _REACH))
        if not right:
            head, end = "", -1
            continue
        name = _PARTICULARS.sub("", right[1])
        end = right.start(1) + len(name)
        if head and name:
            yield NamePair(head, _given_name_first(_tidy(name)), Said.MARKED)


def _given_name_first(name: str) -> str:
    """``HARBOR, Ann`` is Ann HARBOR; what else follows a comma belongs to the sentence."""
    if match := _SURNAME_FIRST.fullmatch(name):
        return f"{match[2]} {match[1]}"
    return name.split(",")[0]


def _tidy(name: str) -> str:
    """A name without the article, the genitive and what quotes it."""
    name = re.sub(r"^(?:[Tt]he|[Aa]nd|[Oo]f)\s+", "", " ".join(name.split()).strip(_QUOTES))
    return re.sub(r"[’'](?:s|S)?$", "", name)


def long_form(acronym: str, before: str) -> str | None:
    """The words at the end of ``before`` that an acronym stands for; None where its letters are not found.

    Schwartz and Hearst (2003): from the right, each letter is found in the words, the first one at the start of a word;
    here of one that a name can start with.
    """
    letters = [c for c in acronym.removesuffix("s").casefold() if c.isalnum()]
    window = " ".join(before.split()[-min(len(letters) + 5, 2 * len(letters)) :])
    lowered = window.casefold()
    at = len(window) if len(lowered) == len(window) else 0
    for n, letter in reversed(list(enumerate(letters))):
        at = lowered.rfind(letter, 0, at)
        while n == 0 and at > 0 and (lowered[at - 1].isalnum() or _SMALL_WORD.match(lowered, at)):
            at = lowered.rfind(letter, 0, at)
        if at < 0:
            return None
    found = window[at:]
    return found if len(found) > len(acronym) and re.search(r"\w[ -]\w", found) and len(letters) > 1 else None


_DIGRAPHS = (("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("sh", "s"), ("ch", "s"), ("zh", "j"))
_LETTERS = str.maketrans("qgcwz", "kkkvs")


def skeleton(word: str) -> str:
    """What spellings of one foreign name have in common: its consonants by sound, and where vowels stand between.

    >>> skeleton("mohammed") == skeleton("muhamad")
    True
    >>> skeleton("indian") == skeleton("indiana")
    False
    """
    for pair, letter in _DIGRAPHS:
        word = word.replace(pair, letter)
    word = re.sub(r"(.)\1+", r"\1", word.translate(_LETTERS))
    return re.sub(r"[aeiouy]+", "-", word)
