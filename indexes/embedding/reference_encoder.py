"""sentence-transformers: the reference, for any model it can load and for a GPU."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpus.errors import EmbeddingError
from indexes.embedding.encoder import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def load_sentence_transformer(model: str, **options: Any) -> "SentenceTransformer":
    """Load a model without a progress bar for it."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(model, **options)
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


class ReferenceEncoder:
    """An ``Encoder`` on sentence-transformers and torch."""

    def __init__(self, model: str, device: str | None = None) -> None:
        """Load ``model``, a folder or a name in the local model cache.

        Raises:
            EmbeddingError: it cannot be loaded.
        """
        try:
            self._model = load_sentence_transformer(model, device=device)
        except Exception as error:  # the library raises many kinds, down to those of its HTTP client
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbeddingError(f"the embedding model {model!r} cannot be loaded: {reason}") from error
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.cpu().contiguous().float().numpy().tobytes())
        self.fingerprint = f"{digest.hexdigest()[:16]}-torch"
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.window = int(self._model.max_seq_length or 512)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Encoder.count_tokens``."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.embed``."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return cast(Vectors, np.asarray(vectors, np.float32))
