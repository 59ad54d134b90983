"""Who may log in: a file of names and bcrypt hashes, as ``htpasswd -B`` and ``assistant users add`` make it."""

import asyncio
import logging
import os
import re
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import bcrypt
from filelock import FileLock, Timeout

from assistant.whole_files import replacing
from corpus.errors import LoginError

#: Rounds of a new hash, as a power of two: a quarter of a second on a laptop.
COST = 12
#: Bytes of a password that bcrypt reads; it passes over the rest.
LONGEST_PASSWORD = 72
SHORTEST_PASSWORD = 8
LONGEST_NAME = 255

_HASH = re.compile(r"\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}")
_OTHER_HASHES = (
    (re.compile(r"\$apr1\$|\$1\$"), "an MD5 hash"),
    (re.compile(r"\{SHA\}", re.I), "a SHA-1 hash"),
    (re.compile(r"\$[56]\$"), "a SHA-2 crypt hash"),
    (re.compile(r"\$2"), "a damaged bcrypt hash"),
    (re.compile(r"[./A-Za-z0-9]{13}$"), "a crypt hash, or a password in plain text"),
)

_log = logging.getLogger(__name__)


class Logins:
    """Says whether a name and a password go together. Safe to share between threads.

    The file is read again where it changed, so that people are added and removed while the server runs. A session that
    is open already stays open until the server ends.
    """

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            LoginError: it cannot be read, holds nobody, or a line is no name with a bcrypt hash; says which.
        """
        self.path = path
        self._lock = threading.Lock()
        self._state = _state_of(path)
        self._hashes = _read(path)

    def __call__(self, name: str, password: str) -> bool:
        """Whether the password is that of the name. Takes as long for a name that nobody has."""
        hashes = self._current()
        known = name in hashes
        if not hashes:
            return False
        # For a name that nobody has, somebody's hash is computed, the same one each time: as slow as a name that is.
        hashed = hashes[name] if known else list(hashes.values())[hash(name) % len(hashes)]
        typed = password.encode("utf-8", "replace")[:LONGEST_PASSWORD]
        return bcrypt.checkpw(typed, hashed) and known

    async def aside(self, name: str, password: str) -> bool:
        """The same in a thread of its own, so that a server goes on with its other work: a hash is slow on purpose."""
        return await asyncio.to_thread(self, name, password)

    @property
    def warning(self) -> str:
        """What is unsafe about the file; empty where nothing."""
        others = stat.S_IMODE(self.path.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH)
        if os.name == "nt" or not others:
            return ""
        return f"{self.path} can be read by everybody on this machine; run: chmod 600 {self.path}"

    def _current(self) -> Mapping[str, bytes]:
        with self._lock:
            try:
                state = _state_of(self.path)
                if state != self._state:
                    self._hashes, self._state = _read(self.path), state
            except LoginError as error:
                _log.error("nobody can log in: %s", error)
                return {}
            return self._hashes


def read_logins(path: Path) -> Logins:
    """The people of a file of users, for a server to ask.

    Raises:
        LoginError: as ``Logins``.
    """
    return Logins(path)


def add_user(path: Path, name: str, password: str) -> bool:
    """Write a user into a file, which is made where there is none; whether the user is new, and not only the password.

    Raises:
        LoginError: the name or the password cannot be used, the file is no file of users, or cannot be written.
    """
    fault = _fault_of_name(name)
    if fault:
        raise LoginError(fault)
    if len(password) < SHORTEST_PASSWORD:
        raise LoginError(f"a password has at least {SHORTEST_PASSWORD} characters")
    if not password.isprintable():
        raise LoginError("a password has only characters that can be seen, and spaces")
    if len(password.encode()) > LONGEST_PASSWORD:
        raise LoginError(f"a password has at most {LONGEST_PASSWORD} bytes: bcrypt reads no more")
    # htpasswd's name of the same algorithm, so that Apache reads the file as well
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(COST)).replace(b"$2b$", b"$2y$", 1).decode()
    with _rewriting(path) as lines:
        before = _lines_of(lines, name)
        lines[:] = [line for line in lines if line not in before] + [f"{name}:{hashed}"]
    return not before


def remove_user(path: Path, name: str) -> None:
    """Take a user out of a file.

    Raises:
        LoginError: there is no such user or file, or it cannot be written.
    """
    if not path.exists():
        raise LoginError(f"there is no file {path}")
    with _rewriting(path) as lines:
        before = _lines_of(lines, name)
        if not before:
            raise LoginError(f"{path} has no user {name!r}")
        lines[:] = [line for line in lines if line not in before]


@contextmanager
def _rewriting(path: Path) -> Iterator[list[str]]:
    """The lines of a file, to change; they take the place of the old ones where nothing fails. One process at a time.

    A file that is new is for its owner alone; one that is there keeps its mode.
    """
    try:
        with FileLock(f"{path}.lock", timeout=10):
            lines, mode = [], 0o600
            if path.exists():
                _read(path, empty=True)  # what is no file of users is left alone
                lines = path.read_text(encoding="utf-8").splitlines()
                mode = stat.S_IMODE(path.stat().st_mode)
            yield lines
            with replacing(path) as file:
                if hasattr(os, "fchmod"):  # not on Windows
                    os.fchmod(file.fileno(), mode)
                file.writelines(f"{line}\n" for line in lines)
    except Timeout as error:
        raise LoginError(f"another process is writing to {path}; wait for it") from error
    except OSError as error:
        raise LoginError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error


def _lines_of(lines: list[str], name: str) -> list[str]:
    return [line for line in lines if line.partition(":")[0] == name]


def _read(path: Path, empty: bool = False) -> dict[str, bytes]:
    """The hash of every name; of two lines with one name the first, as Apache takes it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LoginError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    hashes: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, hashed = line.rstrip().partition(":")
        if not colon:
            raise LoginError(f"{path}:{number}: not a line like NAME:HASH; {_mend(path, 'NAME')}")
        if fault := _fault_of_name(name):
            raise LoginError(f"{path}:{number}: {fault}")
        if not _HASH.fullmatch(hashed):
            kind = next((kind for form, kind in _OTHER_HASHES if form.match(hashed)), "a password in plain text")
            raise LoginError(f"{path}:{number}: {name} has {kind}, which is not safe; {_mend(path, name)}")
        hashes.setdefault(name, hashed.encode())
    if not hashes and not empty:
        raise LoginError(f"{path} holds no user; {_mend(path, 'NAME')}")
    return hashes


def _mend(path: Path, name: str) -> str:
    return f"delete the line and run: assistant users add {path} {name}"


def _fault_of_name(name: str) -> str:
    """Why a name cannot be used; empty where it can."""
    if not name or name != name.strip() or not name.isprintable() or ":" in name or name.startswith("#"):
        return (
            f"{name!r} cannot be a user's name: it needs a character, none of them a colon or a control, "
            "no '#' in front and no space at either end"
        )
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"a user's name has at most {LONGEST_NAME} bytes"
    return ""


def _state_of(path: Path) -> tuple[int, ...]:
    """What changes where a file is written."""
    try:
        at = path.stat()
    except OSError as error:
        raise LoginError(f"{path} cannot be read: {error.strerror}") from error
    return at.st_mtime_ns, at.st_size, at.st_ino
