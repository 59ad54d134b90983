"""Which servers of a home are running.

A server holds the lock of a file of its own. The system lets go of a lock when its process ends, however it ends, and
in a container as well, where process numbers and host names say nothing about the next one.
"""

import secrets
import threading
from pathlib import Path

from filelock import FileLock, Timeout


class Presence:
    """That this server runs, for others to see, and whether others do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = secrets.token_hex(8)
        self._held: FileLock | None = None
        self._guard = threading.Lock()

    def show(self) -> str:
        """This server's name; it counts as running from the first call on.

        Raises:
            OSError: the folder cannot be written.
        """
        with self._guard:
            if self._held is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                lock = self._lock(self._name)
                lock.acquire()
                self._held = lock
        return self._name

    def runs(self, name: str) -> bool:
        """Whether the server of that name runs."""
        if not self._path(name).exists():
            return False
        lock = self._lock(name)
        try:
            lock.acquire()
        except Timeout:
            return True
        lock.release()
        self._path(name).unlink(missing_ok=True)
        return False

    def close(self) -> None:
        """This server runs no longer."""
        with self._guard:
            if self._held:
                self._held.release()
                self._path(self._name).unlink(missing_ok=True)
                self._held = None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

    def _lock(self, name: str) -> FileLock:
        return FileLock(self._path(name), timeout=0, thread_local=False)
