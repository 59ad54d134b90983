"""Markdown with Hugo front matter, and plain text without it."""

import re
from pathlib import Path

import yaml

from corpus.cleaning import clean_markdown, clean_text, clean_title
from corpus.dating import FILE_DATE, establish_date
from corpus.errors import DocumentError
from corpus.identity import release_id, section_of
from corpus.release import Release, ReleaseKind

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.S)
#: Larger files are not releases (the longest has 180,000 characters).
LARGEST_FILE = 20_000_000


def load_markdown(path: Path) -> Release:
    """Read one ``.md`` or ``.txt`` file.

    Raises:
        DocumentError: the file cannot be read, its front matter is broken, or it holds no text.
    """
    source = _read(path)
    front_matter = FRONT_MATTER.match(source)
    if source.startswith("---\n") and not front_matter:
        raise DocumentError(path, "the front matter has no closing '---' line; add one", line=1)
    meta = _parse_front_matter(front_matter.group(1) or "", path) if front_matter else {}
    body = source[front_matter.end() :] if front_matter else source

    url = meta.get("url", "").strip()
    identity = release_id(url, path)
    stated = meta.get("date", "").strip()
    try:
        date, date_source = establish_date(stated, path, identity)
    except ValueError as error:
        raise DocumentError(path, f"the date {stated!r} is not of the form 2023-06-15") from error
    title = clean_title(meta.get("title", ""))
    clean = clean_markdown if front_matter or path.suffix == ".md" else clean_text
    try:
        text, paragraphs = clean(body, title)
    except RecursionError as error:
        raise DocumentError(path, "is nested hundreds of levels deep, which no release is; flatten it") from error
    if not text:
        raise DocumentError(path, "holds no text, only front matter or site menus; nothing to index")
    return Release(
        release_id=identity,
        title=title or path.stem,
        date=date,
        date_source=date_source,
        section=section_of(url, path),
        url=_absolute(url),
        kind=_kind(meta, path, bool(url)),
        text=text,
        paragraphs=paragraphs,
        path=str(path),
    )


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DocumentError(path, f"is larger than {LARGEST_FILE:,} bytes; split it")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DocumentError(path, "is not UTF-8 text; save it as UTF-8", line) from error
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror}") from error


def _parse_front_matter(head: str, path: Path) -> dict[str, str]:
    """Front matter as strings: YAML's own reading of dates and numbers would lose time zones and zeros."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        meta = yaml.load(head, Loader=loader)  # noqa: S506 - BaseLoader makes nothing but strings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise DocumentError(path, f"broken front matter: {error.problem}", line) from error
    except yaml.YAMLError as error:
        raise DocumentError(path, f"broken front matter: {' '.join(str(error).split())}", 1) from error
    if not isinstance(meta, dict):
        if meta:
            raise DocumentError(path, "broken front matter: expected 'name: value' lines", 2)
        return {}
    return {str(key): value for key, value in meta.items() if isinstance(value, str)}


def _kind(meta: dict[str, str], path: Path, has_url: bool) -> ReleaseKind:
    stated = meta.get("kind")
    if stated is None:
        return ReleaseKind.RELEASE if has_url or FILE_DATE.match(path.name) else ReleaseKind.DOCUMENT
    try:
        return ReleaseKind(stated)
    except ValueError as error:
        kinds = ", ".join(ReleaseKind)
        raise DocumentError(path, f"kind {stated!r} is none of: {kinds}") from error


def _absolute(url: str) -> str:
    return f"https://home.treasury.gov{url}" if url.startswith("/") else url
