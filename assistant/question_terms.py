"""The terms that a question is about, and which of them name or number something."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.names import Expansion
from assistant.question import Question, without_release_ids
from indexes.lexical import LexicalIndex, term_maker

#: The rarity (idf) of a term that stands in fewer than one chunk of fifty.
RARE = 3.9
_FULL_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)+")

#: The rarity of a name that a release is about, not one that stands in any release: its share of the rarity (idf) of a
#: word that stands nowhere, so that it means the same in a small corpus.
RARE_NAME = 0.57
_NAMED = re.compile(r"(?<![\w’'])[A-Z][\w’'&.-]*(?:[ -](?:(?:of|the|and|for|al|bin|de|del)[ -])?[A-Z][\w’'&.-]*)*")
_OPENING = re.compile(r"(?:^|(?<=[.?!:–—] ))(?:[A-Z][\w’']*)(?= |$)")
_MONTH = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?$", re.I)
_OF_A_COUNTRY = re.compile(r"(ese|ish|ian|an|i|ch|ek|iot|s)$")

#: Words that say how something is asked, not what about.
ASKING = (
    "a about according also am an and any are as at be been being by can could did do does doing for from give had has "
    "have how i if in into is it its list many me much name of on or please say said says should so tell than that "
    "the their them then there these they this those to under us was we were what when where which who whom whose why "
    "will with would you your"
)


@cache
def asking_terms() -> frozenset[str]:
    """The terms of ``ASKING``: the same for every index."""
    return frozenset(term_maker()(ASKING))


@dataclass(frozen=True, slots=True)
class OtherName:
    """The terms of a name in the question, and those of another name of the same."""

    asked: frozenset[str]
    other: frozenset[str]


def other_names(expansion: Expansion, lexical: LexicalIndex) -> list[OtherName]:
    """What may stand in a text in place of names in the question."""
    return [
        OtherName(frozenset(lexical.terms(asked)), terms)
        for asked, others in expansion.also.items()
        for other in others
        if (terms := frozenset(lexical.terms(other)))
    ]


def terms_held(text: str, lexical: LexicalIndex, names: Sequence[OtherName]) -> set[str]:
    """The terms of a text, and those of the question's names that it calls otherwise."""
    return with_other_names(set(lexical.terms(text)), names)


def with_other_names(held: set[str], names: Sequence[OtherName]) -> set[str]:
    """Terms that a text holds, and those of the question's names that it calls otherwise."""
    return held.union(*(name.asked for name in names if name.other <= held))


def full_names(text: str, lexical: LexicalIndex) -> list[frozenset[str]]:
    """The terms of each name of several capitalised words; a word that only asks is no part of a name."""
    asking = asking_terms()
    names = (frozenset(lexical.terms(name)) - asking for name in _FULL_NAME.findall(text))
    return [name for name in names if len(name) > 1]


def named_things(text: str, lexical: LexicalIndex) -> dict[str, list[str]]:
    """The rare names in a text as written, each with its words in small letters.

    Left out are the word that opens a sentence, months, and adjectives of countries ("Emirati"): releases write those
    otherwise.
    """
    opening = {match.end() for match in _OPENING.finditer(text)}
    rare = RARE_NAME * lexical.idf("")
    things = {}
    for match in _NAMED.finditer(text):
        written = [word.strip(".,").removesuffix("’s").removesuffix("'s") for word in re.split(r"[ -]", match[0])]
        if any(match.start() <= end <= match.start() + len(written[0]) for end in opening):
            written = written[1:]
        words = [
            word
            for word in written
            if len(word) > 2
            and not _MONTH.match(word)
            and not any(c.isdigit() for c in word)
            and not any(term in asking_terms() for term in lexical.terms(word))
        ]
        lone = len(written) == 1 and bool(_OF_A_COUNTRY.search(written[0]))
        rarities = [lexical.idf(term) for word in words for term in lexical.terms(word)]
        if not lone and max(rarities, default=0.0) > rare:
            things[" ".join(written)] = [word.lower() for word in words]
    return things


def is_of_namesakes(text: str, names: Sequence[frozenset[str]], lexical: LexicalIndex) -> bool:
    """Whether a text names somebody else of a name that is asked for, and not the one asked for.

    "Choe Chol Min" is a namesake of "Choe Un Jong"; "the United Nations" of "the United States" is none, because what
    they share is no rare word.
    """
    named = full_names(text, lexical)
    return any(
        not any(own & name in (own, name) for own in named)
        and any(lexical.idf(term) > RARE for own in named for term in own & name)
        for name in names
    )


def question_terms(question: Question, lexical: LexicalIndex, mentioned_ids: Sequence[str]) -> dict[str, float]:
    """The terms that a question is about, each with its rarity.

    Words of asking are left out, and so are the ids of releases. A follow-up's earlier turns count a third: they say
    what about, the last turn says what.
    """
    asking = asking_terms()
    text = without_release_ids(question.text, mentioned_ids)
    terms = {term: lexical.idf(term) for term in lexical.terms(text) if term not in asking}
    for turn in question.history:
        if turn.role == "user":
            for term in lexical.terms(turn.content):
                if term not in asking:
                    terms.setdefault(term, lexical.idf(term) / 3)
    return terms


def question_names(question: Question, lexical: LexicalIndex) -> frozenset[str]:
    """Terms of the words that are capitalised inside the question or hold a digit."""
    words = re.findall(r"(?<!^)\b[A-Z][\w’'-]+|\b\S*\d\S*", question.text)
    return frozenset(term for word in words for term in lexical.terms(word))
