"""A Word document, by mammoth, which turns styles into the headings, lists and tables of HTML."""

import io
import zipfile
from pathlib import PurePath

from corpus.cleaning import clean_html, clean_title
from corpus.describing import describe
from corpus.document import Document, ProblemKind
from corpus.errors import DocumentError
from corpus.loaders import LARGEST_FILE
from corpus.release import DateSource


def load(path: PurePath, data: bytes) -> Document:
    """Read one ``.docx`` file: text, title and day of creation.

    Raises:
        DocumentError: it is damaged, or unpacks to more than ``LARGEST_FILE``.
    """
    import docx
    import mammoth

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist() if member.filename.endswith(".xml"))
    except zipfile.BadZipFile as error:
        raise DocumentError(path, "cannot be read as a Word document; save it again as .docx") from error
    if unpacked > LARGEST_FILE:
        raise DocumentError(path, f"unpacks to more than {LARGEST_FILE:,} bytes; split it", kind=ProblemKind.TOO_LARGE)
    no_images = mammoth.images.img_element(lambda image: {})
    markup = mammoth.convert_to_html(io.BytesIO(data), convert_image=no_images).value
    about = docx.Document(io.BytesIO(data)).core_properties
    title = clean_title(about.title or "")
    return describe(
        path,
        clean_html(markup, title),
        title=title,
        stated=about.created.date().isoformat() if about.created else "",
        stated_source=DateSource.METADATA,
    )
