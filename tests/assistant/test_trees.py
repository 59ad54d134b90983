"""The trees that rank sentences say the same as ONNX as they do in scikit-learn, and know what they were fitted on."""

import json

import numpy as np
import pytest
from onnxruntime import InferenceSession
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from assistant.answers import sentence_ranker
from assistant.answers.sentence_features import FEATURE_NAMES
from assistant.answers.trees import trees_as_onnx


def fitted(seed: int) -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(800, 5)).astype(np.float32)
    x[chance.random(x.shape) < 0.1] = np.nan
    y = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, 1] * x[:, 2]) + chance.normal(size=800) > 0.5
    with threadpool_limits(1):  # its threads wait for each other by spinning, and other tests run beside this one
        return HistGradientBoostingClassifier(max_iter=20, random_state=seed).fit(x, y), x


@pytest.mark.parametrize("seed", range(3))
def test_both_forms_say_the_same_also_of_what_is_missing(seed: int) -> None:
    trees, x = fitted(seed)
    written = trees_as_onnx(trees, list("abcde"), {"n": 1}, x[:50])
    session = InferenceSession(written, providers=["CPUExecutionProvider"])
    scores = session.run(None, {"features": x})[0][:, 0]
    with threadpool_limits(1):
        np.testing.assert_allclose(scores, trees.decision_function(x), atol=1e-3)
    kept = session.get_modelmeta().custom_metadata_map
    assert (kept["features"], json.loads(kept["figures"])) == ("a b c d e", {"n": 1})


def test_the_shipped_trees_read_the_features_of_this_version() -> None:
    likely = sentence_ranker.probabilities(np.zeros((3, len(FEATURE_NAMES)), dtype=np.float32))
    assert likely.shape == (3,)
    assert ((likely > 0) & (likely < 1)).all()
    assert sentence_ranker.probabilities(np.zeros((0, len(FEATURE_NAMES)), dtype=np.float32)).shape == (0,)
