"""Chips, the list of conversations, and the line that says what is indexed."""

import datetime

from assistant.engine import Assistant
from assistant.question import Order
from assistant.retrieval import Part
from assistant.search import CorrectedWord, NameAlso, Understood, UnderstoodPeriod
from ui.history.stored import Conversation
from ui.web.rendering.history import conversations_html
from ui.web.rendering.standing import standing_html
from ui.web.rendering.understood import Chip, chips

DAY = datetime.date(2022, 6, 1)


def test_each_kind_of_thing_that_was_read_is_a_chip_of_its_part() -> None:
    understood = Understood(
        periods=[UnderstoodPeriod(start=DAY, end=datetime.date(2022, 8, 31), words="summer of 2022")],
        release_ids=["jy1539"],
        order=Order.NEWEST,
        corrections=[CorrectedWord(asked="Harbur", read="Harbor")],
        names=[NameAlso(asked="HCO", others=["Harbor & Co"])],
    )
    assert chips(understood) == [
        Chip("time: “summer of 2022” (June 1, 2022 – August 31, 2022)", Part.PERIODS),
        Chip("only jy1539", Part.IDS),
        Chip("the newest of alike releases", Part.ORDER),
        Chip("“HCO” also as “Harbor & Co”; “Harbur” as “Harbor”", Part.NAMES),
    ]
    assert chips(Understood()) == []


def test_a_day_is_not_told_twice() -> None:
    one_day = Understood(periods=[UnderstoodPeriod(start=DAY, end=DAY, words="June 1, 2022")])
    assert chips(one_day) == [Chip("time: “June 1, 2022”", Part.PERIODS)]


def test_a_release_that_is_taken_out_is_not_searched_alone(starter: Assistant) -> None:
    question = "Why was Tornado Cash sanctioned, as jy1539 says?"
    assert starter.ask(question).understood.release_ids == ["jy1539"]
    assert starter.ask(question, without=[Part.IDS]).understood.release_ids == []


def test_conversations_are_listed_with_the_open_one_marked() -> None:
    when = datetime.datetime(2026, 3, 4, 5, tzinfo=datetime.UTC)
    found = [Conversation("c1", "<b>Who</b>?", when, when, 1), Conversation("c2", "Why?", when, when, 3)]
    html = conversations_html(found, "c2")
    assert 'data-pick="c2" aria-current="true"' in html
    assert 'data-current="c2"' in html
    assert "&lt;b&gt;Who&lt;/b&gt;?" in html
    assert "March 4, 2026 · 1 question<" in html
    assert "3 questions" in html


def test_an_empty_list_says_what_is_missing() -> None:
    assert "kept here" in conversations_html([], None)
    assert "No conversation holds “&lt;x&gt;”" in conversations_html([], None, "<x>")


def test_the_starter_corpus_says_what_it_is_and_how_to_get_more(starter: Assistant) -> None:
    html = standing_html(starter.manifest)
    assert "digests in our own words" in html
    assert "assistant index FOLDER" in html
    full = standing_html(starter.manifest.model_copy(update={"digests": 0}))
    assert "digests" not in full
    assert f"{starter.manifest.releases} releases" in full
