"""The verbs of a text, told by their forms and by what stands around them; the words for what belongs to what."""

from assistant.citations.folding import stem_of
from assistant.citations.reading import Reading
from assistant.citations.vocabulary import STOP

_USED = frozenset(("used", "uses", "made"))
#: What one thing is to another.
RELATIONS = frozenset(
    "subsidiary subsidiaries owner owners leader leaders head parent unit branch branches director carrier agent "
    "representative customer supplier founder member members arm affiliate successor chairman "
    "president official officials dealer envoy aide deputy carrier".split()
)
BE = frozenset("is are was were be been being".split())
_MODALS = frozenset("to would will may might can could must shall should did does do not".split())
_IRREGULAR = frozenset(
    "sold bought held took gave sent made paid met won lost left kept found told ran led drew froze "
    "became stole fought "
    "brought sought spent lent built struck oversaw withdrew".split()
)


def verbal(reading: Reading, n: int) -> bool:
    """Whether a word can be what a name does, or is, to another."""
    token = reading.tokens[n]
    if token.capital or n in reading.in_fact or token.key in STOP:
        return False
    if token.key.endswith(("ed", "ing")) or token.key in RELATIONS or stem_of(token.key) != token.stem:
        return True
    if token.key.endswith("s") and n:
        before = reading.tokens[n - 1]
        return before.capital or before.key in ("who", "which", "that", "also", "company", "bank", "group", "syndicate")
    return (bool(n) and reading.tokens[n - 1].key == "to") or token.key in _IRREGULAR


def after_modal(reading: Reading, n: int) -> bool:
    """Whether a word is a verb in its first form: "will sell", "to sell"."""
    token = reading.tokens[n]
    return bool(n) and token.key not in STOP and not token.capital and reading.tokens[n - 1].key in _MODALS


def is_verb(reading: Reading, n: int) -> bool:
    """Whether a word is a verb that somebody does: in the past, or in the present after a name."""
    token = reading.tokens[n]
    if token.capital or n in reading.in_fact or token.key in STOP - _USED or token.key in RELATIONS:
        return False
    if n and reading.text[token.start - 1] == "-":  # "state-owned"
        return False
    if token.key.endswith("s"):
        return bool(n) and reading.tokens[n - 1].capital and not token.key.endswith(("ss", "us"))
    return token.key.endswith("ed") or token.key in _IRREGULAR


def passive(reading: Reading, n: int) -> bool:
    """Whether the verb at ``n`` is said of what bears it: "was designated", "owned by"."""
    before = range(max(0, n - 3), n)
    after = reading.tokens[n + 1].key if n + 1 < len(reading.tokens) else ""
    return any(reading.tokens[m].key in BE for m in before) or after == "by"
