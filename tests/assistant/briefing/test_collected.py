"""A briefing in the making: entries moved, reworded and taken out, and what is made of them in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.briefing.briefing import Briefing, compose_briefing
from assistant.briefing.collected import Entry, added, in_sections, moved, removed, restored, reworded
from assistant.briefing.markdown import as_markdown
from assistant.briefing.stated import editable_text, edited
from assistant.briefing.word import as_word
from assistant.engine import Assistant
from corpus.errors import BriefingError
from tests.assistant.briefing.conftest import DAY

QUESTIONS = ("Which executive order was Choe Un Jong designated under, and why?", "Why was Tornado Cash sanctioned?")


@pytest.fixture(scope="module")
def entries(starter: Assistant) -> list[Entry]:
    """Two answers, and a section's heading between them."""
    first, last = (Entry(id=str(n), heading=q, answer=starter.ask(q)) for n, q in enumerate(QUESTIONS))
    return [first, Entry(id="s", heading="Mixers"), last]


def composed(starter: Assistant, entries: list[Entry]) -> Briefing:
    return compose_briefing(
        starter, in_sections(entries, lambda answer, text: edited(starter, answer, text)), "Mine", DAY
    )


def ids(entries: list[Entry]) -> str:
    return "".join(entry.id for entry in entries)


@pytest.mark.parametrize(
    ("entry_id", "by", "expected"),
    [("1", -1, "01s"), ("0", 1, "s01"), ("0", -1, "0s1"), ("1", 1, "0s1"), ("0", 9, "s10"), ("x", 1, "0s1")],
)
def test_an_entry_moves_within_the_ends(entries: list[Entry], entry_id: str, by: int, expected: str) -> None:
    assert ids(moved(entries, entry_id, by)) == expected


@given(st.lists(st.tuples(st.sampled_from("abcdx"), st.integers(-5, 5))))
def test_moving_loses_and_doubles_nothing(moves: list[tuple[str, int]]) -> None:
    order = [Entry(id=letter, heading=letter) for letter in "abcd"]
    for entry_id, by in moves:
        order = moved(order, entry_id, by)
    assert sorted(ids(order)) == list("abcd")


def test_an_answer_is_collected_once(entries: list[Entry]) -> None:
    assert ids(added(entries, entries[0])) == "0s1"
    assert ids(removed(added(entries, Entry(id="t", heading="More")), "s")) == "01t"


def test_words_that_are_the_answers_again_are_no_edit(entries: list[Entry]) -> None:
    changed = reworded(entries, "0", text="Other words.")
    assert (changed[0].text, changed[0].shown_text) == ("Other words.", "Other words.")
    assert entries[0].answer
    assert reworded(changed, "0", text=editable_text(entries[0].answer) + "\n")[0].text is None
    assert restored(changed, "0") == entries


def test_a_heading_that_is_emptied_is_the_question_again(entries: list[Entry]) -> None:
    changed = reworded(entries, "0", heading=" The order ")
    assert changed[0].heading == "The order"
    assert reworded(changed, "0", heading=" ") == entries
    assert reworded(entries, "s", heading="")[1].heading == "Mixers"


def test_a_briefing_has_the_chosen_order_headings_and_words(starter: Assistant, entries: list[Entry]) -> None:
    changed = reworded(entries, "0", heading="The order", text="Choe Un Jong was designated under E.O. 13382.")
    made = composed(starter, changed)
    assert [(s.heading, [q.question for q in s.questions]) for s in made.sections] == [
        ("", ["The order"]),
        ("Mixers", [QUESTIONS[1]]),
    ]
    assert [note.number for note in made.notes] == [n for q in made.questions for s in q.sentences for n in s.notes]
    (wrong,) = made.questions[0].sentences
    assert wrong.edited
    assert wrong.doubt.startswith("Not supported: ")
    assert not any(sentence.edited or sentence.doubt for sentence in made.questions[1].sentences)


def test_every_format_marks_what_the_check_does_not_carry(starter: Assistant, entries: list[Entry]) -> None:
    text = "Choe Un Jong was designated under E.O. 13382. We recommend caution."
    made = composed(starter, reworded(entries, "0", text=text))
    markdown = as_markdown(made)
    assert "**[Not supported: " in markdown
    assert "1 sentence asserts nothing that can be checked." in markdown
    assert "2 sentences were edited by a person and checked anew." in markdown
    assert "The answers were chosen, put in order and perhaps edited by a person" in markdown
    assert "assistant brief" not in markdown
    assert as_word(made)[:2] == b"PK"
    assert Briefing.model_validate_json(made.model_dump_json()) == made


def test_an_answer_that_was_emptied_is_left_out(starter: Assistant, entries: list[Entry]) -> None:
    made = composed(starter, reworded(entries, "0", text=" "))
    assert [question.question for question in made.questions] == [QUESTIONS[1]]


def test_headings_alone_make_no_briefing(starter: Assistant) -> None:
    with pytest.raises(BriefingError, match="needs an answer"):
        composed(starter, [Entry(id="s", heading="Mixers")])


def test_an_abstention_says_what_was_searched(starter: Assistant) -> None:
    question = "Who won the 1998 World Cup?"
    made = composed(starter, [Entry(id="0", heading=question, answer=starter.ask(question))])
    assert made.questions[0].not_found.startswith("Not in the corpus")
    assert "84 releases" in made.questions[0].searched
