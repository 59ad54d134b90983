"""A folder of releases: which files it holds, and all of them read."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError, DocumentError
from corpus.identity import fold_duplicates
from corpus.loaders.markdown import load_markdown
from corpus.progress import Progress, silent
from corpus.release import Release

SUFFIXES = (".md", ".txt")
#: Below this many files, starting worker processes costs more than it saves.
WORTH_WORKERS = 500


@dataclass(frozen=True, slots=True)
class LoadedFolder:
    """What a folder gave: releases (one for each id) and the documents that could not be read."""

    folder: Path
    files: int
    releases: list[Release]
    problems: list[DocumentError]


def release_files(folder: Path) -> list[Path]:
    """All ``.md`` and ``.txt`` files below ``folder``, sorted; Hugo's ``_index.md`` is no release.

    Raises:
        CorpusError: no such folder, not a folder, or no such file in it.
    """
    if not folder.exists():
        raise CorpusError(f"no folder {folder}; give the folder that holds the releases")
    if not folder.is_dir():
        raise CorpusError(f"{folder} is a file; give the folder that holds it")
    files = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith(SUFFIXES) and name != "_index.md"
    )
    if not files:
        raise CorpusError(f"no {' or '.join(SUFFIXES)} file in {folder}; nothing to index")
    return files


def load_folder(folder: Path, progress: Progress = silent) -> LoadedFolder:
    """Read every release of a folder; bad documents are listed, the rest goes on.

    Raises:
        CorpusError: no such folder, or nothing in it can be read.
    """
    files = release_files(folder)
    releases: list[Release] = []
    problems: list[DocumentError] = []
    with progress("reading files", len(files)) as advance:
        for result in _load_all(files):
            if isinstance(result, Release):
                releases.append(result)
            else:
                problems.append(result)
            advance(1)
    if not releases:
        raise CorpusError(f"no document in {folder} can be read; the first: {problems[0]}")
    return LoadedFolder(folder, len(files), fold_duplicates(releases), problems)


def _load_all(files: list[Path]) -> Iterator[Release | DocumentError]:
    workers = os.cpu_count() or 1
    if len(files) < WORTH_WORKERS or workers == 1:
        yield from map(_load_one, files)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_load_one, files, chunksize=64)


def _load_one(path: Path) -> Release | DocumentError:
    try:
        return load_markdown(path)
    except DocumentError as problem:
        return problem
