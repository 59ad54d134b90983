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
    ],
)
def test_sentences_of_releases(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[s.start : s.end] for s in sentence_spans(text)] == sentences


@given(st.text(alphabet=st.sampled_from("Ab. !?”“\n()1,;é中"), max_size=80), st.integers(0, 10**6))
def test_sentences_cover_every_word_once(text: str, offset: int) -> None:
    spans = sentence_spans(text, offset)
    slices = [text[s.start - offset : s.end - offset] for s in spans]
    assert "".join("".join(slices).split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
