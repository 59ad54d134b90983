"""Rankers: what puts the releases that a search found in order."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.names import Expansion
from assistant.periods import Period
from assistant.question import Question
from assistant.ranking.features import FEATURE_NAMES, Features
from indexes.embedding.encoder import Vectors
from indexes.generation import Generation
from indexes.hybrid import Hit

#: How far likelihoods are drawn together: passages of the next releases are to stand beside those of the best.
TEMPERATURE = 3.0
WEIGHTS_FILE = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, before it is ranked: hits by release, best first, and what was measured of each release.

    ``question`` is the question as it was read, slips corrected; ``expansion`` says which, and what else its names
    are called.
    """

    question: Question
    expansion: Expansion
    hits: Mapping[str, Sequence[Hit]]
    measured: Mapping[str, Features]
    vector: Vectors
    periods: Sequence[Period]


class Ranker(Protocol):
    """Puts releases in order."""

    def rank(self, found: Found, generation: Generation) -> list[tuple[str, float]]:
        """All releases found, best first, each with how likely it is the one that answers, against the best's (1)."""


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """The fitted weights, by feature."""
    fitted: dict[str, float] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["weights"]
    return {name: fitted[name] for name in FEATURE_NAMES}


class FittedRanker:
    """The default: a weighted sum of features, fitted by ``assistant.ranking.fitting``."""

    def rank(self, found: Found, generation: Generation) -> list[tuple[str, float]]:
        """See ``Ranker.rank``."""
        values = list(weights().values())
        return likelihoods({i: float(np.dot(features.array(), values)) for i, features in found.measured.items()})


def likelihoods(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Releases by score (log-odds), best first; tempered, so that an answer can draw on several releases."""
    best = max(scores.values(), default=0.0)
    order = sorted(scores, key=lambda release_id: (-scores[release_id], release_id))
    return [(release_id, float(np.exp((scores[release_id] - best) / TEMPERATURE))) for release_id in order]
