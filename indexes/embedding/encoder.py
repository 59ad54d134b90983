"""What the index asks of an embedding model, and the choice between the two that implement it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: (n, dimension) float32, each row of length 1.
Vectors = NDArray[np.float32]

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"


class Encoder(Protocol):
    """Turns texts into unit vectors, so that an inner product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Names weights and arithmetic: vectors of equal fingerprints can be compared and cached together."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def window(self) -> int:
        """Word pieces that are read, special tokens included; what follows is dropped."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The word pieces of each text, special tokens left out and nothing dropped."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order."""


def load_encoder(model: str, models_folder: Path) -> Encoder:
    """The default model on ONNX Runtime; any other through sentence-transformers.

    Args:
        model: ``DEFAULT_MODEL``, or a folder or name that sentence-transformers can load.
        models_folder: where the ONNX file is kept once exported.

    Raises:
        EmbeddingError: the model is missing, altered, or its ONNX form does not agree with it.
    """
    if model == DEFAULT_MODEL:
        from indexes.embedding.onnx_encoder import OnnxEncoder

        return OnnxEncoder.open(models_folder)
    from indexes.embedding.reference_encoder import ReferenceEncoder

    return ReferenceEncoder(model)
