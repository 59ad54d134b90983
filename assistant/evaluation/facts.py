"""Whether an answer states a fact: words compared with case, accents, marks and punctuation folded away."""

import re
import unicodedata
from collections.abc import Sequence

from assistant.evaluation.questions import EvaluationQuestion, QuestionType

#: Words of an answer that count: a fact that comes later is not an answer. Twice that for what asks for several.
WORD_LIMIT = 120
LONG_WORD_LIMIT = 250
LONG_TYPES = frozenset({QuestionType.LIST, QuestionType.MULTI_RELEASE})

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = str.maketrans("", "", "*\\_`")
_BETWEEN_WORDS = re.compile(r"[^\w$%.]+")
_NO_DECIMAL_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_MARKER = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]|\^\d+")


def fold(text: str) -> str:
    """The words of a text, each between spaces, so that a phrase is found only as whole words.

    >>> fold("**E.O. 13,810** froze $1.5 million (Société Générale).")
    ' e o 13 810 froze $1.5 million societe generale '
    """
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = _LINK.sub(r"\1", "".join(letters).lower()).translate(_MARKS)
    words = _NO_DECIMAL_POINT.sub(" ", _BETWEEN_WORDS.sub(" ", plain)).split()
    return f" {' '.join(words)} "


def states(folded: str, fact: Sequence[str]) -> bool:
    """Whether a folded text holds one of the fact's forms."""
    return any(fold(form) in folded for form in fact)


def without_markers(answer: str) -> str:
    """The answer's text without ``[1]``, ``[1, 2]`` and ``^1``."""
    return _MARKER.sub(" ", answer)


def counted_words(answer: str, question: EvaluationQuestion) -> str:
    """What counts of an answer, folded: its first words, without markers."""
    limit = LONG_WORD_LIMIT if question.type in LONG_TYPES else WORD_LIMIT
    return fold(" ".join(without_markers(answer).split()[:limit]))
