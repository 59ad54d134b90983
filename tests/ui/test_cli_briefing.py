"""``assistant brief`` and ``assistant check`` as a person meets them: files, exit codes, errors of one line."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest

from indexes.generation import Home
from tests.ui.test_cli import assert_one_line_error, run

QUESTIONS = "# Two things\n\n- Who is Choe Un Jong's husband?\n-\n- Who won the 1998 World Cup?\n"
WRONG = "Choe Chol Min was designated under E.O. 13810 [jy1539]."
RIGHT = "Bluenoroff and Andariel are sub-groups of Lazarus Group."


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.md"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def test_a_briefing_in_every_format(starter_home: Home, questions: Path, tmp_path: Path) -> None:
    outs = [tmp_path / f"briefing.{ending}" for ending in ("docx", "md", "json")]
    given = [part for out in outs for part in ("--out", str(out))]
    result = run("brief", str(questions), *given, "--date", "2026-11-25", home=starter_home.folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("answered 1 of 2 questions: ")
    assert f"not asked {questions}:4: the question is empty" in result.stderr
    assert docx.Document(str(outs[0])).paragraphs[0].text == "Two things"
    assert outs[1].read_text(encoding="utf-8").startswith("# Two things\n\nNovember 25, 2026\n")
    assert json.loads(outs[2].read_bytes())["date"] == "2026-11-25"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([questions.name, *(out.name for out in outs)])


def test_a_briefing_is_printed_where_no_file_is_named(starter_home: Home, questions: Path) -> None:
    asked = ("brief", str(questions), "--title", "Mine")
    printed = run(*asked, home=starter_home.folder, SOURCE_DATE_EPOCH="1577923200")
    assert printed.stdout.startswith("# Mine\n\nJanuary 2, 2020\n")
    briefing = json.loads(run(*asked, "--json", home=starter_home.folder).stdout)
    assert [question["question"][:3] for section in briefing["sections"] for question in section["questions"]] == [
        "Who",
        "Who",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("brief", "none.md"), "none.md cannot be read"),
        (("brief", "none.md", "--out", "briefing.odt"), "one of: .docx, .md, .json"),
        (("brief", "none.md", "--out", "none/briefing.md"), "folder that there is not"),
        (("check", "none.md"), "none.md cannot be read"),
        (("check", "none.odt"), "a draft is one of"),
        (("check", "none.md", "--out", "checked.md"), "one of: .docx, .html, .json"),
        (("check", "none.docx", "--out", "none.docx"), "never changed"),
    ],
)
def test_bad_input_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    assert_one_line_error(run(*arguments, home=tmp_path), told, code=2)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.md", b"", "holds no sentence"),
        ("a.txt", b"\x00\xff\xfe", "not UTF-8 text"),
        ("a.docx", b"PK\x03\x04 cut off", "cannot be read as a Word document"),
        ("a.txt", b"A bank was closed. " * 60_000, "check it in parts"),
    ],
)
def test_drafts_that_cannot_be_checked(starter_home: Home, tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert_one_line_error(run("check", str(tmp_path / name), home=starter_home.folder), told, code=2)


def test_a_draft_with_an_error_exits_with_one_and_says_what_is_right(starter_home: Home, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f"{RIGHT} {WRONG}\n", encoding="utf-8")
    outs = [tmp_path / f"checked.{ending}" for ending in ("html", "json", "docx")]
    given = [part for out in outs for part in ("--out", str(out))]
    result = run("check", str(draft), *given, home=starter_home.folder)
    assert result.returncode == 1, result.stderr
    assert f"✓ {RIGHT}" in " ".join(result.stdout.split())
    assert "not supported" in result.stdout
    assert "E.O. 13382" in result.stdout
    assert "2 sentences, 1 needs a look" in result.stdout
    assert "E.O. 13382" in outs[0].read_text(encoding="utf-8")
    checked = json.loads(outs[1].read_bytes())
    for sentence in checked["sentences"]:
        assert checked["text"][sentence["start"] : sentence["end"]] == sentence["text"]
    assert len(list(docx.Document(io.BytesIO(outs[2].read_bytes())).comments)) == 1
    assert draft.read_text(encoding="utf-8") == f"{RIGHT} {WRONG}\n"


def test_a_draft_on_standard_input_that_holds_exits_with_nought(starter_home: Home) -> None:
    env = {**os.environ, "ASSISTANT_HOME": str(starter_home.folder)}
    command = [sys.executable, "-m", "ui", "check", "-", "--json"]
    result = subprocess.run(command, input=RIGHT, capture_output=True, text=True, env=env, timeout=120)
    assert result.returncode == 0, result.stderr
    assert [s["verdict"] for s in json.loads(result.stdout)["sentences"]] == ["verbatim"]
