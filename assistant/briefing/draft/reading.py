"""From a file, or standard input, to a draft."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from assistant.briefing.draft.draft import Draft, make_draft
from assistant.briefing.draft.markup import markdown_blocks, notes_apart, text_blocks
from assistant.briefing.draft.references import Known
from corpus.errors import BriefingError, DocumentError
from corpus.loaders import LARGEST_FILE
from corpus.loaders.markdown import decode

if TYPE_CHECKING:
    from docx.document import Document

FORMATS = (".docx", ".md", ".markdown", ".txt")
#: Characters of a draft, at most: a hundred pages or so.
LONGEST_DRAFT = 300_000
STANDARD_INPUT = "-"


def read_bytes(path: Path) -> bytes:
    """The content of a file, or of standard input for ``-``.

    Raises:
        BriefingError: it cannot be read, is too large, or its name's ending is that of no format.
    """
    import sys

    if str(path) == STANDARD_INPUT:
        return sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        refuse(path, path.stat().st_size if path.suffix.lower() in FORMATS else 0)
        return path.read_bytes()
    except OSError as error:
        raise BriefingError(f"{path} cannot be read: {error.strerror}") from error


def refuse(path: PurePath, size: int) -> None:
    """Tell of a file that is not worth reading.

    Raises:
        BriefingError: its name's ending is that of no format, or it has too many bytes.
    """
    if path.suffix.lower() not in FORMATS:
        raise BriefingError(f"{path}: a draft is one of: {', '.join(FORMATS)}")
    if size > LARGEST_FILE:
        raise BriefingError(f"{path} has more than {LARGEST_FILE:,} bytes; check it in parts")


def read_draft(path: Path, data: bytes, known: Known) -> Draft:
    """Make a draft of a file's content; standard input is Markdown, of which plain text is a kind.

    Raises:
        BriefingError: it is damaged, no text, too long, or holds no sentence.
    """
    if path.suffix.lower() == ".docx":
        draft = _read_word(path, data, known)
    else:
        try:
            text = decode(PurePath(path), data)
        except DocumentError as error:
            raise BriefingError(str(error)) from error
        if "\x00" in text:
            raise BriefingError(f"{path} is no text; a Word document ends in .docx")
        _check_length(path, text)
        apart, notes = notes_apart(text)
        blocks = text_blocks(apart) if path.suffix.lower() == ".txt" else markdown_blocks(apart, notes)
        draft = make_draft(path.name, text, list(blocks), notes, known)
    if not draft.sentences:
        raise BriefingError(f"{path} holds no sentence to check")
    return draft


def open_word(path: Path, data: bytes) -> "Document":
    """Open a Word document.

    Raises:
        BriefingError: it is damaged, or unpacks to more than ``LARGEST_FILE``.
    """
    import docx

    with _damage_told(path):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > LARGEST_FILE:
            raise BriefingError(f"{path} unpacks to more than {LARGEST_FILE:,} bytes; check it in parts")
        return docx.Document(io.BytesIO(data))


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """What reading a damaged Word document may raise, as one error that says so."""
    from docx.opc.exceptions import OpcError

    try:
        yield
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError),  # the package is damaged,
        *(NotImplementedError, RuntimeError),  # or packed in a way that is unknown, or encrypted;
        *(OpcError, SyntaxError, KeyError, ValueError, AttributeError, TypeError),  # a part of it is missing or broken
    ) as error:
        message = f"{path} cannot be read as a Word document; open it in Word and save it again as .docx"
        raise BriefingError(message) from error


def _read_word(path: Path, data: bytes, known: Known) -> Draft:
    from assistant.briefing.draft.word_text import BETWEEN, word_notes, word_paragraphs

    document = open_word(path, data)
    with _damage_told(path):
        paragraphs = word_paragraphs(document)
        notes = word_notes(document)
    text = BETWEEN.join(paragraph.text for paragraph in paragraphs)
    _check_length(path, text)
    return make_draft(path.name, text, [p.block() for p in paragraphs], notes, known)


def _check_length(path: Path, text: str) -> None:
    if len(text) > LONGEST_DRAFT:
        raise BriefingError(
            f"{path} has {len(text):,} characters, {LONGEST_DRAFT:,} are the most that is checked at once; "
            "check it in parts"
        )
