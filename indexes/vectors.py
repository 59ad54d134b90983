"""Dense search: exact inner products over unit vectors, in FAISS.

Exact because it is fast enough: 100,000 vectors of 384 numbers take about 10 ms on two cores, and nothing is missed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexingError
from indexes.embedding.encoder import Vectors


class VectorIndex:
    """Unit vectors by id. Ids are the caller's, and only ever grow."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self.dimension = dimension

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read an index that ``save`` wrote.

        Raises:
            IndexingError: the file is missing or no such index.
        """
        import faiss

        self = cls.__new__(cls)
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexingError(f"{path} cannot be read as a FAISS index; index the folder again") from error
        self.dimension = self._index.d
        return self

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    def copy(self) -> Self:
        """An independent index of the same vectors."""
        import faiss

        copied = self.__class__.__new__(self.__class__)
        copied._index = faiss.clone_index(self._index)
        copied.dimension = self.dimension
        return copied

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add unit vectors, (n, dimension), under new ids.

        Raises:
            ValueError: an id is not greater than those before it, or a vector's length is not 1.
        """
        if not len(ids):
            return
        new = np.asarray(ids, np.int64)
        if np.any(np.diff(new) <= 0) or new[0] <= self._largest_id():
            raise ValueError("ids must grow: an id that was used before would bring back another chunk")
        if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
            raise ValueError("vectors must have length 1, or inner products are not cosines")
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), new)

    def remove(self, ids: Sequence[int]) -> int:
        """Remove vectors by id; gives the number removed."""
        return int(self._index.remove_ids(np.asarray(ids, np.int64)))

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest ids with their cosines, best first; only among ``allowed`` where given."""
        import faiss

        if len(self) == 0 or (allowed is not None and not len(allowed)):
            return []
        parameters = None
        if allowed is not None:
            k = min(k, len(allowed))
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        scores, ids = self._index.search(query, min(k, len(self)), params=parameters)
        return [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]

    def ids(self) -> NDArray[np.int64]:
        """All ids, in the order in which they were added."""
        import faiss

        ids: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)
        return ids

    def stored(self) -> Vectors:
        """All vectors, (n, dimension), in the order of ``ids``."""
        vectors: Vectors = self._index.index.reconstruct_n(0, len(self))
        return vectors

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def _largest_id(self) -> int:
        ids = self.ids()
        return int(ids[-1]) if len(ids) else -1
