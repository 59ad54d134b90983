"""The fine-tuned encoder of sentences: the adapter is added as PEFT adds it, and the recipe makes one that works."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.answers.encoder_fitting import hit_rate, train_adapter, write_adapter
from assistant.answers.examples import Example, split
from assistant.answers.sentence_encoder import ADAPTER, load_sentence_encoder
from corpus.errors import EmbeddingError
from indexes.embedding.adapter import CONFIG, WEIGHTS
from indexes.embedding.encoder import Encoder
from indexes.embedding.onnx_encoder import LEAST_AGREEMENT, OnnxEncoder
from indexes.embedding.packaged_model import model_folder
from indexes.embedding.reference_encoder import load_sentence_transformer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = [
    "Who paid the harbour master?",
    "The harbour master was paid by the Quillon Trading House.",
    "The harbour master lives in Odessa.",
]


@pytest.fixture(scope="module")
def tuned(models: Path) -> Encoder:
    return load_sentence_encoder(models)


@pytest.mark.filterwarnings("ignore")  # PEFT's and torch's own
def test_vectors_are_those_of_the_adapter_in_peft(tuned: Encoder) -> None:
    model = load_sentence_transformer(str(model_folder()), device="cpu")
    model.load_adapter(str(ADAPTER))
    reference = np.asarray(model.encode(TEXTS, normalize_embeddings=True))
    assert isinstance(tuned, OnnxEncoder)
    assert (tuned.embed(TEXTS) * reference).sum(axis=1).min() >= LEAST_AGREEMENT[tuned.precision]


def test_it_is_another_model_than_the_one_of_passages(tuned: Encoder, encoder: Encoder) -> None:
    assert tuned.fingerprint != encoder.fingerprint
    assert (tuned.embed(TEXTS) * encoder.embed(TEXTS)).sum(axis=1).max() < 0.99


def test_its_figures_stand_beside_it() -> None:
    figures = json.loads((ADAPTER / "figures.json").read_text(encoding="utf-8"))
    assert figures["questions"] > 1_500
    assert figures["evidence_tuned"]["among 1"] > figures["evidence_published"]["among 1"] + 0.1
    assert (ADAPTER / WEIGHTS).stat().st_size < 25_000_000


@pytest.mark.parametrize("fault", ["no weights", "no configuration", "broken", "of another model"])
def test_a_folder_that_holds_no_adapter_is_told(fault: str, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "adapter"
    shutil.copytree(ADAPTER, folder)
    if fault == "no weights":
        (folder / WEIGHTS).unlink()
    elif fault == "no configuration":
        (folder / CONFIG).unlink()
    elif fault == "broken":
        (folder / WEIGHTS).write_bytes(b"\0" * 100)
    else:
        tensors = load_file(ADAPTER / WEIGHTS)
        narrow = {name: v[:, :8].contiguous() if "lora_A" in name else v for name, v in tensors.items()}
        save_file(narrow, folder / WEIGHTS)
    with pytest.raises(EmbeddingError, match="adapter"):
        OnnxEncoder.open(tmp_path / "models", folder)
    assert not list(tmp_path.glob("models/all*"))


def examples(n: int) -> list[Example]:
    """Questions that ask for the payer, beside sentences that share more of their words."""
    return [
        Example(
            f"Who paid the captain of vessel {i}?",
            f"ab{i:04}",
            [f"Money for the captain of vessel {i} came from the Quillon Trading House."],
            [f"The captain of vessel {i} lives in Odessa.", f"Was the captain of vessel {i} paid?"],
        )
        for i in range(n)
    ]


def margin(model: "SentenceTransformer") -> float:
    """How much nearer the evidence is to its question than the nearest other sentence."""
    example = examples(1)[0]
    vectors = model.encode([example.question, *example.evidence, *example.others], normalize_embeddings=True)
    cosines = vectors[1:] @ vectors[0]
    return float(cosines[0] - cosines[1:].max())


def test_releases_are_held_out_whole() -> None:
    twice = [*examples(40), *examples(40)]
    fitted_on, held_out = split(twice)
    assert len(fitted_on) + len(held_out) == 80
    assert len(held_out) == 40
    assert not {e.release_id for e in fitted_on} & {e.release_id for e in held_out}


@pytest.mark.filterwarnings("ignore")  # what the trainer warns of
def test_training_draws_the_evidence_to_its_question(tmp_path: Path) -> None:
    model = load_sentence_transformer(str(model_folder()), device="cpu")
    before = margin(model)
    train_adapter(model, examples(64), tmp_path / "scratch")
    assert margin(model) > before
    figures = hit_rate(model, examples(4))
    write_adapter(model, tmp_path / "adapter", figures)
    assert json.loads((tmp_path / "adapter" / "figures.json").read_text()) == figures
    written = OnnxEncoder.open(tmp_path / "models", tmp_path / "adapter")
    reference = np.asarray(model.encode(TEXTS, normalize_embeddings=True))
    assert (written.embed(TEXTS) * reference).sum(axis=1).min() >= LEAST_AGREEMENT[written.precision]
