"""A folder of documents, or a single file."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn

from corpus.document import Problem, ProblemKind
from corpus.errors import SourceError
from corpus.loaders import FORMATS, is_document
from corpus.reading import Found
from corpus.sources import Listed, Refused


@dataclass(slots=True)
class FolderSource:
    """Every document below a folder. A document whose size and time of change are the same is unchanged."""

    folder: Path
    cursor: str = ""
    kind: ClassVar[str] = "folder"
    lists_all: ClassVar[bool] = True
    streams: ClassVar[bool] = False

    @property
    def location(self) -> str:
        """The folder's absolute path."""
        return str(self.folder.resolve())

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """All documents below the folder, sorted; links to other folders are not followed.

        Raises:
            SourceError: no such folder, or no document in it, or none any more.
        """
        if not self.folder.is_dir():
            raise SourceError(f"no folder {self.folder}; give the folder that holds the releases")
        found = False
        for path, file in sorted(_documents(self.folder)):
            found = True
            yield named(path, token_of(file), file)
        if not found:
            nothing_found(str(self.folder), known)


@dataclass(slots=True)
class FileSource:
    """One document."""

    file: Path
    cursor: str = ""
    kind: ClassVar[str] = "file"
    lists_all: ClassVar[bool] = True
    streams: ClassVar[bool] = False

    @property
    def location(self) -> str:
        """The file's absolute path."""
        return str(self.file.resolve())

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """The document, or nothing once it is gone.

        Raises:
            SourceError: it is no format that can be read.
        """
        if not is_document(self.file.name):
            raise SourceError(f"{self.file} is none of: {', '.join(FORMATS)}, .zip, .tar.gz")
        if self.file.is_file():
            yield Found(self.file.name, token_of(self.file), self.file)


def _documents(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if is_document(name):
                file = Path(parent, name)
                yield file.relative_to(folder).as_posix(), file


def named(path: str, token: str, file: Path) -> Found | Refused:
    """A file as it is listed; one whose name is no UTF-8 is refused."""
    try:
        path.encode()
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return Refused(shown, token, Problem(ProblemKind.REFUSED, "was refused: its name is no UTF-8; rename it"))
    return Found(path, token, file)


def nothing_found(where: str, known: Mapping[str, str], hint: str = "nothing to index") -> NoReturn:
    """A source is empty: by mistake, or there was something in it before and there may be again.

    Raises:
        SourceError: always.
    """
    if known:
        raise SourceError(
            f"{where} holds no document any more; nothing was removed. "
            f"If that is right, run: assistant corpus remove {where}"
        )
    raise SourceError(f"no {', '.join(FORMATS)} file in {where}; {hint}")


def token_of(file: Path) -> str:
    """Changes when the file does: its size and the time of its last change."""
    try:
        status = file.stat()
    except OSError:  # a broken link, say: reading it will tell
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"
