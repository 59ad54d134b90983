"""A catalog that is only looked at."""

import sqlite3
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.catalog_view import viewing
from corpus.document import ProblemKind
from corpus.duplicates import FoldReason
from corpus.errors import CatalogError
from corpus.sources.files import FolderSource
from corpus.sync import sync
from tests.conftest import write_release


@pytest.fixture
def catalog_file(tmp_path: Path, releases_folder: Path) -> Path:
    """A catalog of three releases, one of them twice, one that cannot be read and one with invisible characters."""
    text = (releases_folder / "readouts" / "2023-01-09-ab0003.md").read_text(encoding="utf-8")
    (releases_folder / "featured").mkdir()
    (releases_folder / "featured" / "2023-01-09-ab0003.md").write_text(text, encoding="utf-8")
    write_release(
        releases_folder / "notes" / "2020-01-02-ab0008.md", "Invisible", "A no\u200btice of the har\u200bbor."
    )
    (releases_folder / "notes" / "ab0009.md").write_text("---\ntitle: Empty\n---\n", encoding="utf-8")
    file = tmp_path / "catalog.sqlite"
    with Catalog(file) as catalog:
        sync(catalog, FolderSource(releases_folder))
    return file


def test_problems_are_counted_and_come_in_pages(catalog_file: Path) -> None:
    with viewing(catalog_file) as catalog:
        counts = catalog.problem_counts()
        everything = catalog.problems()
        assert counts[ProblemKind.NO_TEXT] == 1
        assert counts[ProblemKind.INVISIBLE] == 1
        assert sum(counts.values()) == len(everything)
        assert catalog.problem_page([], 0, 100) == everything
        assert catalog.problem_page([], 1, 1) == everything[1:2]
        assert catalog.problem_page([ProblemKind.NO_TEXT], 0, 9) == catalog.problems([ProblemKind.NO_TEXT])
        assert catalog.problem_page([ProblemKind.MOJIBAKE], 0, 9) == []


def test_copies_and_doubtful_dates_are_counted(catalog_file: Path) -> None:
    with viewing(catalog_file) as catalog:
        assert catalog.fold_counts() == {FoldReason.SAME_ID: 1}
        assert catalog.suspect_count() == len(catalog.suspect_dates())


def test_it_can_be_looked_at_while_another_writes(catalog_file: Path) -> None:
    with Catalog(catalog_file) as catalog, catalog.writing(), viewing(catalog_file) as view:
        assert len(view) == len(catalog)


def test_nothing_is_written(catalog_file: Path) -> None:
    before = catalog_file.read_bytes()
    with pytest.raises(CatalogError, match="readonly"), viewing(catalog_file) as catalog:
        catalog._db.execute("DELETE FROM problem")
    assert catalog_file.read_bytes() == before


def test_a_home_without_a_catalog_says_so(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no catalog"), viewing(tmp_path / "catalog.sqlite"):
        pass
    assert not (tmp_path / "catalog.sqlite").exists()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_damaged_catalog_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "catalog.sqlite"
    file.write_bytes(content)
    with pytest.raises(CatalogError, match="cannot be read as a catalog"), viewing(file) as catalog:
        catalog.problem_counts()


def test_a_catalog_of_another_version_says_so(catalog_file: Path) -> None:
    db = sqlite3.connect(catalog_file)
    db.execute("ALTER TABLE problem RENAME TO trouble")
    db.close()
    with pytest.raises(CatalogError, match="no such table"), viewing(catalog_file) as catalog:
        catalog.problem_counts()
