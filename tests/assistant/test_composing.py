"""Which sentences an answer is made of: every part of the question, every release asked for, whole lists, few words."""

import datetime
from collections.abc import Sequence

import pytest

from assistant.answers.evidence import Candidate, Evidence
from assistant.answers.extractive import LONGEST_ANSWER, compose, lay_out
from assistant.answers.sentence_features import FEATURE_NAMES, SentenceFeatures
from assistant.question import AnswerType, Question
from corpus.cleaning import clean_markdown
from corpus.release import DateConfidence, DateSource, Release, ReleaseKind, Span

NOTHING = SentenceFeatures(**dict.fromkeys(FEATURE_NAMES, 0.0))


def release(release_id: str, markdown: str, day: datetime.date | None = datetime.date(2019, 3, 4)) -> Release:
    clean = clean_markdown(markdown)
    confidence = DateConfidence.HIGH if day else DateConfidence.NONE
    return Release(
        release_id,
        "Harbor",
        day,
        DateSource.FRONT_MATTER if day else DateSource.UNKNOWN,
        "press-releases",
        "",
        ReleaseKind.RELEASE,
        clean.text,
        clean.paragraphs,
        "",
        confidence,
    )


def sentences(of: Release) -> list[Span]:
    return [span for paragraph in of.paragraphs for span in paragraph.sentences]


def candidate(
    of: Release, n: int, probability: float, likeness: Sequence[float] = (0.5,), leans: bool = False
) -> Candidate:
    spans = sentences(of)
    none: frozenset[str] = frozenset()
    return Candidate(of, spans[n], spans[n - 1] if leans else None, none, none, NOTHING, tuple(likeness), probability)


def evidence(text: str, *candidates: Candidate) -> Evidence:
    ranked = sorted(candidates, key=lambda c: -c.probability)
    return Evidence(Question(text), {}, frozenset(), [], ranked, 0.0, [])


def texts(spans: Sequence[tuple[Release, Span]]) -> list[str]:
    return [of.text[span.start : span.end] for of, span in spans]


PROSE = release(
    "ab1", "Lina Okafor runs Harbor Lines. She owns it. The Ann was sold in 2018. The buyer paid $4 million. It rained."
)
OTHER = release("ab2", "Harbor Lines was delisted. Nothing else happened.", datetime.date(2021, 7, 20))


def test_sentences_follow_while_they_are_nearly_as_likely_in_the_order_of_the_release() -> None:
    found = evidence("Who paid?", candidate(PROSE, 3, 0.8), candidate(PROSE, 2, 0.5), candidate(PROSE, 4, 0.001))
    assert texts(compose(found, 3)) == ["The Ann was sold in 2018.", "The buyer paid $4 million."]


def test_no_more_sentences_than_asked_for() -> None:
    found = evidence("Who paid?", *(candidate(PROSE, n, 0.5 + n / 100) for n in range(5)))
    assert texts(compose(found, 1)) == ["It rained."]


def test_a_sentence_that_starts_with_a_pronoun_brings_the_one_before_it() -> None:
    found = evidence("Who owns it?", candidate(PROSE, 1, 0.9, leans=True))
    assert texts(compose(found, 1)) == ["Lina Okafor runs Harbor Lines.", "She owns it."]


def test_each_part_of_a_question_gets_its_sentence() -> None:
    found = evidence(
        "Who runs Harbor Lines, and what did the buyer pay?",
        candidate(PROSE, 0, 0.9, (0.8, 0.9, 0.1)),
        candidate(PROSE, 1, 0.8, (0.7, 0.7, 0.1)),
        candidate(PROSE, 2, 0.7, (0.6, 0.3, 0.2)),
        candidate(PROSE, 3, 0.2, (0.4, 0.1, 0.9)),
    )
    assert "The buyer paid $4 million." in texts(compose(found, 1))


def test_a_part_that_nothing_answers_gets_none() -> None:
    found = evidence(
        "Who runs it, and where?", candidate(PROSE, 0, 0.95, (0.8, 0.9, 0.1)), candidate(PROSE, 4, 0.0001, (0, 0, 0.3))
    )
    assert texts(compose(found, 1)) == ["Lina Okafor runs Harbor Lines."]


def test_each_release_that_must_be_quoted_is() -> None:
    found = evidence("Compare.", candidate(PROSE, 0, 0.9), candidate(PROSE, 1, 0.8), candidate(OTHER, 0, 0.01))
    chosen = compose(found, 1, ["ab1", "ab2"])
    assert {of.release_id for of, _ in chosen} == {"ab1", "ab2"}


def test_an_answer_is_short_but_its_first_sentence_whole() -> None:
    long = release("ab3", f"It{' went on' * 100} here. They{' said more' * 60} there. The Ann is short.")
    chosen = compose(evidence("What?", *(candidate(long, n, 0.9 - n / 100) for n in range(3))), 3)
    assert len(texts(chosen)[0].split()) > LONGEST_ANSWER
    assert len(chosen) == 1


def test_a_line_of_a_list_brings_the_list_and_its_items_are_told() -> None:
    listed = release("ab4", "Three were named:\n\n- the Ann;\n- the Bea; and\n- the Cora.\n\nMore follows here.")
    chosen = compose(evidence("Which?", candidate(listed, 2, 0.9)), 1)
    assert texts(chosen) == ["Three were named:", "the Ann;", "the Bea; and", "the Cora."]
    assert [quoted.is_item for quoted in lay_out(chosen, AnswerType.LIST)] == [False, True, True, True]


def test_nothing_found_composes_nothing() -> None:
    assert compose(evidence("Which?"), 3) == []
    assert lay_out([], AnswerType.DATE) == []


@pytest.mark.parametrize(
    ("markdown", "day", "asked", "lead_in"),
    [
        ("Today OFAC blocked the Ann.", datetime.date(2019, 3, 4), AnswerType.PERSON, "From ab1, March 4, 2019:"),
        ("Last month OFAC blocked it.", datetime.date(2019, 3, 4), AnswerType.OTHER, "From ab1, March 4, 2019:"),
        ("OFAC blocked the Ann.", datetime.date(2019, 3, 4), AnswerType.DATE, "From ab1, March 4, 2019:"),
        ("OFAC blocked the Ann.", datetime.date(2019, 3, 4), AnswerType.PERSON, ""),
        ("Today OFAC blocked the Ann.", None, AnswerType.DATE, ""),
    ],
)
def test_a_date_stands_before_a_sentence_that_needs_it(
    markdown: str, day: datetime.date | None, asked: AnswerType, lead_in: str
) -> None:
    of = release("ab1", markdown, day)
    assert [quoted.lead_in for quoted in lay_out([(of, span) for span in sentences(of)], asked)] == [lead_in]


def test_several_releases_each_have_a_lead_in_before_their_first_sentence() -> None:
    undated = release("ab5", "Nothing is known.", None)
    spans = [(PROSE, sentences(PROSE)[0]), (PROSE, sentences(PROSE)[2]), (undated, sentences(undated)[0])]
    leads = [quoted.lead_in for quoted in lay_out(spans, AnswerType.PERSON)]
    assert leads == ["From ab1, March 4, 2019:", "", "From ab5:"]
