"""One item of the department's JSON:API (Drupal), as ``corpus.sources.treasury_api`` hands it on."""

import json
from pathlib import PurePath
from urllib.parse import unquote

from corpus.cleaning import clean_html, clean_title
from corpus.describing import describe
from corpus.document import Document
from corpus.errors import DocumentError
from corpus.loaders.markdown import decode, mend_encoding
from corpus.release import DateSource, ReleaseKind


def load(path: PurePath, data: bytes) -> Document:
    """Read one item: title, day, url and the HTML of its body.

    Raises:
        DocumentError: it lacks what an item has.
    """
    try:
        attributes = json.loads(decode(path, data))["attributes"]
        title = clean_title(attributes["title"])
        body = attributes.get("field_news_body") or {}
        markup = body.get("processed") or body.get("value") or ""
        url = unquote((attributes.get("path") or {}).get("alias") or "")
        stated = attributes.get("field_news_publication_date") or ""
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DocumentError(path, f"is no news item of the JSON:API: {error!r}") from error
    markup, problems = mend_encoding(markup.encode("utf-8", "replace").decode())  # JSON can spell half a character
    return describe(
        path,
        clean_html(markup, title),
        title=title,
        url=url,
        stated=stated,
        stated_source=DateSource.PUBLISHER,
        kind=ReleaseKind.RELEASE,
        problems=problems,
    )
