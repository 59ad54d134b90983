"""An answer in the chat, and as it is copied: every marker leads to its words, and nothing is taken for markup."""

import datetime
import re

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from assistant.answers.answer import Answer, AnswerSentence, Draft
from assistant.citations.checking import Verdict
from assistant.engine import Assistant
from ui.history.stored import StoredTurn, TurnState
from ui.web.rendering.answer import (
    answer_markdown,
    draft_markdown,
    messages,
    permalink,
    turn_markdown,
    with_references,
    with_references_html,
)
from ui.web.rendering.markup import escape_markdown, web_link
from ui.web.rendering.verdicts import BADGES

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"


@pytest.fixture(scope="module")
def answer(starter: Assistant) -> Answer:
    return starter.ask(QUESTION)


def turn(
    answer: Answer | None, state: TurnState = TurnState.DONE, error: str = "", question: str = "Who?"
) -> StoredTurn:
    asked = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    return StoredTurn("t1", "c1", question, answer, state, error, asked, {})


def as_html(markdown: str) -> LexborHTMLParser:
    return LexborHTMLParser(cmarkgfm.github_flavored_markdown_to_html(markdown))


def test_every_marker_names_the_release_and_the_characters_that_it_cites(answer: Answer) -> None:
    links = [node.attributes["href"] for node in as_html(answer_markdown(answer)).css("a")]
    assert links == [f"#cite-{c.release_id}-{c.start}-{c.end}" for c in answer.citations]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_marker_says_how_its_sentence_was_judged(answer: Answer, verdict: Verdict) -> None:
    sentences = [sentence.model_copy(update={"verdict": verdict}) for sentence in answer.sentences]
    shown = as_html(answer_markdown(answer.model_copy(update={"sentences": sentences})))
    assert {node.attributes["title"] for node in shown.css("a")} == {BADGES[verdict].meaning}


def test_a_verdict_is_told_by_icon_and_word_too() -> None:
    assert set(BADGES) == set(Verdict)
    assert (
        len({badge.icon for badge in BADGES.values()}) == len({badge.word for badge in BADGES.values()}) == len(Verdict)
    )


def test_items_stand_in_a_list_and_lead_ins_before_their_sentence(answer: Answer) -> None:
    words = [("From ab1, May 2, 2020:", "One & two:", False), ("", "*one*", True), ("", "two", True)]
    sentences = [
        AnswerSentence(text=text, citations=[1], verdict=Verdict.VERBATIM, lead_in=lead_in, is_item=is_item)
        for lead_in, text, is_item in words
    ]
    shown = as_html(answer_markdown(answer.model_copy(update={"sentences": sentences})))
    assert [" ".join(node.text().split()) for node in shown.css("li")] == ["*one* [1]", "two [1]"]
    assert shown.css_first("em").text() == "From ab1, May 2, 2020:"


def test_notices_stand_under_the_answer(answer: Answer) -> None:
    shown = answer_markdown(answer.model_copy(update={"notices": ["Releases differ: <1> or 2."]}))
    assert "Note: Releases differ: <1> or 2." in as_html(shown).css("p")[-1].text()


def test_what_can_be_done_with_an_answer_stands_under_it(answer: Answer) -> None:
    links = [node.attributes["href"] for node in as_html(turn_markdown(turn(answer))).css("a")]
    assert links[-4:] == ["#copy-t1", "#rich-t1", "#link-t1", "#brief-t1"]


def test_an_abstention_cannot_go_into_a_briefing(starter: Assistant) -> None:
    shown = turn_markdown(turn(starter.ask("Who won the 2018 World Cup?")))
    assert "#brief-" not in shown
    assert "#link-t1" in shown


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        (TurnState.RUNNING, "", "Still being answered"),
        (TurnState.STOPPED, "", "Stopped before it was answered"),
        (TurnState.FAILED, "the question is <b>empty</b>", "the question is <b>empty</b>"),
        (TurnState.FAILED, "", "cannot be read any more"),
    ],
)
def test_a_question_without_an_answer_says_why(state: TurnState, error: str, said: str) -> None:
    assert said in as_html(turn_markdown(turn(None, state, error))).text()


def test_a_conversation_is_two_messages_a_turn(answer: Answer) -> None:
    shown = messages([turn(answer, question="<i>Who</i> & *why*?"), turn(None, TurnState.RUNNING)])
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert as_html(shown[0]["content"]).text().strip() == "<i>Who</i> & *why*?"


def test_a_draft_says_that_more_comes(answer: Answer) -> None:
    draft = Draft(answer.sentences, answer.citations, held=2, written=400)
    assert "Checking 2 more" in draft_markdown(draft)
    assert draft_markdown(Draft([], [], held=0, written=0)) == "*Writing …*"


def test_a_copy_stands_by_itself(answer: Answer) -> None:
    copied = with_references(answer)
    cited = answer.citations[0]
    assert answer.sentences[0].text in copied
    assert f"[1] {cited.release_id}, {cited.title}, June 15, 2023: “{' '.join(cited.quote.split())}”" in copied
    assert f"<{cited.url}>" in copied
    html = LexborHTMLParser(with_references_html(answer))
    assert html.css_first("sup").text() == "[1]"
    assert html.css_first("li a").attributes["href"] == cited.url


def test_a_copy_of_an_abstention_is_its_words(starter: Assistant) -> None:
    answer = starter.ask("Who won the 2018 World Cup?")
    assert with_references(answer) == answer.answer
    assert LexborHTMLParser(with_references_html(answer)).text() == answer.answer


def test_markup_in_what_is_copied_as_rich_text_stays_text(answer: Answer) -> None:
    hurt = "<img src=x onerror=alert(1)>"
    cited = [
        c.model_copy(update={"title": hurt, "quote": hurt, "url": "javascript:alert(1)"}) for c in answer.citations
    ]
    sentences = [sentence.model_copy(update={"text": hurt, "lead_in": hurt}) for sentence in answer.sentences]
    html = with_references_html(
        answer.model_copy(update={"citations": cited, "sentences": sentences, "notices": [hurt]})
    )
    assert not re.search("<img|javascript:", html)


def test_a_permalink_is_the_pages_own_address() -> None:
    assert permalink("a b/ü") == "?answer=a%20b/%C3%BC"


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "ftp://example.org"])
def test_what_is_no_page_of_the_web_becomes_no_link(url: str) -> None:
    assert web_link(url, "<b>") == "&lt;b&gt;"


@given(st.text(alphabet=st.sampled_from("ab *_`[]()<>#$|~\\!&-+.1\n"), max_size=40))
def test_escaped_words_are_shown_as_they_are(text: str) -> None:
    line = " ".join(text.split())
    assert as_html("x" + escape_markdown(line)).text().strip() == "x" + line
