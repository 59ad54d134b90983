"""LlamaIndex with its own defaults, over the same chunks and vectors."""

import itertools
import re
import time
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.llms import LLM
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.citations.checking import Checker
from assistant.citations.citation import Citation, cite
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord, RecordedSentence
from assistant.evaluation.systems.index import index_provenance, open_index
from assistant.evaluation.systems.passages import (
    Passage,
    PassageSystem,
    milliseconds,
    passage_parts,
    ranked_releases,
    recorded,
)
from assistant.evaluation.systems.system import WARM_UP
from assistant.language_model import open_language_model
from assistant.settings import Settings
from corpus.release import Release
from corpus.sentences import sentence_spans
from indexes.generation import Generation
from indexes.llamaindex import EncoderEmbedding

#: Nodes asked for where a ranking is wanted; LlamaIndex's default of 2 is what is shown.
RANKED_NODES = 50
_MARKERS = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")


class VectorStoreSystem(PassageSystem):
    """``VectorStoreIndex`` with the store, retriever and settings that it has by default."""

    def __init__(self, settings: Settings) -> None:
        generation, encoder = open_index(settings)
        index = vector_store_index(generation, EncoderEmbedding(encoder))
        retriever = index.as_retriever(similarity_top_k=RANKED_NODES)
        super().__init__(generation, encoder, lambda text: [_passage(node) for node in retriever.retrieve(text)])


class CitationSystem:
    """``CitationQueryEngine`` with its default prompt and number of sources, and a language model.

    A marker that names no source is left out of the text; a source is cited by the paragraphs that the model was shown.
    """

    def __init__(self, settings: Settings) -> None:
        self._generation, self._encoder = open_index(settings)
        self._model: LLM = open_language_model(settings, settings.llm_model)
        index = vector_store_index(self._generation, EncoderEmbedding(self._encoder))
        self._ranking = index.as_retriever(similarity_top_k=RANKED_NODES)
        self._ranking.retrieve(WARM_UP)
        self._engine = CitationQueryEngine.from_args(index, llm=self._model)

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        """What the engine writes, with the sources that its markers name."""
        started = time.perf_counter()
        ranking = [_passage(node) for node in self._ranking.retrieve(question.question)]
        retrieved = time.perf_counter()
        response = self._engine.query(question.question)
        written = str(response)
        ended = time.perf_counter()

        cited: dict[int, list[int]] = {}
        citations: list[Citation] = []
        releases: list[Release] = []
        for source in sorted({int(n) for found in _MARKERS.findall(written) for n in found.split(",")}):
            if 1 <= source <= len(response.source_nodes):
                cited[source] = []
                for release, span in passage_parts(_passage(response.source_nodes[source - 1]), self._generation):
                    citations.append(cite(release, span, len(citations) + 1))
                    releases.append(release)
                    cited[source].append(len(citations))

        def ours(sources: str) -> list[int]:
            return [marker for n in sources.split(",") for marker in cited.get(int(n), [])]

        def renumbered(found: re.Match[str]) -> str:
            markers = ours(found[1])
            return " " + "".join(f"[{marker}]" for marker in markers) if markers else ""

        sentences = []
        for span in sentence_spans(written):
            text = written[span.start : span.end]
            markers = [marker for found in _MARKERS.findall(text) for marker in ours(found)]
            bare = _MARKERS.sub("", text)
            pairs = [(citations[marker - 1], releases[marker - 1]) for marker in markers]
            sentences.append(
                RecordedSentence(text=bare, citations=markers, verdict=Checker().check(bare, pairs).verdict)
            )
        return AnswerRecord(
            id=question.id,
            question=question.question,
            answer=_MARKERS.sub(renumbered, written),
            abstained=not written.strip() or written.strip() == "Empty Response",
            confidence=max((passage.score for passage in ranking), default=0.0),
            sentences=sentences,
            citations=[recorded(citation) for citation in citations],
            retrieved=ranked_releases(ranking),
            timings_ms=milliseconds(retrieve=retrieved - started, compose=ended - retrieved),
        )

    def provenance(self) -> dict[str, Any]:
        """The index and the language model."""
        return {**index_provenance(self._generation, self._encoder), "writer": self._model.metadata.model_name}


def vector_store_index(generation: Generation, embedding: EncoderEmbedding) -> VectorStoreIndex:
    """The chunks of a generation, with the vectors that they have there, in LlamaIndex's default store."""
    ids = generation.vectors.ids().tolist()
    vectors = dict(zip(ids, generation.vectors.stored(), strict=True))
    nodes = []
    for release_id, chunks in itertools.groupby(generation.chunks.get(ids), lambda chunk: chunk.release_id):
        release = generation.releases.get(release_id)
        nodes += [
            TextNode(
                id_=f"{release_id}:{chunk.start}-{chunk.end}",
                text=release.text[chunk.start : chunk.end],
                metadata={"release_id": release_id, "start": chunk.start, "end": chunk.end},
                embedding=vectors[chunk.chunk_id].tolist(),
            )
            for chunk in chunks
            if release
        ]
    return VectorStoreIndex(nodes, embed_model=embedding)


def _passage(node: NodeWithScore) -> Passage:
    where = node.node.metadata
    return Passage(where["release_id"], where["start"], where["end"], float(node.score or 0.0))
