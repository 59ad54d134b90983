"""The composer that needs no language model: an answer is sentences of releases, word for word."""

import itertools
from collections.abc import Sequence

import numpy as np

from assistant.answers.evidence import FEATURE_NAMES, Candidate, Evidence
from corpus.release import Release, Span

WRITER = "extractive"

#: How much each feature says for a sentence; fitted by ``assistant.answers.fitting`` on ``train.jsonl``.
WEIGHTS = {
    "overlap": -0.218,
    "nearby": 0.681,
    "cosine": 8.069,
    "passage": 2.175,
    "release": 2.049,
    "holds_type": 0.648,
    "brevity": -0.608,
    "lead": -3.842,
}

#: Words of an answer, at most; the first sentence is always kept whole.
LONGEST_ANSWER = 110
#: A further sentence is taken where its score is within this of the first one's ...
MARGIN = 1.0
#: ... or within this where it brings words of the question that the answer lacks.
MARGIN_FOR_NEW_WORDS = 2.0


def score(candidate: Candidate) -> float:
    """How likely the sentence answers, as a log-odds; comparable between questions."""
    return float(np.dot(candidate.features.array(), [WEIGHTS[name] for name in FEATURE_NAMES]))


def rank(evidence: Evidence) -> list[Candidate]:
    """Candidates, best first; ties in order of release and place, so that the same corpus answers alike."""
    return sorted(evidence.candidates, key=lambda c: (-score(c), c.release.release_id, c.span.start))


def opening(release: Release, sentences: int) -> list[tuple[Release, Span]]:
    """The first sentences of a release: what it says, where nothing more is asked of it."""
    first = (span for paragraph in release.paragraphs for span in paragraph.sentences)
    return [(release, span) for span in itertools.islice(first, sentences)]


def compose(ranked: Sequence[Candidate], sentences: int, to_quote: Sequence[str] = ()) -> list[tuple[Release, Span]]:
    """Choose the sentences of an answer, in reading order within each release.

    The best comes first; more follow while they are nearly as good, up to ``sentences``. A sentence that starts with
    a pronoun brings the one before it. Of each release in ``to_quote`` the best sentence is taken first.
    """
    if not ranked:
        return []
    best = score(ranked[0])
    first = [next((c for c in ranked if c.release.release_id == i), None) for i in to_quote]
    chosen = [candidate for candidate in first if candidate][:sentences]
    covered = {term for candidate in chosen for term in candidate.found}
    words = sum(len(candidate.text.split()) for candidate in chosen)
    for candidate in ranked:
        if any(candidate is taken for taken in chosen):
            continue
        if len(chosen) == sentences:
            break
        length = len(candidate.text.split())
        new = candidate.found - covered
        margin = MARGIN_FOR_NEW_WORDS if new else MARGIN
        if chosen and (score(candidate) < best - margin or words + length > LONGEST_ANSWER):
            continue
        chosen.append(candidate)
        covered |= candidate.found
        words += length

    spans: dict[str, dict[Span, None]] = {}
    releases: dict[str, Release] = {}
    for candidate in chosen:
        releases[candidate.release.release_id] = candidate.release
        taken = spans.setdefault(candidate.release.release_id, {})
        if candidate.leans_on and candidate.leans_on not in taken:
            length = candidate.leans_on.end - candidate.leans_on.start
            if words + length / 6 <= LONGEST_ANSWER:
                words += length // 6
                taken[candidate.leans_on] = None
        taken[candidate.span] = None
    return [(releases[key], span) for key, taken in spans.items() for span in sorted(taken)]
