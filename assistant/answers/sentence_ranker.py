"""How likely a sentence answers: boosted trees over what is measured of it, fitted by ``assistant.answers.fitting``."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers.sentence_features import FEATURE_NAMES
from indexes.embedding.encoder import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

#: The trees as ONNX; their metadata names the features that they read, in order.
MODEL = Path(__file__).parent / "sentence_ranker.onnx"


def probabilities(features: Vectors) -> Vectors:
    """How likely each sentence is evidence for its question, from rows as ``feature_matrix`` makes them."""
    if not len(features):
        return np.zeros(0, dtype=np.float32)
    scores = _session().run(None, {"features": features})[0][:, 0]
    likely: Vectors = 1 / (1 + np.exp(-scores))
    return likely


@lru_cache(maxsize=1)
def _session() -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    session = InferenceSession(MODEL.read_bytes(), options, providers=["CPUExecutionProvider"])
    fitted_on = session.get_modelmeta().custom_metadata_map["features"].split()
    if tuple(fitted_on) != FEATURE_NAMES:
        raise RuntimeError(f"{MODEL.name} was fitted on other features; run: make train")
    return session
