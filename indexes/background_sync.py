"""A sync in a process of its own, beside a server that goes on answering: watched, stoppable, one at a time.

A process and not a thread, so that reading thousands of documents takes no time from questions, and what it loads is
given back at its end. It is stopped as by Ctrl-C on the terminal: what was read and embedded is kept, the last index
stays.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection

from corpus.errors import AssistantError, BusyError, IndexingError
from indexes.generation import Home
from indexes.resync import ResyncReport, resync


class SyncPhase(StrEnum):
    """Where a sync stands."""

    NONE = "none"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SyncState:
    """What is known of the last sync. ``done`` of ``total`` steps of ``stage``; a total of 0 is not known.

    ``said`` is what it did, or why it failed.
    """

    phase: SyncPhase = SyncPhase.NONE
    stage: str = ""
    done: int = 0
    total: int = 0
    said: str = ""

    @property
    def active(self) -> bool:
        """Whether it is still at work."""
        return self.phase in (SyncPhase.RUNNING, SyncPhase.STOPPING)


@dataclass(frozen=True, slots=True)
class _Stage:
    what: str
    total: int


@dataclass(frozen=True, slots=True)
class _Steps:
    done: int


@dataclass(frozen=True, slots=True)
class _End:
    phase: SyncPhase
    said: str


class BackgroundSync:
    """Runs one sync at a time. Safe to share between threads."""

    def __init__(self, home: Home, model: str) -> None:
        self._home = home
        self._model = model
        self._lock = threading.Lock()
        self._state = SyncState()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._watcher: threading.Thread | None = None

    @property
    def state(self) -> SyncState:
        """What is known of the last sync."""
        return self._state

    def start(self) -> None:
        """Begin a sync of all sources that the catalog knows.

        Raises:
            BusyError: one is running.
            IndexingError: the machine lets no process begin.
        """
        with self._lock:
            if self._state.active:
                raise BusyError("a sync is running already; wait for it, or stop it")
            # "spawn": a server has threads, and a fork of it would hold their locks for ever.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            self._process = context.Process(target=_run, args=(theirs, self._home, self._model), name="sync")
            try:
                self._process.start()
            except OSError as error:
                raise IndexingError(f"a sync cannot begin: {error.strerror}") from error
            finally:
                theirs.close()
            self._state = SyncState(SyncPhase.RUNNING, "starting")
            self._watcher = threading.Thread(target=self._watch, args=(ours, self._process), daemon=True)
            self._watcher.start()

    def stop(self) -> None:
        """Ask the sync that runs to stop; where none runs, do nothing."""
        with self._lock:
            if self._state.phase is SyncPhase.RUNNING and self._process and self._process.pid:
                self._state = replace(self._state, phase=SyncPhase.STOPPING)
                os.kill(self._process.pid, signal.SIGINT)

    def wait(self, seconds: float | None = None) -> SyncState:
        """Wait until the sync has ended, at most so long, and give its state."""
        if self._watcher:
            self._watcher.join(seconds)
        return self._state

    def _watch(self, messages: Connection, process: multiprocessing.process.BaseProcess) -> None:
        """Take in what the process tells, until its end."""
        end: _End | None = None
        try:
            while True:
                match messages.recv():
                    case _Stage(what, total):
                        self._update(stage=what, done=0, total=total)
                    case _Steps(done):
                        self._update(done=done)
                    case _End() as end:
                        pass
        except (EOFError, OSError):  # it has ended, in whatever way
            messages.close()
        process.join()
        with self._lock:
            if end is None and self._state.phase is SyncPhase.STOPPING:
                end = _End(SyncPhase.STOPPED, _STOPPED)
            end = end or _End(SyncPhase.FAILED, f"the sync ended without a word (exit status {process.exitcode})")
            self._state = SyncState(end.phase, said=end.said)

    def _update(self, **changes: str | int) -> None:
        with self._lock:
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]


_STOPPED = "stopped: what was read and embedded is kept, and the last index stays in use; the next sync goes on from it"


def _run(messages: Connection, home: Home, model: str) -> None:
    """What the process does."""

    @contextmanager
    def told(what: str, total: int) -> Iterator[Callable[[int], None]]:
        done = 0

        def advance(steps: int) -> None:
            nonlocal done
            done += steps
            messages.send(_Steps(done))

        messages.send(_Stage(what, total))
        yield advance

    try:
        end = _End(SyncPhase.DONE, summary(resync(home, model, told)))
    except KeyboardInterrupt:
        end = _End(SyncPhase.STOPPED, _STOPPED)
    except AssistantError as error:
        end = _End(SyncPhase.FAILED, str(error))
    except Exception as error:
        traceback.print_exc()
        end = _End(SyncPhase.FAILED, f"a fault in the program ({type(error).__name__}); the server's log has the rest")
    with suppress(OSError):  # where the server is gone, nobody is left to be told
        messages.send(end)


def summary(report: ResyncReport) -> str:
    """What a sync did, in one line."""
    changes = [synced.releases for synced in report.synced]
    unread = sum(len(synced.unread) for synced in report.synced)
    built = report.built
    parts = [
        f"releases: {sum(c.added for c in changes):,} added, {sum(c.changed for c in changes):,} changed, "
        f"{sum(c.removed for c in changes):,} removed"
    ]
    parts += [f"{unread:,} documents could not be read: see Problems"] if unread else []
    parts.append(
        "the index is as it was"
        if built.unchanged
        else f"the index is new: {built.written:,} releases written, {built.removed:,} taken out, "
        f"{built.embedded:,} passages embedded"
    )
    return "; ".join(parts)
