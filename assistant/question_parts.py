"""The questions inside a question: "Who founded it, and when?" asks two things, and each wants its sentence."""

import re

_ASKING = "what|which|who|whom|whose|when|where|why|how"
_PREPOSITION = "on|in|at|by|for|to|from|with|under|of|over|through|since|until"
_JOINT = re.compile(
    rf"(?:\?\s+(?:and\s+)?|;\s+(?:and\s+)?|,?\s+and\s+)(?=(?:(?:{_PREPOSITION})\s+)?(?:{_ASKING})\b)|\?\s+(?=\S)", re.I
)
_ASKS = re.compile(rf"\b({_ASKING}|did|does|do|is|are|was|were|has|have)\b", re.I)
#: Words of a part, at least: "and why?" is one only with the part before it.
LEAST_WORDS = 2


def question_parts(text: str) -> list[str]:
    """The parts of a question that each ask something, in order; none where it asks one thing.

    >>> question_parts("Which bank settled in 2009, and how much did it pay?")
    ['Which bank settled in 2009', 'how much did it pay?']
    >>> question_parts("Who paid the fine that OFAC and FinCEN imposed?")
    []
    """
    parts = [part.strip(" ,;") for part in _JOINT.split(text)]
    parts = [part for part in parts if len(part.split()) >= LEAST_WORDS and _ASKS.search(part)]
    return parts if len(parts) > 1 else []
