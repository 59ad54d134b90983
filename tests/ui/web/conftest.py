"""What tests of the page share: a desk over the starter corpus, whose conversations nobody else has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import Assistant
from ui.history.conversations import Conversations
from ui.history.database import Database
from ui.history.feedback import FeedbackStore
from ui.web.desk import Desk


@pytest.fixture
def desk(starter: Assistant, tmp_path: Path) -> Iterator[Desk]:
    database = Database(tmp_path / "desk.sqlite")
    conversations = Conversations(database)
    yield Desk(starter, conversations, FeedbackStore(database), tmp_path, False)
    conversations.close()
    database.close()
