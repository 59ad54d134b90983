"""The catalog as commands that only look at it open it."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.catalog import Catalog


@contextmanager
def opened_catalog() -> Iterator[Catalog]:
    """The catalog of the home.

    Raises:
        NoIndexError: there is none yet.
    """
    from assistant.settings import load_settings
    from corpus.errors import NoIndexError
    from indexes.generation import Home

    file = Home(load_settings().home).catalog_file
    if not file.exists():
        raise NoIndexError(f"no documents yet in {file.parent}; run: assistant corpus add PATH")
    with Catalog(file) as catalog:
        yield catalog
