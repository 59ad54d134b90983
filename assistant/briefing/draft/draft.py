"""A draft as it is checked: its text, and its sentences with what each refers to, all by place in that text."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.briefing.draft.references import Known, Mention, note_names, take_out
from corpus.release import Span
from corpus.sentences import sentence_spans


class BlockKind(StrEnum):
    """What a piece of a draft is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item of a list"
    CELL = "table cell"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, item or cell as a reader of one format finds it.

    ``text`` are its words without markup; its character ``n`` is the draft's character ``positions[n]``. ``mentions``
    are references that are no words, such as Word's footnotes, each at a place of ``text``.
    """

    kind: BlockKind
    text: str
    positions: Sequence[int]
    mentions: Sequence[Mention] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a draft cites at ``[start, end)``: the releases that there are, and the names that lead to none."""

    start: int
    end: int
    written: str
    release_ids: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence: the draft's characters ``[start, end)``.

    ``words`` is what is checked: the sentence without markup and without references; its character ``n`` is the
    draft's character ``positions[n]``. ``block`` counts the draft's pieces from 0.
    """

    start: int
    end: int
    words: str
    positions: Sequence[int]
    kind: BlockKind
    block: int
    references: tuple[Reference, ...] = ()

    def place(self, start: int, end: int) -> Span:
        """Where in the draft characters of ``words`` stand."""
        return Span(self.positions[start], self.positions[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in which all offsets count, and its sentences in order."""

    name: str
    text: str
    sentences: Sequence[DraftSentence] = field(default_factory=list)


def make_draft(name: str, text: str, blocks: Sequence[Block], notes: Mapping[str, str], known: Known) -> Draft:
    """Take the references out of every block, and cut what is left into sentences.

    Args:
        name: what the draft is called.
        text: the text that the blocks' positions count in.
        blocks: the pieces of the draft, in order.
        notes: what its footnotes say, by their labels.
        known: gives the releases that a name leads to.
    """
    sentences: list[DraftSentence] = []
    for n, block in enumerate(blocks):
        taken = take_out(block.text, block.mentions, notes, known)
        positions = [block.positions[kept] for kept in taken.kept]
        spans = sentence_spans(taken.text)
        starts = [span.start for span in spans]
        mine: list[list[Reference]] = [[] for _ in spans]
        for mention in taken.mentions if spans else ():
            mine[max(bisect_right(starts, mention.start) - 1, 0)].append(_resolved(mention, block, notes, known))
        sentences += [
            DraftSentence(
                positions[span.start],
                positions[span.end - 1] + 1,
                taken.text[span.start : span.end],
                positions[span.start : span.end],
                block.kind,
                n,
                tuple(references),
            )
            for span, references in zip(spans, mine, strict=True)
        ]
    return Draft(name, text, sentences)


def _resolved(mention: Mention, block: Block, notes: Mapping[str, str], known: Known) -> Reference:
    """A reference with its releases; a footnote's are those that the footnote names."""
    names = mention.names if mention.note is None else note_names(notes.get(mention.note, ""), known)
    missing = [mention.written] if mention.note is not None and mention.note not in notes else []
    release_ids = {name: known(name) for name in names}
    start, end = (_position(block, at) for at in mention.at)
    return Reference(
        start,
        max(start, end),
        mention.written,
        tuple(dict.fromkeys(i for ids in release_ids.values() for i in ids)),
        tuple(missing + [name for name, ids in release_ids.items() if not ids]),
    )


def _position(block: Block, at: int) -> int:
    """Where in the draft a place of a block lies; its end is after its last character."""
    if at < len(block.positions):
        return block.positions[at]
    return block.positions[-1] + 1 if block.positions else 0
