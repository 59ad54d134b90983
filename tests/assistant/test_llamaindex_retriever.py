"""The search as a LlamaIndex retriever, alone and inside a query engine."""

import asyncio
import datetime

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode

from assistant.engine import Assistant
from assistant.llamaindex import ReleaseQueryEngine, ReleaseRetriever
from indexes.filters import SearchFilter

QUESTION = "Which executive order was Choe Un Jong designated under in June 2023?"


def test_nodes_are_spans_of_releases_best_first(starter: Assistant) -> None:
    nodes = ReleaseRetriever(starter, limit=4).retrieve(QUESTION)
    assert len(nodes) == 4
    assert nodes[0].metadata["release_id"] == "jy1539"
    assert [node.score for node in nodes] == sorted((node.score or 0 for node in nodes), reverse=True)
    assert len({node.metadata["release_id"] for node in nodes}) == 4
    for found in nodes:
        release = starter.release(found.metadata["release_id"])
        node = found.node
        assert release is not None
        assert release.text[node.start_char_idx : node.end_char_idx] == node.text  # type: ignore[attr-defined]
        assert node.ref_doc_id == release.release_id


def test_it_finds_what_the_assistant_finds(starter: Assistant) -> None:
    nodes = ReleaseRetriever(starter).retrieve(QUESTION)
    passages = starter.search(QUESTION).passages
    assert [node.metadata["release_id"] for node in nodes] == [passage.release_id for passage in passages]


def test_a_condition_holds(starter: Assistant) -> None:
    retriever = ReleaseRetriever(starter, condition=SearchFilter(date_to=datetime.date(2010, 12, 31)))
    nodes = retriever.retrieve("Which banks were designated?")
    assert nodes
    assert all(node.metadata["date"] <= "2010-12-31" for node in nodes)


def test_inside_a_query_engine(starter: Assistant) -> None:
    engine = RetrieverQueryEngine.from_args(
        ReleaseRetriever(starter, limit=3), llm=MockLLM(), response_mode=ResponseMode.COMPACT
    )
    response = engine.query(QUESTION)
    assert next(node.metadata["release_id"] for node in response.source_nodes) == "jy1539"
    assert "Choe Un Jong" in str(response), "the mock repeats its prompt, which holds the passages"


def test_asynchronously(starter: Assistant) -> None:
    nodes = asyncio.run(ReleaseRetriever(starter).aretrieve(QUESTION))
    assert nodes[0].metadata["release_id"] == "jy1539"


def test_the_query_engine_answers_as_the_assistant_does(starter: Assistant) -> None:
    response = ReleaseQueryEngine(assistant=starter).query(QUESTION)
    answer = starter.ask(QUESTION)
    assert str(response) == answer.answer
    assert [node.metadata["release_id"] for node in response.source_nodes] == [c.release_id for c in answer.citations]
    assert [node.text for node in response.source_nodes] == [c.quote for c in answer.citations]
    assert response.metadata is not None
    assert response.metadata["answer"]["provenance"]["generation"] == answer.provenance.generation


def test_the_query_engine_cites_nothing_where_nothing_answers(starter: Assistant) -> None:
    response = ReleaseQueryEngine(assistant=starter).query("How long should I simmer short ribs?")
    assert response.source_nodes == []
    assert str(response).startswith("Not in the corpus")
