"""What a file of questions asks, in text and in Markdown, and what cannot be asked."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.briefing.questions import BriefingQuestions, parse_lines, parse_markdown, read_briefing_questions
from corpus.errors import BriefingError


def asked(questions: BriefingQuestions) -> list[tuple[str, str, int]]:
    return [(section.heading, q.text, q.line) for section in questions.sections for q in section.questions]


def test_a_line_of_text_is_a_question() -> None:
    questions = parse_lines("Who runs Harbor?\n\n  2. Why?  \n- When was it\tclosed?\n")
    assert asked(questions) == [("", "Who runs Harbor?", 1), ("", "Why?", 3), ("", "When was it closed?", 4)]
    assert (questions.title, questions.bad) == ("", [])


def test_headings_are_sections_and_items_are_questions() -> None:
    questions = parse_markdown(
        "---\ntitle: Harbor\n---\nWe want to know all of this.\n\n## People\n\n- Who **runs** Harbor\n"
        "- the `bank` of it\n\n## Money\n\n1. How much?\n   - And where from?\n"
    )
    assert questions.title == "Harbor"
    assert asked(questions) == [
        ("People", "Who runs Harbor", 8),
        ("People", "the bank of it", 9),
        ("Money", "How much?", 13),
        ("Money", "And where from?", 14),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who runs Harbor?\nWhy?\n", ["Who runs Harbor?", "Why?"]),
        ("Who runs the Harbor\nnetwork?\nWhy?\n", ["Who runs the Harbor network?", "Why?"]),
        ("The network is old.\nWho runs it?\n", ["Who runs it?"]),
        ("Harbor's owner\n\nHarbor's bank\nand its manager\n", ["Harbor's owner", "Harbor's bank and its manager"]),
        ("## Who runs Harbor?\n\n## Why?\n", ["Who runs Harbor?", "Why?"]),
        ("## Why Harbor?\n\n- Who runs it?\n", ["Who runs it?"]),
        ("Who runs Harbor?\nWhy?\n-\n", ["Who runs Harbor?", "Why?"]),
        ("> Who runs Harbor?\n", ["Who runs Harbor?"]),
    ],
)
def test_what_of_markdown_is_asked(text: str, expected: list[str]) -> None:
    assert [question for _, question, _ in asked(parse_markdown(text))] == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [("# Harbor\n\n- Why?\n", "Harbor"), ("# A\n\n- Why?\n\n# B\n\n- When?\n", ""), ("- Why?\n\n# End\n", "")],
)
def test_the_only_first_heading_is_the_title(text: str, title: str) -> None:
    assert parse_markdown(text).title == title


def test_what_cannot_be_asked_is_told_with_its_line() -> None:
    questions = parse_markdown(f"- Why?\n-\n- {'long ' * 1000}\n- ...\n")
    assert [question for _, question, _ in asked(questions)] == ["Why?"]
    assert [line for line, _ in questions.bad] == [2, 3, 4]
    assert "empty" in questions.bad[0][1]
    assert "4,999 characters" in questions.bad[1][1]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("q.txt", b"", "holds no question"),
        ("q.txt", b"...\n", "line 1: the question is empty"),
        ("q.md", b"# Title\n\n## Section\n", "holds no question"),
        ("q.txt", b"\xff\xfe\x00", "cannot be read"),
        ("q.txt", b"PK\x00\x00", "is no text"),
        ("q.md", b"---\ntitle: [\n---\n- Why?\n", "front matter cannot be read"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BriefingError, match=told) as raised:
        read_briefing_questions(path)
    assert str(path) in str(raised.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BriefingError, match="No such file"):
        read_briefing_questions(tmp_path / "none.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_however_they_end(end: str) -> None:
    text = end.join(["", "- Why?", "- When?"])
    for parse in (parse_lines, parse_markdown):
        assert asked(parse(text)) == [("", "Why?", 2), ("", "When?", 3)]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=300))
@example("\r0")
def test_any_text_gives_questions_in_order_of_their_lines(text: str) -> None:
    for parse in (parse_lines, parse_markdown):
        try:
            questions = parse(text)
        except BriefingError:
            continue
        lines = [line for _, _, line in asked(questions)]
        assert lines == sorted(lines)
        assert all(1 <= line <= len(re.split("\r\n|\r|\n", text)) for line in lines)
