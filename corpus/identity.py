"""The id that people cite, and one release for the several files that carry it."""

import re
from pathlib import PurePath
from urllib.parse import unquote


def release_id(url: str, path: PurePath) -> str:
    """The last segment of the url, lower-cased; without a url, the file's name without its extension.

    Ids are misspelled at the source (``jl236``, ``jjl0131``): they are taken as they stand, never rebuilt.
    """
    segment = unquote(url).strip().rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\s+", "-", (segment or path.stem).strip().lower())


def section_of(url: str, path: PurePath) -> str:
    """The section of the site (``press-releases``): the url's next to last segment, else the folder's name."""
    segments = url.strip("/").split("/")
    return segments[-2] if len(segments) > 1 else path.parent.name or "documents"
