"""The id that people cite, and one release for the several files that carry it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote

from corpus.release import Release


def release_id(url: str, path: PurePath) -> str:
    """The last segment of the url, lower-cased; without a url, the file's name without its extension.

    Ids are misspelled at the source (``jl236``, ``jjl0131``): they are taken as they stand, never rebuilt.
    """
    segment = unquote(url).strip().rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\s+", "-", (segment or path.stem).strip().lower())


def section_of(url: str, path: PurePath) -> str:
    """The section of the site (``press-releases``): the url's next to last segment, else the folder's name."""
    segments = url.strip("/").split("/")
    return segments[-2] if len(segments) > 1 else path.parent.name


def fold_duplicates(releases: Iterable[Release]) -> list[Release]:
    """Keep one release for each id: the copy with the most text; the others' urls are kept with it.

    One item is often listed in several sections, one copy an empty stub. Order is that of first appearance.
    """
    best: dict[str, Release] = {}
    urls: dict[str, list[str]] = {}
    for release in releases:
        kept = best.get(release.release_id)
        urls.setdefault(release.release_id, []).append(release.url or release.path)
        if kept is None or len(release.text) > len(kept.text):
            best[release.release_id] = release
    return [
        replace(release, also_published_as=tuple(dict.fromkeys(u for u in urls[key] if u != release.url)))
        if len(urls[key]) > 1
        else release
        for key, release in best.items()
    ]
