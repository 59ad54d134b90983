"""What is written to the catalog is what is read from it."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from corpus.catalog import Catalog, corpus_hash, write_releases
from corpus.folder import load_folder


def test_releases_come_back_as_they_were(releases_folder: Path, tmp_path: Path) -> None:
    releases = load_folder(releases_folder).releases
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        write_releases(db, releases)
    db.close()
    catalog = Catalog(tmp_path / "catalog.sqlite")
    assert [catalog.get(r.release_id) for r in releases] == releases
    assert catalog.get("xx9999") is None
    assert catalog.known(["xx9999", "ab0002", "ab0001"]) == ["ab0002", "ab0001"]
    assert len(catalog) == 3


def test_the_corpus_hash_follows_the_content_and_not_the_order(releases_folder: Path) -> None:
    releases = load_folder(releases_folder).releases
    assert corpus_hash(releases) == corpus_hash(releases[::-1])
    assert corpus_hash(releases) != corpus_hash([*releases[1:], replace(releases[0], text="Other words.")])
    assert corpus_hash(releases) != corpus_hash([*releases[1:], replace(releases[0], date=None)])
