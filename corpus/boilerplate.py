"""Which paragraphs are boilerplate: found by counting how many releases say each sentence, not by a list.

A sentence that stands in many releases is recurring; a paragraph that is made of recurring sentences is boilerplate.
Figures count as words: a sentence that states another amount every week says something new each time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.release import Paragraph, ParagraphKind
from corpus.similarity import words_of

#: A sentence that this many releases say is recurring.
RECURRING = 10
#: A paragraph is boilerplate if this share of its words stands in recurring sentences.
SHARE = 0.8
#: Shorter paragraphs (labels of a table's rows, mostly) are left alone: they drown nothing, and their neighbours need
#: them.
FEWEST_WORDS = 8

#: One number for each sentence, and its length in words.
SentenceKeys = NDArray[np.void]
DTYPE = np.dtype([("paragraph", np.uint32), ("key", np.int64), ("words", np.uint32)])


def sentence_keys(text: str, paragraphs: Sequence[Paragraph]) -> SentenceKeys:
    """What counting needs to know of a document: for every sentence of its body, its paragraph, key and length."""
    rows = []
    for n, paragraph in enumerate(paragraphs):
        if paragraph.kind is ParagraphKind.BODY:
            for start, end in paragraph.sentences:
                words = words_of(text[start:end])
                rows.append((n, _key(words), len(words)))
    return np.array(rows, DTYPE)


def _key(words: list[str]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The boilerplate of one release: the numbers (from 0) of its paragraphs, and of those that are indexed with it."""

    paragraphs: tuple[int, ...] = ()
    indexed: tuple[int, ...] = ()


def find_boilerplate(releases: Sequence[SentenceKeys]) -> list[Boilerplate]:
    """Find the boilerplate of a corpus, and where each piece of it is indexed.

    A piece is indexed once: with the first release that says it. A paragraph that says something recurring that none
    before it has said is indexed too.

    Args:
        releases: what ``sentence_keys`` gives for each, in the order in which they are to be preferred.

    Returns:
        The boilerplate of each, in the same order.
    """
    found = [Boilerplate()] * len(releases)
    rows = np.concatenate(releases) if releases else np.empty(0, DTYPE)
    if not len(rows):
        return found
    release = np.repeat(np.arange(len(releases)), [len(keys) for keys in releases])
    recurring = _recurring(rows["key"], release)
    starts = np.flatnonzero(
        np.r_[True, (release[1:] != release[:-1]) | (rows["paragraph"][1:] != rows["paragraph"][:-1])]
    )
    words = np.add.reduceat(rows["words"].astype(np.int64), starts)
    common = np.add.reduceat(rows["words"] * recurring, starts)
    ends = np.r_[starts[1:], len(rows)]
    said: set[int] = set()
    paragraphs: dict[int, list[int]] = {}
    indexed: dict[int, list[int]] = {}
    for n in np.flatnonzero((words >= FEWEST_WORDS) & (common >= SHARE * words)):
        of, number = int(release[starts[n]]), int(rows["paragraph"][starts[n]])
        paragraphs.setdefault(of, []).append(number)
        span = slice(starts[n], ends[n])
        here = set(rows["key"][span][recurring[span]].tolist())
        if not here <= said:
            said |= here
            indexed.setdefault(of, []).append(number)
    for of, numbers in paragraphs.items():
        found[of] = Boilerplate(tuple(numbers), tuple(indexed.get(of, ())))
    return found


def _recurring(keys: NDArray[np.int64], release: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For every sentence, whether at least ``RECURRING`` releases say it."""
    order = np.lexsort((release, keys))
    key, of = keys[order], release[order]
    new_key = np.r_[True, key[1:] != key[:-1]]
    new_pair = new_key | np.r_[True, of[1:] != of[:-1]]
    number = np.cumsum(new_key) - 1
    releases = np.bincount(number, new_pair)
    held = np.empty(len(keys), bool)
    held[order] = releases[number] >= RECURRING
    return held


def marked(paragraphs: Sequence[Paragraph], boilerplate: Iterable[int]) -> tuple[Paragraph, ...]:
    """The paragraphs with those of the given numbers marked as boilerplate."""
    numbers = set(boilerplate)
    return tuple(
        Paragraph(p.start, p.end, ParagraphKind.BOILERPLATE, p.headings, p.sentences) if n in numbers else p
        for n, p in enumerate(paragraphs)
    )
