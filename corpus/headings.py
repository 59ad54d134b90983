"""Headings that are not marked as such, and the paragraphs of releases that are one long line."""

import re
from collections.abc import Iterable, Iterator

from corpus.blocks import Block, Piece
from corpus.release import ParagraphKind

BOLD_HEADING_LEVEL = 7
#: A paragraph set in bold throughout is a heading up to this many words.
HEADING_WORDS = 20
#: From this length on a paragraph that holds bold runs is looked through for headings.
RUN_TOGETHER = 1200
#: A plain line of up to so many words, mostly capitalised, before a paragraph of so many characters is a heading.
PLAIN_HEADING_WORDS, HEADED = 8, 150
#: Up to so many words between two gaps are a heading.
GAP_WORDS = 12
_SENTENCE_ENDS = re.compile(r"[.!?:;][\"”’')\]]*\s*$")
_NAME_ENDS = re.compile(r"(?:^|[\s(·])[A-Z][\w’'-]*\)?\s*$")
_SENTENCE = re.compile(r"[\s*]*[A-Z][\w’'-]*,?\s+[a-z]")
#: A bracket opens no sentence after a heading, but for what a table's figures are in.
_STARTS_SENTENCE = re.compile(r"\s*(?:[\"“‘'\[]*[A-Z0-9•·]|\((?:in|[BM]illions)\b)")
#: Words that hardly ever stand in the middle of a name.
_OPENS_SENTENCE = re.compile(
    r"\s*[\"“]?(?:A|After|All|Although|An|As|At|Because|Before|But|By|During|Each|For|From|He|How|I|If|In|It|Last|Many|"
    r"More|Most|My|No|On|Once|One|Our|Over|She|Since|So|Some|Such|That|The|Their|There|These|They|This|Those|Through|"
    r"Thus|To|Today|Under|Until|We|What|When|Where|While|With|Without|You)\s+[a-zA-Z“\"]"
)
#: A wide gap where the source lost the end of a paragraph.
_GAP = re.compile(r"[ \t\u00a0]{3,}")
_FORM_LABEL = re.compile(r"(?:who|what|when|where|why|note|rsvp|contact)\b|\d{1,2}:\d\d", re.I)


def split_at_headings(block: Block, marked: bool) -> list[Block]:
    """Give a release that is one long paragraph its paragraphs and sections back.

    Wide gaps between sentences are lost paragraph breaks. A bold or italic run is a heading where a sentence ends
    before it and one starts after it; one that goes on in the sentence ("**Choe Chol Min** is ...") is a name. At the
    start of a paragraph of any length, a run is a heading if a sentence plainly starts after it.

    Args:
        block: what to split.
        marked: the text has headings that are marked as such, so that no other is looked for.
    """
    if block.kind is not ParagraphKind.BODY:
        return [block]
    long = len(block.raw) >= RUN_TOGETHER
    parts = _split_at_gaps(block) if long else [block]
    return parts if marked else [piece for part in parts for piece in _split_at_runs(part, long)]


def _split_at_gaps(block: Block) -> list[Block]:
    """A gap of three blanks or more between sentences ends a paragraph; few words between two gaps are a heading."""
    parts = [Block(ParagraphKind.BODY, prefix=block.prefix)]
    for n, piece in enumerate(block.pieces):
        lines = _GAP.split(piece.text)
        for m, line in enumerate(lines):
            if m:
                before = parts[-1].raw.strip()
                after = line or "".join(later.text for later in block.pieces[n + 1 : n + 3])
                few = before[-1:].isalpha() and len(before.split()) <= GAP_WORDS
                ended = not before or few or _SENTENCE_ENDS.search(before[-12:])
                if ended and _STARTS_SENTENCE.match(after):
                    parts.append(Block(ParagraphKind.BODY))
                else:
                    parts[-1].pieces.append(piece._replace(text=" "))
            parts[-1].pieces.append(piece._replace(text=line))
    parts = [part for part in parts if part.raw.strip()]
    for part in parts[1:-1]:
        if len(part.raw.split()) <= GAP_WORDS and reads_as_heading(part.raw):
            part.kind, part.level = ParagraphKind.HEADING, BOLD_HEADING_LEVEL
    return parts


def _split_at_runs(block: Block, long: bool) -> list[Block]:
    if block.kind is not ParagraphKind.BODY:
        return [block]
    runs = list(_emphasis_runs(block.pieces))
    parts = [Block(ParagraphKind.BODY, prefix=block.prefix)]
    for n, pieces in enumerate(runs):
        text = "".join(piece.text for piece in pieces)
        before = parts[-1].raw
        after = "".join(piece.text for run in runs[n + 1 : n + 3] for piece in run)
        emphasised = pieces[0].bold or pieces[0].italic
        leads = len(parts) == 1 and not before.strip() and not block.prefix and bool(_OPENS_SENTENCE.match(after))
        between = long and _between_sentences(before, text, after)
        if emphasised and reads_as_heading(text) and (between or (leads and len(text.split()) > 1)):
            parts.append(Block(ParagraphKind.HEADING, BOLD_HEADING_LEVEL, pieces=pieces))
            parts.append(Block(ParagraphKind.BODY))
        else:
            parts[-1].pieces.extend(pieces)
    return [part for part in parts if part.raw.strip()]


def _emphasis_runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Neighbouring pieces that are all bold, all italic, or all plain."""
    run: list[Piece] = []
    for piece in pieces:
        if run and (run[-1].bold, run[-1].italic) != (piece.bold, piece.italic):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _between_sentences(before: str, text: str, after: str) -> bool:
    """Whether a run stands where one sentence, or a list without full stops, has ended and another begins."""
    if not before.strip() or _SENTENCE_ENDS.search(before[-12:]):
        return bool(_STARTS_SENTENCE.match(after))
    ends_list = _NAME_ENDS.search(before[-60:]) and len(text.split()) > 2
    return bool(ends_list and _SENTENCE.match(after))


def reads_as_heading(text: str) -> bool:
    """Up to ``HEADING_WORDS`` words that do not end like a sentence, and are no dateline, time or label of a form."""
    text = text.strip()
    words = text.split()
    return (
        sum(c.isalpha() for c in text) > sum(c.isdigit() for c in text)
        and len(words) <= HEADING_WORDS
        and not text.endswith((".", "!", "?", ",", ";", ":", "”", '"', "-", "–", "—"))
        and not _FORM_LABEL.match(text)
        # "As prepared for delivery WASHINGTON": a place in capitals that opens the text.
        and (text.isupper() or not re.fullmatch(r"[A-Z]{7,}", words[-1]))
    )
