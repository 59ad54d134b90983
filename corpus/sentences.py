"""Sentence spans, by ``sentencex`` (rule-based, knows the abbreviations of English)."""

import sentencex

from corpus.release import Span


def sentence_spans(text: str, start: int = 0) -> tuple[Span, ...]:
    """Split ``text`` into sentences; spans are shifted by ``start`` and hold no white space at either end.

    ``sentencex`` hands back consecutive pieces that join to the text, so that positions are found by walking.
    """
    spans = []
    position = 0
    for piece in sentencex.segment("en", text):
        position = text.index(piece, position)
        stripped = piece.strip()
        if stripped:
            begin = start + position + piece.index(stripped)
            spans.append(Span(begin, begin + len(stripped)))
        position += len(piece)
    return tuple(spans)
