"""The ranker: a weighted sum of features, fitted by ``assistant.ranking.fitting``."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.ranking.features import FEATURE_NAMES, Features

#: How far likelihoods are drawn together: passages of the next releases are to stand beside those of the best.
TEMPERATURE = 3.0
WEIGHTS_FILE = Path(__file__).parent / "weights.json"


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The fitted weights, by feature."""
    fitted: dict[str, float] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["weights"]
    return {name: fitted[name] for name in FEATURE_NAMES}


def rank(measured: Mapping[str, Features]) -> list[tuple[str, float]]:
    """Releases, best first, each with how likely it is the one that answers, against the best (which has 1).

    Likelihoods are tempered, so that an answer can draw on several releases.
    """
    if not measured:
        return []
    values = list(weights().values())
    scores = {release_id: float(np.dot(features.array(), values)) for release_id, features in measured.items()}
    best = max(scores.values())
    order = sorted(scores, key=lambda release_id: (-scores[release_id], release_id))
    return [(release_id, float(np.exp((scores[release_id] - best) / TEMPERATURE))) for release_id in order]
