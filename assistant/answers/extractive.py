"""The composer that needs no language model: an answer is sentences of releases, word for word."""

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.evidence import Candidate, Evidence
from assistant.answers.listing import list_around
from assistant.question import AnswerType
from corpus.dating import in_words
from corpus.release import DateConfidence, Release, Span

WRITER = "extractive"

#: Words of an answer, at most; the first sentence is always kept whole.
LONGEST_ANSWER = 110
#: ... and of one that lists things, or that quotes several releases.
LONGEST_LIST = 230
#: A further sentence is taken while its log-odds are within this of the best one's. Chosen, with the two below, on the
#: releases that the encoder of sentences was not fitted on.
MARGIN = 3.0
#: A sentence for one part of a question may be this much less likely ...
MARGIN_OF_PART = 4.0
#: ... and gains this for each unit of cosine that it is nearer to the part than to the whole.
NEARER_TO_PART = 10.0
#: Sentences of each release that must be quoted.
OF_EACH_RELEASE = 2

_SAYS_TODAY = re.compile(
    r"\b(today|yesterday|tomorrow|tonight|this (morning|afternoon|week|month|quarter|year)|"
    r"(last|next|earlier this|later this) (week|month|quarter|year)|currently)\b",
    re.I,
)


def log_odds(candidate: Candidate) -> float:
    """How likely the sentence answers; comparable between questions."""
    p = min(max(candidate.probability, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def opening(release: Release, sentences: int) -> list[tuple[Release, Span]]:
    """The first sentences of a release: what it says, where nothing more is asked of it."""
    first = (span for paragraph in release.paragraphs for span in paragraph.sentences)
    return [(release, span) for span in itertools.islice(first, sentences)]


def compose(evidence: Evidence, sentences: int, to_quote: Sequence[str] = ()) -> list[tuple[Release, Span]]:
    """Choose the sentences of an answer, in reading order within each release.

    The best of each release in ``to_quote`` and of each part of the question are taken, then the best of all while they
    are nearly as good, up to ``sentences``, or more where so many releases or parts need them. A sentence that starts
    with a pronoun brings the one before it, and a line of a list the whole list.
    """
    ranked = evidence.candidates
    if not ranked:
        return []
    chosen: list[Candidate] = []
    for release_id in to_quote:
        chosen += [c for c in ranked if c.release.release_id == release_id][:1]
    chosen += [c for c in _best_of_parts(ranked) if c not in chosen]
    most = max(sentences, len(chosen) + 1 if chosen else 0, OF_EACH_RELEASE * len(to_quote))
    lists = evidence.question.answer_type is AnswerType.LIST
    longest = LONGEST_LIST if lists or to_quote else LONGEST_ANSWER
    words = sum(_words(c.release, c.span) for c in chosen)
    for candidate in ranked:
        if len(chosen) >= most:
            break
        length = _words(candidate.release, candidate.span)
        near = log_odds(candidate) >= log_odds(ranked[0]) - MARGIN
        if candidate not in chosen and (not chosen or (near and words + length <= longest)):
            chosen.append(candidate)
            words += length

    taken: dict[str, dict[Span, None]] = {}
    releases: dict[str, Release] = {}
    for candidate in chosen:
        releases[candidate.release.release_id] = candidate.release
        spans = taken.setdefault(candidate.release.release_id, {})
        brought = list_around(candidate.release, candidate.span)
        brought = brought or ([candidate.leans_on] if candidate.leans_on else [])
        new = [span for span in brought if span not in spans and span != candidate.span]
        length = sum(_words(candidate.release, span) for span in new)
        if words + length <= (LONGEST_LIST if len(brought) > 1 else longest):
            words += length
            spans.update(dict.fromkeys(new))
        spans[candidate.span] = None
    return [(releases[key], span) for key, spans in taken.items() for span in sorted(spans)]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of an answer: what of ours stands before it, and whether it is an item of a list."""

    release: Release
    span: Span
    lead_in: str = ""
    is_item: bool = False


def lay_out(spans: Sequence[tuple[Release, Span]], answer_type: AnswerType) -> list[Quoted]:
    """Put before each release's sentences its id and date, where a reader needs them, and tell the items of lists.

    They are needed where several releases are quoted, where a date is asked for, and where a sentence says "today" or
    the like.
    """
    several = len({release.release_id for release, _ in spans}) > 1
    quoted: list[Quoted] = []
    for release_id, run in itertools.groupby(spans, key=lambda s: s[0].release_id):
        of_release = list(run)
        release, together = of_release[0][0], [span for _, span in of_release]
        dated = release.date is not None and release.date_confidence is not DateConfidence.NONE
        says_today = any(_SAYS_TODAY.search(release.text[span.start : span.end]) for span in together)
        needed = several or (dated and (says_today or answer_type is AnswerType.DATE))
        day = f", {in_words(release.date, release.date_confidence)}" if dated else ""
        for n, span in enumerate(together):
            listed = list_around(release, span)
            lead_in = f"From {release_id}{day}:" if needed and n == 0 else ""
            quoted.append(Quoted(release, span, lead_in, bool(listed) and span != listed[0] and listed[0] in together))
    return quoted


def _best_of_parts(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best sentence for each part of the question, where it has parts."""
    parts = len(ranked[0].likeness) - 1
    if parts < 2:
        return []
    best = []
    for part in range(1, parts + 1):
        candidate = max(ranked, key=lambda c: log_odds(c) + NEARER_TO_PART * (c.likeness[part] - c.likeness[0]))
        if candidate not in best and log_odds(candidate) > log_odds(ranked[0]) - MARGIN_OF_PART:
            best.append(candidate)
    return best


def _words(release: Release, span: Span) -> int:
    return len(release.text[span.start : span.end].split())
