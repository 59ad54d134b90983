"""A checked draft as one page that asks for nothing from outside: the text, and beside it the evidence."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from assistant.briefing.draft.draft import BlockKind, Draft, DraftSentence
from assistant.briefing.draft.draft_check import CheckedDraft, CheckedSentence
from assistant.briefing.draft.wording import MARKS, counted, finding_lines, verdict_words
from assistant.citations.citation import Citation
from corpus.dating import in_words

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence and its number on the page; ``parts`` are its words, each with what the releases say instead."""

    number: int
    checked: CheckedSentence
    parts: list[tuple[str, str]]
    references: str
    mark: str
    verdict: str
    findings: list[str]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A paragraph, heading or item with its sentences."""

    heading: bool
    item: bool
    sentences: list[ShownSentence]


def as_page(draft: Draft, checked: CheckedDraft) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"web_url": _web_url, "day": lambda c: in_words(c.date, c.date_confidence)}
    return environment.get_template("page.html.j2").render(
        draft=checked, counted=counted(checked), blocks=shown_blocks(draft, checked)
    )


def shown_blocks(draft: Draft, checked: CheckedDraft) -> list[ShownBlock]:
    """The pieces of a draft in order, each with its sentences as a page shows them."""
    blocks: list[ShownBlock] = []
    block = -1
    for number, (written, sentence) in enumerate(zip(draft.sentences, checked.sentences, strict=True), 1):
        if written.block != block:
            block = written.block
            blocks.append(ShownBlock(written.kind is BlockKind.HEADING, written.kind is BlockKind.ITEM, []))
        blocks[-1].sentences.append(
            ShownSentence(
                number,
                sentence,
                _parts(written, sentence),
                " ".join(r.written for r in written.references),
                MARKS[sentence.verdict][0],
                verdict_words(sentence),
                finding_lines(sentence),
            )
        )
    return blocks


def _parts(written: DraftSentence, sentence: CheckedSentence) -> list[tuple[str, str]]:
    """The words, cut where findings are placed in them; of findings that overlap the first counts."""
    placed = sorted(
        (bisect_left(written.positions, f.start), bisect_left(written.positions, f.end), f.instead)
        for f in sentence.findings
        if f.instead
    )
    parts: list[tuple[str, str]] = []
    at = 0
    for start, end, instead in placed:
        if start >= at:
            parts += [(written.words[at:start], ""), (written.words[start:end], instead)]
            at = end
    return [part for part in [*parts, (written.words[at:], "")] if part[0]]


def _web_url(citation: Citation) -> str:
    """Where a citation leads, where that is a web page; nothing else becomes a link."""
    return citation.url if re.match(r"https?://", citation.url) else ""
