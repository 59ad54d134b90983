"""How the page shows what the check found: an icon, a word and a tone, never a colour alone."""

from dataclasses import dataclass

from assistant.citations.checking import Verdict


@dataclass(frozen=True, slots=True)
class Badge:
    """``tone`` is ``good``, ``warn`` or ``bad``: the class of an element and the name of its colour."""

    icon: str
    word: str
    tone: str
    meaning: str


BADGES = {
    Verdict.VERBATIM: Badge("❝", "verbatim", "good", "Verbatim: these words stand in the release."),
    Verdict.SUPPORTED: Badge("✓", "supported", "good", "Supported: the cited sentences carry it, in other words."),
    Verdict.PARTIAL: Badge("◐", "partly supported", "warn", "Partly supported: the cited sentences carry some of it."),
    Verdict.UNSUPPORTED: Badge("✗", "not supported", "bad", "Not supported by what it cites."),
}
