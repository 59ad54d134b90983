"""What code and index a system's answers come from."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import assistant
import corpus
import indexes
from indexes.embedding.encoder import Encoder
from indexes.generation import Generation


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
