"""What a briefing states: an answer's sentences as they are, or as a person edited them, each checked."""

import pytest

from assistant.answers.answer import Answer
from assistant.briefing.stated import LONGEST_TEXT, editable_text, edited, is_list, stated
from assistant.citations.checking import Verdict
from assistant.engine import Assistant
from corpus.errors import BriefingError

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"
LIST = "List the three hacking groups sanctioned in September 2019."


@pytest.fixture(scope="module")
def answer(starter: Assistant) -> Answer:
    return starter.ask(QUESTION)


@pytest.fixture(scope="module")
def with_lead_ins(starter: Assistant) -> Answer:
    """An answer whose sentences have the release and its date before them."""
    made = starter.ask(QUESTION)
    second = starter.ask("Why was Tornado Cash sanctioned?")
    citations = [made.citations[0], second.citations[0].model_copy(update={"marker": 2})]
    sentences = [
        made.sentences[0].model_copy(update={"lead_in": "From jy1539, June 15, 2023:"}),
        second.sentences[0].model_copy(update={"lead_in": "From jy0916, August 8, 2022:", "citations": [2]}),
    ]
    return made.model_copy(update={"sentences": sentences, "citations": citations})


@pytest.mark.parametrize("question", [QUESTION, LIST, "Why was Tornado Cash sanctioned?", "Who is Dan Gertler?"])
def test_a_text_that_nobody_changed_states_what_the_answer_states(starter: Assistant, question: str) -> None:
    answer = starter.ask(question)
    assert answer.sentences
    assert edited(starter, answer, editable_text(answer)) == stated(answer)


def test_white_space_is_no_edit(starter: Assistant, answer: Answer) -> None:
    assert edited(starter, answer, f"\n {editable_text(answer).replace(' ', '  ')} \n") == stated(answer)


def test_items_of_a_list_are_lines(starter: Assistant) -> None:
    answer = starter.ask(LIST)
    assert is_list(answer)
    assert [line[:2] for line in editable_text(answer).splitlines()] == ["- "] * len(answer.sentences)


def test_a_wrong_order_is_told_with_the_right_one_and_keeps_its_source(starter: Assistant, answer: Answer) -> None:
    text = editable_text(answer)
    assert "13810" in text
    (wrong,) = (s for s in edited(starter, answer, text.replace("13810", "13382")) if "13382" in s.text)
    assert (wrong.verdict, wrong.edited, wrong.in_doubt) == (Verdict.UNSUPPORTED, True, True)
    assert any("E.O. 13810" in reason for reason in wrong.reasons)
    assert {citation.release_id for citation in wrong.citations} == {"jy1539"}


def test_the_sentences_beside_an_edit_stay_verbatim(starter: Assistant) -> None:
    answer = starter.ask("Why was Tornado Cash sanctioned?")
    assert len(answer.sentences) > 1
    text = editable_text(answer).replace(answer.sentences[0].text, "Tornado Cash was sanctioned on August 9, 2022.")
    first, *others = edited(starter, answer, text)
    assert first.in_doubt
    assert others == stated(answer)[1:]


def test_another_wording_is_carried_by_what_it_then_cites(starter: Assistant, answer: Answer) -> None:
    (said,) = edited(starter, answer, "Choe Un Jong was designated under E.O. 13810.")
    assert said.verdict in (Verdict.VERBATIM, Verdict.SUPPORTED)
    assert {citation.release_id for citation in said.citations} == {"jy1539"}
    assert said.edited


def test_a_sentence_from_another_release_cites_that_one(starter: Assistant, answer: Answer) -> None:
    text = f"{editable_text(answer)} OFAC designated SUEX on September 21, 2021 [jy0364]."
    last = edited(starter, answer, text)[-1]
    assert last.text == "OFAC designated SUEX on September 21, 2021."
    assert not last.in_doubt
    assert {citation.release_id for citation in last.citations} == {"jy0364"}


def test_what_nothing_carries_cites_no_stranger(starter: Assistant, answer: Answer) -> None:
    (said,) = edited(starter, answer, "Wombats of Tasmania elected a new chairman on May 3, 1874.")
    assert said.verdict is Verdict.UNSUPPORTED
    assert {citation.release_id for citation in said.citations} <= {c.release_id for c in answer.citations}


def test_a_judgement_is_not_checked_and_says_why(starter: Assistant, answer: Answer) -> None:
    said = edited(starter, answer, f"{editable_text(answer)} We recommend caution.")[-1]
    assert (said.verdict, said.unchecked, said.in_doubt) == (None, "the writer's judgement", False)


@pytest.mark.parametrize("before", ["It is false: ", "Nobody believes that ", "Not "])
def test_words_put_before_a_quote_make_it_another_sentence(starter: Assistant, answer: Answer, before: str) -> None:
    said = edited(starter, answer, before + editable_text(answer))
    assert said[0].edited
    assert said[0].verdict is not Verdict.VERBATIM


def test_a_lead_in_stays_with_its_sentence(starter: Assistant, with_lead_ins: Answer) -> None:
    text = editable_text(with_lead_ins)
    assert text.splitlines()[1].startswith("From jy0916, August 8, 2022: ")
    assert edited(starter, with_lead_ins, text) == stated(with_lead_ins)
    changed = edited(starter, with_lead_ins, text.replace("13810", "13382"))
    assert changed[0].lead_in == "From jy1539, June 15, 2023:"
    assert changed[1] == stated(with_lead_ins)[1]


def test_a_lead_in_that_names_another_release_is_left_out(starter: Assistant, with_lead_ins: Answer) -> None:
    lead_in = "From jy1539, June 15, 2023:"
    (said,) = edited(starter, with_lead_ins, f"{lead_in} OFAC designated SUEX on September 21, 2021 [jy0364].")
    assert said.lead_in == ""
    assert "From" not in said.text


@pytest.mark.parametrize("text", ["", " \n ", "—", "[jy1539]"])
def test_a_text_without_words_states_nothing_that_holds(starter: Assistant, answer: Answer, text: str) -> None:
    assert not any(said.verdict for said in edited(starter, answer, text))


def test_a_text_that_is_too_long_is_refused(starter: Assistant, answer: Answer) -> None:
    with pytest.raises(BriefingError, match="30,000 are the most"):
        edited(starter, answer, "a" * (LONGEST_TEXT + 1))
