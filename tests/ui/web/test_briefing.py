"""The briefing tab: what its cards show, what its buttons do, and what of it comes back after a reload."""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.briefing.collected import Entry
from assistant.briefing.stated import Stated, edited, stated
from assistant.engine import Assistant
from corpus.errors import BriefingError
from ui.history.stored import StoredTurn
from ui.web.desk import Desk
from ui.web.downloads import file_name
from ui.web.rendering.briefing import cards_html, sentences_html, standing
from ui.web.tabs.briefing import BriefingTab, changed

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"
HURTFUL = '</textarea>"><img src=x onerror="window.hurt = 1">'


@pytest.fixture
def turn(desk: Desk, starter: Assistant) -> StoredTurn:
    return kept_turn(desk, starter, QUESTION)


@pytest.fixture(scope="module")
def entry(starter: Assistant) -> Entry:
    return Entry(id="one", heading=QUESTION, answer=starter.ask(QUESTION))


def kept_turn(desk: Desk, assistant: Assistant, question: str, user: str = "") -> StoredTurn:
    asked = desk.conversations.ask(user, None, question)
    desk.conversations.finish(asked.id, assistant.ask(question))
    turn = desk.conversations.turn(user, asked.id)
    assert turn is not None
    return turn


def as_answered(entry: Entry) -> Sequence[Stated]:
    return stated(entry.answer) if entry.answer else []


def cards(entries: Sequence[Entry], checked: Any = as_answered) -> LexborHTMLParser:
    return LexborHTMLParser(cards_html(entries, checked))


def request(user: str = "") -> gr.Request:
    return gr.Request(username=user)


# --- what is shown ---


def test_an_empty_briefing_explains_itself() -> None:
    assert "Add to briefing" in cards([]).text()
    assert standing([], as_answered) == ""


def test_a_card_holds_its_heading_and_text_under_a_label(entry: Entry) -> None:
    shown = cards([entry])
    heading, text = shown.css_first("input"), shown.css_first("textarea")
    assert heading.attributes["value"] == heading.attributes["data-text"] == QUESTION
    assert text.attributes["data-text"] == text.text().lstrip("\n") == entry.shown_text
    assert all(field.attributes["aria-label"] for field in (heading, text, *shown.css("button[data-act]")))


def test_the_ends_of_the_list_cannot_be_moved_over(entry: Entry) -> None:
    shown = cards([entry, Entry(id="s", heading="Mixers"), entry.model_copy(update={"id": "two"})])
    movable = [
        [button.attributes["data-act"] for button in card.css("[data-act]") if "disabled" not in button.attributes]
        for card in shown.css("li.briefing-card")
    ]
    assert movable == [["down", "remove"], ["up", "down", "remove"], ["up", "remove"]]
    assert [number.text() for number in shown.css(".number")] == ["1", "§", "2"]


def test_every_sentence_has_icon_and_word_and_opens_its_source_at_the_quote(entry: Entry) -> None:
    assert entry.answer
    shown = cards([entry])
    assert {badge.text() for badge in shown.css(".badge")} == {"❝ verbatim"}
    opened = [
        (
            button.attributes["data-release"],
            int(button.attributes["data-start"] or 0),
            int(button.attributes["data-end"] or 0),
        )
        for button in shown.css(".open-release")
    ]
    assert opened == [(c.release_id, c.start, c.end) for c in entry.answer.citations]


def test_a_text_that_is_not_checked_yet_says_so(entry: Entry) -> None:
    waiting = entry.model_copy(update={"text": "Other words."})
    assert "Checking …" in cards([waiting], lambda entry: None).css_first(".checks").text()
    assert "checking …" in standing([waiting], lambda entry: None)


def test_what_needs_a_look_shows_why_and_the_words_of_the_release(starter: Assistant, entry: Entry) -> None:
    assert entry.answer
    wrong = entry.model_copy(update={"text": "Choe Un Jong was designated under E.O. 13382. We recommend caution."})
    said = edited(starter, entry.answer, wrong.text or "")
    shown = LexborHTMLParser(sentences_html(wrong, said))
    assert [badge.text() for badge in shown.css(".badge")] == [
        "✗ not supported",
        "· not checked: the writer's judgement",
    ]
    assert "E.O. 13810" in shown.css_first(".reasons").text()
    assert "13810" in shown.css_first("q").text()
    assert "2 of 2 edited, 1 needs a look" in shown.text()
    assert "1 sentence needs a look" in standing([wrong], lambda entry: said)


def test_an_abstention_and_an_emptied_text_say_what_they_are(starter: Assistant) -> None:
    question = "Who won the 1998 World Cup?"
    nothing = Entry(id="none", heading=question, answer=starter.ask(question))
    assert "Not in the corpus" in cards([nothing]).css_first(".checks").text()
    assert "left out of the files" in sentences_html(nothing.model_copy(update={"text": " "}), [])


def test_markup_in_what_people_write_stays_text(starter: Assistant, entry: Entry) -> None:
    assert entry.answer
    hurtful = entry.model_copy(update={"heading": HURTFUL, "text": HURTFUL})
    said = edited(starter, entry.answer, HURTFUL)
    for shown in (
        cards([hurtful, Entry(id=HURTFUL, heading=HURTFUL)], lambda entry: said),
        cards([hurtful], as_answered),
    ):
        assert shown.css("img") == []
        assert shown.css_first("textarea").text().lstrip("\n") == HURTFUL


# --- what changes it ---


def test_an_answer_is_added_once_and_only_if_there_is_one(desk: Desk, turn: StoredTurn) -> None:
    tab = BriefingTab(desk)
    items = tab.add([], turn)
    assert [item["heading"] for item in items] == [QUESTION]
    assert tab.add(items, turn) == items
    unanswered = desk.conversations.ask("", None, "Why?")
    assert tab.add(items, unanswered) == items
    assert json.loads(json.dumps(items)) == items


@pytest.mark.parametrize(
    ("act", "expected"), [("down", ["two", "one"]), ("up", ["one", "two"]), ("remove", ["two"]), ("", ["one", "two"])]
)
def test_what_was_typed_is_taken_over_before_a_button_acts(entry: Entry, act: str, expected: list[str]) -> None:
    entries = [entry, entry.model_copy(update={"id": "two"})]
    edits = [{"id": "two", "field": "text", "text": "Mine."}, {"id": "two", "field": "heading", "text": "Ours"}]
    after = changed(entries, {"act": act, "id": "one", "edits": edits})
    assert [e.id for e in after] == expected
    assert {(e.heading, e.text) for e in after if e.id == "two"} == {("Ours", "Mine.")}


def test_an_edit_can_be_taken_back(entry: Entry) -> None:
    edits = [{"id": "one", "field": "text", "text": "Mine."}]
    assert changed([entry], {"act": "restore", "id": "one", "edits": edits}) == [entry]


@pytest.mark.parametrize("wanted", [{}, {"act": "explode"}, {"edits": [{}]}, {"edits": [{"id": "one", "field": "id"}]}])
def test_what_no_page_of_ours_asks_for_changes_nothing(entry: Entry, wanted: dict[str, Any]) -> None:
    assert changed([entry], wanted) == [entry]


# --- what comes back, and what is taken along ---


def test_a_reload_brings_back_order_headings_and_edits(desk: Desk, turn: StoredTurn) -> None:
    tab = BriefingTab(desk)
    items = tab.add_section(tab.add([], turn))
    items[0] |= {"heading": "Mine", "text": "Other words."}
    *_, kept = tab.show(items)
    assert "answer" not in json.loads(kept)[0]
    assert tab.restore(kept, [], request()) == items


def test_what_is_deleted_or_somebody_elses_does_not_come_back(desk: Desk, turn: StoredTurn) -> None:
    tab = BriefingTab(desk)
    *_, kept = tab.show(tab.add([], turn))
    assert tab.restore(kept, [], request("someone")) == []
    desk.conversations.delete("", turn.conversation_id)
    assert tab.restore(kept, [], request()) == []


@pytest.mark.parametrize("kept", [None, "", "{", '[{"id": 1}]', "7"])
def test_what_a_browser_kept_of_another_version_is_passed_over(desk: Desk, kept: str | None) -> None:
    assert BriefingTab(desk).restore(kept, [], request()) == []


def test_an_answer_made_up_by_a_browser_is_not_taken_over(desk: Desk, entry: Entry) -> None:
    forged = json.dumps([{**entry.model_dump(mode="json"), "id": "section-1"}])
    assert [item["answer"] for item in BriefingTab(desk).restore(forged, [], request())] == [None]


def test_the_briefing_holds_what_the_page_shows(desk: Desk, turn: StoredTurn) -> None:
    tab = BriefingTab(desk)
    items = tab.add([], turn)
    items[0]["text"] = "Choe Un Jong was designated under E.O. 13382."
    made = tab.briefing(items, " North Korea ")
    assert made.title == "North Korea"
    assert made.questions[0].sentences[0].doubt.startswith("Not supported")
    with pytest.raises(BriefingError, match="needs an answer"):
        tab.briefing([], "")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("", "briefing.md"),
        ("North Korea: mixers", "North-Korea-mixers.md"),
        ("../../etc", "etc.md"),
        ("…", "briefing.md"),
    ],
)
def test_a_file_is_named_by_the_title(title: str, expected: str) -> None:
    assert file_name(title, "briefing", ".md") == expected
