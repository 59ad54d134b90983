"""A question as it was asked, and what can be told from its words alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from corpus.errors import QuestionError

#: Longer than any question that people ask; a whole document belongs in a file, not in a question.
LONGEST_QUESTION = 4_000

RELEASE_ID = re.compile(r"\b([a-z]{2,3})[- ]?(\d{1,5})\b", re.I)
#: A page of the department; a release's id is the last part of its path.
PAGE = re.compile(r"(?:https?://)?(?:[\w-]+\.)*treasury\.gov/[^\s<>\"”)\]]+", re.I)


class AnswerType(StrEnum):
    """What kind of thing a sentence must hold to be an answer."""

    PERSON = "person"
    ORGANISATION = "organisation"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    LIST = "list"
    REASON = "reason"
    AUTHORITY = "authority"
    PLACE = "place"
    OTHER = "other"


class Order(StrEnum):
    """Which of several releases is meant: the last one or the first one."""

    NEWEST = "newest"
    OLDEST = "oldest"


#: What releases tell of; "the first quarter" or "the latest month" are no releases.
_RELEASES = (
    r"(?:[\w’'-]+ ){0,3}?(?:releases?|statements?|rounds?|sanctions|designations?|actions?|reports?|announcements?|"
    r"speech(?:es)?|remarks|testimon(?:y|ies)|advisor(?:y|ies)|settlements?|penalt(?:y|ies)|refundings?)\b"
)
_ORDERS = (
    (Order.NEWEST, re.compile(rf"\b(?:latest|newest|most recent) {_RELEASES}", re.I)),
    (Order.OLDEST, re.compile(rf"\b(?:very first|first|earliest) {_RELEASES}", re.I)),
)

_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"
_ORGANISATION = (
    r"(?:company|companies|banks?|firms?|agency|agencies|organi[sz]ations?|groups?|networks?|institutions?|funds?)"
)
_TYPES = (
    (AnswerType.AUTHORITY, r"\b(executive orders?|e\.?o\.?|authorit(y|ies)|pursuant|under (which|what))\b"),
    (AnswerType.MONEY, r"\bhow much\b|\b(amount|value|cost|worth|price|dollars?)\b"),
    (AnswerType.NUMBER, r"\bhow (many|long|large|big|far|old|high)\b|\b(percent|percentage|number of|rate)\b"),
    (AnswerType.DATE, r"\bwhen\b|\b(what|which) (date|day|year|month)\b|\bhow recently\b"),
    (AnswerType.REASON, r"\bwhy\b|\bfor what reason\b"),
    (
        AnswerType.LIST,
        rf"\b(list|name) (the|all|both|each|every|{_COUNT})\b|\b(which|what|who)( were| are)?( the)? {_COUNT}\b",
    ),
    (AnswerType.ORGANISATION, rf"\b(which|what)( \w+)? {_ORGANISATION}\b"),
    (AnswerType.PERSON, r"\bwho(m|se)?\b|\b(which|what) (person|people|individuals?|officials?|ministers?)\b"),
    (AnswerType.PLACE, r"\bwhere\b|\b(which|what) (country|countries|city|cities|state)\b"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the conversation before it."""

    text: str
    history: tuple[Turn, ...] = ()

    @property
    def answer_type(self) -> AnswerType:
        """What the question asks for, by its words."""
        return next((kind for kind, pattern in _TYPES if re.search(pattern, self.text, re.I)), AnswerType.OTHER)

    @property
    def order(self) -> Order | None:
        """Which of several releases the question asks for, where it says so."""
        return next((order for order, pattern in _ORDERS if pattern.search(self.text)), None)

    @property
    def asked_text(self) -> str:
        """The question after those before it: what a sentence is compared with."""
        return "\n".join([*(turn.content for turn in self.history if turn.role == "user"), self.text])

    @property
    def search_text(self) -> str:
        """What is searched: a follow-up leans on the questions before it, and on the last answer."""
        asked = [turn.content for turn in self.history if turn.role == "user"]
        answered = [turn.content for turn in self.history if turn.role == "assistant"][-1:]
        return "\n".join([*asked, *answered, self.text])

    @property
    def mentioned_ids(self) -> list[str]:
        """What looks like a release's id ("JY-1539", "jy 1539") or is its address, lower-cased and joined."""
        addressed = [page_id(page) for page in PAGE.findall(self.text)]
        named = RELEASE_ID.findall(PAGE.sub(" ", self.text))
        return list(dict.fromkeys([*addressed, *(f"{letters}{digits}".lower() for letters, digits in named)]))


def page_id(address: str) -> str:
    """The last part of an address's path, lower-cased: the id of the release, where it is one."""
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    return path.rstrip("/.,;:!?'").rsplit("/", 1)[-1].lower()


def without_release_ids(text: str, release_ids: Sequence[str]) -> str:
    """A text without the mentions of these releases: an id says where to look, not what for."""
    text = PAGE.sub(lambda m: "" if page_id(m[0]) in release_ids else m[0], text)
    return RELEASE_ID.sub(lambda m: "" if f"{m[1]}{m[2]}".lower() in release_ids else m[0], text)


def parse_question(text: str, history: Sequence[Turn] = ()) -> Question:
    """Make a question of what somebody typed.

    Raises:
        QuestionError: it is empty, or longer than ``LONGEST_QUESTION`` characters.
    """
    text = " ".join(text.replace("\x00", "").split())
    if not re.search(r"\w", text):
        raise QuestionError("the question is empty; ask in a sentence, such as: who is Choe Chol Min?")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(text):,} characters, {LONGEST_QUESTION:,} are the most; ask for one thing at a time"
        )
    return Question(text, tuple(history))
