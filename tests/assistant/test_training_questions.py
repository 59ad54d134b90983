"""The questions of our own that answers are fitted on: whole, and without a word of a release."""

import json
import re
from collections import Counter

import pytest

from assistant.answers.examples import (
    OWN_QUESTIONS,
    fold,
    is_evidence,
    sentence_key,
    sentences_of,
    wanted_sentences,
)
from assistant.engine import Assistant

LINES = [json.loads(line) for line in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_a_question_of_a_release_with_keys_where_it_has_an_answer() -> None:
    for line in LINES:
        assert set(line) == {"question", "type", "release_id", "evidence_keys"}
        assert re.fullmatch(r"\w[\w-]*", line["release_id"])
        assert all(re.fullmatch("[0-9a-f]{12}", key) for key in line["evidence_keys"])
        assert bool(line["evidence_keys"]) == (line["type"] != "unanswerable")
        assert len(line["question"].split()) >= 3


def test_no_question_is_there_twice_and_every_kind_is() -> None:
    assert max(Counter(line["question"].lower() for line in LINES).values()) == 1
    kinds = Counter(line["type"] for line in LINES)
    assert set(kinds) == {"factoid", "numeric", "date", "list", "reason", "definition", "yesno", "unanswerable"}
    assert min(kinds.values()) >= 50


@pytest.mark.parametrize("edit", [str.upper, lambda text: f"“{text}”", lambda text: text.replace(" ", "  ")])
def test_a_key_names_a_sentence_by_its_words(edit: object, starter: Assistant) -> None:
    release = starter.release("jy1539")
    assert release is not None
    text, other = sentences_of(release)[:2]
    assert callable(edit)
    assert sentence_key(edit(text)) == sentence_key(text) != sentence_key(other)
    wanted = wanted_sentences({"evidence": [], "evidence_keys": [sentence_key(text)]}, release)
    assert wanted == {fold(text)}
    assert is_evidence(text, wanted)
    assert not is_evidence(other, wanted)
