"""This project's vectors and encoder as parts of LlamaIndex, for programs that are built on it.

    store = ReleaseVectorStore.from_generation(Home(folder).open())
    index = VectorStoreIndex.from_vector_store(store, embed_model=EncoderEmbedding(encoder))
    nodes = index.as_retriever(similarity_top_k=10, filters=filters).retrieve("Who is Choe Chol Min?")

The command line and the chat search without LlamaIndex, whose import alone takes longer than an answer.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from llama_index.core.vector_stores.utils import build_metadata_filter_fn

from corpus.errors import IndexingError
from indexes.embedding.encoder import Encoder
from indexes.generation import Generation
from indexes.vectors import VectorIndex

NODES_SUFFIX = ".nodes.jsonl"


class EncoderEmbedding(BaseEmbedding):
    """An ``Encoder`` as LlamaIndex's embedding model."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder, **kwargs: Any) -> None:
        super().__init__(model_name=encoder.fingerprint, **kwargs)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return cast(list[list[float]], self._encoder.embed(texts).tolist())

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class ReleaseVectorStore(BasePydanticVectorStore):
    """Nodes in a FAISS index (see ``vectors``), with deletes and metadata filters.

    Vectors are normalised, so that similarities are cosines whatever was handed in. Ids are the store's own and only
    ever grow, so that a node added after a delete can never be mistaken for the deleted one. Filters are LlamaIndex's
    own, nested ones too, applied before the search: a query gets its full ``similarity_top_k`` of nodes that pass.
    """

    stores_text: bool = True

    _vectors: VectorIndex = PrivateAttr()
    _nodes: dict[int, TextNode] = PrivateAttr(default_factory=dict)
    _ids: dict[str, int] = PrivateAttr(default_factory=dict)
    _next_id: int = PrivateAttr(default=1)

    def __init__(self, dimension: int, **kwargs: Any) -> None:
        super().__init__(stores_text=True, **kwargs)
        self._vectors = VectorIndex(dimension)

    @classmethod
    def class_name(cls) -> str:
        """LlamaIndex's name for the class."""
        return "ReleaseVectorStore"

    @classmethod
    def from_generation(cls, generation: Generation) -> "ReleaseVectorStore":
        """The chunks of a generation as nodes; what is added or deleted here never changes the generation."""
        store = cls(generation.manifest.dimension)
        store._vectors = generation.vectors.copy()
        for chunk in generation.chunks.get(store._vectors.ids().tolist()):
            release = generation.releases.get(chunk.release_id)
            if release is None:
                raise IndexingError(f"chunk {chunk.chunk_id} names no release; index the folder again")
            node = TextNode(
                id_=f"{chunk.release_id}:{chunk.start}-{chunk.end}",
                text=release.text[chunk.start : chunk.end],
                start_char_idx=chunk.start,
                end_char_idx=chunk.end,
                metadata={
                    "release_id": release.release_id,
                    "title": release.title,
                    "date": release.date.isoformat() if release.date else None,
                    "section": release.section,
                    "kind": str(release.kind),
                    "url": release.url,
                },
                relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=release.release_id)},
            )
            store._keep(chunk.chunk_id, node)
        return store

    @classmethod
    def from_persist_path(cls, persist_path: str) -> "ReleaseVectorStore":
        """Read a store that ``persist`` wrote.

        Raises:
            IndexingError: its files are missing or damaged.
        """
        vectors = VectorIndex.open(Path(persist_path))
        store = cls(vectors.dimension)
        store._vectors = vectors
        try:
            with Path(persist_path + NODES_SUFFIX).open(encoding="utf-8") as lines:
                store._next_id = json.loads(next(lines))["next_id"]
                for line in lines:
                    row = json.loads(line)
                    store._keep(row["id"], TextNode.from_dict(row["node"]))
        except (OSError, ValueError, KeyError, StopIteration) as error:
            raise IndexingError(f"{persist_path}{NODES_SUFFIX} is missing or damaged: {error}") from error
        return store

    @property
    def client(self) -> VectorIndex:
        """The index underneath."""
        return self._vectors

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """Add nodes with their embeddings; a node whose id is there already takes its place."""
        if not nodes:
            return []
        latest = {node.node_id: node for node in nodes}
        self.delete_nodes([node_id for node_id in latest if node_id in self._ids])
        vectors = np.array([node.get_embedding() for node in latest.values()], np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise ValueError("an embedding of zeros has no direction and cannot be searched")
        ids = list(range(self._next_id, self._next_id + len(latest)))
        self._vectors.add(ids, vectors / lengths)
        for i, node in zip(ids, latest.values(), strict=True):
            bare = cast(TextNode, node.model_copy(update={"embedding": None}))
            self._keep(i, bare)
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        """Delete all nodes of a document."""
        self.delete_nodes([node.node_id for node in self._nodes.values() if node.ref_doc_id == ref_doc_id])

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **delete_kwargs: Any
    ) -> None:
        """Delete the nodes that have one of the ids and pass the filters; with neither, nothing."""
        if node_ids is None and filters is None:
            return
        gone = [self._ids[node.node_id] for node in self._passing(node_ids, filters)]
        self._vectors.remove(gone)
        for i in gone:
            del self._ids[self._nodes.pop(i).node_id]

    def clear(self) -> None:
        """Delete every node; their ids are still never given again."""
        self.delete_nodes(list(self._ids))

    def get_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None) -> list[BaseNode]:
        """The nodes that have one of the ids and pass the filters, in the order in which they were added."""
        return list(self._passing(node_ids, filters))

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """The nearest nodes that pass the query's filters, with their cosines, best first.

        Raises:
            ValueError: the query has no embedding, or a mode other than the default.
        """
        if query.query_embedding is None or query.mode is not VectorStoreQueryMode.DEFAULT:
            raise ValueError("only queries with an embedding, in the default mode, can be answered")
        vector = np.array(query.query_embedding, np.float32)
        vector /= np.linalg.norm(vector) or 1.0
        allowed = None
        if query.filters or query.node_ids or query.doc_ids:  # LlamaIndex's retriever means "all" by an empty list
            passing = self._passing(query.node_ids or None, query.filters)
            kept = (node for node in passing if not query.doc_ids or node.ref_doc_id in query.doc_ids)
            allowed = np.array(sorted(self._ids[node.node_id] for node in kept), np.int64)
        found = self._vectors.search(vector, query.similarity_top_k, allowed)
        return VectorStoreQueryResult(
            nodes=[self._nodes[i] for i, _ in found],
            similarities=[score for _, score in found],
            ids=[self._nodes[i].node_id for i, _ in found],
        )

    def persist(self, persist_path: str, fs: Any = None) -> None:
        """Write the store to ``persist_path`` and, for the nodes, a file beside it."""
        self._vectors.save(Path(persist_path))
        with Path(persist_path + NODES_SUFFIX).open("w", encoding="utf-8") as file:
            file.write(json.dumps({"next_id": self._next_id}) + "\n")
            for i, node in self._nodes.items():
                file.write(json.dumps({"id": i, "node": node.to_dict()}) + "\n")

    def _keep(self, i: int, node: TextNode) -> None:
        self._nodes[i] = node
        self._ids[node.node_id] = i
        self._next_id = max(self._next_id, i + 1)

    def _passing(self, node_ids: list[str] | None, filters: MetadataFilters | None) -> Iterator[TextNode]:
        wanted = None if node_ids is None else set(node_ids)
        for node in list(self._nodes.values()):
            if (wanted is None or node.node_id in wanted) and (filters is None or passes(node.metadata, filters)):
                yield node


def passes(metadata: dict[str, Any], filters: MetadataFilters) -> bool:
    """Whether a node's metadata meets the filters; groups inside groups are understood."""
    verdicts = [
        passes(metadata, part)
        if isinstance(part, MetadataFilters)
        else build_metadata_filter_fn(lambda _: metadata, MetadataFilters(filters=[part]))("")
        for part in filters.filters
    ]
    if filters.condition is FilterCondition.OR:
        return any(verdicts) or not verdicts
    if filters.condition is FilterCondition.NOT:
        return not any(verdicts)
    return all(verdicts)
