"""A question that asks several things is taken apart; one that asks one thing is left whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question_parts import question_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Which bank settled in 2009, and how much did it pay?",
            ["Which bank settled in 2009", "how much did it pay?"],
        ),
        (
            "What is Harbor Lines and who runs it, and since when?",
            ["What is Harbor Lines", "who runs it", "since when?"],
        ),
        ("Who owns the Ann? When was she sold?", ["Who owns the Ann", "When was she sold?"]),
        ("On what day was it signed; under which law?", ["On what day was it signed", "under which law?"]),
        ("Under which order, and over what issue each time?", ["Under which order", "over what issue each time?"]),
    ],
)
def test_parts_that_each_ask(text: str, parts: list[str]) -> None:
    assert question_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Who paid the fine that OFAC and FinCEN imposed?",
        "Which firms were named, and blocked?",
        "Why?",
        "Lina Okafor, who runs Harbor Lines",
        "Harbor Lines was sold in 2019. Who bought it?",
        "",
    ],
)
def test_one_question_is_left_whole(text: str) -> None:
    assert question_parts(text) == []


@given(st.text(max_size=300))
def test_parts_are_words_of_the_question_in_order(text: str) -> None:
    at = 0
    for part in question_parts(text):
        at = text.index(part, at) + len(part)
