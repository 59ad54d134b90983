"""Fits the weights in ``extractive`` and ``abstention`` on questions whose evidence sentences are known.

    python -m assistant.answers.fitting TRAIN.jsonl

Each line of TRAIN.jsonl: ``question, type, release_id, evidence`` (sentences of that release; empty where the
question is unanswerable). Only questions on the releases that ``encoder_fitting`` held out are taken: to the evidence
that it was trained on the encoder comes nearer than it ever will to another's. Every question is asked of the current
index and each candidate sentence is measured; two logistic regressions are fitted: which sentence is evidence, and
whether the question has an answer. A fifth of the questions is held out and reported. The weights printed are written
into the two modules by hand.
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np

from assistant.answers import abstention, extractive
from assistant.answers.evidence import FEATURE_NAMES, Evidence, gather
from assistant.answers.examples import SEED, fold, is_evidence, read_examples, split
from assistant.engine import Assistant
from assistant.question import parse_question
from assistant.retrieval import Retrieved, retrieve
from assistant.settings import load_settings


@dataclass(slots=True)
class Asked:
    """One training question, asked: its evidence, and which of its candidates answer it.

    ``answerable`` is False for a question that no release answers, and for one whose release was ``taken_away``.
    """

    evidence: Evidence
    answers: list[bool]
    answerable: bool
    taken_away: bool = False


def ask_all(assistant: Assistant, lines: Sequence[dict[str, object]]) -> list[Asked]:
    """Ask every question of the current index and label the candidates; again with its release taken away."""
    generation, asked = assistant.generation(), []
    with click.progressbar(lines, label="asking", file=sys.stderr) as bar:
        for line in bar:
            question = parse_question(str(line["question"]))
            wanted = {fold(str(sentence)) for sentence in list(line["evidence"])}  # type: ignore[call-overload]
            retrieved = retrieve(question, generation, assistant.encoder)
            without = _without(retrieved, str(line["release_id"]))
            for found, taken_away in ((retrieved, False), (without, True)):
                evidence = gather(found, generation, assistant.sentence_encoder)
                answers = [is_evidence(candidate.text, wanted) for candidate in evidence.candidates]
                asked.append(Asked(evidence, answers, bool(wanted) and not taken_away, taken_away))
    return asked


def _without(retrieved: Retrieved, release_id: str) -> Retrieved:
    """What would have been found without a release: the next best one is the best, with a score of 1."""
    scores = {i: score for i, score in retrieved.releases if i != release_id}
    best = max(scores.values(), default=1.0)
    hits = [
        replace(hit, score=hit.score + (scores[hit.release_id] / best - scores[hit.release_id]))
        for hit in retrieved.hits
        if hit.release_id in scores
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.chunk_id))
    return replace(retrieved, hits=hits, releases=[(i, score / best) for i, score in scores.items()])


@click.command()
@click.argument("train", type=click.Path(path_type=Path, exists=True))
def main(train: Path) -> None:
    """Fit on TRAIN and print the weights, and how well they do on the fifth held out."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    lines = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines() if line.strip()]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - a fixed sample, no secret
    with Assistant(load_settings()) as assistant:
        held_out_releases = {e.release_id for e in split(read_examples(train, assistant.generation()))[1]}
        asked = ask_all(assistant, [line for line in lines if line["release_id"] in held_out_releases])
    first_held_out = len(asked) * 4 // 5
    fitted_on, held_out = asked[:first_held_out], asked[first_held_out:]

    usable = [a for a in fitted_on if any(a.answers)]
    x = np.array([c.features.array() for a in usable for c in a.evidence.candidates])
    y = np.array([label for a in usable for label in a.answers])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(x, y)
    extractive.WEIGHTS.update(zip(FEATURE_NAMES, model.coef_[0].round(3).tolist(), strict=True))
    click.echo(f"extractive.WEIGHTS = {json.dumps(extractive.WEIGHTS, indent=4)}")
    for k in (1, 3, 5):
        click.echo(f"evidence among the first {k}: {_hit_rate(held_out, k):.3f} of the held-out questions")

    signals = [abstention.signals(extractive.rank(a.evidence), a.evidence) for a in asked]
    names = list(abstention.WEIGHTS)
    x = np.array([[s[name] for name in names] for s in signals])
    known = np.array([a.answerable or a.taken_away for a in asked])  # near misses are left out: they look answerable
    truth = np.array([a.answerable for a in asked])
    first = known & (np.arange(len(asked)) < first_held_out)
    gate = LogisticRegression(max_iter=2000, class_weight="balanced").fit(x[first], truth[first])
    click.echo(f"abstention.INTERCEPT = {gate.intercept_[0]:.3f}")
    click.echo(f"abstention.WEIGHTS = {json.dumps(dict(zip(names, gate.coef_[0].round(3).tolist(), strict=True)))}")
    chances, held = gate.predict_proba(x)[:, 1], np.arange(len(asked)) >= first_held_out
    taken = np.array([a.taken_away for a in asked])
    kinds = {"answerable": truth, "release taken away": taken, "near miss": ~truth & ~taken}
    area = roc_auc_score(truth[held & known], chances[held & known])
    click.echo(f"held out: area under the ROC curve {area:.3f}; share abstained from:")
    for threshold in np.arange(0.15, 0.55, 0.05):
        shares = (
            f"{kind} {(chances[held & mask] < threshold).mean():.2f}"
            for kind, mask in kinds.items()
            if (held & mask).any()
        )
        click.echo(f"  threshold {threshold:.2f}: {', '.join(shares)}")


def _hit_rate(asked: Sequence[Asked], k: int) -> float:
    """Share of the answerable questions with an evidence sentence among the ``k`` best candidates."""
    hits = []
    for a in asked:
        if a.answerable:
            labels = {id(c): label for c, label in zip(a.evidence.candidates, a.answers, strict=True)}
            hits.append(any(labels[id(c)] for c in extractive.rank(a.evidence)[:k]))
    return float(np.mean(hits))


if __name__ == "__main__":
    main()
