"""The file of conversations: shared by threads and processes, never deleted, readable after any kill."""

import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import HistoryError
from ui.history.conversations import Conversations, TurnState
from ui.history.database import MIGRATIONS, Database


def test_what_was_kept_is_there_when_the_file_is_opened_again(desk_file: Path) -> None:
    with Database(desk_file) as database:
        asked = Conversations(database).ask("ann", None, "Who is Lina Okafor?")
    with Database(desk_file) as database:
        assert Conversations(database).turn("ann", asked.id) == asked


def test_only_its_owner_reads_the_file(database: Database) -> None:
    Conversations(database).ask("ann", None, "Who is Lina Okafor?")
    for file in database.path.parent.glob("desk.sqlite*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_of_a_newer_version_is_left_alone(desk_file: Path) -> None:
    with Database(desk_file) as database:
        Conversations(database).ask("ann", None, "Who is Lina Okafor?")
        database.rows(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = desk_file.read_bytes()
    with pytest.raises(HistoryError, match="newer version of this program"):
        Database(desk_file)
    assert desk_file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look like one " * 100, b"SQLite format 3\0" * 9]
)
def test_a_file_of_something_else_is_left_alone(desk_file: Path, content: bytes) -> None:
    desk_file.parent.mkdir()
    desk_file.write_bytes(content)
    with pytest.raises(HistoryError, match=r"desk\.sqlite is damaged or no file of conversations.*move it away"):
        Database(desk_file)
    assert desk_file.read_bytes() == content


def test_a_damaged_page_is_told_when_it_is_met(desk_file: Path) -> None:
    with Database(desk_file) as database:
        for n in range(200):
            Conversations(database).ask("ann", None, f"Who is Lina Okafor, asked for the {n}th time?")
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = desk_file.read_bytes()
    desk_file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    with pytest.raises(HistoryError, match="damaged"), Database(desk_file) as database:
        Conversations(database).find("ann")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(HistoryError, match="cannot be read or written"):
        Database(tmp_path / "home" / "desk.sqlite")


def test_a_change_that_fails_leaves_nothing_behind(database: Database) -> None:
    row = "INSERT INTO conversation (id, user, title, created, updated) VALUES ('a', 'ann', 't', '', '')"
    with pytest.raises(sqlite3.IntegrityError), database.changing() as db:
        db.executemany(row, [(), ()])  # the second has the id of the first
    assert database.rows("SELECT count(*) FROM conversation") == [(0,)]


def test_threads_share_one_database(conversations: Conversations) -> None:
    first = conversations.ask("ann", None, "Who is Lina Okafor?")
    threads = [
        threading.Thread(target=lambda: [conversations.ask("ann", first.conversation_id, "And?") for _ in range(20)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns = conversations.turns("ann", first.conversation_id)
    assert len({turn.id for turn in turns}) == len(turns) == 161


ASKS = """
import sys
from pathlib import Path
from ui.history.conversations import Conversations
from ui.history.database import Database
with Database(Path(sys.argv[1])) as database:
    conversations = Conversations(database)
    for n in range(int(sys.argv[2])):
        print(conversations.ask("ann", None, f"Question {n}?").id, flush=True)
"""


def test_servers_share_one_file_from_its_first_moment_on(desk_file: Path) -> None:
    servers = [
        subprocess.Popen([sys.executable, "-c", ASKS, str(desk_file), "25"], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    printed = [server.communicate(timeout=120)[0].split() for server in servers]
    assert [server.returncode for server in servers] == [0] * 4
    with Database(desk_file) as database:
        assert len(Conversations(database).find("ann")) == sum(map(len, printed)) == 100


def test_a_server_that_is_killed_leaves_every_question_that_it_kept(desk_file: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", ASKS, str(desk_file), "1000000"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    kept = [server.stdout.readline().strip() for _ in range(20)]
    server.kill()  # SIGKILL, in the midst of writing
    kept += server.stdout.read().split()
    server.wait()
    server.stdout.close()
    with Database(desk_file) as database:
        assert database.rows("PRAGMA integrity_check") == [("ok",)]
        conversations = Conversations(database)
        turns = [conversations.turn("ann", turn_id) for turn_id in kept if len(turn_id) == 12]
        assert all(turn and turn.state is TurnState.RUNNING for turn in turns)
        asked = len(conversations.find("ann", limit=10**6))
        assert asked >= len(turns) >= 20
        assert len(conversations.find("ann", "question", limit=10**6)) == asked  # what is looked for is whole as well
        assert conversations.settle() == asked
        assert conversations.find("ann", "question")
        assert all(t and t.state is TurnState.STOPPED for t in (conversations.turn("ann", i) for i in kept[:20]))


def test_a_change_waits_for_that_of_another_server(desk_file: Path, conversations: Conversations) -> None:
    other = sqlite3.connect(desk_file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Thread(target=lambda: (time.sleep(0.3), other.execute("COMMIT")))
    done.start()
    assert conversations.ask("ann", None, "Who is Lina Okafor?").question
    done.join()
    other.close()
