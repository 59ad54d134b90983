"""What tests share: a clean environment, and one exported model and starter index for the whole run."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.answers.sentence_encoder import load_sentence_encoder
from assistant.engine import Assistant
from assistant.settings import Settings
from corpus.catalog import Catalog
from corpus.release import Release
from corpus.sources.files import FolderSource
from corpus.starter import STARTER
from corpus.sync import sync
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL, Encoder, load_encoder
from indexes.embedding.packaged_model import sha256
from indexes.generation import MANIFEST, PASSAGES, Home


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the person who runs the tests reaches them, and no test writes to that person's home."""
    for name in list(os.environ):
        if name.startswith(("ASSISTANT_", "GRADIO_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path_factory.getbasetemp() / "home-of-no-test"))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all worker processes of the run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def models(shared_folder: Path) -> Path:
    """The folder with the exported models."""
    folder = shared_folder / "models"
    with FileLock(shared_folder / "models.lock"):
        load_encoder(DEFAULT_MODEL, folder)
        load_sentence_encoder(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(models: Path) -> Encoder:
    return load_encoder(DEFAULT_MODEL, models)


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Home:
    """An empty home that has the exported model already."""
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    home.models.symlink_to(models)
    return home


@pytest.fixture(scope="session")
def starter_home(shared_folder: Path, models: Path) -> Home:
    """A home with the starter corpus indexed. Tests read it; none writes to it."""
    home = Home(shared_folder / "starter-home")
    with FileLock(shared_folder / "starter.lock"):
        home.folder.mkdir(exist_ok=True)
        if not home.models.exists():
            home.models.symlink_to(models)
        build_index(STARTER, home, DEFAULT_MODEL)
    return home


@pytest.fixture(scope="session")
def starter(starter_home: Home) -> Iterator[Assistant]:
    """The assistant over the starter corpus."""
    with Assistant(Settings(home=starter_home.folder)) as assistant:
        yield assistant


@pytest.fixture
def releases_folder(tmp_path: Path) -> Path:
    """A folder of three small releases in the shape of the real ones."""
    folder = tmp_path / "releases"
    write_release(
        folder / "press-releases" / "2019-03-04-ab0001.md",
        "Treasury Sanctions the Harbor Network",
        "**Lina Okafor** runs the Harbor network from Lagos. She is being designated pursuant to E.O. 13999 for "
        "owning Harbor Lines.\n\n## SANCTIONS IMPLICATIONS\n\nAll property of the persons named above is blocked.",
        "2019-03-04T10:00:00-05:00",
    )
    write_release(
        folder / "press-releases" / "2021-07-20-ab0002.md",
        "Quarterly Borrowing Estimate",
        "The department expects to borrow $673 billion in the July quarter. The estimate assumes a cash balance of "
        "$750 billion at the end of September.",
        "2021-07-20",
    )
    write_release(
        folder / "readouts" / "2023-01-09-ab0003.md",
        "Readout of a Meeting in Zurich",
        "The Secretary met the Vice Premier in Zurich. They spoke about debt relief for Zambia.",
        "2023-01-09",
        section="readouts",
    )
    return folder


def forget_programmes(home: Home) -> None:
    """Make the current generation one of an older version, which says nothing of sanctions programmes."""
    folder = home.generations / (home.current_name() or "")
    with closing(sqlite3.connect(folder / PASSAGES)) as db, db:
        db.execute("DROP TABLE release_programme")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del manifest["programmes_version"]
    manifest["checksums"][PASSAGES] = sha256(folder / PASSAGES)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def releases_in(folder: Path, catalog_file: Path) -> dict[str, Release]:
    """The releases that a folder of documents becomes, by id, through a catalog of their own."""
    with Catalog(catalog_file) as catalog:
        sync(catalog, FolderSource(folder))
        return {release.release_id: release for release in catalog.releases(list(catalog.hashes()))}


def write_release(
    path: Path, title: str, body: str, date: str = "", section: str = "press-releases", **extra: str
) -> Path:
    """Write one release in the corpus's file format; its id and, unless given, its day are those of the file's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = re.match(r"\d{4}-\d\d-\d\d-", path.name)
    slug = path.stem[11:] if dated else path.stem
    date = date or (path.name[:10] if dated else "2020-01-02")
    lines = [f"title: {title}", f"date: {date}", "draft: false", f"url: /news/{section}/{slug}"]
    lines += [f"{name}: {value}" for name, value in extra.items()]
    path.write_text("---\n" + "\n".join(lines) + f"\n---\n{body}\n", encoding="utf-8")
    return path
