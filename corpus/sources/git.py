"""A git repository: a shallow clone of one folder, then only what differs between two commits.

The blobs' names are the tokens, so that a file is read again when its content changes and for no other reason. Works
on any url or path that git can clone; where the server can, only the folder's files are fetched.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from corpus.errors import SourceError
from corpus.loaders import is_document
from corpus.sources import Listed
from corpus.sources.files import named, nothing_found

#: Attempts at reaching a repository, a second, then two, four, ... apart.
ATTEMPTS = 4
#: Seconds without any data after which git gives a transfer up.
STALLED = 60

#: Only the folder's files are fetched where the server can; bytes are taken as they are, on every machine.
_CLONE_SETTINGS = {
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "core.autocrlf": "false",
    "core.symlinks": "true",
    "advice.detachedHead": "false",
}
_REGULAR = ("100644", "100755")
_PASSWORD = re.compile(r"(://[^/:@\s]*):[^/@\s]+@")
_UNREACHABLE = re.compile(
    r"could not resolve|unable to access|timed out|early EOF|connection (?:reset|refused|closed)|hung up|RPC failed",
    re.I,
)


class _UnreachableError(SourceError):
    """The repository cannot be reached; trying again may help."""


@dataclass(slots=True)
class GitSource:
    """The documents below a folder of a repository, as of the head of a branch."""

    url: str
    path: str
    clones: Path
    branch: str = "HEAD"
    cursor: str = ""
    wait: float = 1.0
    kind: ClassVar[str] = "git"
    lists_all: ClassVar[bool] = True
    streams: ClassVar[bool] = False

    @property
    def location(self) -> str:
        """Url and folder, without a password."""
        url = _without_password(self.url)
        return f"{url}#{self.path}" if self.path else url

    @property
    def clone(self) -> Path:
        """Where the clone lies, under a name of its own for every url and folder."""
        return self.clones / hashlib.sha256(self.location.encode()).hexdigest()[:16]

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """Fetch the head, and list the documents of its folder.

        Raises:
            SourceError: git is missing, the repository cannot be reached, or its folder holds no document.
        """
        if shutil.which("git") is None:
            raise SourceError("git is not installed; install it, or give a folder: assistant corpus add FOLDER")
        for attempt in Retrying(
            retry=retry_if_exception_type(_UnreachableError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(self.wait),
            reraise=True,
        ):
            with attempt:
                self._fetch()
        self.cursor = self._git("rev-parse", "HEAD").strip()
        found = False
        for line in self._git("ls-tree", "-r", "-z", "HEAD", "--", self.path or ".").split("\0"):
            if not line:
                continue
            about, name = line.split("\t", 1)
            mode, _, blob = about.split()
            path = PurePosixPath(name).relative_to(self.path or ".").as_posix()
            if mode in _REGULAR and is_document(path):
                found = True
                yield named(path, blob, self.clone / name)
        if not found:
            nothing_found(self.location, known, "say with --path where the documents are")

    def _fetch(self) -> None:
        """Bring the clone to the head of the branch; one that a killed run left damaged is made anew."""
        if (self.clone / ".git").is_dir():
            try:
                self._update()
            except _UnreachableError:
                raise
            except SourceError:
                shutil.rmtree(self.clone, ignore_errors=True)
            else:
                return
        shutil.rmtree(self.clone, ignore_errors=True)
        self.clone.mkdir(parents=True)
        self._git("init", "--quiet")
        self._git("remote", "add", "--", "origin", self._absolute_url())
        for name, value in _CLONE_SETTINGS.items():
            self._git("config", name, value)
        if self.path:
            self._git("sparse-checkout", "set", "--no-cone", "--", f"/{self.path}/")
        self._update()

    def _update(self) -> None:
        for lock in (self.clone / ".git").glob("*.lock"):  # a killed run's; ours is the only one now
            lock.unlink()
        self._git("fetch", "--quiet", "--depth=1", "--filter=blob:none", "--no-tags", "--", "origin", self.branch)
        self._git("checkout", "--quiet", "--force", "--detach", "FETCH_HEAD")

    def _absolute_url(self) -> str:
        return str(Path(self.url).resolve()) if Path(self.url).exists() else self.url

    def _git(self, *arguments: str) -> str:
        """What a git command on the clone, and on no other repository, prints."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
            "GIT_DIR": str(self.clone / ".git"),
            "GIT_WORK_TREE": str(self.clone),
            "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
            "GIT_HTTP_LOW_SPEED_TIME": str(STALLED),
            "LC_ALL": "C",
        }
        done = subprocess.run(  # noqa: S603 - arguments are a list, and what is not ours stands behind "--"
            ["git", *arguments],  # noqa: S607
            cwd=self.clone,
            capture_output=True,
            env=environment,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.decode("utf-8", "surrogateescape")
        said = " ".join((done.stderr or done.stdout).decode("utf-8", "replace").split())[-300:]
        error = _UnreachableError if _UNREACHABLE.search(said) else SourceError
        raise error(f"git {arguments[0]} failed for {self.location}: {_without_password(said)}")


def _without_password(text: str) -> str:
    """Addresses in a text lose their passwords."""
    return _PASSWORD.sub(r"\1@", text)
