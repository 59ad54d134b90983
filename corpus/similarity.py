"""How alike two texts are: exact keys, MinHash signatures, and the shingles that they estimate.

MinHash: Broder, "On the resemblance and containment of documents" (1997); signatures by ``rensa``. Candidates are
found by banding (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4).
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Words in a row that make one shingle.
SHINGLE = 3
#: Numbers in a signature: the similarity of two texts is estimated to within 0.04.
PERMUTATIONS = 128
#: Bands of equal rows: texts of similarity 0.8 share a band 95 times in 100, of 0.5 six times.
BANDS = 16

#: One row a text, (n, PERMUTATIONS).
Signatures = NDArray[np.uint32]

_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+")


def words_of(text: str) -> list[str]:
    """Words in small letters, without punctuation."""
    return _WORD.findall(text.lower())


def text_key(text: str) -> bytes:
    """Equal for texts of the same words in the same order: 8 bytes."""
    return hashlib.blake2b(" ".join(words_of(text)).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def figures_key(text: str) -> bytes:
    """Equal for texts that hold the same numbers equally often: 8 bytes."""
    figures = " ".join(sorted(_FIGURE.findall(text)))
    return hashlib.blake2b(figures.encode(), digest_size=8).digest()


def shingles(text: str) -> set[str]:
    """All runs of ``SHINGLE`` words; of a shorter text, the whole."""
    words = words_of(text)
    return {" ".join(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1))}


def signature(text: str) -> bytes:
    """The MinHash signature of a text's shingles, as bytes."""
    from rensa import RMinHash

    sketch: Any = RMinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update(sorted(shingles(text)))
    return np.asarray(sketch.digest(), np.uint32).tobytes()


def resemblance(a: set[str], b: set[str]) -> float:
    """Jaccard's coefficient of two sets of shingles, in [0, 1]."""
    return len(a & b) / len(a | b) if a or b else 0.0


def containment(a: set[str], b: set[str]) -> float:
    """The share of ``a`` that is in ``b``."""
    return len(a & b) / len(a) if a else 0.0


def banded(signatures: Signatures) -> Iterator[NDArray[np.intp]]:
    """Groups of rows that agree in one whole band, each with at least two rows; a pair may come up more than once."""
    rows = PERMUTATIONS // BANDS
    for band in range(BANDS):
        part = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows])
        keys = part.view(np.dtype((np.void, part.dtype.itemsize * rows))).ravel()
        order = np.argsort(keys, kind="stable")
        sorted_keys = keys[order]
        bounds = np.r_[0, np.flatnonzero(sorted_keys[1:] != sorted_keys[:-1]) + 1, len(order)]
        for n in np.flatnonzero(np.diff(bounds) > 1):
            yield order[bounds[n] : bounds[n + 1]]
