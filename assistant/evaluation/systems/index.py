"""The index that systems search, and what code and index their answers come from."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import assistant
import corpus
import indexes
from assistant.settings import Settings
from indexes.embedding.encoder import Encoder, load_encoder
from indexes.generation import Generation, Home


def open_index(settings: Settings) -> tuple[Generation, Encoder]:
    """The current index of the settings' home, and the encoder for its questions.

    Raises:
        AssistantError: one of them cannot be opened.
    """
    home = Home(settings.home)
    return home.open(), load_encoder(settings.embedding_model, home.models)


def index_provenance(generation: Generation, encoder: Encoder) -> dict[str, Any]:
    """Names and hashes of an index, from its manifest, and of the code that searches it."""
    manifest = generation.manifest
    return {
        "version": version("treasury-assistant"),
        "code": code_hash(),
        "corpus": manifest.corpus_name,
        "corpus_hash": manifest.corpus_hash,
        "generation": generation.name,
        "releases": manifest.releases,
        "chunks": manifest.chunks,
        "latest_date": manifest.latest_date.isoformat() if manifest.latest_date else None,
        "embedding_model": manifest.embedding_model,
        "encoder": encoder.fingerprint,
        "libraries": manifest.libraries,
    }


def code_hash() -> str:
    """What names the code that answers come from: a checkout changes without its version changing."""
    digest = hashlib.sha256()
    for package in (corpus, indexes, assistant):
        folder = Path(package.__path__[0])
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]
