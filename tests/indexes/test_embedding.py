"""The encoder agrees with sentence-transformers, checks its files, and the cache gives back what was put in."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import EmbeddingError
from indexes.embedding import packaged_model
from indexes.embedding.cache import VectorCache, text_key
from indexes.embedding.encoder import DEFAULT_MODEL, Encoder, load_encoder
from indexes.embedding.onnx_encoder import LEAST_AGREEMENT, OnnxEncoder, agreement, check_agreement
from indexes.embedding.reference_encoder import ReferenceEncoder

TEXTS = [
    "The bank moved $4.2 million for a Harbor front company in 2011.",
    "Debt relief for Zambia was discussed by the ministers.",
    "",
    "A very long passage. " * 200,
]


@pytest.fixture(scope="module")
def reference() -> ReferenceEncoder:
    return ReferenceEncoder(str(packaged_model.model_folder()))


def test_vectors_agree_with_sentence_transformers(encoder: Encoder, reference: ReferenceEncoder) -> None:
    assert isinstance(encoder, OnnxEncoder)
    cosines = (encoder.embed(TEXTS) * reference.embed(TEXTS)).sum(axis=1)
    assert cosines.min() >= LEAST_AGREEMENT[encoder.precision]
    assert (encoder.dimension, encoder.window) == (reference.dimension, reference.window)
    assert encoder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)


def test_a_vector_never_depends_on_what_else_is_embedded(encoder: Encoder) -> None:
    assert np.array_equal(encoder.embed(TEXTS)[1:2], encoder.embed(TEXTS[1:2]))


@pytest.mark.parametrize("kind", ["onnx", "reference"])
def test_vectors_are_unit_length_and_in_order(kind: str, encoder: Encoder, reference: ReferenceEncoder) -> None:
    chosen = encoder if kind == "onnx" else reference
    together = chosen.embed(TEXTS)
    assert together.shape == (len(TEXTS), chosen.dimension)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    alone = np.concatenate([chosen.embed([text]) for text in TEXTS])
    assert together == pytest.approx(alone, abs=1e-5)
    assert chosen.embed([]).shape == (0, chosen.dimension)


def test_the_export_is_verified_again_against_its_own_record(encoder: Encoder) -> None:
    assert isinstance(encoder, OnnxEncoder)
    assert check_agreement(encoder) == agreement(encoder, np.load(encoder.folder / "reference.npy"))


def copied(models: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    shutil.copytree(models, folder)
    return folder / f"all-MiniLM-L6-v2-{packaged_model.WEIGHTS_SHA256[:16]}"


def test_an_altered_export_is_refused(models: Path, tmp_path: Path) -> None:
    folder = copied(models, tmp_path)
    record = json.loads((folder / "export.json").read_text())
    with (folder / record["file"]).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(EmbeddingError, match="altered after its export; delete"):
        load_encoder(DEFAULT_MODEL, folder.parent)


def test_a_damaged_export_says_what_to_delete(models: Path, tmp_path: Path) -> None:
    folder = copied(models, tmp_path)
    (folder / "export.json").write_text("{")
    with pytest.raises(EmbeddingError, match="delete it, it will be made again"):
        load_encoder(DEFAULT_MODEL, folder.parent)


def test_an_export_that_no_longer_agrees_is_told(models: Path, tmp_path: Path) -> None:
    folder = copied(models, tmp_path)
    reference = np.load(folder / "reference.npy")
    np.save(folder / "reference.npy", reference[::-1])
    encoder = load_encoder(DEFAULT_MODEL, folder.parent)
    assert isinstance(encoder, OnnxEncoder)
    with pytest.raises(EmbeddingError, match="no longer agrees"):
        check_agreement(encoder)


def test_weights_of_another_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(packaged_model.model_folder(), tmp_path / "model")
    with (tmp_path / "model" / "model.safetensors").open("r+b") as file:
        file.seek(1000)
        file.write(b"\x01")
    monkeypatch.setattr("indexes.embedding.onnx_encoder.model_folder", lambda: tmp_path / "model")
    with pytest.raises(EmbeddingError, match=r"not 53aa51172d142c89… as published; run: pip install"):
        load_encoder(DEFAULT_MODEL, tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_model_that_is_nowhere_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        load_encoder(str(tmp_path / "no-model"), tmp_path)


def test_the_cache_keeps_vectors_by_content(tmp_path: Path, encoder: Encoder) -> None:
    keys, vectors = [text_key(text) for text in TEXTS], encoder.embed(TEXTS)
    with VectorCache(tmp_path, encoder.fingerprint, encoder.dimension) as cache:
        cache.put(keys[:2], vectors[:2])
    with VectorCache(tmp_path, encoder.fingerprint, encoder.dimension) as cache:
        assert cache.missing(keys) == set(keys[2:])
        assert np.array_equal(cache.get([keys[1], keys[0], keys[1]]), vectors[[1, 0, 1]])
        with pytest.raises(KeyError):
            cache.get(keys)
    with VectorCache(tmp_path, "another-model", encoder.dimension) as cache:
        assert cache.missing(keys) == set(keys)


def test_the_cache_answers_for_more_keys_than_sqlite_takes_parameters(tmp_path: Path) -> None:
    keys = [text_key(str(n)) for n in range(1200)]
    vectors = np.random.default_rng(0).normal(size=(1200, 4)).astype(np.float32)
    with VectorCache(tmp_path, "f", 4) as cache:
        cache.put(keys[:1100], vectors[:1100])
        assert cache.missing(keys) == set(keys[1100:])
        assert np.array_equal(cache.get(keys[:1100]), vectors[:1100])
