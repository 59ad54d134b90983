"""Markdown with Hugo front matter, or without."""

import re
from pathlib import PurePath

import yaml

from corpus import cleaning
from corpus.describing import describe
from corpus.document import Document, Problem, ProblemKind
from corpus.errors import DocumentError
from corpus.release import DateSource, ReleaseKind

#: The trace of UTF-8 read as Latin-1 or Windows-1252: a lead byte beside another byte above 127.
_SUSPICIOUS = re.compile("[\xc2-\xf4][\x80-\xff\u0152-\u0178\u02c6-\u2122]")
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.S)


def load(path: PurePath, data: bytes) -> Document:
    """Read one ``.md`` file.

    Raises:
        DocumentError: it is no UTF-8 text, or its front matter is broken.
    """
    return load_body(path, data, plain=False)


def load_body(path: PurePath, data: bytes, plain: bool) -> Document:
    """Read front matter where there is some, and what follows it.

    Args:
        path: the file's place within its source.
        data: its content.
        plain: a text without front matter is plain text, not Markdown.

    Raises:
        DocumentError: it is no UTF-8 text, or its front matter is broken.
    """
    source = decode(path, data)
    front_matter = FRONT_MATTER.match(source)
    if source.startswith("---\n") and not front_matter:
        reason = "the front matter has no closing '---' line; add one"
        raise DocumentError(path, reason, 1, ProblemKind.FRONT_MATTER)
    meta = _parse_front_matter(front_matter.group(1) or "", path) if front_matter else {}
    body = source[front_matter.end() :] if front_matter else source
    first_line = source.count("\n", 0, front_matter.end()) if front_matter else 0

    body, problems = mend_encoding(body)
    title = cleaning.clean_title(meta.get("title", ""))
    clean = cleaning.clean_text if plain and not front_matter else cleaning.clean_markdown
    return describe(
        path,
        clean(body, title),
        title=title,
        url=meta.get("url", ""),
        stated=meta.get("date", ""),
        stated_source=DateSource.FRONT_MATTER,
        kind=_kind(meta, path),
        number=meta.get("press_release_number", ""),
        problems=problems,
        first_line=first_line,
    )


def decode(path: PurePath, data: bytes) -> str:
    """The text of a file in UTF-8, with the line ends of Unix.

    Raises:
        DocumentError: it is not UTF-8; names the line.
    """
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, "is not UTF-8 text; save it as UTF-8", line) from error


def mend_encoding(source: str) -> tuple[str, list[Problem]]:
    """UTF-8 that was once read as another encoding ("â€™") is read right again; no other character changes."""
    if not _SUSPICIOUS.search(source):
        return source, []
    import ftfy.badness

    lines = source.split("\n")
    first, count = 0, 0
    for n, line in enumerate(lines):
        if _SUSPICIOUS.search(line) and ftfy.badness.is_bad(line) and (mended := ftfy.fix_encoding(line)) != line:
            lines[n] = mended
            count += 1
            first = first or n + 1
    if not count:
        return source, []
    reason = f"{count:,} lines were UTF-8 read as another encoding"
    return "\n".join(lines), [Problem(ProblemKind.MOJIBAKE, reason, first)]


def _parse_front_matter(head: str, path: PurePath) -> dict[str, str]:
    """Front matter as strings: YAML's own reading of dates and numbers would lose time zones and zeros."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        meta = yaml.load(head, Loader=loader)  # noqa: S506 - BaseLoader makes nothing but strings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise DocumentError(path, f"broken front matter: {error.problem}", line, ProblemKind.FRONT_MATTER) from error
    except yaml.YAMLError as error:
        reason = f"broken front matter: {' '.join(str(error).split())}"
        raise DocumentError(path, reason, 1, ProblemKind.FRONT_MATTER) from error
    if not isinstance(meta, dict):
        if meta:
            reason = "broken front matter: expected 'name: value' lines"
            raise DocumentError(path, reason, 2, ProblemKind.FRONT_MATTER)
        return {}
    return {str(key): value for key, value in meta.items() if isinstance(value, str)}


def _kind(meta: dict[str, str], path: PurePath) -> ReleaseKind | None:
    stated = meta.get("kind")
    if stated is None:
        return None
    try:
        return ReleaseKind(stated)
    except ValueError as error:
        reason = f"kind {stated!r} is none of: {', '.join(ReleaseKind)}"
        raise DocumentError(path, reason, kind=ProblemKind.FRONT_MATTER) from error
