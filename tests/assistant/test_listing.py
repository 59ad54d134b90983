"""A list that a release sets as paragraphs is taken whole, from its introduction or from any of its items."""

import pytest

from assistant.answers.listing import list_around
from corpus.cleaning import clean_markdown
from corpus.release import DateSource, Release, ReleaseKind, Span


def release(markdown: str) -> Release:
    clean = clean_markdown(markdown)
    return Release("ab1", "", None, DateSource.UNKNOWN, "", "", ReleaseKind.RELEASE, clean.text, clean.paragraphs, "")


def sentence(of: Release, words: str) -> Span:
    return next(s for p in of.paragraphs for s in p.sentences if words in of.text[s.start : s.end])


FOUR_AREAS = release(
    "The licenses cover four areas. They are:\n\n- work of the government;\n- work of the United Nations;\n"
    "- relief by charities; and\n- food and medicine.\n\nEach license is in force today."
)
STEPS = release("Treasury took three steps:\n\n1. It blocked the Ann.\n2. It named the owner.\n\n## Background\n\nOne.")


@pytest.mark.parametrize("words", ["They are:", "work of the government", "relief by charities", "food and medicine"])
def test_a_list_is_taken_whole_from_any_of_its_lines(words: str) -> None:
    texts = [FOUR_AREAS.text[s.start : s.end] for s in list_around(FOUR_AREAS, sentence(FOUR_AREAS, words))]
    assert texts == [
        "They are:",
        "work of the government;",
        "work of the United Nations;",
        "relief by charities; and",
        "food and medicine.",
    ]


def test_items_that_are_sentences_end_at_a_heading() -> None:
    texts = [STEPS.text[s.start : s.end] for s in list_around(STEPS, sentence(STEPS, "three steps"))]
    assert [text.lstrip("12. ") for text in texts] == [
        "Treasury took three steps:",
        "It blocked the Ann.",
        "It named the owner.",
    ]


@pytest.mark.parametrize("words", ["four areas", "in force today"])
def test_prose_is_no_list(words: str) -> None:
    assert list_around(FOUR_AREAS, sentence(FOUR_AREAS, words)) == []


def test_a_colon_with_nothing_after_it_introduces_nothing() -> None:
    alone = release("The parties are:\n\n## Contact\n\nCall us.")
    assert list_around(alone, sentence(alone, "parties")) == []
