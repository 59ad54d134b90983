"""How likely a sentence answers: boosted trees over what is measured of it, fitted by ``assistant.answers.fitting``."""

from pathlib import Path

import numpy as np

from assistant.answers.sentence_features import FEATURE_NAMES
from assistant.answers.trees import log_odds
from indexes.embedding.encoder import Vectors

#: The trees as ONNX; their metadata names the features that they read, in order.
MODEL = Path(__file__).parent / "sentence_ranker.onnx"
#: Most of the questions that the trees were fitted on are put in other words than the releases, as those of people
#: often are not: the words that a sentence shares with its question count for more than the trees say (log-odds; costs
#: nothing on those questions), from a share that sentences with evidence usually have.
WORDS_HELD = 2.0
MOST_HELD = 0.4


def probabilities(features: Vectors) -> Vectors:
    """How likely each sentence is evidence for its question, from rows as ``feature_matrix`` makes them."""
    if not len(features):
        return np.zeros(0, dtype=np.float32)
    return likely(log_odds(MODEL, FEATURE_NAMES, features), features)


def likely(scores: Vectors, features: Vectors) -> Vectors:
    """Probabilities from the trees' log-odds and the share of the question's words in and around each sentence."""
    held = features[:, FEATURE_NAMES.index("nearby")]
    return np.asarray(1 / (1 + np.exp(-(scores + WORDS_HELD * (held - MOST_HELD)))), dtype=np.float32)
