"""One spelling for what analysts and releases spell in several ways. For searching only, never for quoting."""

import re

_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_EXECUTIVE_ORDER = re.compile(r"\b(?:EO|Executive Order)\s*(?:\(EO\)\s*)?(?:No\.?\s*)?(?=(\d{2},?\d{3}\b)?)", re.I)
_ORDER_NUMBER = re.compile(r"\b(executive order )(\d{2}),(\d{3})\b")


def normalise(text: str) -> str:
    """Write acronyms without dots and executive orders in one way.

    >>> normalise("designated under E.O. 13,382 by the U.S.")
    'designated under executive order 13382 by the US'
    """
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    text = _EXECUTIVE_ORDER.sub("executive order ", text)
    return _ORDER_NUMBER.sub(r"\1\2\3", text).rstrip()
