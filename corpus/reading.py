"""Documents read in parallel, into rows for the catalog."""

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.document import PARSER_VERSION, Document, DropKind, Dropped, Problem, ProblemKind
from corpus.errors import DocumentError
from corpus.release import DateSource, Link, Paragraph, ParagraphKind, Span

#: Below this many documents, starting worker processes costs more than it saves.
WORTH_WORKERS = 300
#: Documents handed to a worker at a time.
BATCH = 48


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a source has.

    Its path within the source, a token that changes when it does, and where its bytes are: a file, or themselves.
    """

    path: str
    token: str
    content: Path | bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as a row of the catalog: the values of ``COLUMNS``, and what is wrong with it."""

    path: str
    token: str
    content_hash: str
    values: tuple[Any, ...]
    problems: tuple[Problem, ...]


#: Columns of the table ``document`` that reading fills.
COLUMNS = (
    "path, token, content_hash, parser, readable, release_id, title, section, url, kind, stated, stated_source, "
    "written, written_source, words, text_hash, text_key, figures_key, signature, sentence_keys, structure, text"
)


def read_all(found: Iterable[Found]) -> Iterator[Reading]:
    """Read documents, in order and as they come; once they are many, in worker processes.

    Where the source fails in the middle, what it gave before that is read first.
    """
    found = iter(found)
    for item in islice(found, WORTH_WORKERS):
        yield read(item)
    first = next(found, None)
    workers = os.cpu_count() or 1
    if first is None or workers == 1:
        yield from map(read, () if first is None else chain([first], found))
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[Reading]]] = deque()
        batch: list[Found] = []
        failure: Exception | None = None
        try:
            items = chain([first], found)
            while True:
                try:
                    batch.extend(islice(items, BATCH))
                except Exception as error:
                    failure = error
                if batch:
                    waiting.append(pool.submit(_read_batch, batch))
                done = failure is not None or len(batch) < BATCH
                batch = []
                while waiting and (done or len(waiting) > 2 * workers):
                    yield from waiting.popleft().result()
                if done:
                    break
        finally:
            for future in waiting:
                future.cancel()
        if failure:
            raise failure


def _read_batch(batch: Sequence[Found]) -> list[Reading]:
    return [read(found) for found in batch]


def read(found: Found) -> Reading:
    """Read one document; one that cannot be read gives a row without text, and its problem."""
    from corpus.loaders import load_document

    data = b""
    try:
        data = found.content if isinstance(found.content, bytes) else found.content.read_bytes()
        document = load_document(PurePosixPath(found.path), data)
    except DocumentError as error:
        return _unread(found, data, Problem(error.kind, error.reason, error.line))
    except OSError as error:
        return _unread(found, data, Problem(ProblemKind.UNREADABLE, f"cannot be read: {error.strerror}"))
    return _row(found, data, document)


def _row(found: Found, data: bytes, document: Document) -> Reading:
    from corpus.boilerplate import sentence_keys
    from corpus.similarity import figures_key, signature, text_key

    text = document.text
    structure = pack_structure(document.paragraphs, document.bold, document.links, document.dropped)
    described = "\0".join((document.title, document.url, document.kind, structure, text))
    values = (
        *(found.path, found.token, content_hash(data), PARSER_VERSION, 1),
        *(document.release_id, document.title, document.section, document.url, document.kind),
        *(document.stated and document.stated.isoformat(), document.stated_source),
        *(document.written and document.written.isoformat(), document.written_source),
        len(text.split()),
        hashlib.sha256(described.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        *(text_key(text), figures_key(text), signature(text) if text else b""),
        sentence_keys(text, document.paragraphs).tobytes(),
        *(structure, text),
    )
    return Reading(found.path, found.token, values[2], values, document.problems)


def refused(path: str, token: str, problem: Problem) -> Reading:
    """The row of a document that was not even opened."""
    return _unread(Found(path, token, b""), b"", problem)


def _unread(found: Found, data: bytes, problem: Problem) -> Reading:
    values = (
        *(found.path, found.token, content_hash(data), PARSER_VERSION, 0),
        *("", "", "", "", "", None, DateSource.UNKNOWN, None, DateSource.UNKNOWN, 0, "", b"", b"", b"", b"", "{}", ""),
    )
    return Reading(found.path, found.token, values[2], values, (problem,))


def content_hash(data: bytes) -> str:
    """Names the bytes of a file."""
    return hashlib.sha256(data).hexdigest()[:32]


def pack_structure(
    paragraphs: Sequence[Paragraph],
    bold: Sequence[Span] = (),
    links: Sequence[Link] = (),
    dropped: Sequence[Dropped] = (),
) -> str:
    """Paragraphs, sentences, bold runs, links and what was dropped, as compact JSON."""
    headings: dict[tuple[str, ...], int] = {}
    packed = [
        [
            p.start,
            p.end,
            p.kind,
            headings.setdefault(p.headings, len(headings)),
            [position for sentence in p.sentences for position in sentence],
        ]
        for p in paragraphs
    ]
    parts = {"headings": list(headings), "paragraphs": packed, "bold": bold, "links": links, "dropped": dropped}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Structure:
    """What ``pack_structure`` packed."""

    paragraphs: tuple[Paragraph, ...]
    bold: tuple[Span, ...]
    links: tuple[Link, ...]
    dropped: tuple[Dropped, ...]


def unpack_structure(packed: str) -> Structure:
    """The parts of a document that ``pack_structure`` packed."""
    parts = json.loads(packed)
    if not parts:
        return Structure((), (), (), ())
    headings = [tuple(path) for path in parts["headings"]]
    return Structure(
        tuple(
            Paragraph(
                start,
                end,
                ParagraphKind(kind),
                headings[path],
                tuple(Span(*pair) for pair in zip(sentences[::2], sentences[1::2], strict=True)),
            )
            for start, end, kind, path, sentences in parts["paragraphs"]
        ),
        tuple(Span(*pair) for pair in parts["bold"]),
        tuple(Link(*link) for link in parts["links"]),
        tuple(Dropped(DropKind(kind), text) for kind, text in parts["dropped"]),
    )
