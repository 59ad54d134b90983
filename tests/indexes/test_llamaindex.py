"""The LlamaIndex store does what LlamaIndex's own in-memory store does, and keeps clear of FAISS stores' traps."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    SimpleVectorStore,
    VectorStoreQuery,
)
from llama_index.core.vector_stores.types import VectorStoreQueryMode

from assistant.engine import Assistant
from corpus.errors import IndexingError
from indexes.llamaindex import EncoderEmbedding, ReleaseVectorStore, passes


def node(n: int, document: str = "d", **metadata: Any) -> TextNode:
    angle = n * 0.37
    return TextNode(
        id_=f"n{n}",
        text=f"text {n}",
        embedding=[3 * math.cos(angle), 3 * math.sin(angle)],  # not of length 1: the store normalises
        metadata={"year": 2000 + n, "section": "readouts" if n % 2 else "press-releases", **metadata},
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document)},
    )


def query(k: int = 50, filters: MetadataFilters | None = None, **kwargs: Any) -> VectorStoreQuery:
    return VectorStoreQuery(query_embedding=[1.0, 0.2], similarity_top_k=k, filters=filters, **kwargs)


def where(key: str, operator: FilterOperator, value: Any) -> MetadataFilter:
    return MetadataFilter(key=key, operator=operator, value=value)


STEPS = st.lists(
    st.tuples(st.just("add"), st.integers(0, 30), st.sampled_from("ab"))
    | st.tuples(st.just("delete"), st.sampled_from("ab"), st.none()),
    max_size=25,
)
FILTERS = st.none() | st.builds(
    MetadataFilters,
    filters=st.lists(
        st.builds(
            where, st.just("year"), st.sampled_from([FilterOperator.GT, FilterOperator.LTE]), st.integers(2000, 2030)
        )
        | st.builds(
            where, st.just("section"), st.sampled_from([FilterOperator.EQ, FilterOperator.NE]), st.just("readouts")
        )
        | st.builds(where, st.just("year"), st.just(FilterOperator.IN), st.lists(st.integers(2000, 2030), max_size=5)),
        min_size=1,
        max_size=3,
    ),
    condition=st.sampled_from([FilterCondition.AND, FilterCondition.OR]),
)


@given(STEPS, FILTERS, st.integers(1, 40))
@settings(deadline=None)
def test_it_answers_as_the_in_memory_store_does(steps: list[Any], filters: MetadataFilters | None, k: int) -> None:
    ours, theirs = ReleaseVectorStore(2), SimpleVectorStore()
    for step, what, document in steps:
        if step == "add":
            ours.add([node(what, document)])
            theirs.add([node(what, document)])
        else:
            ours.delete(what)
            theirs.delete(what)
    found, expected = ours.query(query(k, filters)), theirs.query(query(k, filters))
    assert found.ids == expected.ids
    assert found.similarities == pytest.approx(expected.similarities, abs=1e-5)


def test_a_node_added_after_a_delete_is_not_the_deleted_one() -> None:
    store = ReleaseVectorStore(2)
    store.add([node(n, document=f"d{n}") for n in range(5)])
    store.delete("d2")
    store.add([node(9)])
    found = store.query(query())
    assert found.ids is not None
    assert sorted(found.ids) == ["n0", "n1", "n3", "n4", "n9"]
    assert all(n.text == f"text {n.node_id[1:]}" for n in found.nodes or [] if isinstance(n, TextNode))


def test_a_filter_still_gives_the_full_number_of_nodes() -> None:
    store = ReleaseVectorStore(2)
    store.add([node(n) for n in range(30)])
    late = MetadataFilters(filters=[where("year", FilterOperator.GTE, 2020)])
    found = store.query(query(5, late))
    assert len(found.ids or []) == 5
    assert all(n.metadata["year"] >= 2020 for n in found.nodes or [])


def test_filters_inside_filters() -> None:
    either = MetadataFilters(
        filters=[where("year", FilterOperator.EQ, 2003), where("year", FilterOperator.EQ, 2004)],
        condition=FilterCondition.OR,
    )
    both = MetadataFilters(filters=[either, where("section", FilterOperator.EQ, "readouts")])
    neither = MetadataFilters(filters=[both], condition=FilterCondition.NOT)
    store = ReleaseVectorStore(2)
    store.add([node(n) for n in range(6)])
    assert [n.node_id for n in store.get_nodes(filters=both)] == ["n3"]
    assert len(store.get_nodes(filters=neither)) == 5
    assert passes({}, MetadataFilters(filters=[]))


def test_only_chosen_documents_or_nodes_are_searched() -> None:
    store = ReleaseVectorStore(2)
    store.add([node(n, document="a" if n < 3 else "b") for n in range(6)])
    assert sorted(store.query(query(doc_ids=["b"])).ids or []) == ["n3", "n4", "n5"]
    assert store.query(query(node_ids=["n1"])).ids == ["n1"]
    assert len(store.query(query(node_ids=[], doc_ids=[])).ids or []) == 6


def test_what_cannot_be_answered_is_refused() -> None:
    store = ReleaseVectorStore(2)
    with pytest.raises(ValueError, match="embedding"):
        store.query(VectorStoreQuery(query_str="words only"))
    with pytest.raises(ValueError, match="default mode"):
        store.query(query(mode=VectorStoreQueryMode.HYBRID))
    with pytest.raises(ValueError, match="no direction"):
        store.add([TextNode(text="x", embedding=[0.0, 0.0])])


def test_it_comes_back_from_disk_with_its_ids(tmp_path: Path) -> None:
    store = ReleaseVectorStore(2)
    store.add([node(n) for n in range(4)])
    store.delete_nodes(["n3"])
    store.persist(str(tmp_path / "store"))
    again = ReleaseVectorStore.from_persist_path(str(tmp_path / "store"))
    again.add([node(7)])
    assert sorted(again.query(query()).ids or []) == ["n0", "n1", "n2", "n7"]
    (tmp_path / "store.nodes.jsonl").unlink()
    with pytest.raises(IndexingError, match="missing or damaged"):
        ReleaseVectorStore.from_persist_path(str(tmp_path / "store"))


def test_llamaindex_retrieves_from_the_index_that_the_assistant_uses(starter: Assistant) -> None:
    generation = starter.generation()
    store = ReleaseVectorStore.from_generation(generation)
    embedding = EncoderEmbedding(starter.encoder)
    index = VectorStoreIndex.from_vector_store(store, embed_model=embedding)
    text = "Which executive order was Choe Un Jong designated under?"
    found = index.as_retriever(similarity_top_k=5).retrieve(text)
    expected = generation.vectors.search(starter.encoder.embed([text])[0], 5)
    assert [hit.score for hit in found] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert found[0].node.metadata["release_id"] == "jy1539"
    early = MetadataFilters(filters=[where("date", FilterOperator.LT, "2007-01-01")])
    dates = [hit.node.metadata["date"] for hit in index.as_retriever(similarity_top_k=8, filters=early).retrieve(text)]
    assert len(dates) == 8
    assert max(dates) < "2007-01-01"
    store.delete("jy1539")
    assert "jy1539" not in {hit.node.metadata["release_id"] for hit in index.as_retriever().retrieve(text)}
    assert generation.releases.get("jy1539") is not None
