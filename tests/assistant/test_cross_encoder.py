"""A cross-encoder after the fitted ranker: a real one, of the packaged weights with a head that nobody trained."""

from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.question import parse_question
from assistant.ranking.cross_encoder import PASSAGES, RELEASES, CrossEncoderRanker
from assistant.ranking.ranker import FittedRanker
from assistant.retrieval import find, retrieve
from assistant.settings import Settings
from corpus.errors import EmbeddingError
from indexes.embedding.packaged_model import model_folder
from indexes.generation import Home

QUESTION = "Which executive order was Choe Un Jong designated under?"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the model, saved as people keep theirs."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("cross-encoder")
    CrossEncoder(str(model_folder()), num_labels=1).save_pretrained(str(folder))
    return str(folder)


def test_the_first_releases_stand_in_the_order_of_the_model(starter: Assistant, model: str) -> None:
    from sentence_transformers import CrossEncoder

    generation = starter.generation()
    found = find(parse_question(QUESTION), generation, starter.encoder)
    first = FittedRanker().rank(found, generation)
    ranked = CrossEncoderRanker(model, FittedRanker()).rank(found, generation)
    assert {i for i, _ in ranked} == {i for i, _ in first}
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert ranked[0][1] == 1

    read = CrossEncoder(model)
    expected = {}
    for release_id, _ in first[:RELEASES]:
        release = generation.releases.get(release_id)
        assert release is not None
        pairs = [
            (QUESTION, f"{release.title}\n{release.text[h.start : h.end]}") for h in found.hits[release_id][:PASSAGES]
        ]
        expected[release_id] = max(read.predict(pairs, show_progress_bar=False).tolist())
    assert [i for i, _ in ranked[:RELEASES]] == sorted(expected, key=lambda i: (-expected[i], i))
    assert [i for i, _ in ranked[RELEASES:]] == [i for i, _ in first[RELEASES:]]


def test_it_is_chosen_by_setting_and_named_in_the_provenance(
    starter_home: Home, starter: Assistant, model: str
) -> None:
    with Assistant(Settings(home=starter_home.folder, reranker=model)) as assistant:
        answer = assistant.ask(QUESTION)
        question = parse_question(QUESTION)
        found = find(question, assistant.generation(), assistant.encoder)
        ranked = CrossEncoderRanker(model, FittedRanker()).rank(found, assistant.generation())
    assert [r.release_id for r in answer.retrieved] == [i for i, _ in ranked][: len(answer.retrieved)]
    assert answer.provenance.settings != starter.ask(QUESTION).provenance.settings


def test_a_release_named_by_its_id_still_comes_first(starter: Assistant, model: str) -> None:
    ranker = CrossEncoderRanker(model, FittedRanker())
    question = parse_question("What does hp219 say?")
    retrieved = retrieve(question, starter.generation(), starter.encoder, ranker=ranker)
    assert retrieved.releases[0][0] == "hp219"


def test_a_model_that_is_none_is_told(starter_home: Home, tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"the cross-encoder '.*' cannot be loaded: "):
        Assistant(Settings(home=starter_home.folder, reranker=str(tmp_path)))
