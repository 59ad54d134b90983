"""From the bytes of a file to a ``Document``: one format a file, chosen by the name's ending."""

import importlib
from collections.abc import Callable
from pathlib import PurePath
from typing import cast

from corpus.document import Document, ProblemKind
from corpus.errors import DocumentError

#: Larger files are not releases (the longest has 180,000 characters).
LARGEST_FILE = 50_000_000

#: The module that reads each format; imported when the first such file is met.
FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
}
#: Items of the department's JSON:API; no such file is looked for in folders.
ITEM = ".jsonapi"


def is_document(name: str) -> bool:
    """Whether a file at that path is read: not Hugo's ``_index.md``, nor what is hidden or lies in a hidden folder."""
    path = PurePath(name)
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return path.suffix.lower() in FORMATS and path.name != "_index.md" and not hidden


def load_document(path: PurePath, data: bytes) -> Document:
    """Read one file.

    Args:
        path: where it lies within its source; names the format, and the release where the file itself does not.
        data: its content.

    Raises:
        DocumentError: it cannot be read; says why, and on which line.
    """
    if len(data) > LARGEST_FILE:
        raise DocumentError(path, f"is larger than {LARGEST_FILE:,} bytes; split it", kind=ProblemKind.TOO_LARGE)
    suffix = path.suffix.lower()
    module = importlib.import_module(f"corpus.loaders.{'treasury_item' if suffix == ITEM else FORMATS[suffix]}")
    try:
        return cast(Callable[[PurePath, bytes], Document], module.load)(path, data)
    except DocumentError:
        raise
    except RecursionError as error:
        reason = "is nested hundreds of levels deep, which no release is; flatten it"
        raise DocumentError(path, reason, kind=ProblemKind.TOO_DEEP) from error
    except Exception as error:  # the parsers of PDF, Word and HTML fail on damaged files in ways of their own
        raise DocumentError(path, f"cannot be read as {suffix}: {error or type(error).__name__}") from error
