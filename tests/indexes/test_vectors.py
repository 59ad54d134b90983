"""Exact inner products by id, compared with the same sum in numpy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexingError
from indexes.embedding.encoder import Vectors
from indexes.vectors import VectorIndex


def unit_vectors(n: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@given(
    st.sets(st.integers(1, 40), min_size=1),
    st.sets(st.integers(1, 40)),
    st.sets(st.integers(1, 50)),
    st.integers(1, 50),
)
def test_search_agrees_with_numpy(ids: set[int], removed: set[int], allowed: set[int], k: int) -> None:
    order, vectors, query = sorted(ids), unit_vectors(50), unit_vectors(1, 1)[0]
    index = VectorIndex(8)
    index.add(order, vectors[order])
    assert index.remove(sorted(removed)) == len(ids & removed)
    left = [i for i in order if i not in removed]
    assert index.ids().tolist() == left
    for among in (None, allowed):
        passing = left if among is None else [i for i in left if i in among]
        expected = sorted(((float(vectors[i] @ query), i) for i in passing), reverse=True)[:k]
        found = index.search(query, k, None if among is None else np.array(sorted(among), np.int64))
        assert [i for i, _ in found] == [i for _, i in expected]
        assert [score for _, score in found] == pytest.approx([score for score, _ in expected], abs=1e-5)


def test_an_id_is_never_given_twice() -> None:
    index = VectorIndex(8)
    index.add([1, 2, 3], unit_vectors(3))
    index.remove([2])
    for ids in ([3], [2], [5, 4], [5, 5]):
        with pytest.raises(ValueError, match="ids must grow"):
            index.add(ids, unit_vectors(len(ids)))
    index.add([4], unit_vectors(1))
    assert index.ids().tolist() == [1, 3, 4]


def test_only_unit_vectors_are_taken() -> None:
    with pytest.raises(ValueError, match="length 1"):
        VectorIndex(8).add([1], 2 * unit_vectors(1))


def test_an_empty_index_finds_nothing() -> None:
    assert VectorIndex(8).search(unit_vectors(1)[0], 5) == []


def test_it_comes_back_from_its_file_and_a_damaged_file_is_told(tmp_path: Path) -> None:
    index = VectorIndex(8)
    index.add([4, 9], unit_vectors(2))
    index.save(tmp_path / "v.faiss")
    assert VectorIndex.open(tmp_path / "v.faiss").search(unit_vectors(2)[1], 1) == [(9, pytest.approx(1.0))]
    (tmp_path / "v.faiss").write_bytes(b"not an index")
    with pytest.raises(IndexingError, match="index the folder again"):
        VectorIndex.open(tmp_path / "v.faiss")


def test_a_copy_is_independent() -> None:
    index = VectorIndex(8)
    index.add([1, 2], unit_vectors(2))
    copied = index.copy()
    copied.remove([1])
    assert (len(index), len(copied)) == (2, 1)
