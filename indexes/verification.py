"""The index checked against the catalog that it was made from."""

from collections.abc import Iterator

from corpus.catalog import Catalog
from corpus.verification import Fault
from indexes import release_table
from indexes.generation import PASSAGES, Home


def verify_index(catalog: Catalog, home: Home) -> Iterator[Fault]:
    """Check the index in use; one that is whole and in step with the catalog gives nothing.

    Raises:
        NoIndexError: nothing is indexed.
        IndexingError: the index cannot be opened.
    """
    name = home.current_name() or ""
    for file in home.damaged_files():
        yield Fault("the file is damaged; run: assistant index --rebuild", f"index {name}: {file}")
    generation = home.open()
    try:
        sizes = {len(generation.chunks), len(generation.vectors), len(generation.lexical)}
        if len(sizes) > 1:
            yield Fault(f"its parts hold different numbers of chunks: {sorted(sizes)}", f"index {name}")
    finally:
        generation.close()
    wanted = catalog.hashes()
    held = release_table.release_hashes(home.generations / name / PASSAGES)
    for release_id in sorted(wanted.keys() | held.keys()):
        if release_id not in held:
            yield Fault("is not in the index; run: assistant index", release_id)
        elif release_id not in wanted:
            yield Fault("is in the index and no longer in the catalog; run: assistant index", release_id)
        elif held[release_id] != wanted[release_id]:
            yield Fault("is in the index in an older version; run: assistant index", release_id)
