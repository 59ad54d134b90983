"""Progress on the terminal: a bar with rate and time left, or a line a stage where nobody watches."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class RateColumn(ProgressColumn):
    """Steps a second."""

    def render(self, task: Task) -> Text:
        """The rate so far, once there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


@contextmanager
def terminal_progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A ``corpus.progress.Progress`` on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        done, started = 0, time.perf_counter()

        def count(steps: int) -> None:
            nonlocal done
            done += steps

        yield count
        seconds = time.perf_counter() - started
        if total or done:
            console.print(f"{what}: {total or done:,} in {seconds:.1f} s", highlight=False)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(what, total=total or None)  # no total: a bar that only shows that it moves
        yield lambda steps: bars.advance(task, steps)
        if total:
            bars.update(task, completed=total)
