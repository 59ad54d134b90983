"""This project's search as a LlamaIndex retriever, and its answers as a query engine, for programs built on it.

    engine = ReleaseQueryEngine(assistant=Assistant.open())  # answers as ``Assistant.ask`` does: cited and checked
    retriever = ReleaseRetriever(Assistant.open())
    engine = RetrieverQueryEngine.from_args(retriever, llm=llm)  # LlamaIndex writes, and nothing is checked

A node is a passage or a quote: its text is ``[start_char_idx, end_char_idx)`` of the release that its metadata names.
"""

from typing import Any

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from pydantic import ConfigDict

from assistant.citations.citation import Citation
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
        return [NodeWithScore(node=_node(passage, passage.text), score=passage.score) for passage in found.passages]


class ReleaseQueryEngine(CustomQueryEngine):
    """Answers as ``Assistant.ask`` does: every sentence cited and checked, or an honest abstention.

    The response's nodes are the quotes; its metadata has the whole ``Answer`` as JSON has it, under ``answer``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    condition: SearchFilter | None = None

    def custom_query(self, query_str: str) -> Response:
        """Ask, and give the answer's text with its markers."""
        answer = self.assistant.ask(query_str, condition=self.condition)
        return Response(
            response=answer.answer,
            source_nodes=[NodeWithScore(node=_quote(citation)) for citation in answer.citations],
            metadata={"answer": answer.model_dump(mode="json")},
        )


def _quote(citation: Citation) -> TextNode:
    return _node(citation, citation.quote, marker=citation.marker)


def _node(found: FoundPassage | Citation, text: str, **more: int) -> TextNode:
    return TextNode(
        id_=f"{found.release_id}:{found.start}-{found.end}",
        text=text,
        start_char_idx=found.start,
        end_char_idx=found.end,
        metadata={
            **more,
            "release_id": found.release_id,
            "title": found.title,
            "date": found.date.isoformat() if found.date else None,
            "section": found.section,
            "url": found.url,
        },
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=found.release_id)},
    )
