"""Dense search: cosines of unit vectors by id, in FAISS.

The vectors themselves are always kept, in a flat index that is mapped into memory, and every score is taken from them.
A large index has codes beside them: product quantisation (Jégou, Douze and Schmid, 2011), two numbers to four bits, all
of them scanned with SIMD look-ups (André, Kermarrec and Le Scouarnec, "Cache locality is not enough", 2015). The scan
names the nearest few thousand; their cosines are exact. What it misses and what it saves: ``docs/scale.md``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexingError
from indexes.embedding.encoder import Vectors

#: Vectors that are searched exactly, all of them or those that pass a filter; more are searched by their codes first.
EXACT = 50_000
#: Candidates that the codes name, whose cosines are then taken exactly; ten a wanted hit where more are wanted.
CANDIDATES = 2000
#: Vectors, evenly spread, that the quantiser is trained on.
TRAINED_ON = 20_000
#: Vectors copied at once.
COPIED = 65_536
CODES_SUFFIX = ".codes"


class VectorIndex:
    """Unit vectors by id. Ids are the caller's, and only ever grow. Searches may share it between threads."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self.dimension = dimension
        self._flat: Any = faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._codes: Any = None
        self._mapped = False

    @property
    def kind(self) -> Literal["flat", "pq"]:
        """How it is searched: ``flat``, all vectors exactly; ``pq``, by codes, then the best candidates exactly."""
        return "flat" if self._codes is None else "pq"

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map an index that ``save`` wrote.

        Raises:
            IndexingError: a file is missing or no such index.
        """
        import faiss

        codes = _codes_path(path)
        try:
            flat: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            self = cls(flat.d)
            self._flat, self._ids, self._mapped = flat, faiss.vector_to_array(flat.id_map), True
            self._codes = faiss.read_index(str(codes)) if codes.exists() else None
        except (RuntimeError, AttributeError) as error:  # the latter: a FAISS index of another type
            raise IndexingError(f"{path} cannot be read as a FAISS index; index the folder again") from error
        if self._codes is not None and self._codes.ntotal != len(self):
            raise IndexingError(f"{codes} belongs to another index; index the folder again")
        return self

    def save(self, path: Path) -> None:
        """Write the index to a file, and to another beside it the codes, where it is large enough to need them."""
        if len(self) > EXACT and self._codes is None:
            self._codes = _encoded(self)
        _write(self._flat, path)
        if self._codes is None:
            _codes_path(path).unlink(missing_ok=True)
        else:
            _write(self._codes, _codes_path(path))

    def copy(self) -> Self:
        """An independent index of the same vectors."""
        copied = self.__class__(self.dimension)
        for first in range(0, len(self), COPIED):
            ids = self._ids[first : first + COPIED]
            copied._flat.add_with_ids(self._flat.index.reconstruct_n(first, len(ids)), ids)
        copied._ids, copied._codes = self._ids, self._codes  # neither is ever changed, only replaced
        return copied

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add unit vectors, (n, dimension), under new ids. Searches are exact from now on, until ``save``.

        Raises:
            ValueError: an id is not greater than those before it, or a vector's length is not 1.
        """
        if not len(ids):
            return
        new = np.asarray(ids, np.int64)
        if np.any(np.diff(new) <= 0) or (len(self) and new[0] <= self._ids[-1]):
            raise ValueError("ids must grow: an id that was used before would bring back another chunk")
        if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):
            raise ValueError("vectors must have length 1, or inner products are not cosines")
        self._writable().add_with_ids(np.ascontiguousarray(vectors, np.float32), new)
        self._changed()

    def remove(self, ids: Sequence[int]) -> int:
        """Remove vectors by id; gives the number removed. Searches are exact from now on, until ``save``."""
        gone = np.intersect1d(self._ids, np.asarray(ids, np.int64))
        if len(gone):
            self._writable().remove_ids(gone)
            self._changed()
        return len(gone)

    def search(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest ids with their cosines, best first; only among ``allowed`` where given.

        Nothing is missed while there are no more than ``EXACT`` vectors, or allowed ones; of more, next to nothing.
        """
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        among = None if allowed is None else self._places(allowed)
        if self._codes is not None and (among is None or len(among) > EXACT):
            among = self._candidates(query, max(CANDIDATES, 10 * k), among)
        return self._exactly(query, k, among)

    def ids(self) -> NDArray[np.int64]:
        """All ids, in the order in which they were added."""
        return self._ids

    def stored(self) -> Vectors:
        """All vectors, (n, dimension), in the order of ``ids``."""
        vectors: Vectors = self._flat.index.reconstruct_n(0, len(self))
        return vectors

    def __len__(self) -> int:
        return int(self._flat.ntotal)

    def _places(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where these ids stand, ascending; those that the index does not hold are left out."""
        wanted = np.unique(ids) if np.any(np.diff(ids) <= 0) else ids  # they mostly ascend already, and sorting is slow
        wanted = wanted[wanted <= self._ids[-1]] if len(self) else wanted[:0]
        places: NDArray[np.int64] = np.searchsorted(self._ids, wanted)
        held: NDArray[np.int64] = places[self._ids[places] == wanted]
        return held

    def _exactly(self, query: Vectors, k: int, among: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        """The nearest of all, or of those at some places; the lower id first where cosines are equal."""
        import faiss

        places = np.arange(len(self)) if among is None else among
        k = min(k, len(places))
        if k == 0:
            return []
        # Given places as an array, even all of them, FAISS takes their inner products one after the other, which is
        # up to twice as fast for one query as its own scan: that one waits for threads that have nothing to do.
        only = faiss.SearchParameters(sel=faiss.IDSelectorArray(places))  # type: ignore[call-arg]
        scores, found = self._flat.index.search(query, k, params=only)
        order = np.lexsort((found[0], -scores[0]))
        return [(int(self._ids[found[0][i]]), float(scores[0][i])) for i in order]

    def _candidates(self, query: Vectors, wanted: int, among: NDArray[np.int64] | None) -> NDArray[np.int64] | None:
        """The places that the codes put nearest; more of them are looked at, the fewer pass a filter.

        Where too few of those pass, because the filter goes against the question, all that pass are candidates.
        """
        share = 1.0 if among is None else len(among) / len(self)
        looked_at = int(wanted / share)
        if looked_at >= len(self):
            return among
        found: NDArray[np.int64] = self._codes.search(query, looked_at)[1][0]
        if among is None:
            return np.sort(found)
        passes = np.zeros(len(self), np.bool_)
        passes[among] = True
        passing = np.sort(found[passes[found]])
        return passing if len(passing) >= wanted // 2 else among

    def _writable(self) -> Any:
        """The flat index, first copied into memory where it is mapped: what is mapped must not be written to."""
        if self._mapped:
            self._flat, self._mapped = self.copy()._flat, False
        return self._flat

    def _changed(self) -> None:
        import faiss

        self._ids = faiss.vector_to_array(self._flat.id_map)
        self._codes = None


def _encoded(index: VectorIndex) -> Any:
    """The codes of all vectors, in order; the same vectors give the same codes."""
    import faiss

    d, flat = index.dimension, index._flat.index
    codes = faiss.IndexPQFastScan(d, d if d % 2 else d // 2, 4, faiss.METRIC_INNER_PRODUCT)
    sample = np.linspace(0, len(index) - 1, min(TRAINED_ON, len(index))).astype(np.int64)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)  # training is many tiny steps: threads that wait for each other take ten times as long
    try:
        codes.train(flat.reconstruct_batch(sample))
    finally:
        faiss.omp_set_num_threads(threads)
    for first in range(0, len(index), COPIED):
        codes.add(flat.reconstruct_n(first, min(COPIED, len(index) - first)))
    return codes


def _write(index: Any, path: Path) -> None:
    """Write aside, then replace: the file may be mapped."""
    import faiss

    aside = path.with_name(path.name + ".new")
    faiss.write_index(index, str(aside))
    aside.replace(path)


def _codes_path(path: Path) -> Path:
    return path.with_name(path.name + CODES_SUFFIX)
