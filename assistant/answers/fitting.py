"""Fits what ranks sentences, and what decides to abstain, on questions whose evidence sentences are known.

    python -m assistant.answers.fitting TRAIN.jsonl

Each line of TRAIN.jsonl: ``question, type, release_id, evidence`` (sentences of that release; empty where the
question is unanswerable); ``training_questions.jsonl`` beside this module adds our own. Only questions on the half of
the releases that ``encoder_fitting`` did not train on are taken: to the evidence that it was trained on the encoder
comes nearer than it ever will to another's. Every question is asked of the current index and each candidate sentence is
measured.

Two models are fitted. Boosted trees (Friedman, "Greedy Function Approximation", 2001; scikit-learn's histogram form)
say how likely a sentence is evidence. Others say whether the question has an answer: they are fitted on each question
as it is, again with its release taken away, and on the near misses. Both are written as ONNX and cross-validated over
releases; the figures are printed and kept in the files.
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from assistant.answers import abstention, sentence_ranker
from assistant.answers.evidence import Candidate, Evidence, gather
from assistant.answers.examples import OWN_QUESTIONS, SEED, is_evidence, read_examples, split, wanted_sentences
from assistant.answers.sentence_features import FEATURE_NAMES, feature_matrix
from assistant.answers.trees import trees_as_onnx
from assistant.engine import Assistant
from assistant.question import parse_question
from assistant.retrieval import retrieve
from assistant.settings import load_settings
from indexes.embedding.encoder import Vectors

FOLDS = 4
TREES = 400
LEAVES = 16
LEARNING_RATE = 0.06
#: What a question with its release taken away, and a near miss, count for when the gate is fitted; an answerable one 1.
TAKEN_AWAY, NEAR_MISS = 0.25, 3.0
#: Shares of the answerable questions that may be lost, for which thresholds are printed.
LOST = (0.03, 0.04, 0.05, 0.06, 0.08)


@dataclass(slots=True)
class Asked:
    """One training question, asked: its evidence, and which of its candidates answer it."""

    release_id: str
    evidence: Evidence
    answers: list[bool]
    answerable: bool
    fold: int


def ask_all(assistant: Assistant, lines: Sequence[dict[str, Any]]) -> list[Asked]:
    """Ask every question of the current index and label the candidates; releases are dealt out to folds."""
    generation = assistant.generation()
    releases = sorted({str(line["release_id"]) for line in lines})
    random.Random(SEED).shuffle(releases)  # noqa: S311 - a fixed deal, no secret
    folds = {release_id: n % FOLDS for n, release_id in enumerate(releases)}
    asked = []
    with click.progressbar(lines, label="asking", file=sys.stderr) as bar:
        for line in bar:
            wanted = wanted_sentences(line, generation.releases.get(str(line["release_id"])))
            retrieved = retrieve(parse_question(str(line["question"])), generation, assistant.encoder)
            evidence = gather(retrieved, generation, assistant.sentence_encoder, likely=_unknown)
            answers = [is_evidence(candidate.text, wanted) for candidate in evidence.candidates]
            release_id = str(line["release_id"])
            asked.append(Asked(release_id, evidence, answers, bool(wanted), folds[release_id]))
    return asked


def fit_trees(asked: Sequence[Asked]) -> Any:
    """Trees that say which sentence is evidence."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    x = np.concatenate([_matrix(a.evidence) for a in asked if a.answers])
    y = np.concatenate([a.answers for a in asked if a.answers])
    trees = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=LEARNING_RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=60,
        l2_regularization=5,
        max_features=0.4,
        random_state=SEED,
    )
    with threadpool_limits(1):  # its threads wait for each other by spinning, which is slower than one on few cores
        return trees.fit(x, y)


def fit_gate(x: Vectors, truth: Vectors, weight: Vectors, names: Sequence[str]) -> Any:
    """Trees that say whether a question has an answer, each signal bound to speak as sense says (``SENSE``)."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    trees = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=10,
        max_features=0.3,
        monotonic_cst=[abstention.SENSE.get(name, 0) for name in names],
        random_state=SEED,
    )
    with threadpool_limits(1):
        return trees.fit(x, truth, sample_weight=weight)


def scored(asked: Asked, trees: Any) -> Asked:
    """The question with its candidates ranked by other trees than the program's."""
    if not asked.answers:
        return asked
    features = _matrix(asked.evidence)
    likely = sentence_ranker.likely(trees.decision_function(features), features)
    order = sorted(range(len(likely)), key=lambda n: -likely[n])
    candidates = [replace(asked.evidence.candidates[n], probability=float(likely[n])) for n in order]
    return replace(
        asked,
        evidence=replace(asked.evidence, candidates=candidates),
        answers=[asked.answers[n] for n in order],
    )


def taken_away(evidence: Evidence, release_id: str) -> Evidence:
    """What would be left without a release: its sentences and, roughly, its passages."""
    kept: list[Candidate] = [c for c in evidence.candidates if c.release.release_id != release_id]
    lost = {c.nearby for c in evidence.candidates if c.release.release_id == release_id}
    passages = [held for held in evidence.passages if not any(found <= held for found in lost if found)]
    return replace(evidence, candidates=kept, passages=passages or [frozenset()])


def _unknown(features: Vectors) -> Vectors:
    """The trees are not fitted yet."""
    return np.zeros(len(features), dtype=np.float32)


def _matrix(evidence: Evidence) -> Any:
    return feature_matrix([candidate.features for candidate in evidence.candidates])


def _questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@click.command()
@click.argument("train", type=click.Path(path_type=Path, exists=True))
def main(train: Path) -> None:
    """Fit on TRAIN, write the models beside this module, and print how well they do on folds held out."""
    from sklearn.metrics import roc_auc_score

    lines, own = _questions(train), _questions(OWN_QUESTIONS)
    with Assistant(load_settings()) as assistant:
        trained_on = {example.release_id for example in split(read_examples(train, assistant.generation()))[0]}
        asked = ask_all(assistant, [line for line in lines + own if line["release_id"] not in trained_on])

    unseen: list[Asked] = []
    for n in range(FOLDS):
        trees = fit_trees([a for a in asked if a.fold != n])
        unseen += [scored(a, trees) for a in asked if a.fold == n]
    answerable = [a for a in unseen if a.answerable]
    figures: dict[str, Any] = {"questions": len(asked), "answerable": len(answerable), "folds": FOLDS, "seed": SEED}
    for k in (1, 2, 3, 5):
        figures[f"evidence among {k}"] = round(float(np.mean([any(a.answers[:k]) for a in answerable])), 3)
    figures["evidence among the candidates"] = round(float(np.mean([any(a.answers) for a in answerable])), 3)
    trees = fit_trees(asked)
    sample = next(_matrix(a.evidence) for a in asked if a.answers)
    sentence_ranker.MODEL.write_bytes(trees_as_onnx(trees, FEATURE_NAMES, figures, sample))
    click.echo(json.dumps(figures, indent=1))

    cases = [(a.evidence, float(a.answerable), a.fold, 1.0 if a.answerable else NEAR_MISS) for a in unseen]
    cases += [(taken_away(a.evidence, a.release_id), 0.0, a.fold, TAKEN_AWAY) for a in answerable]
    cases = [case for case in cases if case[0].candidates]
    names = list(abstention.signals(cases[0][0]))
    x = np.array([list(abstention.signals(evidence).values()) for evidence, *_ in cases], dtype=np.float32)
    truth, folds, weight = (np.array(column) for column in list(zip(*cases, strict=True))[1:])

    chances = np.zeros(len(cases))
    for n in range(FOLDS):
        rest = folds != n
        gate = fit_gate(x[rest], truth[rest], weight[rest], names)
        chances[folds == n] = gate.predict_proba(x[folds == n])[:, 1]
    likely, kinds = truth == 1, {"near miss": weight == NEAR_MISS, "taken away": weight == TAKEN_AWAY}
    gate_figures: dict[str, Any] = {}
    for kind, mask in kinds.items():
        area = roc_auc_score(truth[likely | mask], chances[likely | mask])
        gate_figures[f"area under the ROC curve, {kind}"] = round(float(area), 3)
    for share in LOST:
        threshold = float(np.quantile(chances[likely], share))
        caught = ", ".join(f"{kind} {(chances[mask] < threshold).mean():.2f}" for kind, mask in kinds.items())
        gate_figures[f"answerable lost {share}"] = f"threshold {threshold:.2f}; recognised: {caught}"
    gate = fit_gate(x, truth, weight, names)
    abstention.GATE.write_bytes(trees_as_onnx(gate, names, gate_figures, x[:50]))
    click.echo(json.dumps(gate_figures, indent=1))


if __name__ == "__main__":
    main()
