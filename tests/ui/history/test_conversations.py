"""Conversations: what is kept of a question and its answer, how they are found, and that each user sees only theirs."""

import datetime
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answers.answer import Answer
from assistant.citations.checking import Verdict
from assistant.question import Turn
from corpus.errors import HistoryError
from tests.assistant.citations.cited import release_of
from tests.ui.history.conftest import HARBOR, abstention, answer_to
from ui.history.conversations import Conversations, StoredTurn, TurnState, history_of, shortened
from ui.history.database import Database
from ui.history.feedback import FeedbackStore, Reason

WHO = "Who is Lina Okafor?"
WHAT = "What did Harbor Lines move?"


def answered(
    conversations: Conversations, question: str = WHO, conversation_id: str | None = None, user: str = "ann"
) -> StoredTurn:
    """A turn of an answered question, as it is read back."""
    asked = conversations.ask(user, conversation_id, question)
    conversations.finish(asked.id, answer_to(question))
    turn = conversations.turn(user, asked.id)
    assert turn
    return turn


def test_a_question_is_kept_before_it_is_answered(conversations: Conversations) -> None:
    before = datetime.datetime.now(datetime.UTC)
    asked = conversations.ask("ann", None, WHO, {"sections": ["press-releases"], "since": "2019-01-01"})
    assert (asked.question, asked.state, asked.answer, asked.error) == (WHO, TurnState.RUNNING, None, "")
    assert asked.options == {"sections": ["press-releases"], "since": "2019-01-01"}
    assert before <= asked.asked <= datetime.datetime.now(datetime.UTC)
    assert conversations.turns("ann", asked.conversation_id) == [asked]
    (listed,) = conversations.find("ann")
    assert (listed.id, listed.title, listed.turns) == (asked.conversation_id, WHO, 1)
    assert listed.created == listed.updated == asked.asked


def test_an_answer_is_read_back_as_it_was_given(conversations: Conversations) -> None:
    answer = answer_to(WHO, sentences=(0, 1))
    asked = conversations.ask("ann", None, WHO)
    conversations.finish(asked.id, answer)
    turn = conversations.turn("ann", asked.id)
    assert turn
    assert (turn.state, turn.answer) == (TurnState.DONE, answer)


def test_ids_are_unguessable_and_fit_an_address(conversations: Conversations) -> None:
    ids = {conversations.ask("ann", None, WHO).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(i) == 12 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


@pytest.mark.parametrize(
    ("end", "state", "error"),
    [
        (lambda c, i: c.stop(i), TurnState.STOPPED, ""),
        (lambda c, i: c.fail(i, "the model is gone"), TurnState.FAILED, "the model is gone"),
    ],
)
def test_a_question_that_gets_no_answer(
    conversations: Conversations, end: Callable[[Conversations, str], None], state: TurnState, error: str
) -> None:
    asked = conversations.ask("ann", None, WHO)
    end(conversations, asked.id)
    turn = conversations.turn("ann", asked.id)
    assert turn
    assert (turn.state, turn.answer, turn.error) == (state, None, error)
    conversations.finish(asked.id, answer_to(WHO))  # comes too late: what was stopped stays so
    assert conversations.turn("ann", asked.id) == turn


def test_an_answer_that_is_there_is_not_stopped_any_more(conversations: Conversations) -> None:
    turn = answered(conversations)
    conversations.stop(turn.id)
    conversations.fail(turn.id, "too late")
    assert conversations.turn("ann", turn.id) == turn


def test_an_answer_for_a_turn_that_was_taken_out_is_let_go(conversations: Conversations) -> None:
    asked = conversations.ask("ann", None, WHO)
    conversations.delete("ann", asked.conversation_id)
    conversations.finish(asked.id, answer_to(WHO))
    assert conversations.find("ann") == []


@pytest.mark.parametrize("stored", ['{"id": null}', "{", '{"answer": 1}', ""])
def test_an_answer_of_another_version_does_not_break_the_list(
    conversations: Conversations, database: Database, stored: str
) -> None:
    broken, whole = answered(conversations), None
    whole = answered(conversations, WHAT, broken.conversation_id)
    with database.changing() as db:
        db.execute("UPDATE turn SET answer = ? WHERE id = ?", (stored, broken.id))
    first, second = conversations.turns("ann", broken.conversation_id)
    assert (first.state, first.answer) == (TurnState.FAILED, None)
    assert "Ask the question again" in first.error
    assert second == whole
    assert "Ask the question again" in conversations.export("ann", broken.conversation_id)


def test_the_turns_before_a_question_as_the_assistant_takes_them(conversations: Conversations) -> None:
    first = answered(conversations)
    stopped = conversations.ask("ann", first.conversation_id, "And then?")
    conversations.stop(stopped.id)
    assert first.answer
    assert history_of(conversations.turns("ann", first.conversation_id)) == [
        Turn("user", WHO),
        Turn("assistant", first.answer.answer),
    ]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("  Who is\n Lina   Okafor? ", "Who is Lina Okafor?"),
        ("word " * 12 + "words", "word " * 11 + "word…"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
        ("a" * 30 + ", " + "b" * 40, "a" * 30 + "…"),
    ],
)
def test_a_title_is_the_question_cut_after_a_word(question: str, title: str) -> None:
    assert shortened(question) == title


@given(st.text(max_size=300))
def test_a_title_is_one_line_of_60_characters(question: str) -> None:
    title = shortened(question)
    assert len(title) <= 60
    assert len(title.splitlines()) <= 1


def test_cutting_takes_out_a_turn_and_those_after_it(conversations: Conversations) -> None:
    first = answered(conversations)
    second, third = (answered(conversations, q, first.conversation_id) for q in (WHAT, "And then?"))
    conversations.cut("ann", first.conversation_id, second.id)
    assert conversations.turns("ann", first.conversation_id) == [first]
    assert conversations.find("ann", "then") == []
    assert [conversation.turns for conversation in conversations.find("ann")] == [1]
    assert conversations.turn("ann", third.id) == third  # the link of its answer still opens it
    assert conversations.turn("bob", third.id) is None


def test_a_turn_of_another_conversation_is_not_cut(conversations: Conversations) -> None:
    one, other = answered(conversations), answered(conversations)
    conversations.cut("ann", one.conversation_id, other.id)
    assert [c.turns for c in conversations.find("ann")] == [1, 1]


def test_a_first_question_that_is_edited_gives_a_new_title(conversations: Conversations) -> None:
    first = answered(conversations)
    conversations.cut("ann", first.conversation_id, first.id)
    conversations.ask("ann", first.conversation_id, WHAT)
    assert conversations.find("ann")[0].title == WHAT
    conversations.ask("ann", first.conversation_id, WHO)
    assert conversations.find("ann")[0].title == WHAT


def test_a_title_that_a_person_gave_stays(conversations: Conversations) -> None:
    first = answered(conversations)
    conversations.rename("ann", first.conversation_id, "  Harbor\ncase ")
    conversations.cut("ann", first.conversation_id, first.id)
    conversations.ask("ann", first.conversation_id, WHAT)
    assert conversations.find("ann", "case")[0].title == "Harbor case"


def test_a_title_needs_a_word(conversations: Conversations) -> None:
    with pytest.raises(HistoryError, match="needs a title"):
        conversations.rename("ann", answered(conversations).conversation_id, " \n ")


def test_a_deleted_conversation_is_gone_with_all_that_was_said_of_it(
    conversations: Conversations, feedback: FeedbackStore, database: Database
) -> None:
    turn = answered(conversations)
    feedback.give("ann", turn.id, Reason.GOOD, "well said")
    conversations.delete("ann", turn.conversation_id)
    conversations.delete("ann", turn.conversation_id)
    for table in ("conversation", "turn", "feedback", "said"):
        assert database.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_question_in_a_conversation_that_is_gone_is_refused(conversations: Conversations) -> None:
    turn = answered(conversations)
    conversations.delete("ann", turn.conversation_id)
    with pytest.raises(HistoryError, match="no longer there"):
        conversations.ask("ann", turn.conversation_id, WHO)


def test_the_last_used_conversation_is_listed_first(conversations: Conversations) -> None:
    first, second, third = (answered(conversations, q) for q in (WHO, WHAT, "And then?"))
    answered(conversations, "What else?", first.conversation_id)
    conversations.rename("ann", second.conversation_id, "Renaming is no use")
    found = [c.id for c in conversations.find("ann")]
    assert found == [first.conversation_id, third.conversation_id, second.conversation_id]
    assert [c.id for c in conversations.find("ann", limit=1)] == found[:1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("okafor", True),
        ("OKAF", True),  # as it is typed
        ("kafor", False),
        ("okafor harbor", True),  # one word in the question, one in the answer
        ("okafor zambia", False),
        ("E.O. 13999", True),
        ("cafe\u0301 société", True),
        ("societe", True),
        ("", True),
        ("???", True),
    ],
)
def test_words_are_looked_for_in_titles_questions_and_answers(
    conversations: Conversations, words: str, found: bool
) -> None:
    turn = answered(conversations)
    conversations.rename("ann", turn.conversation_id, "Café Société")
    assert bool(conversations.find("ann", words)) is found


ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(ANYTHING | st.sampled_from(['"', '" OR "', "a* b^ NEAR(", "col:x", "-x", "%_", "'; DROP TABLE turn; --"]))
def test_any_input_is_fine(conversations: Conversations, text: str) -> None:
    conversations.find("ann", text)
    asked = conversations.ask(text and "ann", None, text)
    conversations.fail(asked.id, text)
    if text.strip():
        assert conversations.turns("ann", asked.conversation_id)[0].question == asked.question
        assert conversations.export("ann", asked.conversation_id)
    assert conversations.turn("ann", text) is None
    assert conversations.turns("ann", text) == []
    conversations.delete("ann", text)


# --- what belongs to another is as if it were not there ---

OTHERS: dict[str, Callable[[Conversations, FeedbackStore, StoredTurn], Any]] = {
    "turns": lambda c, f, t: c.turns("bob", t.conversation_id),
    "turn": lambda c, f, t: c.turn("bob", t.id),
    "conversation": lambda c, f, t: c.conversation("bob", t.conversation_id),
    "find": lambda c, f, t: c.find("bob"),
    "find words": lambda c, f, t: c.find("bob", "okafor"),
    "cut": lambda c, f, t: c.cut("bob", t.conversation_id, t.id),
    "delete": lambda c, f, t: c.delete("bob", t.conversation_id),
    "take back": lambda c, f, t: f.take_back("bob", t.id),
    "feedback of": lambda c, f, t: f.of("bob", [t.id]),
}
REFUSED: dict[str, Callable[[Conversations, FeedbackStore, StoredTurn], Any]] = {
    "ask": lambda c, f, t: c.ask("bob", t.conversation_id, WHO),
    "rename": lambda c, f, t: c.rename("bob", t.conversation_id, "Bob's"),
    "export": lambda c, f, t: c.export("bob", t.conversation_id),
    "give": lambda c, f, t: f.give("bob", t.id, Reason.WRONG_FACT),
}


def seen_by_ann(conversations: Conversations, feedback: FeedbackStore, turn: StoredTurn) -> tuple[Any, ...]:
    turns = conversations.turns("ann", turn.conversation_id)
    return conversations.find("ann", "okafor"), turns, feedback.of("ann", [turn.id])


@pytest.mark.parametrize("method", OTHERS)
def test_what_is_anothers_is_not_there(conversations: Conversations, feedback: FeedbackStore, method: str) -> None:
    turn = answered(conversations)
    feedback.give("ann", turn.id, Reason.GOOD)
    before = seen_by_ann(conversations, feedback, turn)
    assert not OTHERS[method](conversations, feedback, turn)
    assert seen_by_ann(conversations, feedback, turn) == before


@pytest.mark.parametrize("method", REFUSED)
def test_what_is_anothers_is_refused_as_what_is_gone(
    conversations: Conversations, feedback: FeedbackStore, method: str
) -> None:
    turn = answered(conversations)
    feedback.give("ann", turn.id, Reason.GOOD)
    before = seen_by_ann(conversations, feedback, turn)
    with pytest.raises(HistoryError) as anothers:
        REFUSED[method](conversations, feedback, turn)
    assert seen_by_ann(conversations, feedback, turn) == before
    conversations.delete("ann", turn.conversation_id)
    with pytest.raises(HistoryError) as gone:
        REFUSED[method](conversations, feedback, turn)
    assert str(anothers.value) == str(gone.value)


def test_every_method_is_held_to_it() -> None:
    of_the_server = {"finish", "stop", "fail", "settle", "close", "judged"}
    public = {
        name for kind in (Conversations, FeedbackStore) for name in vars(kind) if not name.startswith("_")
    } - of_the_server
    tested = {name.split()[0] for name in (*OTHERS, *REFUSED)} | {"of", "take_back"}
    assert public <= tested


def test_nobody_logged_in_is_a_user_of_its_own(conversations: Conversations) -> None:
    turn = answered(conversations, user="")
    assert conversations.find("ann") == []
    assert [c.id for c in conversations.find("")] == [turn.conversation_id]


# --- servers ---

ASKS_AND_WAITS = """
import sys
from pathlib import Path
from ui.history.conversations import Conversations
from ui.history.database import Database
conversations = Conversations(Database(Path(sys.argv[1])))
print(conversations.ask("ann", None, "Who is Lina Okafor?").id, flush=True)
sys.stdin.read()
"""


def test_only_what_a_server_left_that_runs_no_longer_is_settled(
    conversations: Conversations, database: Database
) -> None:
    mine = conversations.ask("ann", None, WHAT)
    server = subprocess.Popen(
        [sys.executable, "-c", ASKS_AND_WAITS, str(database.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout
        theirs = server.stdout.readline().strip()
        assert conversations.settle() == 0
        server.kill()
        server.wait()
        assert conversations.settle() == 1
    states = [turn and turn.state for turn in (conversations.turn("ann", i) for i in (theirs, mine.id))]
    assert states == [TurnState.STOPPED, TurnState.RUNNING]
    assert conversations.settle() == 0


def test_a_server_that_ends_leaves_its_questions_to_be_settled(database: Database) -> None:
    ended = Conversations(database)
    asked = ended.ask("ann", None, WHO)
    ended.close()
    assert Conversations(database).settle() == 1
    turn = Conversations(database).turn("ann", asked.id)
    assert turn
    assert turn.state is TurnState.STOPPED


# --- export ---


def test_a_conversation_as_markdown(conversations: Conversations) -> None:
    linked = answer_to(WHO, sentences=(0, 1))
    linked.citations[0].url = "https://home.treasury.gov/news/press-releases/ab1"
    first = conversations.ask("ann", None, WHO, {"sections": ["press-releases"], "order": ""})
    conversations.finish(first.id, linked)
    second = conversations.ask("ann", first.conversation_id, "Who is *nobody*?")
    conversations.finish(second.id, abstention("Who is *nobody*?"))
    third = conversations.ask("ann", first.conversation_id, "And [then](x)?")
    conversations.fail(third.id, "the model <is> gone")
    conversations.stop(conversations.ask("ann", first.conversation_id, "So?").id)
    conversations.ask("ann", first.conversation_id, "Now?")
    day = f"{first.asked:%B} {first.asked.day}, {first.asked.year}"
    times = [f"Asked {day}, {t.asked:%H:%M} UTC" for t in conversations.turns("ann", first.conversation_id)]
    assert conversations.export("ann", first.conversation_id).splitlines() == [
        "# Who is Lina Okafor?",
        "",
        "## Who is Lina Okafor?",
        "",
        f"*{times[0]}, with sections: press-releases*",
        "",
        "Lina Okafor was designated on March 4, 2019 under E.O. 13999 for owning Harbor Lines. [1] "
        "Harbor Lines moved \\$5 million for the network. [2]",
        "",
        "Sources:",
        "",
        "- [1] ab1, Treasury Sanctions the Harbor Network, March 4, 2019: “Lina Okafor was designated on March 4, "
        "2019 under E.O. 13999 for owning Harbor Lines.” <https://home.treasury.gov/news/press-releases/ab1>",
        "- [2] ab1, Treasury Sanctions the Harbor Network, March 4, 2019: “Harbor Lines moved \\$5 million for the "
        "network.”",
        "",
        "## Who is \\*nobody\\*?",
        "",
        f"*{times[1]}*",
        "",
        "**Not in the corpus.** Nearest: ab1.",
        "",
        "## And \\[then\\](x)?",
        "",
        f"*{times[2]}*",
        "",
        "*Not answered: the model \\<is\\> gone*",
        "",
        "## So?",
        "",
        f"*{times[3]}*",
        "",
        "*Stopped before it was answered.*",
        "",
        "## Now?",
        "",
        f"*{times[4]}*",
        "",
        "*Not answered yet.*",
        "",
    ]


def test_lists_leads_notices_and_doubts_are_exported(conversations: Conversations) -> None:
    answer = answer_to(WHO, sentences=(0, 1, 2), verdict=Verdict.PARTIAL)
    answer.sentences[0].lead_in = "From ab1, March 4, 2019:"
    answer.sentences[0].reasons = ["says 13999"]
    answer.sentences[1].is_item = True
    answer.notices = ["two sentences were left out"]
    asked = conversations.ask("ann", None, WHO)
    conversations.finish(asked.id, answer)
    text = conversations.export("ann", asked.conversation_id)
    first, item, last = text.split("\n\n")[3:6]
    assert first.startswith("*From ab1, March 4, 2019:* Lina Okafor was")
    assert first.endswith("[1] **[partial: says 13999]**")
    assert item == "- Harbor Lines moved \\$5 million for the network. [2] **[partial]**"
    assert last == "The network was broken up. [3] **[partial]**"
    assert "*Note: two sentences were left out*" in text


@pytest.mark.parametrize(
    "text", ["# no heading", "<script>alert(1)</script>", "![x](http://elsewhere/x.png)", "`a` |b|"]
)
def test_nothing_that_was_asked_or_quoted_is_taken_for_markup(conversations: Conversations, text: str) -> None:
    answer: Answer = answer_to(text, releases=[release_of(f"He said {text} twice.")])
    asked = conversations.ask("ann", None, text)
    conversations.finish(asked.id, answer)
    html = MarkdownIt("commonmark").render(conversations.export("ann", asked.conversation_id))
    for tag in ("<script", "<img", "<code", "<table", "<a "):
        assert tag not in html
    assert html.count("<h1>") == html.count("<h2>") == 1
    assert HARBOR.title in html
