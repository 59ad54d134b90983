"""Documents in a ``.zip`` or ``.tar.gz``, read where they lie: nothing is ever unpacked to the disk.

A member whose path leads out of the archive, a link or device, and a member that swells beyond measure are refused
and reported; the rest goes on.
"""

import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, ClassVar

from corpus.document import PARSER_VERSION, Problem, ProblemKind
from corpus.errors import SourceError
from corpus.loaders import LARGEST_FILE, is_document
from corpus.reading import Found
from corpus.sources import Listed, Refused
from corpus.sources.files import token_of

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
#: All members together may hold this much.
LARGEST_ARCHIVE = 4_000_000_000
#: A member may be this many times as large as it is packed; text packs to a third or a tenth.
LARGEST_RATIO = 200
#: A zip's flag for members that need a password.
ENCRYPTED = 0x1


def is_archive(path: Path) -> bool:
    """Whether the file's name is that of an archive."""
    return path.name.lower().endswith(SUFFIXES)


@dataclass(slots=True)
class ArchiveSource:
    """Every document in an archive. An archive whose size and time of change are the same is unchanged."""

    file: Path
    cursor: str = ""
    kind: ClassVar[str] = "archive"
    lists_all: ClassVar[bool] = True
    streams: ClassVar[bool] = True

    @property
    def location(self) -> str:
        """The archive's absolute path."""
        return str(self.file.resolve())

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """All documents in the archive, in its order.

        Raises:
            SourceError: it is missing or damaged, or holds more than ``LARGEST_ARCHIVE``.
        """
        self.cursor = f"{token_of(self.file)} read by {PARSER_VERSION}"
        if known and cursor == self.cursor:
            yield from (Found(path, token, b"") for path, token in known.items())
            return
        try:
            yield from self._zip() if zipfile.is_zipfile(self.file) else self._tar()
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise SourceError(f"{self.file} cannot be read as an archive: {error}") from error

    def _zip(self) -> Iterator[Listed]:
        with zipfile.ZipFile(self.file) as archive:
            read = 0
            for member in archive.infolist():
                name = member.filename
                if member.is_dir() or not _is_wanted(name):
                    continue
                token = f"{member.file_size}-{member.CRC:08x}"
                ratio = member.file_size / max(member.compress_size, 1)
                refusal = _unsafe(name) or _too_large(member.file_size, ratio)
                if member.external_attr >> 28 == 0xA:
                    refusal = "is a link"
                elif member.flag_bits & ENCRYPTED:
                    refusal = "needs a password"
                if refusal:
                    yield _refused(name, token, refusal)
                    continue
                with archive.open(member) as file:
                    data = _read_at_most(file, member.file_size)
                read = self._counted(read, data)
                yield _found(name, token, data)

    def _tar(self) -> Iterator[Listed]:
        with tarfile.open(self.file) as archive:
            read = 0
            packed = self.file.stat().st_size
            for member in archive:
                name = member.name
                if member.isdir() or not _is_wanted(name):
                    continue
                token = f"{member.size}-{member.mtime}"
                refusal = _unsafe(name) or _too_large(member.size, member.size / max(packed, 1))
                if not member.isreg():
                    refusal = "is a link or a device"
                if refusal:
                    yield _refused(name, token, refusal)
                    continue
                file = archive.extractfile(member)
                data = _read_at_most(file, member.size) if file else b""
                read = self._counted(read, data)
                yield _found(name, token, data)

    def _counted(self, read: int, data: bytes | None) -> int:
        read += len(data or b"")
        if read > LARGEST_ARCHIVE:
            raise SourceError(f"{self.file} unpacks to more than {LARGEST_ARCHIVE:,} bytes; split it")
        return read


def _read_at_most(file: IO[bytes], stated: int) -> bytes | None:
    """A member's bytes; None where it holds more than it states."""
    data = file.read(stated + 1)
    return data if len(data) <= stated else None


def _found(name: str, token: str, data: bytes | None) -> Listed:
    path = PurePosixPath(name).as_posix()
    return _refused(path, token, "holds more than it states") if data is None else Found(path, token, data)


def _refused(name: str, token: str, reason: str) -> Refused:
    return Refused(name, token, Problem(ProblemKind.REFUSED, f"was refused: it {reason}"))


def _is_wanted(name: str) -> bool:
    """Whether a member is read, or refused because its path leads out of the archive."""
    path = name.replace("\\", "/")
    return is_document(path) or (bool(_unsafe(name)) and is_document(path.rsplit("/", 1)[-1]))


def _unsafe(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "leads out of the archive"
    return ""


def _too_large(size: int, ratio: float) -> str:
    if size > LARGEST_FILE:
        return f"is larger than {LARGEST_FILE:,} bytes"
    if ratio > LARGEST_RATIO and size > 1_000_000:
        return f"swells to more than {LARGEST_RATIO} times its packed size"
    return ""
