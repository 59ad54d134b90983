"""Hybrid search: dense and lexical together.

The two lists are fused by a convex sum of normalised scores (Bruch, Gai and Ingber, "An Analysis of Fusion Functions
for Hybrid Retrieval", 2023), which keeps how much better one hit is than the next; reciprocal rank fusion throws that
away, and on this corpus falls below BM25 alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexes.filters import SearchFilter
from indexes.generation import Generation

#: The share of the dense side. Chosen on ``train.jsonl``.
DENSE_WEIGHT = 0.3
#: Chunks taken from each side.
DEPTH = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found: where it stands, its fused score in [0, 1], and each side's own score."""

    chunk_id: int
    release_id: str
    start: int
    end: int
    score: float
    dense: float | None
    lexical: float | None


def hybrid_search(
    generation: Generation,
    text: str,
    vector: NDArray[np.float32],
    condition: SearchFilter | None = None,
    dense_weight: float = DENSE_WEIGHT,
    also: Mapping[str, Sequence[str]] | None = None,
) -> list[Hit]:
    """Search both indexes and fuse, best first.

    Args:
        generation: what to search.
        text: for the lexical side.
        vector: for the dense side, of length 1.
        condition: only releases that meet it.
        dense_weight: the share of the dense side, from 0 (BM25 alone) to 1 (dense alone).
        also: other names of words or phrases of the text, for the lexical side.
    """
    allowed = generation.chunks.allowed(condition) if condition else None
    dense = dict(generation.vectors.search(vector, DEPTH, allowed)) if dense_weight > 0 else {}
    lexical = dict(generation.lexical.search(text, DEPTH, condition, also)) if dense_weight < 1 else {}
    fused = fuse(dense, lexical, dense_weight)
    order = sorted(fused, key=lambda i: (-fused[i], i))
    spans = {span.chunk_id: span for span in generation.chunks.get(order)}
    return [
        Hit(i, spans[i].release_id, spans[i].start, spans[i].end, fused[i], dense.get(i), lexical.get(i))
        for i in order
        if i in spans
    ]


def lexical_search(
    generation: Generation,
    text: str,
    condition: SearchFilter,
    top: float,
    weight: float,
    also: Mapping[str, Sequence[str]] | None = None,
    depth: int = 40,
) -> list[Hit]:
    """Search the lexical index alone, with scores that stand beside those of ``hybrid_search``, best first.

    Args:
        generation: what to search.
        text: what for.
        condition: only releases that meet it.
        top: the greatest BM25 score of the search that these hits are to stand beside.
        weight: the share of the lexical side there.
        also: other names of words or phrases of the text.
        depth: chunks, at most.
    """
    found = dict(generation.lexical.search(text, depth, condition, also))
    return [
        Hit(
            span.chunk_id,
            span.release_id,
            span.start,
            span.end,
            weight * found[span.chunk_id] / (top or found[span.chunk_id]),
            None,
            found[span.chunk_id],
        )
        for span in generation.chunks.get(list(found))
    ]


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], dense_weight: float) -> dict[int, float]:
    """The convex sum of both sides' normalised scores, in [0, 1], by chunk id.

    Cosines are scaled between the least and the greatest of the list; BM25 scores, whose natural least is 0, by the
    greatest. A chunk that one side did not find has 0 there.
    """
    low, high = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    top = max(lexical.values(), default=0.0)
    scaled_dense = {i: (score - low) / (high - low) if high > low else 1.0 for i, score in dense.items()}
    scaled_lexical = {i: score / top if top > 0 else 0.0 for i, score in lexical.items()}
    return {
        i: dense_weight * scaled_dense.get(i, 0.0) + (1 - dense_weight) * scaled_lexical.get(i, 0.0)
        for i in dense.keys() | lexical.keys()
    }
