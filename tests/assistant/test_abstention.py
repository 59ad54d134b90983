"""When an answer is withheld, and what is said instead."""

import datetime

import pytest

from assistant.answers.abstention import UNMENTIONED, abstention_text, answerability, asks_what_is_to_come
from assistant.answers.evidence import Evidence
from assistant.engine import Assistant
from assistant.question import Question
from assistant.question_terms import named_things
from indexes.generation import Generation

LAST = datetime.date(2024, 11, 5)


@pytest.mark.parametrize(
    ("text", "is_to_come"),
    [
        ("Will OFAC delist Harbor Lines before the end of 2026?", True),
        ("When will Harbor Lines be delisted, in 2025 or in 2027?", True),
        ("What will the rate be in 2030?", True),
        ("Will OFAC delist Harbor Lines?", False),
        ("Will the rule of 2024 bind banks?", False),
        ("Which act binds banks until 2030?", False),
        ("Did Harbor Lines say that it will pay by 2030?", False),
    ],
)
def test_what_comes_after_the_last_release_cannot_be_known(text: str, is_to_come: bool) -> None:
    assert asks_what_is_to_come(Question(text), LAST) is is_to_come
    assert not asks_what_is_to_come(Question(text), None)


def test_no_sentence_is_no_answer() -> None:
    nothing = Evidence(Question("Who?"), {"harbor": 3.0}, frozenset(), [], [], 0.0, [])
    assert answerability(nothing) == 0.0


def test_a_name_that_no_release_mentions_takes_most_of_the_likelihood(starter: Assistant) -> None:
    known = starter.ask("Which executive order was Choe Un Jong designated under?")
    other = starter.ask("Which executive order was Choe Un Jong designated under for helping Wobblethorpe?")
    assert not known.abstained
    assert other.abstained
    assert 0 < other.confidence <= known.confidence * UNMENTIONED
    assert "“Wobblethorpe”" in other.answer
    assert other.citations == []


def test_the_nearest_releases_are_named_and_not_cited(starter: Assistant) -> None:
    answer = starter.ask("Will OFAC delist Choe Un Jong before the end of 2031?")
    assert answer.abstained
    assert "cannot be known" in answer.answer
    assert "jy1539" in answer.answer
    assert answer.citations == []


def test_what_is_searched_and_what_is_lacking_is_said() -> None:
    found = Evidence(Question("Did Garble pay?"), {}, frozenset(), [], [], 0.0, ["Garble", "Wast Lock"])
    text = abstention_text(Question("Did Garble pay?"), found, [], "the 12 indexed releases")
    assert text == (
        "Not in the corpus: nothing in the 12 indexed releases answers “Did Garble pay?”. "
        "No release that was found mentions “Garble” or “Wast Lock”."
    )


@pytest.fixture
def generation(starter: Assistant) -> Generation:
    return starter.generation()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Did Garmin pay Evil Corp over WastedLocker?", ["Garmin", "Evil Corp", "WastedLocker"]),
        ("Garmin was attacked. Wobblethorpe paid.", []),
        ("How much did Zanzibarian firms pay in Sept 2031?", []),
        ("what did wobblethorpe pay", []),
        ("Who paid Wobblethorpe's fine?", ["Wobblethorpe"]),
    ],
)
def test_rare_names_are_read_as_written(text: str, names: list[str], generation: Generation) -> None:
    assert list(named_things(text, generation.lexical)) == names
