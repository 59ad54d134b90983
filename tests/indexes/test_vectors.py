"""Cosines by id, compared with the same sums in numpy; where the index is large, with those of the exact kind."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexingError
from indexes import vectors as vectors_module
from indexes.embedding.encoder import Vectors
from indexes.vectors import VectorIndex


def unit_vectors(n: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def nearest(vectors: Vectors, ids: list[int], query: Vectors, k: int) -> list[tuple[int, float]]:
    """The same search in numpy."""
    return [(i, -score) for score, i in sorted((-float(vectors[i] @ query), i) for i in ids)[:k]]


# Ids are places of ``unit_vectors``.


@settings(deadline=None)  # the first example imports FAISS
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
        expected = nearest(vectors, [i for i in left if among is None or i in among], query, k)
        found = index.search(query, k, None if among is None else np.array(sorted(among), np.int64))
        assert [i for i, _ in found] == [i for i, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


def test_equal_cosines_are_in_the_order_of_ids() -> None:
    index = VectorIndex(8)
    index.add(range(1, 31), np.repeat(unit_vectors(1), 30, axis=0))
    assert [i for i, _ in index.search(unit_vectors(1)[0], 5)] == [1, 2, 3, 4, 5]


def test_what_is_allowed_may_come_in_any_order_and_twice() -> None:
    index = VectorIndex(8)
    index.add(range(1, 21), unit_vectors(20))
    query, allowed = unit_vectors(1, 1)[0], np.array([7, 3, 99, 7, 12], np.int64)
    assert index.search(query, 9, allowed) == index.search(query, 9, np.array([3, 7, 12], np.int64))


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


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(8)
    assert index.search(unit_vectors(1)[0], 5) == []
    index.save(tmp_path / "v.faiss")
    assert VectorIndex.open(tmp_path / "v.faiss").search(unit_vectors(1)[0], 5) == []


def test_a_copy_is_independent() -> None:
    index = VectorIndex(8)
    index.add([1, 2], unit_vectors(2))
    copied = index.copy()
    copied.remove([1])
    assert (len(index), len(copied)) == (2, 1)
    assert len(index.search(unit_vectors(1)[0], 5)) == 2


# On disk.


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The file of an index of 500 vectors with the ids from 1 on."""
    index = VectorIndex(8)
    index.add(range(1, 501), unit_vectors(500))
    index.save(tmp_path / "v.faiss")
    return tmp_path / "v.faiss"


def test_it_comes_back_from_its_file(saved: Path) -> None:
    index = VectorIndex.open(saved)
    assert (len(index), index.dimension, index.kind) == (500, 8, "flat")
    assert index.search(unit_vectors(500)[8], 1) == [(9, pytest.approx(1.0))]
    assert np.array_equal(index.stored(), unit_vectors(500))


def test_what_is_mapped_from_a_file_can_be_changed_and_saved_over_it(saved: Path) -> None:
    reader, writer = VectorIndex.open(saved), VectorIndex.open(saved)
    assert writer.remove([9, 777]) == 1
    writer.add([501], unit_vectors(1, 5))
    writer.save(saved)
    assert VectorIndex.open(saved).ids().tolist() == [*range(1, 9), *range(10, 502)]
    assert reader.search(unit_vectors(500)[8], 1) == [(9, pytest.approx(1.0))], "a reader keeps what it opened"
    assert [path.name for path in saved.parent.iterdir()] == ["v.faiss"]


def test_a_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    import faiss

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(8))
    index.add_with_ids(unit_vectors(3), np.array([4, 9, 11], np.int64))
    faiss.write_index(index, str(tmp_path / "v.faiss"))
    opened = VectorIndex.open(tmp_path / "v.faiss")
    opened.remove([4])
    assert opened.search(unit_vectors(3)[1], 1) == [(9, pytest.approx(1.0))]


@pytest.mark.parametrize("damage", ["missing", "empty", "other", "cut", "another type"])
def test_a_damaged_file_is_told(saved: Path, damage: str) -> None:
    import faiss

    whole = saved.read_bytes()
    saved.unlink()
    if damage == "another type":
        faiss.write_index(faiss.IndexFlatIP(8), str(saved))
    elif damage != "missing":
        saved.write_bytes({"empty": b"", "other": b"not an index", "cut": whole[: len(whole) // 2]}[damage])
    with pytest.raises(IndexingError, match="index the folder again"):
        VectorIndex.open(saved)


# Large: by codes. 3,000 vectors around 60 centres stand for more than ``EXACT``.

SIZE, DIMENSION = 3000, 32


def around_centres(n: int, seed: int) -> Vectors:
    centres = np.random.default_rng(0).normal(size=(60, DIMENSION))
    rng = np.random.default_rng(seed)
    vectors = centres[rng.integers(60, size=n)] + 0.8 * rng.normal(size=(n, DIMENSION))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "EXACT", 1000)
    monkeypatch.setattr(vectors_module, "CANDIDATES", 200)


@pytest.fixture
def exact() -> VectorIndex:
    """Not saved, so that it has no codes."""
    index = VectorIndex(DIMENSION)
    index.add(range(1, SIZE + 1), around_centres(SIZE, 1))
    return index


@pytest.fixture
def large(exact: VectorIndex, tmp_path: Path, small_limits: None) -> VectorIndex:
    """The same vectors, by codes."""
    exact.copy().save(tmp_path / "v.faiss")
    return VectorIndex.open(tmp_path / "v.faiss")


QUERIES = around_centres(50, 2)


def recall(large: VectorIndex, exact: VectorIndex, k: int, allowed: list[int] | None = None) -> float:
    """The mean share of the exact hits that are found; every cosine must be exact."""
    among = None if allowed is None else np.array(allowed, np.int64)
    shares = []
    for query in QUERIES:
        found, expected = dict(large.search(query, k, among)), dict(exact.search(query, k, among))
        assert len(found) == len(expected)
        assert list(found.values()) == sorted(found.values(), reverse=True)
        for i in found.keys() & expected.keys():
            assert found[i] == pytest.approx(expected[i], abs=1e-6)
        shares.append(len(found.keys() & expected.keys()) / len(expected))
    return float(np.mean(shares))


@pytest.mark.parametrize(("size", "kind"), [(1000, "flat"), (1001, "pq")])
def test_the_kind_follows_from_the_size(tmp_path: Path, small_limits: None, size: int, kind: str) -> None:
    index = VectorIndex(DIMENSION)
    index.add(range(1, size + 1), around_centres(size, 1))
    index.save(tmp_path / "v.faiss")
    assert index.kind == VectorIndex.open(tmp_path / "v.faiss").kind == kind


@pytest.mark.parametrize(("k", "floor"), [(10, 0.99), (100, 0.97)])
def test_a_large_index_misses_next_to_nothing(large: VectorIndex, exact: VectorIndex, k: int, floor: float) -> None:
    assert recall(large, exact, k) >= floor


def test_the_first_of_more_than_there_are_are_all(large: VectorIndex, exact: VectorIndex) -> None:
    assert recall(large, exact, SIZE + 5) == 1


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3])
def test_a_filter_that_few_pass_misses_nothing(large: VectorIndex, exact: VectorIndex, share: float) -> None:
    allowed = np.sort(np.random.default_rng(3).choice(SIZE, int(SIZE * share), replace=False) + 1).tolist()
    assert recall(large, exact, 20, allowed) == 1


def test_a_filter_that_many_pass_misses_next_to_nothing(large: VectorIndex, exact: VectorIndex) -> None:
    allowed = np.sort(np.random.default_rng(3).choice(SIZE, 1800, replace=False) + 1).tolist()
    assert recall(large, exact, 20, allowed) >= 0.99


def test_a_filter_that_goes_against_the_question_misses_nothing(large: VectorIndex, exact: VectorIndex) -> None:
    for query in QUERIES[:5]:
        far = np.sort([i for i, _ in exact.search(query, SIZE)[-1500:]])
        found, expected = large.search(query, 20, far), exact.search(query, 20, far)
        assert [i for i, _ in found] == [i for i, _ in expected]


def test_a_large_index_that_is_changed_is_exact_until_it_is_saved(
    large: VectorIndex, exact: VectorIndex, tmp_path: Path
) -> None:
    for index in (large, exact):
        assert index.remove(range(1, 1001)) == 1000
        index.add(range(SIZE + 1, SIZE + 501), around_centres(500, 4))
    assert large.kind == "flat"
    assert recall(large, exact, 100) == 1
    large.save(tmp_path / "v.faiss")
    opened = VectorIndex.open(tmp_path / "v.faiss")
    assert large.kind == opened.kind == "pq"
    assert opened.ids().tolist() == [*range(1001, SIZE + 501)]
    assert recall(opened, exact, 20) >= 0.99


def test_a_large_index_that_becomes_small_or_empty_leaves_no_codes(large: VectorIndex, tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    assert (tmp_path / "v.faiss.codes").is_file()
    large.remove(range(1, SIZE + 1))
    assert (len(large), large.search(QUERIES[0], 5)) == (0, [])
    large.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["v.faiss"]
    assert VectorIndex.open(path).search(QUERIES[0], 5) == []


def test_the_same_vectors_give_the_same_files(exact: VectorIndex, tmp_path: Path, small_limits: None) -> None:
    for name in ("a", "b"):
        exact.copy().save(tmp_path / name)
    for suffix in ("", vectors_module.CODES_SUFFIX):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("damage", ["other", "of another index"])
def test_damaged_codes_are_told(large: VectorIndex, tmp_path: Path, damage: str) -> None:
    codes = tmp_path / "v.faiss.codes"
    if damage == "other":
        codes.write_bytes(b"not an index")
    else:
        large.remove([1])
        large.save(tmp_path / "w.faiss")
        (tmp_path / "w.faiss.codes").replace(codes)
    with pytest.raises(IndexingError, match="index the folder again"):
        VectorIndex.open(tmp_path / "v.faiss")


def test_a_dimension_that_is_odd_is_no_obstacle(tmp_path: Path, small_limits: None) -> None:
    index = VectorIndex(7)
    vectors = np.ascontiguousarray(around_centres(SIZE, 1)[:, :7])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.add(range(SIZE), vectors)
    index.save(tmp_path / "v.faiss")
    assert index.kind == "pq"
    assert index.search(vectors[5], 1)[0][0] == 5
