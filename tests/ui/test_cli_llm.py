"""``assistant ask`` with a language model: sentence by sentence on a terminal, whole in a pipe."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from indexes.generation import Home
from tests.assistant.model_server import ModelServer, model_server, refuses
from tests.ui.test_cli import run

QUESTION = "Who is Choe Un Jong?"
WIFE = "Choe Un Jong is the wife of Choe Chol Min."


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


def on_a_terminal(server: ModelServer, home: Home, *options: str) -> str:
    """What a terminal shows, without what steers it."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "ASSISTANT_HOME": str(home.folder), "COLUMNS": "100", **setting(server)}
    command = [sys.executable, "-m", "ui", "ask", QUESTION, *options]
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=env)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    errors = process.communicate(timeout=60)[1]
    assert (process.returncode, errors) == (0, b"")
    lines = shown.decode().replace("\r\n", "\n").split("\n")
    return "\n".join(re.split(r"\r\x1b\[K", line)[-1] for line in lines)


def setting(server: ModelServer) -> dict[str, str]:
    return {"ASSISTANT_LLM_URL": server.url, "ASSISTANT_LLM_MODEL": "model-9"}


def test_sentences_come_one_by_one_and_the_sources_under_them(server: ModelServer, starter_home: Home) -> None:
    server.says(f"{WIFE} [1] {WIFE[:-1]}, a queen [1].", "S1: DROP")
    shown = on_a_terminal(server, starter_home)
    assert shown.startswith(f"{WIFE} [1]\n\nNote: 1 sentence was left out")
    assert shown.count(WIFE) == 2, "the sentence and its quote"
    assert "\nSources\n[1] jy1539" in shown
    assert "queen" not in shown


def test_an_answer_that_becomes_another_is_shown_whole(server: ModelServer, starter_home: Home) -> None:
    server.says(refuses(500))
    shown = on_a_terminal(server, starter_home)
    assert "Note: model-9" in shown
    assert "error 500" in " ".join(shown.split())
    assert "[1]" in shown


def test_quotes_can_be_had_all_the_same(server: ModelServer, starter_home: Home) -> None:
    server.says("Never said.")
    result = run("ask", QUESTION, "--no-llm", "--json", home=starter_home.folder, **setting(server))
    answer = json.loads(result.stdout)
    assert answer["provenance"]["writer"] == "extractive"
    assert server.requests == []


def test_in_a_pipe_the_answer_comes_whole(server: ModelServer, starter_home: Home) -> None:
    server.says(f"{WIFE} [1]")
    result = run("ask", QUESTION, home=starter_home.folder, **setting(server))
    assert result.stdout.startswith(f"{WIFE} [1]\n\nSources")
    assert result.stderr == ""
    answer = json.loads(run("ask", QUESTION, "--json", home=starter_home.folder, **setting(server)).stdout)
    assert answer["notices"] == []
    assert answer["provenance"]["writer"].startswith("llm: model-9 @ 127.0.0.1")
    expected = {"text": WIFE, "citations": [1], "verdict": "verbatim", "reasons": []}
    assert answer["sentences"][0].items() >= expected.items()
