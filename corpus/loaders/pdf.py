"""A PDF with a text layer, by pypdf."""

import io
import re
from pathlib import PurePath

from corpus.cleaning import clean_text, clean_title
from corpus.describing import describe
from corpus.document import Document, ProblemKind
from corpus.errors import DocumentError
from corpus.release import DateSource

_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")


def load(path: PurePath, data: bytes) -> Document:
    """Read one ``.pdf`` file: text, title and day of creation.

    Raises:
        DocumentError: it is damaged, or needs a password.
    """
    import pypdf
    from pypdf.errors import PdfReadError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(path, "needs a password; save it without one", kind=ProblemKind.PASSWORD)
        # "layout" keeps the blank lines between paragraphs.
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
        about = reader.metadata
    except PdfReadError as error:
        raise DocumentError(path, f"cannot be read as a PDF: {error}") from error
    text = "\n\n".join(_BLANKS.sub(" ", page) for page in pages)
    title = clean_title(str((about and about.title) or ""))
    created = about.creation_date if about else None
    return describe(
        path,
        clean_text(text, title),
        title=title,
        stated=created.date().isoformat() if created else "",
        stated_source=DateSource.METADATA,
    )
