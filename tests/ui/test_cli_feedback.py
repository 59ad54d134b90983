"""``assistant feedback`` as a person meets it: from answers on the page to a question set that is measured by."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.engine import Assistant
from indexes.generation import Home
from tests.ui.test_cli import assert_one_line_error, run
from ui.cli import cli
from ui.history.conversations import Conversations
from ui.history.database import DESK_FILE, Database
from ui.history.feedback import FeedbackStore, Reason

JUDGED = [
    ("Which executive order was Choe Un Jong designated under, and why?", Reason.GOOD, "clear"),
    ("Why was Tornado Cash sanctioned?", Reason.GOOD, ""),
    ("Who is Dan Gertler?", Reason.GOOD, ""),
    ("What does the Capital Purchase Program do?", Reason.MISSING, "how\nmuch \x1b[31mmoney"),
    ("Who won the football world cup in 2010?", Reason.SHOULD_HAVE_ABSTAINED, ""),
]


@pytest.fixture
def judged(home: Home, starter: Assistant, starter_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home over the starter corpus, in which two people asked and said what they thought."""
    (home.folder / "generations").symlink_to(starter_home.generations)
    (home.folder / "current").symlink_to(starter_home.folder / "current")
    with Database(home.folder / DESK_FILE) as database:
        conversations, feedback = Conversations(database), FeedbackStore(database)
        for n, (question, reason, comment) in enumerate(JUDGED):
            user = ("ann", "bob")[n % 2]
            turn = conversations.ask(user, None, question)
            conversations.finish(turn.id, starter.ask(question))
            feedback.give(user, turn.id, reason, comment)
        conversations.close()
    monkeypatch.setenv("ASSISTANT_HOME", str(home.folder))
    return home


def said(*args: object) -> Result:
    return CliRunner().invoke(cli, ["feedback", *map(str, args)], env={"COLUMNS": "160"})


def test_feedback_becomes_a_question_set_that_the_evaluation_takes(judged: Home, tmp_path: Path) -> None:
    out, waiting = tmp_path / "set.jsonl", tmp_path / "waiting.jsonl"
    result = said("export", out, "--unresolved", waiting)
    assert (result.exit_code, result.output) == (0, f"{out}: 4 questions\n{waiting}: 1 question\n")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["question"] for line in lines] == [JUDGED[n][0] for n in (0, 1, 2, 4)]
    assert [line["gold_releases"] for line in lines] == [[["jy1539"]], [["jy0916"]], [["sm0243"]], []]
    assert lines[0]["gold_facts"] == [["E.O. 13810", "13810"]]
    assert [line["type"] for line in lines] == ["factoid", "reason", "factoid", "unanswerable"]
    assert "ann" not in out.read_text(encoding="utf-8").split()

    linted = run("eval", "lint", "--strict", str(out), home=judged.folder)
    assert (linted.returncode, linted.stdout) == (0, f"{out}: 4 questions, 0 wrong, 0 worth a look\n")
    refused = run("eval", "lint", str(waiting), home=judged.folder)
    assert refused.returncode == 1
    assert "not a question" in refused.stdout

    measured = run("eval", "run", str(out), "--out", str(tmp_path / "run"), "--json", home=judged.folder)
    assert measured.returncode == 0, measured.stderr
    correct = json.loads(measured.stdout)["assistant"]["by_type"]
    assert [correct[kind]["measures"]["correct"]["value"] for kind in ("factoid", "reason")] == [1.0, 1.0]


def test_what_has_no_known_answer_is_counted_where_no_file_is_named(judged: Home, tmp_path: Path) -> None:
    result = said("export", tmp_path / "set.jsonl")
    assert "1 question with no known right answer; --unresolved FILE writes them" in result.output


@pytest.mark.parametrize(("since", "count"), [("2000-01-01", 4), ("2999-01-01", 0)])
def test_only_what_was_said_since_a_day(judged: Home, tmp_path: Path, since: str, count: int) -> None:
    out = tmp_path / "set.jsonl"
    result = said("export", out, "--since", since)
    assert result.exit_code == 0
    assert result.output.startswith(f"{out}: {count} questions\n")
    assert len(out.read_text(encoding="utf-8").splitlines()) == count


def test_what_was_said_as_a_table(judged: Home) -> None:
    result = said("list")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[-1] == "5 judgements"
    assert [reason.label in result.output for reason in Reason] == [True, False, False, True, True]
    assert "football" in result.output[: result.output.index("Gertler")]  # the newest first
    assert "how much [31mmoney" in result.output
    assert "\x1b" not in result.output
    assert "ann" not in result.output.split()


def test_what_was_said_as_json(judged: Home) -> None:
    found = json.loads(said("list", "--json").stdout)
    assert [row["question"] for row in found] == [question for question, _, _ in reversed(JUDGED)]
    assert found[-1]["comment"] == "clear"


def test_a_home_that_nothing_was_served_from(tmp_path: Path) -> None:
    result = run("feedback", "list", home=tmp_path)
    assert_one_line_error(result, "no conversations yet", "assistant serve", code=1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_the_other_as_it_was(judged: Home, tmp_path: Path) -> None:
    result = run("feedback", "export", str(tmp_path / "nowhere" / "set.jsonl"), home=judged.folder)
    assert_one_line_error(result, "cannot be written", code=1)


def test_both_parts_need_a_file_of_their_own(judged: Home, tmp_path: Path) -> None:
    out = tmp_path / "set.jsonl"
    result = said("export", out, "--unresolved", out)
    assert result.exit_code == 2
    assert "two names" in result.output
    assert not out.exists()
