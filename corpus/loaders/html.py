"""A web page: its main text by trafilatura, which leaves out menus, footers and advertising."""

from pathlib import PurePath

from corpus.cleaning import clean_html, clean_title
from corpus.describing import describe
from corpus.document import Document
from corpus.loaders.markdown import decode, mend_encoding
from corpus.release import DateSource


def load(path: PurePath, data: bytes) -> Document:
    """Read one ``.html`` file: text, title, day and canonical url.

    Raises:
        DocumentError: it is no UTF-8 text.
    """
    import trafilatura

    source, problems = mend_encoding(decode(path, data))
    body = trafilatura.extract(
        source,
        output_format="html",
        include_formatting=True,
        include_links=True,
        include_tables=True,
        include_comments=False,
        favor_recall=True,
    )
    about = trafilatura.extract_metadata(source, extensive=False)
    title = clean_title(about.title or "")
    return describe(
        path,
        clean_html(body or "", title),
        title=title,
        url=about.url or "",
        stated=about.date or "",
        stated_source=DateSource.METADATA,
        problems=problems,
    )
