"""Plain text, and Markdown front matter before it."""

from pathlib import PurePath

from corpus.document import Document
from corpus.loaders.markdown import load_body


def load(path: PurePath, data: bytes) -> Document:
    """Read one ``.txt`` file: without front matter, no character of it is markup.

    Raises:
        DocumentError: it cannot be read.
    """
    return load_body(path, data, plain=True)
