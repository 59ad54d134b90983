"""Where a briefing or a checked draft is written: the format by the name's ending, each file whole or not at all."""

import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from assistant.whole_files import replacing
from corpus.errors import BriefingError

#: Makes the content of a file.
Writer = Callable[[], bytes]


def check_outputs(paths: Sequence[Path], formats: Collection[str]) -> None:
    """Find out before any work whether the files can be written.

    Raises:
        BriefingError: an ending names no format, a folder is missing, or two are the same file.
    """
    for path in paths:
        if path.suffix.lower() not in formats:
            raise BriefingError(f"{path}: the ending names the format, one of: {', '.join(formats)}")
        if path.is_dir() or not path.parent.is_dir():
            fault = "is a folder" if path.is_dir() else "lies in a folder that there is not"
            raise BriefingError(f"{path} cannot be written: it {fault}")
    resolved = [path.resolve() for path in paths]
    if twice := [path for path in resolved if resolved.count(path) > 1]:
        raise BriefingError(f"{twice[0]} is to be written twice")


def write_outputs(paths: Sequence[Path], writers: Mapping[str, Writer]) -> None:
    """Make all files first, and write then.

    Raises:
        BriefingError: one cannot be written.
    """
    made = [(path, writers[path.suffix.lower()]()) for path in paths]
    for path, data in made:
        try:
            with replacing(path) as file:
                file.buffer.write(data)
        except OSError as error:
            raise BriefingError(f"{path} cannot be written: {error.strerror}") from error


def repeatable_package(package: bytes, day: date) -> bytes:
    """A Word document whose parts all bear one day, so that the same parts make the same bytes."""
    packed = io.BytesIO()
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)  # a ZIP file knows no day before 1980
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(zipfile.ZipInfo(member.filename, stamp), old.read(member), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
