"""What is kept, as it is read back: conversations and their turns."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.answers.answer import Answer
from assistant.question import Turn


class TurnState(StrEnum):
    """What became of a question."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it. ``turns`` counts its questions; times are UTC."""

    id: str
    title: str
    created: datetime.datetime
    updated: datetime.datetime
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what became of it. ``options`` are what it was asked with, such as filters.

    ``answer`` is there where the state is ``DONE``; ``error`` says why there is none where it is ``FAILED``.
    """

    id: str
    conversation_id: str
    question: str
    answer: Answer | None
    state: TurnState
    error: str
    asked: datetime.datetime
    options: dict[str, Any]


def history_of(turns: Sequence[StoredTurn]) -> list[Turn]:
    """Turns as the assistant takes those before a question: the answered ones, oldest first."""
    return [
        said
        for turn in turns
        if turn.answer
        for said in (Turn("user", turn.question), Turn("assistant", turn.answer.answer))
    ]
