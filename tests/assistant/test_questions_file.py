"""A file of questions in, a file of answers out."""

import json
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.questions_file import answer_file
from corpus.errors import QuestionError


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_one_answer_a_question_in_order(starter: Assistant, tmp_path: Path) -> None:
    questions = jsonl(
        tmp_path / "q.jsonl",
        {"id": "1", "question": "Why was Tornado Cash sanctioned?", "type": "reason", "gold_releases": []},
        {
            "id": "2",
            "question": "And when?",
            "history": [{"role": "user", "content": "Why was Tornado Cash sanctioned?"}],
        },
        {"id": "3", "question": "Who won the 2018 World Cup?"},
        {"id": "4", "question": " "},
    )
    report = answer_file(starter, questions, tmp_path / "a.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [answer["id"] for answer in answers] == ["1", "2", "3", "4"]
    assert answers[1]["retrieved"][0]["release_id"] == "jy0916"
    assert answers[2]["abstained"]
    assert "empty" in answers[3]["error"]
    assert (report.answered, report.abstained) == (3, 1)
    assert [line for line, _ in report.failed] == [4]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "q.jsonl"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ("", "holds no question"),
        ('{"id": "1", "question": "a?"}\n{"id": "2"}\n', r"q\.jsonl:2: question"),
        ("not json\n", r"q\.jsonl:1: .*Invalid JSON"),
        ('{"id": "1", "question": "a", "history": [{"role": "judge", "content": ""}]}', r"history\.0\.role"),
    ],
)
def test_a_bad_file_is_told_with_its_line(starter: Assistant, tmp_path: Path, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / "q.jsonl").write_text(content)
    with pytest.raises(QuestionError, match=told):
        answer_file(starter, tmp_path / "q.jsonl", tmp_path / "a.jsonl")
    assert not (tmp_path / "a.jsonl").exists()


def test_answers_that_cannot_be_written_are_told(starter: Assistant, tmp_path: Path) -> None:
    questions = jsonl(tmp_path / "q.jsonl", {"id": "1", "question": "Who?"})
    with pytest.raises(QuestionError, match="cannot be written"):
        answer_file(starter, questions, tmp_path / "no-such-folder" / "a.jsonl")
