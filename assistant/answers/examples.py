"""Questions whose evidence sentences are known, beside the other sentences of their release."""

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.release import Release
from indexes.generation import Generation

#: Questions of our own, over releases that TRAIN asks nothing of: half of them in the releases' words, as people ask,
#: and near misses in the same manner. Evidence is named by ``sentence_key``: the sentences are the releases'.
OWN_QUESTIONS = Path(__file__).parent / "training_questions.jsonl"
SEED = 3
SPLIT_SEED = 7


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the sentences of its release that are evidence, and the others."""

    question: str
    release_id: str
    evidence: list[str]
    others: list[str]


def read_examples(train: Path, generation: Generation) -> list[Example]:
    """The questions with evidence that stands in their release."""
    examples = []
    for line in map(json.loads, train.read_text(encoding="utf-8").splitlines()):
        release = generation.releases.get(line["release_id"])
        if release is None:
            continue
        wanted = wanted_sentences(line, release)
        sentences = sentences_of(release)
        evidence = [text for text in sentences if is_evidence(text, wanted)]
        others = [text for text in sentences if not is_evidence(text, wanted)]
        if evidence and others:
            examples.append(Example(line["question"], release.release_id, evidence, others))
    return examples


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Those to train the encoder on, and those, on the other half of the releases, to fit on what reads its cosines."""
    releases = sorted({example.release_id for example in examples})
    random.Random(SPLIT_SEED).shuffle(releases)  # noqa: S311 - a fixed deal, no secret
    first = set(releases[1::2])
    return (
        [example for example in examples if example.release_id in first],
        [example for example in examples if example.release_id not in first],
    )


def sentences_of(release: Release) -> list[str]:
    """Its sentences, in order."""
    return [release.text[s.start : s.end] for paragraph in release.paragraphs for s in paragraph.sentences]


def wanted_sentences(line: dict[str, Any], release: Release | None) -> set[str]:
    """The evidence of a question, folded, from its ``evidence`` (sentences) or ``evidence_keys``."""
    wanted = {fold(str(sentence)) for sentence in line.get("evidence", ())}
    if release and (keys := line.get("evidence_keys")):
        wanted |= {fold(text) for text in sentences_of(release) if sentence_key(text) in keys}
    return wanted


def sentence_key(text: str) -> str:
    """Names a sentence by its words: the first 12 digits of the SHA-256 of its folded text."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def fold(text: str) -> str:
    """Words only, so that a sentence compares equal however it is marked up."""
    return " ".join(re.findall(r"\w+", text.lower()))


def is_evidence(text: str, wanted: set[str]) -> bool:
    """Whether a sentence is one of those wanted, which are folded, or a part of one."""
    sentence = fold(text)
    return any(sentence == w or (len(w) > 40 and (w in sentence or sentence in w)) for w in wanted if sentence)
