"""Chunks a second: this project's encoder beside sentence-transformers' default, on the same chunks in one run.

    python -m tests.bench.embedding [--chunks 2000]

The chunks are a sample of the full corpus where it is present, else all of the starter corpus. The two take turns, so
that what else the machine does meets both alike.
"""

import os
import random
import tempfile
import time
from pathlib import Path

import click
import numpy as np

from indexes.chunking import chunk_release
from indexes.embedding.encoder import DEFAULT_MODEL, Encoder, load_encoder
from indexes.embedding.packaged_model import model_folder
from tests.bench.sampling import sampled_releases

ROUNDS = 5
NEIGHBOURS = 10


def sample_chunks(encoder: Encoder, wanted: int) -> tuple[list[str], str]:
    """Texts to embed, and where they come from."""
    releases, source = sampled_releases(wanted // 3)
    chunks = [
        c.search_text for release in releases for c in chunk_release(release, encoder.count_tokens, encoder.window)
    ]
    random.Random(0).shuffle(chunks)  # noqa: S311 - a fixed sample, no secret
    return chunks[:wanted], source


@click.command()
@click.option("--chunks", "wanted", default=2000, show_default=True)
def main(wanted: int) -> None:
    """Print both rates, their ratio, and how well the vectors agree."""
    from sentence_transformers import SentenceTransformer

    with tempfile.TemporaryDirectory() as scratch:
        encoder = load_encoder(DEFAULT_MODEL, Path(os.environ.get("ASSISTANT_HOME") or scratch) / "models")
        plain = SentenceTransformer(str(model_folder()), device="cpu")
        texts, source = sample_chunks(encoder, wanted)
        tokens = sum(encoder.count_tokens(texts))
        click.echo(f"{len(texts):,} chunks of {source}, {tokens / len(texts):.0f} word pieces on average")
        encoder.embed(texts[:8])
        plain.encode(texts[:8])

        ours, theirs, seconds = [], [], np.zeros((ROUNDS, 2))
        for n, part in enumerate(np.array_split(np.array(texts, dtype=object), ROUNDS)):
            started = time.perf_counter()
            theirs.append(plain.encode(part.tolist(), show_progress_bar=False))
            between = time.perf_counter()
            ours.append(encoder.embed(part.tolist()))
            seconds[n] = between - started, time.perf_counter() - between
    a, b = np.concatenate(ours), np.concatenate(theirs)
    cosines = (a * b).sum(axis=1)
    ratios = seconds[:, 0] / seconds[:, 1]
    total = len(texts) / seconds.sum(axis=0)
    click.echo(f"sentence-transformers, default      {total[0]:6.1f} chunks a second")
    click.echo(f"this project ({encoder.fingerprint.split('-', 1)[1]})          {total[1]:6.1f} chunks a second")
    click.echo(f"ratio {total[1] / total[0]:.2f} (rounds: {', '.join(f'{r:.2f}' for r in ratios)})")
    click.echo(f"cosine of the two vectors of a chunk: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    click.echo(f"same {NEIGHBOURS} nearest neighbours: {neighbours_shared(a, b):.3f} on average")


def neighbours_shared(a: np.ndarray, b: np.ndarray) -> float:
    """The mean share of a chunk's nearest other chunks that both encoders name."""
    lists = []
    for vectors in (a, b):
        scores = vectors @ vectors.T
        np.fill_diagonal(scores, -2)
        lists.append(np.argpartition(-scores, NEIGHBOURS, axis=1)[:, :NEIGHBOURS])
    return float(np.mean([len(set(x) & set(y)) / NEIGHBOURS for x, y in zip(*lists, strict=True)]))


if __name__ == "__main__":
    main()
