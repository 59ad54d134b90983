"""What people said of answers, as commands that only look at it read it."""

import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ui.history.feedback import Judged

SINCE = click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was said on this day or later (UTC)."
)


def judged_since(since: datetime.datetime | None) -> "list[Judged]":
    """What was said of answers, the newest first.

    Raises:
        HistoryError: no page was served from this home yet, or its conversations cannot be read.
    """
    from assistant.settings import load_settings
    from corpus.errors import HistoryError
    from ui.history.database import DESK_FILE, Database
    from ui.history.feedback import FeedbackStore

    file = load_settings().home / DESK_FILE
    if not file.exists():
        raise HistoryError(f"no conversations yet in {file.parent}; run: assistant serve")
    with Database(file) as database:
        return FeedbackStore(database).judged(since.replace(tzinfo=datetime.UTC) if since else None)
