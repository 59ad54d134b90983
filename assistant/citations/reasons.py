"""Why a sentence is not carried by what it cites, in words for people and as data."""

from dataclasses import dataclass
from enum import StrEnum


class ReasonKind(StrEnum):
    """What of a sentence the words that it cites do not carry."""

    CITATION = "citation"
    QUOTE = "quote"
    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    ORDER = "order"
    NAME = "name"
    NEGATION = "negation"
    DIRECTION = "direction"
    MODALITY = "modality"
    OPPOSITE = "opposite"
    SCOPE = "scope"
    ENTAILMENT = "entailment"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a sentence, in words for people.

    ``start`` and ``end`` are the characters of the sentence that it is about, both 0 where it is about the whole;
    ``instead`` is what the cited words have in that place, empty where nothing stands there. ``contradicts`` tells
    what the cited words speak against from what they do not say.
    """

    kind: ReasonKind
    message: str
    start: int = 0
    end: int = 0
    instead: str = ""
    contradicts: bool = False

    def __str__(self) -> str:
        return self.message
