"""Sentence spans: the abbreviations of this corpus end no sentence, and positions are exact."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


@pytest.mark.parametrize(
    "sentences",
    [
        ["Choe was designated pursuant to E.O. 13810 for his work.", "The U.S. Department of the Treasury acted."],
        ["G.W. Aerospace, Inc. is in Torrance, Calif. and sells to Corp. buyers.", "It closed."],
        ["Mr. Kim met Sen. Lugar on Jan. 5, 2006.", "They spoke."],
        ["The range is 1.5 km and costs $2.3 billion.", "Is it far?", "Yes!"],
        ["“We will act,” she said.", "He agreed."],
        ["1. For applications, see the rules.", "II. The Agenda of the Day is long."],
        ["The non-U.S. financial institutions closed.", "All did."],
        ["It opens at 1:00 p.m. ET on Monday.", "Come early."],
        ["The ship sailed at noon; etc. and so on.", "It came back."],
    ],
)
def test_sentences_of_releases(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[s.start : s.end] for s in sentence_spans(text)] == sentences


def test_sentences_that_the_source_glued_are_cut() -> None:
    text = "It was closed today.The bank was shut.It sails.See Treasury.gov or Mr.Kim of U.S.Corp now."
    assert [text[s.start : s.end] for s in sentence_spans(text)][:2] == ["It was closed today.", "The bank was shut."]


def test_a_long_quotation_is_cut_into_its_sentences() -> None:
    said = "We will act against everyone who moved the money of the network through the banks of the harbor."
    text = f"“{said} {said} {said} {said}” said the Secretary. He agreed."
    found = [text[s.start : s.end] for s in sentence_spans(text)]
    assert found == [f"“{said}", said, said, f"{said}” said the Secretary.", "He agreed."]


@given(st.text(alphabet=st.sampled_from("Ab. !?”“\n()1,;é中"), max_size=80), st.integers(0, 10**6))
def test_sentences_cover_every_word_once(text: str, offset: int) -> None:
    spans = sentence_spans(text, offset)
    slices = [text[s.start - offset : s.end - offset] for s in spans]
    assert "".join("".join(slices).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
