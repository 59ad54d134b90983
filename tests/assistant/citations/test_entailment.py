"""An entailment model by name: a real one, of the packaged weights with a head that nobody trained."""

from pathlib import Path

import pytest

from assistant.citations.entailment import CrossEncoderEntailment
from corpus.errors import EmbeddingError
from indexes.embedding.packaged_model import model_folder


def saved(folder: Path, labels: list[str]) -> str:
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(5)
    model = CrossEncoder(str(model_folder()), num_labels=len(labels))
    model.config.id2label = dict(enumerate(labels))
    model.config.label2id = {label: n for n, label in enumerate(labels)}
    model.save_pretrained(str(folder))
    return str(folder)


def test_the_label_of_entailment_is_found_by_its_name(tmp_path: Path) -> None:
    pair = ("OFAC designated Alder Lines.", "Alder Lines was designated.")
    first = CrossEncoderEntailment(saved(tmp_path / "one", ["contradiction", "entailment", "neutral"])).entails(*pair)
    other = CrossEncoderEntailment(saved(tmp_path / "two", ["contradiction", "neutral", "Entailment"])).entails(*pair)
    assert 0 < first < 1
    assert 0 < first + other < 1


def test_a_model_that_judges_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="its labels are bad, good"):
        CrossEncoderEntailment(saved(tmp_path / "other", ["bad", "good"]))
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        CrossEncoderEntailment(str(tmp_path / "nowhere"))
