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
#: The questions that the trees were fitted on are put in other words than the releases, as those of people often are
#: not: the words that a sentence shares with its question count for more than the trees say (log-odds; costs nothing on
#: those questions), from a share that sentences with evidence usually have.
WORDS_HELD = 2.0
MOST_HELD = 0.4


def probabilities(features: Vectors) -> Vectors:
    """How likely each sentence is evidence for its question, from rows as ``feature_matrix`` makes them."""
    if not len(features):
        return np.zeros(0, dtype=np.float32)
    return likely(_session().run(None, {"features": features})[0][:, 0], features)


def likely(scores: Vectors, features: Vectors) -> Vectors:
    """Probabilities from the trees' log-odds and the share of the question's words in and around each sentence."""
    held = features[:, FEATURE_NAMES.index("nearby")]
    return np.asarray(1 / (1 + np.exp(-(scores + WORDS_HELD * (held - MOST_HELD)))), dtype=np.float32)


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
