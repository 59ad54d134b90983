"""What goes wrong while people work: servers that die, lost connections, two tabs, an index that changes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from indexes.generation import Home
from tests.browser.conftest import IN_A_BROWSER, ask, serving, visit
from ui.history.conversations import Conversations
from ui.history.database import DESK_FILE, Database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"

pytestmark = IN_A_BROWSER


@pytest.fixture
def own_home(starter_home: Home, tmp_path: Path) -> Path:
    """A home that no other test looks at."""
    return Path(shutil.copytree(starter_home.folder, tmp_path / "home", symlinks=True))


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_killed_server_loses_no_conversation_and_the_page_goes_on(browser: "Browser", own_home: Path) -> None:
    port = free_port()
    page = browser.new_page()
    page.set_default_timeout(60_000)
    with serving(own_home, ("--port", port)) as (address, server):
        visit(page, address)
        ask(page, QUESTION)
        page.wait_for_url(re.compile("conversation="))
        server.send_signal(signal.SIGKILL)
        server.wait(10)
        page.locator("#question textarea").fill("Who is Dan Gertler?")
        page.locator("#question textarea").press("Enter")
        page.get_by_text(re.compile("[Cc]onnection")).first.wait_for()
        with serving(own_home, ("--port", port)):
            page.reload()
            page.locator("#chat a[href*='#cite-jy1539']").first.wait_for()
            ask(page, "Who is Dan Gertler?")
    page.context.close()


def test_an_answer_that_a_restart_cut_off_can_be_asked_again(browser: "Browser", own_home: Path) -> None:
    begun = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from ui.history.conversations import Conversations\n"
        "from ui.history.database import Database\n"
        "turn = Conversations(Database(Path(sys.argv[1]))).ask('', None, 'Who is Dan Gertler?')\n"
        "print(turn.conversation_id, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", begun, str(own_home / DESK_FILE)]
    died = subprocess.run(command, capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL
    page = browser.new_page()
    page.set_default_timeout(60_000)
    with serving(own_home) as (address, _):
        visit(page, f"{address}/?conversation={died.stdout.strip()}")
        page.get_by_text("Stopped before it was answered").wait_for()
        page.get_by_role("button", name="Retry").click()
        page.locator("#chat a[href*='#cite-sm0243']").first.wait_for()
    page.context.close()


def test_two_tabs_do_not_mix_their_conversations(page: "Page", address: str) -> None:
    other = page.context.new_page()
    other.set_default_timeout(60_000)
    visit(other, address)
    for tab, question in ((page, QUESTION), (other, "Who is Dan Gertler?")):
        tab.locator("#question textarea").fill(question)
    for tab in (page, other):
        tab.locator("#question textarea").press("Enter")
    page.locator("#chat a[href*='#cite-jy1539']").first.wait_for()
    other.locator("#chat a[href*='#cite-sm0243']").first.wait_for()
    for tab in (page, other):
        assert tab.locator("#chat .user").count() == 1
    assert "Gertler" not in page.locator("#chat").inner_text()


def test_a_question_asked_while_one_is_answered_waits_its_turn(page: "Page") -> None:
    box = page.locator("#question textarea")
    box.fill(QUESTION)
    box.press("Enter")
    box.fill("Who is Dan Gertler?")
    page.locator("#chat a[href*='#link-']").first.wait_for()
    box.press("Enter")
    page.locator("#chat a[href*='#cite-sm0243']").first.wait_for()
    assert page.locator("#chat .user").count() == 2


def test_a_lost_connection_is_told_and_passes(page: "Page") -> None:
    page.context.set_offline(True)
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    lost = page.get_by_text("Connection to the server was lost")
    lost.first.wait_for()
    assert page.locator("#question textarea").input_value() == QUESTION  # what was typed is not lost
    page.context.set_offline(False)
    lost.first.wait_for(state="hidden")
    ask(page, QUESTION)
    page.locator("#chat a[href*='#cite-jy1539']").first.wait_for()


def test_a_new_index_serves_the_next_question(browser: "Browser", own_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    document = folder / "zz0001.md"
    document.write_text(
        "---\ntitle: Harbor Lines\ndate: 2024-05-02\n---\n\nOFAC designated Harbor Lines today for moving coal.\n",
        encoding="utf-8",
    )
    page = browser.new_page()
    page.set_default_timeout(60_000)
    with serving(own_home) as (address, _):
        visit(page, address)
        ask(page, "Why was Harbor Lines designated?")
        assert page.locator("#chat a[href*='#cite-zz0001']").count() == 0
        before = Home(own_home).current_name()
        env = {**os.environ, "ASSISTANT_HOME": str(own_home)}
        for command in (["corpus", "add", str(folder)], ["index"]):
            subprocess.run([sys.executable, "-m", "ui", *command], env=env, check=True, capture_output=True)
        assert Home(own_home).current_name() != before
        ask(page, "Why did OFAC designate Harbor Lines?")
        page.locator("#chat a[href*='#cite-zz0001']").first.wait_for()
    page.context.close()


def test_200_conversations_are_listed_and_one_is_found(browser: "Browser", own_home: Path) -> None:
    with Database(own_home / DESK_FILE) as database:
        conversations = Conversations(database)
        for n in range(200):
            turn = conversations.ask("", None, f"Question number {n} about harbors?")
            conversations.stop(turn.id)
        conversations.close()
    page = browser.new_page()
    page.set_default_timeout(60_000)
    with serving(own_home) as (address, _):
        visit(page, address)
        page.locator("#history .toggle-button").click()
        page.wait_for_function("document.querySelectorAll('#conversations li').length === 200")
        page.get_by_label("Find in questions and answers").fill("number 137")
        page.wait_for_function("document.querySelectorAll('#conversations li').length === 1")
        page.locator("#conversations button").click()
        page.locator("#chat .user", has_text="number 137").wait_for()
    page.context.close()
