"""The check that every sentence of an answer must pass before anyone sees it."""

from collections.abc import Sequence
from enum import StrEnum

from assistant.citations.citation import Citation
from corpus.release import Release


class Verdict(StrEnum):
    """How far a sentence is carried by the words that it cites."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


def check_sentence(text: str, cited: Sequence[tuple[Citation, Release]]) -> tuple[Verdict, list[str]]:
    """Compare a sentence with the spans it cites, read anew from their releases.

    Returns:
        The verdict, and the reasons where it is not ``VERBATIM``.
    """
    if not cited:
        return Verdict.UNSUPPORTED, ["cites nothing"]
    for citation, release in cited:
        if not 0 <= citation.start < citation.end <= len(release.text):
            return Verdict.UNSUPPORTED, [f"[{citation.marker}] points outside {release.release_id}"]
        if release.text[citation.start : citation.end] != citation.quote:
            return Verdict.UNSUPPORTED, [f"[{citation.marker}] misquotes {release.release_id}"]
    if any(text == citation.quote for citation, _ in cited):
        return Verdict.VERBATIM, []
    return Verdict.UNSUPPORTED, ["is not in the words of what it cites"]
