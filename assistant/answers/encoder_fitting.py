"""Fits the encoder that compares questions with sentences, on questions whose evidence sentences are known.

    python -m assistant.answers.encoder_fitting TRAIN.jsonl

Each line of TRAIN.jsonl: ``question, release_id, evidence`` (sentences of that release). The published weights get a
low-rank adapter (Hu et al., "LoRA", 2021), trained contrastively: of the sentences in a batch, and one more of the same
release, the question's own is to be the nearest (Henderson et al., "Efficient Natural Language Response Suggestion",
2017: in-batch negatives). The one more is drawn anew in each epoch from those of the release that share most words with
the question. Half of the releases is held out: what reads the encoder's cosines is fitted on them (``fitting``). The
adapter and its figures are written to the folder that ``sentence_encoder`` reads. Needs the extra ``train``; a quarter
of an hour on two cores.
"""

import json
import math
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import numpy as np

from assistant.answers.examples import SEED, Example, fold, read_examples, split
from assistant.answers.sentence_encoder import ADAPTER
from assistant.settings import load_settings
from indexes.embedding.adapter import CONFIG, WEIGHTS
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.embedding.packaged_model import model_folder
from indexes.generation import Home

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

RANK = 16
LEARNING_RATE = 3e-4
BATCH = 32
EPOCHS = 3
#: Word pieces of a sentence that are read in training: longer ones are few, and padding costs as much as words.
READ = 72
#: Evidence sentences that are taken of a question.
EVIDENCE = 2
#: Sentences of its release, nearest by words, that one is drawn from to be told from the evidence.
HARD = 6
#: Held-out questions, and sentences of the release of each, that the figures are of.
MEASURED = 300
RANKED = 30


def hit_rate(model: "SentenceTransformer", examples: Sequence[Example]) -> dict[str, float]:
    """How often a sentence of evidence is the nearest to its question, or among the three nearest."""
    ranks = []
    for example in examples:
        sentences = [*example.evidence, *example.others][:RANKED]
        vectors = np.asarray(
            model.encode([example.question, *sentences], normalize_embeddings=True, show_progress_bar=False)
        )
        order = np.argsort(-(vectors[1:] @ vectors[0]))
        ranks.append(int(np.flatnonzero(order < len(example.evidence))[0]))
    return {f"among {k}": round(float((np.array(ranks) < k).mean()), 3) for k in (1, 3)}


def training_rows(examples: Sequence[Example]) -> list[dict[str, str]]:
    """Question, evidence, and a sentence of the same release that is none; each epoch shuffled, one after the other."""
    chance = random.Random(SEED)  # noqa: S311
    hard = [_nearest_by_words(example) for example in examples]
    rows: list[dict[str, str]] = []
    for _ in range(EPOCHS):
        epoch = [
            {"anchor": example.question, "positive": evidence, "negative": chance.choice(negatives)}
            for example, negatives in zip(examples, hard, strict=True)
            for evidence in example.evidence[:EVIDENCE]
        ]
        chance.shuffle(epoch)
        rows += epoch
    return rows


def _nearest_by_words(example: Example) -> list[str]:
    asked = set(fold(example.question).split())

    def shared(sentence: str) -> float:
        words = set(fold(sentence).split())
        return len(asked & words) / math.sqrt(8 + len(words))

    return sorted(example.others, key=shared, reverse=True)[:HARD]


def train_adapter(model: "SentenceTransformer", examples: Sequence[Example], scratch: Path) -> None:
    """Give the model an adapter, and train that."""
    from datasets import Dataset
    from peft import LoraConfig, TaskType
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.training_args import BatchSamplers

    rows = training_rows(examples)
    model.add_adapter(
        LoraConfig(
            task_type=TaskType.FEATURE_EXTRACTION,
            r=RANK,
            lora_alpha=RANK,
            lora_dropout=0.05,
            target_modules=["query", "key", "value", "dense"],
        )
    )
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=1,  # the rows hold every epoch, with negatives of its own
        per_device_train_batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="no",
        report_to=[],
        logging_steps=10,
        seed=SEED,
    )
    window, model.max_seq_length = model.max_seq_length, READ
    SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=Dataset.from_list(rows), loss=MultipleNegativesRankingLoss(model)
    ).train()
    model.max_seq_length = window


def write_adapter(model: "SentenceTransformer", folder: Path, figures: dict[str, Any]) -> None:
    """Write the adapter as PEFT reads it, in 16 bits, and its figures."""
    from safetensors.torch import load_file, save_file

    with tempfile.TemporaryDirectory() as scratch:
        cast(Any, model[0]).auto_model.save_pretrained(scratch)
        tensors = load_file(Path(scratch) / WEIGHTS)
        config = json.loads((Path(scratch) / CONFIG).read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.half().contiguous() for name, tensor in tensors.items()}, folder / WEIGHTS)
    kept = {name: config[name] for name in ("peft_type", "task_type", "r", "lora_alpha")}
    kept |= {"target_modules": sorted(config["target_modules"]), "base_model_name_or_path": DEFAULT_MODEL}
    (folder / CONFIG).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


@click.command()
@click.argument("train", type=click.Path(path_type=Path, exists=True))
@click.option("--out", default=ADAPTER, type=click.Path(path_type=Path), help="Folder that the adapter goes to.")
def main(train: Path, out: Path) -> None:
    """Train on TRAIN, over the releases of the current index, and write the adapter with its figures."""
    from indexes.embedding.reference_encoder import load_sentence_transformer

    generation = Home(load_settings().home).open()
    fitted_on, held_out = split(read_examples(train, generation))
    generation.close()
    model = load_sentence_transformer(str(model_folder()), device="cpu")
    measured = random.Random(SEED).sample(held_out, min(MEASURED, len(held_out)))  # noqa: S311
    before = hit_rate(model, measured)
    with tempfile.TemporaryDirectory() as scratch:
        train_adapter(model, fitted_on, Path(scratch))
    figures = {
        "method": "LoRA on the published weights, in-batch negatives and one near sentence of the same release",
        "epochs": EPOCHS,
        "questions": len(fitted_on),
        "held_out": len(measured),
        "seed": SEED,
        "evidence_published": before,
        "evidence_tuned": hit_rate(model, measured),
    }
    write_adapter(model, out, figures)
    click.echo(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
