"""Fits the ranker on questions whose release is known.

    python -m assistant.ranking.fitting TRAIN.jsonl

Each line of TRAIN.jsonl: ``question, type, release_id``. Every answerable question is asked of the current index, and
each release found is measured; the weights maximise the likelihood of the right one among them (listwise softmax, Cao
et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007). Five-fold cross-validation says how well
that does on questions that were not fitted on. The weights are written to ``weights.json`` with these figures.
"""

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from assistant.engine import Assistant
from assistant.question import parse_question
from assistant.ranking.features import FEATURE_NAMES
from assistant.ranking.ranker import WEIGHTS_FILE
from assistant.retrieval import find
from assistant.settings import load_settings

#: Strength of the penalty on large weights (of standardised features), and the seed of folds and sample.
PENALTY = 3e-4
SEED = 3
FOLDS = 5

Values = NDArray[np.float64]


def ask_all(assistant: Assistant, lines: Sequence[dict[str, Any]]) -> list[tuple[Values, int]]:
    """For every question the features of the releases found, (n, features), and which is right; -1 where none is."""
    generation, asked = assistant.generation(), []
    with click.progressbar(lines, label="asking", file=sys.stderr) as bar:
        for line in bar:
            measured = find(parse_question(line["question"]), generation, assistant.encoder).measured
            names = list(measured)
            right = names.index(line["release_id"]) if line["release_id"] in measured else -1
            asked.append((np.array([measured[name].array() for name in names]), right))
    return asked


def fit(asked: Sequence[tuple[Values, int]]) -> Values:
    """The weights, (features,), of raw features."""
    from scipy.optimize import minimize

    usable = [(x, right) for x, right in asked if right >= 0]
    rows = np.concatenate([x for x, _ in usable])
    scale = rows.std(axis=0) + 1e-9
    starts = np.cumsum([0, *(len(x) for x, _ in usable)])[:-1]
    owner = np.repeat(np.arange(len(usable)), [len(x) for x, _ in usable])
    chosen = starts + np.array([right for _, right in usable])
    z = rows / scale

    def loss(w: Values) -> tuple[float, Values]:
        scores = z @ w
        scores -= np.maximum.reduceat(scores, starts)[owner]
        likely = np.exp(scores)
        likely /= np.add.reduceat(likely, starts)[owner]
        value = -np.log(likely[chosen] + 1e-300).mean() + PENALTY * w @ w
        gradient = (likely @ z - z[chosen].sum(axis=0)) / len(usable) + 2 * PENALTY * w
        return float(value), gradient

    found = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / scale)


def recall(asked: Sequence[tuple[Values, int]], w: Values) -> dict[str, float]:
    """Recall at 1, 5, 10 and MRR."""
    ranks = np.array([1 + int((x @ w > (x @ w)[right]).sum()) if right >= 0 else 10**6 for x, right in asked])
    return {f"recall@{k}": round(float((ranks <= k).mean()), 3) for k in (1, 5, 10)} | {
        "mrr": round(float((1 / ranks).mean()), 3)
    }


@click.command()
@click.argument("train", type=click.Path(path_type=Path, exists=True))
@click.option("--limit", default=0, help="Questions taken; 0 takes all.")
@click.option("--out", default=WEIGHTS_FILE, type=click.Path(path_type=Path), help="Where the weights go.")
def main(train: Path, limit: int, out: Path) -> None:
    """Fit on TRAIN and write the weights, with how well they do in cross-validation."""
    lines = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if line["type"] != "unanswerable"]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - a fixed sample, no secret
    lines = lines[: limit or None]
    with Assistant(load_settings()) as assistant:
        asked = ask_all(assistant, lines)
    folds = np.arange(len(asked)) % FOLDS
    held_out: dict[str, list[float]] = {}
    for fold in range(FOLDS):
        w = fit([a for a, f in zip(asked, folds, strict=True) if f != fold])
        for name, value in recall([a for a, f in zip(asked, folds, strict=True) if f == fold], w).items():
            held_out.setdefault(name, []).append(value)
    cross_validated = {name: round(float(np.mean(values)), 3) for name, values in held_out.items()}
    only_search = np.array([float(name == "chunk") for name in FEATURE_NAMES])
    fitted = {name: round(float(value), 4) for name, value in zip(FEATURE_NAMES, fit(asked), strict=True)}
    report = {
        "method": "listwise softmax over the releases found, weights of raw features",
        "questions": len(asked),
        "seed": SEED,
        "cross_validated": cross_validated,
        "best_chunk_alone": recall(asked, only_search),
        "weights": fitted,
    }
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
