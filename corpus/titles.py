"""Whether two titles can be of one document."""

import re
from functools import cache

from rapidfuzz import fuzz

_COMMON = frozenset(
    "a an and as at before by for from in into is its of on or over s the their to u under us with department "
    "treasury treasurys secretary deputy assistant statement remarks release".split()
)
#: Ids and file names that stand where a title should be.
_PLACEHOLDER = re.compile(
    r"[a-z]{0,3}[-\s]?\d+[a-z]?|untitled|treasury news|press release|[\w-]+\.(?:pdf|docx?|html?)|\S*[-_\d]\S*", re.I
)


@cache
def content_words(title: str) -> frozenset[str]:
    """The words of a title that say what it is about."""
    return frozenset(re.findall(r"\w+", title.lower())) - _COMMON


def is_placeholder(title: str) -> bool:
    """Whether a title says nothing: an id, a file's name, or no word that says what it is about."""
    return bool(_PLACEHOLDER.fullmatch(title.strip())) or not content_words(title)


def conflict(a: str, b: str) -> bool:
    """Whether two titles are of different matters: both say something, and they have no word of it in common."""
    return not (is_placeholder(a) or is_placeholder(b)) and not content_words(a) & content_words(b)


def likeness(a: str, b: str) -> float:
    """How alike two titles are, from 0 to 100; a placeholder is like any title."""
    if is_placeholder(a) or is_placeholder(b):
        return 100.0
    return fuzz.token_set_ratio(a.lower(), b.lower())


def share_in(title: str, text: str) -> float:
    """The share of the title's content words that stand in a text, in any form (with the same start)."""
    wanted = {word[:5] for word in content_words(title)}
    held = {word[:5] for word in re.findall(r"\w+", text.lower())}
    return len(wanted & held) / len(wanted) if wanted else 0.0
