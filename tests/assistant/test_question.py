"""What is understood of a question, and which questions are refused."""

import pytest

from assistant.question import LONGEST_QUESTION, AnswerType, Turn, parse_question, without_release_ids
from corpus.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who handled the accounts?", AnswerType.PERSON),
        ("Which executive order was he designated under, and why?", AnswerType.AUTHORITY),
        ("When was the bank designated?", AnswerType.DATE),
        ("On what date did they meet?", AnswerType.DATE),
        ("How much did the network move?", AnswerType.MONEY),
        ("How many vessels were named?", AnswerType.NUMBER),
        ("Why was the mixer sanctioned?", AnswerType.REASON),
        ("Where is the company based?", AnswerType.PLACE),
        ("Name the two vessels.", AnswerType.LIST),
        ("Which five companies were named?", AnswerType.LIST),
        ("What were the three steps of the plan?", AnswerType.LIST),
        ("Which Macau bank held the money?", AnswerType.ORGANISATION),
        ("What is a glide vehicle?", AnswerType.OTHER),
    ],
)
def test_what_a_question_asks_for(text: str, kind: AnswerType) -> None:
    assert parse_question(text).answer_type is kind


@pytest.mark.parametrize("text", ["jy1539", "What does JY-1539 say?", "Compare jy 1539 with others"])
def test_release_ids_are_seen_in_every_spelling(text: str) -> None:
    assert "jy1539" in parse_question(text).mentioned_ids


@pytest.mark.parametrize(
    "address",
    [
        "https://home.treasury.gov/news/press-releases/jy1539",
        "home.treasury.gov/news/press-releases/JY1539/.",
        "(https://home.treasury.gov/news/press-releases/jy1539?utm=x#top)",
    ],
)
def test_the_address_of_a_release_names_it(address: str) -> None:
    question = parse_question(f"What does {address} say of E.O. 13810?")
    assert question.mentioned_ids == ["jy1539"]
    without = without_release_ids(question.text, ["jy1539"])
    assert "treasury.gov" not in without
    assert "E.O. 13810" in without
    assert "treasury.gov" in without_release_ids(question.text, [])


def test_a_follow_up_is_searched_with_the_questions_before_it() -> None:
    history = (Turn("user", "Who is Choe Chol Min?"), Turn("assistant", "A representative [1]."))
    asked = parse_question("And his wife?", history)
    assert asked.search_text == "Who is Choe Chol Min?\nA representative [1].\nAnd his wife?"


@pytest.mark.parametrize("text", ["", "   \n", "\x00", "?!"])
def test_an_empty_question_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty; ask"):
        parse_question(text)


def test_a_question_of_100_kilobytes_is_refused() -> None:
    with pytest.raises(QuestionError, match="100,000 characters, 4,000 are the most"):
        parse_question("a" * 100_000)
    assert parse_question("a" * LONGEST_QUESTION)
