"""Conversations: what each user asked, what was answered, and in which state every question is.

Every method that reads or changes what a user sees takes the user, and what belongs to another is as if it were not
there. ``finish``, ``stop`` and ``fail`` are the server's own: they take what ``ask`` gave it.
"""

import datetime
import json
import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from assistant.answers.answer import Answer
from corpus.errors import HistoryError
from ui.history.database import Database
from ui.history.markdown import as_markdown
from ui.history.presence import Presence
from ui.history.stored import Conversation, StoredTurn, TurnState, history_of

__all__ = ["Conversation", "Conversations", "StoredTurn", "TurnState", "history_of", "shortened"]

#: Characters of a title, at most: of one made from a question, and of one that a person gives.
TITLE = 60
LONGEST_TITLE = 200

_UNREADABLE = "This answer was kept by another version of the program and cannot be shown. Ask the question again."
_GONE = "this conversation is no longer there; begin a new one"
_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_WORD = re.compile(r"[^\W_]+")
_TURN = "t.id, c.id, t.question, t.answer, t.state, t.error, t.asked, t.options"
_CONVERSATION = (
    "c.id, c.title, c.created, c.updated, "
    "(SELECT count(*) FROM turn t WHERE t.conversation_key = c.conversation_key AND NOT t.taken_out)"
)


class Conversations:
    """All users' conversations. Safe to share between threads, and between servers of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._presence = Presence(database.path.with_name(f"{database.path.stem}-servers"))

    def close(self) -> None:
        """This server answers no more; the database stays open."""
        self._presence.close()

    def ask(
        self,
        user: str,
        conversation_id: str | None,
        question: str,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> StoredTurn:
        """Keep a question that is about to be answered.

        Args:
            user: who asks; "" where nobody logs in.
            conversation_id: where it is asked; None begins a conversation, titled by the question.
            question: as it was typed.
            options: what it is asked with, as plain JSON.

        Raises:
            HistoryError: the user has no such conversation, or the file cannot be written.
        """
        question, now = _storable(question), _now()
        asked_with = json.dumps(dict(options), ensure_ascii=True)
        with self._database.changing() as db:
            if conversation_id is None:
                conversation_id = _new_id()
                added = db.execute(
                    "INSERT INTO conversation (id, user, title, created, updated) VALUES (?, ?, ?, ?, ?)",
                    (conversation_id, user, shortened(question), now, now),
                )
                key = int(added.lastrowid or 0)
            else:
                key = self._existing(db, user, conversation_id)
                db.execute(  # where all turns were cut, the conversation begins anew
                    "UPDATE conversation SET title = ? WHERE conversation_key = ? AND NOT named "
                    "AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.conversation_key = conversation.conversation_key "
                    "AND NOT t.taken_out)",
                    (shortened(question), key),
                )
                db.execute("UPDATE conversation SET updated = ? WHERE conversation_key = ?", (now, key))
            turn_id = _new_id()
            db.execute(
                "INSERT INTO turn (id, conversation_key, question, options, state, asked, server) "
                "VALUES (?, ?, ?, ?, 'running', ?, ?)",
                (turn_id, key, question, asked_with, now, self._presence.show()),
            )
            _index(db, key)
        return _turn((turn_id, conversation_id, question, None, TurnState.RUNNING, "", now, asked_with))

    def finish(self, turn_id: str, answer: Answer) -> None:
        """Keep the answer; nothing happens where the turn was stopped or taken out meanwhile."""
        with self._database.changing() as db:
            db.execute(
                "UPDATE turn SET state = 'done', answer = ?, shown = ? WHERE id = ? AND state = 'running'",
                (answer.model_dump_json(), _storable(answer.answer), turn_id),
            )
            for (key,) in db.execute("SELECT conversation_key FROM turn WHERE id = ?", (turn_id,)).fetchall():
                db.execute("UPDATE conversation SET updated = ? WHERE conversation_key = ?", (_now(), key))
                _index(db, key)

    def stop(self, turn_id: str) -> None:
        """Note that the user stopped the answer; nothing happens where it is there already."""
        self._end(turn_id, TurnState.STOPPED, "")

    def fail(self, turn_id: str, error: str) -> None:
        """Note that the question could not be answered, and why."""
        self._end(turn_id, TurnState.FAILED, _storable(error))

    def _end(self, turn_id: str, state: TurnState, error: str) -> None:
        with self._database.changing() as db:
            db.execute(
                "UPDATE turn SET state = ?, error = ? WHERE id = ? AND state = 'running'", (state, error, turn_id)
            )

    def settle(self) -> int:
        """Note that questions are stopped which servers were answering that run no longer; their number."""
        with self._database.changing() as db:
            servers = db.execute("SELECT DISTINCT server FROM turn WHERE state = 'running'").fetchall()
            gone = [name for (name,) in servers if not self._presence.runs(name)]
            return sum(
                db.execute("UPDATE turn SET state = 'stopped' WHERE state = 'running' AND server = ?", (name,)).rowcount
                for name in gone
            )

    def turns(self, user: str, conversation_id: str) -> list[StoredTurn]:
        """The turns of a conversation, oldest first; none where the user has no such conversation."""
        return [
            _turn(row)
            for row in self._database.rows(
                f"SELECT {_TURN} FROM turn t JOIN conversation c USING (conversation_key) "
                "WHERE c.user = ? AND c.id = ? AND NOT t.taken_out ORDER BY t.turn_key",
                (user, _storable(conversation_id)),
            )
        ]

    def turn(self, user: str, turn_id: str) -> StoredTurn | None:
        """One turn, also one that was cut; None where the user has no such turn."""
        rows = self._database.rows(
            f"SELECT {_TURN} FROM turn t JOIN conversation c USING (conversation_key) WHERE c.user = ? AND t.id = ?",
            (user, _storable(turn_id)),
        )
        return _turn(rows[0]) if rows else None

    def conversation(self, user: str, conversation_id: str) -> Conversation | None:
        """One conversation; None where the user has no such conversation."""
        rows = self._database.rows(
            f"SELECT {_CONVERSATION} FROM conversation c WHERE c.user = ? AND c.id = ?",
            (user, _storable(conversation_id)),
        )
        return _conversation(rows[0]) if rows else None

    def find(self, user: str, words: str = "", limit: int = 200) -> list[Conversation]:
        """The user's conversations, the last used first.

        Args:
            user: whose.
            words: only conversations that hold each of these, or words that begin so, in their title, a question or
                an answer; case, accents and signs are passed over.
            limit: at most so many.
        """
        wanted = _WORD.findall(unicodedata.normalize("NFC", words))
        matching = "AND c.conversation_key IN (SELECT rowid FROM said WHERE said MATCH ?) " if wanted else ""
        terms = [" ".join(f'"{word}"*' for word in wanted)] if wanted else []
        rows = self._database.rows(
            f"SELECT {_CONVERSATION} FROM conversation c WHERE c.user = ? {matching}"
            "ORDER BY c.updated DESC, c.conversation_key DESC LIMIT ?",
            (user, *terms, max(limit, 0)),
        )
        return [_conversation(row) for row in rows]

    def cut(self, user: str, conversation_id: str, turn_id: str) -> None:
        """Take out a turn and those after it, so that it can be asked anew; links of their answers still open them."""
        with self._database.changing() as db:
            found = db.execute(
                "SELECT t.conversation_key, t.turn_key FROM turn t JOIN conversation c USING (conversation_key) "
                "WHERE c.user = ? AND c.id = ? AND t.id = ?",
                (user, _storable(conversation_id), _storable(turn_id)),
            ).fetchone()
            if found:
                db.execute("UPDATE turn SET taken_out = 1 WHERE conversation_key = ? AND turn_key >= ?", found)
                _index(db, found[0])

    def rename(self, user: str, conversation_id: str, title: str) -> None:
        """Give a conversation a title.

        Raises:
            HistoryError: the title is empty, or the user has no such conversation.
        """
        title = shortened(_storable(title), LONGEST_TITLE)
        if not title:
            raise HistoryError("a conversation needs a title; type a few words")
        with self._database.changing() as db:
            key = self._existing(db, user, conversation_id)
            db.execute("UPDATE conversation SET title = ?, named = 1 WHERE conversation_key = ?", (title, key))
            _index(db, key)

    def delete(self, user: str, conversation_id: str) -> None:
        """Take out a conversation with all that was asked, answered and said in it; one that is gone stays gone."""
        with self._database.changing() as db:
            key = self._key(db, user, conversation_id)
            if key is not None:
                db.execute("DELETE FROM said WHERE rowid = ?", (key,))
                db.execute("DELETE FROM conversation WHERE conversation_key = ?", (key,))

    def export(self, user: str, conversation_id: str) -> str:
        """A conversation as Markdown: every question, its answer with markers, and what the markers cite.

        Raises:
            HistoryError: the user has no such conversation.
        """
        conversation = self.conversation(user, conversation_id)
        if conversation is None:
            raise HistoryError(_GONE)
        return as_markdown(conversation, self.turns(user, conversation_id))

    @staticmethod
    def _key(db: sqlite3.Connection, user: str, conversation_id: str) -> int | None:
        row = db.execute(
            "SELECT conversation_key FROM conversation WHERE user = ? AND id = ?", (user, _storable(conversation_id))
        ).fetchone()
        return int(row[0]) if row else None

    def _existing(self, db: sqlite3.Connection, user: str, conversation_id: str) -> int:
        key = self._key(db, user, conversation_id)
        if key is None:
            raise HistoryError(_GONE)
        return key


def shortened(text: str, longest: int = TITLE) -> str:
    """A text on one line, cut after a word where it is too long."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut if text[longest - 1] == " " else cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-") + "…"


def _index(db: sqlite3.Connection, key: int) -> None:
    """Make what a conversation is found by anew: its title, questions and answers."""
    said = db.execute(
        "SELECT question, shown FROM turn WHERE conversation_key = ? AND NOT taken_out", (key,)
    ).fetchall()
    (title,) = db.execute("SELECT title FROM conversation WHERE conversation_key = ?", (key,)).fetchone()
    db.execute("DELETE FROM said WHERE rowid = ?", (key,))
    words = unicodedata.normalize("NFC", "\n".join([title, *(text for turn in said for text in turn)]))
    db.execute("INSERT INTO said (rowid, words) VALUES (?, ?)", (key, words))


def _turn(row: Sequence[Any]) -> StoredTurn:
    turn_id, conversation_id, question, stored, state, error, asked, options = row
    answer, state = None, TurnState(state)
    if state is TurnState.DONE:
        try:
            answer = Answer.model_validate_json(stored or "")
        except ValidationError:
            state, error = TurnState.FAILED, _UNREADABLE
    at = datetime.datetime.fromisoformat(asked)
    return StoredTurn(turn_id, conversation_id, question, answer, state, error, at, json.loads(options))


def _conversation(row: Sequence[Any]) -> Conversation:
    conversation_id, title, created, updated, turns = row
    began, last = (datetime.datetime.fromisoformat(time) for time in (created, updated))
    return Conversation(conversation_id, title, began, last, turns)


def _new_id() -> str:
    """12 characters that nobody guesses: 72 random bits."""
    return secrets.token_urlsafe(9)


def _storable(text: str) -> str:
    """The text without halves of characters, which no file takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
