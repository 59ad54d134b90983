"""What people said of answers: one judgement a turn, the last that its user gave."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.errors import HistoryError
from ui.history.conversations import Conversations
from ui.history.database import Database
from ui.history.stored import StoredTurn, TurnState

_LOOKUP = 500  # well under SQLite's limit on parameters
#: Characters of a comment, at most.
LONGEST_COMMENT = 2_000


class Reason(StrEnum):
    """What a person said of an answer."""

    GOOD = "good"
    WRONG_RELEASE = "wrong_release"
    WRONG_FACT = "wrong_fact"
    MISSING = "missing"
    SHOULD_HAVE_ABSTAINED = "should_have_abstained"

    @property
    def label(self) -> str:
        """The reason as people read it."""
        return _LABELS[self]


_LABELS = {
    Reason.GOOD: "Good answer",
    Reason.WRONG_RELEASE: "Wrong release",
    Reason.WRONG_FACT: "Wrong fact",
    Reason.MISSING: "Something is missing",
    Reason.SHOULD_HAVE_ABSTAINED: "Should have said: not in the corpus",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement, the turn that it is about and the answered turns before it, oldest first."""

    user: str
    reason: Reason
    comment: str
    given: datetime.datetime
    turn: StoredTurn
    before: Sequence[StoredTurn]


class FeedbackStore:
    """All users' judgements. Safe to share between threads, and between servers of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, user: str, turn_id: str, reason: Reason, comment: str = "") -> None:
        """Keep what a user said of an answer, in place of what the user said of it before.

        Raises:
            HistoryError: the user has no such turn, or it has no answer.
        """
        comment = comment.encode("utf-8", "replace").decode().strip()[:LONGEST_COMMENT]
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
        with self._database.changing() as db:
            given = db.execute(
                "INSERT OR REPLACE INTO feedback (turn_key, reason, comment, given) "
                "SELECT t.turn_key, ?, ?, ? FROM turn t JOIN conversation c USING (conversation_key) "
                "WHERE c.user = ? AND t.id = ? AND t.state = 'done'",
                (reason, comment, now, user, turn_id),
            )
            if given.rowcount < 1:
                raise HistoryError("this answer is no longer there; ask the question again")

    def take_back(self, user: str, turn_id: str) -> None:
        """Take back what a user said of an answer; nothing happens where nothing was said."""
        with self._database.changing() as db:
            db.execute(
                "DELETE FROM feedback WHERE turn_key IN (SELECT t.turn_key FROM turn t "
                "JOIN conversation c USING (conversation_key) WHERE c.user = ? AND t.id = ?)",
                (user, turn_id),
            )

    def of(self, user: str, turn_ids: Sequence[str]) -> dict[str, Reason]:
        """What a user said of the answers of these turns, by turn."""
        found: dict[str, Reason] = {}
        for first in range(0, len(turn_ids), _LOOKUP):
            part = turn_ids[first : first + _LOOKUP]
            rows = self._database.rows(
                "SELECT t.id, f.reason FROM feedback f JOIN turn t USING (turn_key) "
                "JOIN conversation c USING (conversation_key) "
                f"WHERE c.user = ? AND t.id IN ({','.join('?' * len(part))})",
                (user, *part),
            )
            found.update((turn_id, Reason(reason)) for turn_id, reason in rows)
        return found

    def judged(self, since: datetime.datetime | None = None) -> list[Judged]:
        """What all users said, the newest first: for those who run the server.

        Answers that this version of the program cannot read are left out.

        Args:
            since: only what was said then or later; with a time zone.
        """
        earliest = since.astimezone(datetime.UTC).isoformat(timespec="microseconds") if since else ""
        rows = self._database.rows(
            "SELECT c.user, c.id, t.id, f.reason, f.comment, f.given FROM feedback f JOIN turn t USING (turn_key) "
            "JOIN conversation c USING (conversation_key) WHERE f.given >= ? ORDER BY f.given DESC, f.turn_key DESC",
            (earliest,),
        )
        conversations = Conversations(self._database)
        found = []
        for user, conversation_id, turn_id, reason, comment, given in rows:
            turns = conversations.turns(user, conversation_id)
            at = next((n for n, turn in enumerate(turns) if turn.id == turn_id), None)
            if at is not None and turns[at].state is TurnState.DONE:  # else taken out since, or of another version
                before = [turn for turn in turns[:at] if turn.answer]
                when = datetime.datetime.fromisoformat(given)
                found.append(Judged(user, Reason(reason), comment, when, turns[at], before))
        return found
