"""The check that every sentence of an answer must pass before anyone sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.citations.citation import Citation
from corpus.release import Release


class Verdict(StrEnum):
    """How far a sentence is carried by the words that it cites."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


class ReasonKind(StrEnum):
    """What of a sentence the words that it cites do not carry."""

    CITATION = "citation"
    QUOTE = "quote"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a sentence, in words for people.

    ``start`` and ``end`` are the characters of the sentence that it is about, both 0 where it is about the whole;
    ``instead`` is what the cited words have in that place, empty where nothing stands there.
    """

    kind: ReasonKind
    message: str
    start: int = 0
    end: int = 0
    instead: str = ""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and the reasons where it is not ``VERBATIM``."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class Checker:
    """Compares sentences with what they cite. Needs no language model and no network; safe to share between threads."""

    def check(self, text: str, cited: Sequence[tuple[Citation, Release]]) -> Checked:
        """Compare a sentence with the spans it cites, read anew from their releases."""
        if not cited:
            return _unsupported(ReasonKind.CITATION, "cites nothing")
        for citation, release in cited:
            if not 0 <= citation.start < citation.end <= len(release.text):
                return _unsupported(ReasonKind.CITATION, f"[{citation.marker}] points outside {release.release_id}")
            if release.text[citation.start : citation.end] != citation.quote:
                return _unsupported(ReasonKind.QUOTE, f"[{citation.marker}] misquotes {release.release_id}")
        if any(text == citation.quote for citation, _ in cited):
            return Checked(Verdict.VERBATIM)
        return _unsupported(ReasonKind.WORDS, "is not in the words of what it cites")


def _unsupported(kind: ReasonKind, message: str) -> Checked:
    return Checked(Verdict.UNSUPPORTED, (Reason(kind, message),))
