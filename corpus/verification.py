"""The catalog checked: the file itself, the spans of every release, and every document against its file."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.catalog import Catalog
from corpus.errors import SourceError
from corpus.progress import Progress, silent
from corpus.reading import Found, content_hash
from corpus.release import Release
from corpus.sources.archive import ArchiveSource
from corpus.sources.files import FileSource, FolderSource
from corpus.sources.git import GitSource

#: The hash of a document that was refused before it was read.
_NOTHING = content_hash(b"")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be, and where."""

    what: str
    where: str


def verify_catalog(catalog: Catalog, clones: Path, progress: Progress = silent) -> Iterator[Fault]:
    """Check a catalog; a sound one gives nothing.

    Args:
        catalog: what to check.
        clones: where the clones of git sources lie.
        progress: watches.
    """
    for fault in catalog.faults():
        yield Fault(fault, str(catalog.path))
    ids = list(catalog.hashes())
    with progress("checking releases", len(ids)) as advance:
        for release in catalog.releases(ids):
            if reason := span_fault(release):
                yield Fault(reason, release.release_id)
            advance(1)
    yield from _files(catalog, clones, progress)


def span_fault(release: Release) -> str:
    """Why the spans of a release are not exact; empty where they are."""
    text = release.text
    if "\n\n".join(text[p.start : p.end] for p in release.paragraphs) != text:
        return "its paragraphs do not make its text"
    for paragraph in release.paragraphs:
        for start, end in paragraph.sentences:
            if not paragraph.start <= start < end <= paragraph.end or text[start:end] != text[start:end].strip():
                return f"a sentence at {start} is not exact"
    for start, end in (*release.bold, *((link.start, link.end) for link in release.links)):
        if not 0 <= start < end <= len(text) or text[start:end] != text[start:end].strip():
            return f"a bold run or link at {start} is not exact"
    return ""


def _files(catalog: Catalog, clones: Path, progress: Progress) -> Iterator[Fault]:
    """Documents whose files are gone or hold something else than what was read."""
    by_source: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for kind, location, path, digest in catalog.live_documents():
        by_source[kind, location][path] = digest
    for (kind, location), documents in by_source.items():
        if kind not in _OPENERS:
            continue  # the department's site: what it holds now, only a sync can tell
        with progress(f"checking {kind}", len(documents)) as advance:
            try:
                held = _OPENERS[kind](location, clones)
            except (SourceError, OSError) as error:
                yield Fault(f"the source cannot be opened: {error}", location)
                continue
            for path, digest in documents.items():
                data = held.get(path)
                if data is None and digest != _NOTHING:
                    yield Fault("the file is gone; sync again", f"{location}: {path}")
                elif data is not None and content_hash(data) != digest:
                    yield Fault("the file has changed; sync again", f"{location}: {path}")
                advance(1)


class _Folder(Mapping[str, bytes]):
    """The bytes of the files below a folder, by path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, path: str) -> bytes:
        try:
            return (self._folder / path).read_bytes()
        except OSError as error:
            raise KeyError(path) from error

    def __iter__(self) -> Iterator[str]:
        return (found.relative_to(self._folder).as_posix() for found in self._folder.rglob("*"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _archive(location: str, clones: Path) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for item in ArchiveSource(Path(location)).listing({}, ""):
        # A refused member was never read: it stands for no bytes, as it did then.
        found[item.path] = item.content if isinstance(item, Found) and isinstance(item.content, bytes) else b""
    return found


def _git(location: str, clones: Path) -> Mapping[str, bytes]:
    url, _, path = location.partition("#")
    return _Folder(GitSource(url, path, clones).clone / path)


_OPENERS: dict[str, Callable[[str, Path], Mapping[str, bytes]]] = {
    FolderSource.kind: lambda location, clones: _Folder(Path(location)),
    FileSource.kind: lambda location, clones: _Folder(Path(location).parent),
    ArchiveSource.kind: _archive,
    GitSource.kind: _git,
}
