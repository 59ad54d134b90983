"""Boosted trees of scikit-learn as an ONNX graph, so that answering needs neither scikit-learn nor a pickle."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexes.embedding.encoder import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sklearn.ensemble import HistGradientBoostingClassifier


def trees_as_onnx(
    trees: "HistGradientBoostingClassifier", features: Sequence[str], figures: Mapping[str, Any], sample: Vectors
) -> bytes:
    """A graph with one input, ``features`` (n, features), and one output, ``score`` (n, 1): the log-odds.

    Args:
        trees: fitted for two classes, on numbers alone.
        features: their names, kept in the metadata.
        figures: how well they do, kept there too.
        sample: rows that both forms are tried on.

    Raises:
        ValueError: the graph does not say the same as the trees.
    """
    from onnx import TensorProto, checker, helper
    from onnxruntime import InferenceSession

    nodes: dict[str, list[Any]] = {
        key: [] for key in ("tree", "id", "mode", "feature", "value", "yes", "no", "missing")
    }
    leaves: dict[str, list[Any]] = {key: [] for key in ("tree", "id", "weight")}
    for tree, (predictor,) in enumerate(trees._predictors):
        for n, node in enumerate(predictor.nodes):
            is_leaf = bool(node["is_leaf"])
            nodes["tree"].append(tree)
            nodes["id"].append(n)
            nodes["mode"].append("LEAF" if is_leaf else "BRANCH_LEQ")
            nodes["feature"].append(0 if is_leaf else int(node["feature_idx"]))
            nodes["value"].append(0.0 if is_leaf else _as_float32(node["num_threshold"]))
            nodes["yes"].append(0 if is_leaf else int(node["left"]))
            nodes["no"].append(0 if is_leaf else int(node["right"]))
            nodes["missing"].append(0 if is_leaf else int(node["missing_go_to_left"]))
            if is_leaf:
                leaves["tree"].append(tree)
                leaves["id"].append(n)
                leaves["weight"].append(float(node["value"]))
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["score"],
        domain="ai.onnx.ml",
        n_targets=1,
        base_values=[float(np.ravel(trees._baseline_prediction)[0])],
        nodes_treeids=nodes["tree"],
        nodes_nodeids=nodes["id"],
        nodes_modes=nodes["mode"],
        nodes_featureids=nodes["feature"],
        nodes_values=nodes["value"],
        nodes_truenodeids=nodes["yes"],
        nodes_falsenodeids=nodes["no"],
        nodes_missing_value_tracks_true=nodes["missing"],
        target_treeids=leaves["tree"],
        target_nodeids=leaves["id"],
        target_ids=[0] * len(leaves["id"]),
        target_weights=leaves["weight"],
    )
    graph = helper.make_graph(
        [ensemble],
        "trees",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, len(features)])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, [None, 1])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    helper.set_model_props(model, {"features": " ".join(features), "figures": json.dumps(figures)})
    checker.check_model(model)
    written: bytes = model.SerializeToString()
    scores = InferenceSession(written, providers=["CPUExecutionProvider"]).run(None, {"features": sample})[0][:, 0]
    if not np.allclose(scores, trees.decision_function(sample), atol=1e-3):
        raise ValueError("the ONNX graph does not say the same as the trees")
    return written


def log_odds(model: Path, names: Sequence[str], features: Vectors) -> Vectors:
    """What the trees of ``model`` say of every row of ``features`` (n, features); they are loaded once.

    Raises:
        RuntimeError: they were fitted on other features than ``names``.
    """
    scores: Vectors = _session(model, tuple(names)).run(None, {"features": features})[0][:, 0]
    return scores


@lru_cache(maxsize=4)
def _session(model: Path, names: tuple[str, ...]) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    session = InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    if tuple(session.get_modelmeta().custom_metadata_map["features"].split()) != names:
        raise RuntimeError(f"{model.name} was fitted on other features; run: make train")
    return session


def _as_float32(threshold: float) -> float:
    """The greatest 32-bit number that is no greater: a value is at most it where it is at most the threshold."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))
