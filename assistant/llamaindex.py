"""This project's search as a LlamaIndex retriever, for programs that are built on it.

    retriever = ReleaseRetriever(Assistant(load_settings()))
    engine = RetrieverQueryEngine.from_args(retriever, llm=llm)

A node is a passage: its text is ``[start_char_idx, end_char_idx)`` of the release that its metadata names.
"""

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from assistant.engine import Assistant
from assistant.search import FoundPassage
from indexes.filters import SearchFilter


class ReleaseRetriever(BaseRetriever):
    """The best passage of each of the best releases, with periods, ids and names of the question understood."""

    def __init__(
        self, assistant: Assistant, limit: int = 10, condition: SearchFilter | None = None, **kwargs: Any
    ) -> None:
        """Search with an assistant.

        Args:
            assistant: over the index to search; it stays the caller's to close.
            limit: passages, at most, one of a release.
            condition: only releases that meet it.
            kwargs: LlamaIndex's own.
        """
        super().__init__(**kwargs)
        self._assistant = assistant
        self._limit = limit
        self._condition = condition

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._assistant.search(query_bundle.query_str, condition=self._condition, limit=self._limit)
        return [NodeWithScore(node=_node(passage), score=passage.score) for passage in found.passages]


def _node(passage: FoundPassage) -> TextNode:
    return TextNode(
        id_=f"{passage.release_id}:{passage.start}-{passage.end}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "release_id": passage.release_id,
            "title": passage.title,
            "date": passage.date.isoformat() if passage.date else None,
            "section": passage.section,
            "url": passage.url,
        },
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.release_id)},
    )
