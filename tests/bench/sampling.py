"""A fixed sample of the full corpus where it is present, else the starter corpus."""

import random
import tempfile
from pathlib import Path

from corpus.catalog import Catalog
from corpus.reading import Found
from corpus.release import Release
from corpus.sources.files import FolderSource
from corpus.starter import STARTER
from corpus.sync import sync
from tests.shared import TREASURY_NEWS


def sampled_documents(wanted: int) -> tuple[list[Found], str]:
    """Up to ``wanted`` documents, shuffled, and where they come from."""
    there = TREASURY_NEWS.is_dir()
    folder, name = (TREASURY_NEWS, "the full corpus") if there else (STARTER, "the starter corpus")
    found = [item for item in FolderSource(folder).listing({}, "") if isinstance(item, Found)]
    random.Random(0).shuffle(found)  # noqa: S311 - a fixed sample, no secret
    return found[:wanted], name


def sampled_releases(wanted: int) -> tuple[list[Release], str]:
    """The releases that a sample of documents becomes, and where they come from."""
    documents, name = sampled_documents(wanted)
    with tempfile.TemporaryDirectory() as scratch:
        for found in documents:
            copy = Path(scratch, "news", found.path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(found.content if isinstance(found.content, bytes) else found.content.read_bytes())
        with Catalog(Path(scratch) / "catalog.sqlite") as catalog:
            sync(catalog, FolderSource(Path(scratch, "news")))
            return list(catalog.releases(list(catalog.hashes()))), name
