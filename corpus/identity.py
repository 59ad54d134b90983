"""The id that people cite, and one release for the several files that carry it."""

import re
from pathlib import PurePath
from urllib.parse import unquote

from corpus.dating import FILE_DATE


def release_id(url: str, path: PurePath) -> str:
    """The last segment of the url, lower-cased; without a url, the file's name without its extension.

    Ids are misspelled at the source (``jl236``, ``jjl0131``): they are taken as they stand, never rebuilt.
    """
    segment = unquote(url).strip().rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\s+", "-", (segment or path.stem).strip().lower())


def section_of(url: str, path: PurePath) -> str:
    """The section of the site, such as ``readouts``.

    The folder that a dated file lies in: it is where the department lists the item today, while the url often keeps the
    section of an earlier site. Else the url's next to last segment, else the folder.
    """
    segments = url.strip("/").split("/")
    folder = path.parent.name
    if folder and FILE_DATE.match(path.name):
        return folder
    return segments[-2] if len(segments) > 1 else folder or "documents"
