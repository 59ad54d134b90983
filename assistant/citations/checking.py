"""The check that every sentence of an answer must pass before anyone sees it. ``docs/checking.md`` states the rules."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from assistant.citations.citation import Citation
from assistant.citations.coverage import GRAVE, Meanings, Words, uncovered
from assistant.citations.edits import check_edits
from assistant.citations.facts import Evidence, check_facts, reason
from assistant.citations.folding import fold
from assistant.citations.meaning import check_meaning
from assistant.citations.names import Name, OtherNames, Source, capitals, names
from assistant.citations.parties import BEFORE, check_parties
from assistant.citations.reading import Reading, read
from assistant.citations.reasons import Reason, ReasonKind
from assistant.citations.relations import told_inversely
from assistant.citations.roles import check_roles
from corpus.release import Paragraph, Release
from indexes.embedding.encoder import Encoder

__all__ = ["Checked", "Checker", "Entailment", "Reason", "ReasonKind", "Verdict"]

#: Below this share of its names, numbers and words in the spans themselves, a sentence is about something else.
HALF = 0.5
#: Names, numbers and words that a sentence needs: "They did" is true of anything.
THIN = 2
#: Reasons that are given, at most.
REASONS = 12
#: Words that a part of a quote needs to be called its words.
SHORTEST_PART = 4
#: Where the model that judges entailment is less sure than this, the sentence is not passed.
ENTAILED = 0.5

#: Characters from which on a text is no sentence and is passed only as it stands in a span.
LONGEST = 10_000
#: Words of a sentence, at most, whose meaning is looked up.
_EMBEDDED = 20

#: Words of a sentence's beginning, at most, that can take up what was said before: "The two attacks".
_SUBJECT = 2

_MARKERS = re.compile(r"\s?\[\d{1,4}(?:\s?[,;-]\s?\d{1,4})*\]")
_CLOSING = " .,;:!?\"')…"
_OPENING = " \"'(…"
_CONDITION = re.compile(r",? (?:unless|except|if|provided|but|only if|save)\b")
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|(?:the|this|these|those|both|such|the (?:two|three|four|five)) "
    r"(?:[a-z-]+ )?(?:compan(?:y|ies)|banks?|groups?|firms?|networks?|organizations?|individuals?|entit(?:y|ies)|men|"
    r"vessels?|orders?|programs?|agenc(?:y|ies)|funds?|branches|officials?|designees?|convention|agreement|law|act))\b",
    re.IGNORECASE,
)


class Verdict(StrEnum):
    """How far a sentence is carried by the words that it cites."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict, and the reasons where it is neither ``VERBATIM`` nor ``SUPPORTED``."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class Entailment(Protocol):
    """A model that judges whether one text follows from another."""

    def entails(self, premise: str, hypothesis: str) -> float:
        """How likely the hypothesis follows, from 0 to 1."""
        ...


class Checker:
    """Compares sentences with what they cite. Needs no language model and no network; safe to share between threads.

    What can be said wrongly is read off both sides and compared: numbers, dates, authorities and names, denials and
    hedges, who did it to whom; the other words must stand, or be meant, in what is cited.
    """

    def __init__(
        self,
        names: OtherNames | None = None,
        encoder: Encoder | None = None,
        entailment: Entailment | None = None,
    ) -> None:
        """A checker; each argument makes it see more.

        Args:
            names: gives the other names of a name, such as those that an index has learned.
            encoder: finds that two words mean nearly the same where no list of ours says so.
            entailment: has the last word on sentences that passed everything else, and can only refuse them.
        """
        self._names = names
        self._meanings = Meanings(encoder) if encoder else None
        self._entailment = entailment

    def check(self, text: str, cited: Sequence[tuple[Citation, Release]]) -> Checked:
        """Compare a sentence with the spans it cites, read anew from their releases."""
        if not cited:
            return _unsupported(ReasonKind.CITATION, "cites nothing")
        for citation, release in cited:
            if not 0 <= citation.start < citation.end <= len(release.text):
                return _unsupported(ReasonKind.CITATION, f"[{citation.marker}] points outside {release.release_id}")
            if release.text[citation.start : citation.end] != citation.quote:
                return _unsupported(ReasonKind.QUOTE, f"[{citation.marker}] misquotes {release.release_id}")
        bare = _MARKERS.sub("", text)
        quotes = [citation.quote for citation, _ in cited]
        plain = _plain(bare)
        if not any(c.isalnum() for c in plain):
            return _unsupported(ReasonKind.WORDS, "says nothing")
        if any(plain == _plain(quote) for quote in quotes):
            return Checked(Verdict.VERBATIM)
        if len(text) > LONGEST:
            return _unsupported(ReasonKind.WORDS, f"is longer than a sentence: {len(text):,} characters")
        part = _part(plain, quotes)
        found = self._compare(text, cited)
        if part is not None and not found.reasons:
            left_out = _CONDITION.match(part)
            if not left_out:
                return Checked(Verdict.VERBATIM)
            message = f"leaves out “{part.strip()[:60]}”"
            return Checked(Verdict.PARTIAL, (Reason(ReasonKind.SCOPE, message, instead=part.strip()),))
        return found

    def _compare(self, text: str, cited: Sequence[tuple[Citation, Release]]) -> Checked:
        sentence = read(_blank_markers(text))
        evidence = _evidence(cited)
        near = [reading for before in evidence.before for reading in before]
        points_back = _pointed_to(evidence)
        named = names(sentence, capitals((*evidence.quotes, *(near if points_back else ()))))
        releases = [release.text for _, release in cited]
        reasons = [*check_facts(sentence, evidence), *check_meaning(sentence, evidence)]
        found = Source(evidence.quotes, releases, self._names)
        around = Source((*evidence.quotes, *evidence.known, *near), releases, self._names)
        missing = [name for name in named if not found.holds(sentence, name)]
        absent = [name for name in missing if not (points_back and around.holds(sentence, name))]
        reasons += [_name_reason(name, named, sentence, evidence, found) for name in absent]
        reasons += check_parties(sentence, named, evidence, releases, self._names)
        reasons += check_roles(sentence, named, evidence)
        reasons += [r for r in check_edits(sentence, evidence) if r.kind not in _FACTS or not _about(r, reasons)]
        inverse = told_inversely(sentence, named, evidence)
        said_so = {sentence.folded.original(sentence.tokens[n].start, sentence.tokens[n].end) for n in inverse}
        reasons = [r for r in reasons if r.kind is not ReasonKind.OPPOSITE or (r.start, r.end) not in said_so]
        in_names = frozenset(n for name in named for n in name.tokens)
        without = list(uncovered(sentence, in_names, Words(evidence.quotes, evidence.known), found))
        without = [n for n in without if n not in inverse and not _takes_up(sentence, n, near)]
        if self._meanings and without:
            without = self._not_meant(sentence, without, evidence, self._meanings)
        flagged = {(r.start, r.end) for r in reasons}
        for n in without:
            token = sentence.tokens[n]
            about = reason(
                ReasonKind.WORDS, f"nothing in {evidence.where} says “{token.text}”", sentence, (token.start, token.end)
            )
            if (about.start, about.end) not in flagged:
                reasons.append(about)
        said = len(sentence.facts) + len(named) + len(sentence.content) - len(in_names & set(sentence.content))
        if said < THIN:
            message = "says too little to be checked"
            reasons.append(Reason(ReasonKind.WORDS, message, contradicts=not said))
        bare = sum(1 for _ in uncovered(sentence, in_names, Words(evidence.quotes, ()), found)) if without else 0
        lost = len(missing) + bare + sum(r.kind in _FACTS for r in reasons)
        return self._verdict(text, quotes=[c.quote for c, _ in cited], reasons=reasons, share=1 - lost / max(said, 1))

    def _verdict(self, text: str, quotes: Sequence[str], reasons: list[Reason], share: float) -> Checked:
        kept = tuple(sorted(reasons, key=lambda r: (not r.contradicts, r.start))[:REASONS])
        if any(r.contradicts for r in kept) or (kept and share < HALF):
            return Checked(Verdict.UNSUPPORTED, kept)
        if kept:
            return Checked(Verdict.PARTIAL, kept)
        if self._entailment:
            sure = self._entailment.entails(" ".join(quotes), text)
            if sure < ENTAILED:
                message = f"does not follow from what it cites, by the entailment model ({sure:.2f})"
                return Checked(Verdict.PARTIAL, (Reason(ReasonKind.ENTAILMENT, message),))
        return Checked(Verdict.SUPPORTED)

    def _not_meant(self, sentence: Reading, without: list[int], evidence: Evidence, meanings: Meanings) -> list[int]:
        """The words that no word of the spans stands for, by the encoder."""
        others = list(dict.fromkeys(q.tokens[n].key for q in evidence.quotes for n in q.content))[:200]
        tried = [n for n in without[:_EMBEDDED] if sentence.tokens[n].stem not in GRAVE]
        meant = {n for n in tried if meanings.stands_for(sentence.tokens[n].key, others)}
        return [n for n in without if n not in meant]


_FACTS = (ReasonKind.NUMBER, ReasonKind.DATE, ReasonKind.ORDER)


def _unsupported(kind: ReasonKind, message: str) -> Checked:
    return Checked(Verdict.UNSUPPORTED, (Reason(kind, message, contradicts=True),))


def _plain(text: str) -> str:
    """A text without what only sets it: spaces folded, closing marks and quotation marks at its ends left out."""
    return " ".join(fold(text).text.split()).rstrip(_CLOSING).lstrip(_OPENING)


def _part(plain: str, quotes: Sequence[str]) -> str | None:
    """What follows a sentence in the quote that it is a part of; None where it is a part of none."""
    if plain.count(" ") + 1 < SHORTEST_PART:
        return None
    for quote in (*quotes, " ".join(quotes)):
        whole = " ".join(fold(quote).text.split())
        at = whole.find(plain)
        while at >= 0:
            after = whole[at + len(plain) :]
            if not (at and whole[at - 1].isalnum()) and not (after and after[0].isalnum()):
                return after
            at = whole.find(plain, at + 1)
    return None


def _blank_markers(text: str) -> str:
    """A text with its markers blanked, so that positions stay."""
    return _MARKERS.sub(lambda match: " " * len(match[0]), text)


def _evidence(cited: Sequence[tuple[Citation, Release]]) -> Evidence:
    """What a sentence is held against."""
    releases = list({release.release_id: release for _, release in cited}.values())
    quotes: dict[str, tuple[Reading, ...]] = {}
    known: list[Reading] = []
    for citation, release in cited:
        known.append(read(release.title))
        paragraph = _paragraph(citation, release)
        before: list[Reading] = []
        if paragraph:
            known.extend(read(heading) for heading in paragraph.headings)
            spans = [s for s in paragraph.sentences if s.end <= citation.start][-BEFORE:]
            before.extend(read(release.text[s.start : s.end]) for s in spans)
        quotes.setdefault(citation.quote, tuple(before))
    where = " and ".join(release.release_id for release in releases[:3])
    days = tuple(release.date for release in releases if release.date)
    return Evidence(tuple(map(read, quotes)), tuple(quotes.values()), tuple(known), days, where)


def _paragraph(citation: Citation, release: Release) -> Paragraph | None:
    if 1 <= citation.paragraph <= len(release.paragraphs):
        paragraph = release.paragraphs[citation.paragraph - 1]
        if paragraph.start <= citation.start < paragraph.end:
            return paragraph
    return next((p for p in release.paragraphs if p.start <= citation.start < p.end), None)


def _about(one: Reason, others: Sequence[Reason]) -> bool:
    """Whether a reason is about what another is about."""
    return any(one.start < other.end and other.start < one.end for other in others)


def _takes_up(sentence: Reading, n: int, near: Sequence[Reading]) -> bool:
    """Whether a sentence begins with a word that takes up what was said just before the spans: "The attack cost"."""
    if n == 0 or n > _SUBJECT or sentence.tokens[0].key not in ("the", "this", "these", "those", "that", "both"):
        return False
    return any(sentence.tokens[n].stem in reading.stems for reading in near)


def _pointed_to(evidence: Evidence) -> bool:
    """Whether a span points back to what was named before it."""
    return any(_POINTS_BACK.search(quote.text) for quote in evidence.quotes)


def _name_reason(name: Name, named: Sequence[Name], sentence: Reading, evidence: Evidence, source: Source) -> Reason:
    """That a name is not there, and the name that stands in its place: one of the spans' that the sentence lacks."""
    said = {sentence.tokens[n].stem for other in named for n in other.tokens}
    rivals: Iterator[Name] = (
        other
        for quote in evidence.quotes
        for other in names(quote)
        if not any(quote.tokens[n].stem in said for n in other.tokens)
    )
    instead = next((rival.text for rival in rivals), "")
    message = f"{name.text} is not in {evidence.where}" + (f", which names {instead}" if instead else "")
    return reason(ReasonKind.NAME, message, sentence, (name.start, name.end), instead)
