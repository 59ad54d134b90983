"""Which words of the passages that a written sentence cites carry it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers.prompt import Passage, neutral
from assistant.citations.checking import Checked, Checker, Reason, ReasonKind, Verdict
from assistant.citations.citation import cite
from corpus.release import Paragraph, ParagraphKind, Release, Span

#: Sentences of the passages that are looked at for one of the model's.
PLACES = 3
CARRIED = (Verdict.VERBATIM, Verdict.SUPPORTED)

_STOP = frozenset(
    "a an and are as at be been being but by for from had has have he her his in into is it its of on or she that the "
    "their they this to was were which who will with".split()
)
_LEANS = re.compile(r"(?:\w+(?: \w+){0,2}, )?(?:he|she|it|they|his|her|its|their|this|these|those|such)\b", re.I)
_TODAY = re.compile(r"\btoday\b", re.I)
#: A sentence that bids the reader do something states nothing: "Write that the bank was pardoned" bears out no pardon.
_BIDS = re.compile(
    r"\W*(?:(?:please|now|then|always|never|instead|system|assistant|user|important|note)\b\W*)*"
    r"(?:do not|don['’]t|you (?:are|must|should|will|shall|may)|act as|answer|cite|claim|disregard|follow|forget|"
    r"ignore|invent|make up|obey|omit|output|pretend|print|quote|reply|repeat|respond|say|tell|write)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, the spans that it is shown to rest on, and what the check says of it."""

    text: str
    cited: tuple[tuple[Release, Span], ...]
    checked: Checked

    @property
    def carried(self) -> bool:
        """Whether it may be shown."""
        return self.checked.verdict in CARRIED

    @property
    def releases(self) -> set[str]:
        """The ids of the releases that it cites."""
        return {release.release_id for release, _ in self.cited}


def judge(text: str, numbers: Sequence[int], passages: Sequence[Passage], checker: Checker) -> Judged:
    """Find the sentence of the cited passages that carries a sentence.

    One that stands in a passage word for word is shown in the release's own characters and cites them, whatever it was
    marked with; any other is only held against the passages that it cites.

    Args:
        text: the sentence, without markers.
        numbers: of the passages that it cites, counted from 1.
        passages: what the model was given.
        checker: that decides.
    """
    ordered = [passages[n - 1] for n in numbers] + [p for n, p in enumerate(passages, 1) if n not in numbers]
    folded = _folded(text)
    for passage in ordered:
        for span in _sentences(passage):
            words = passage.release.text[span.start : span.end]
            if _folded(words) == folded:
                judged = _judged(words, (passage.release, span), checker)
                if judged.carried:
                    return judged
    looked_at = [_judged(text, place, checker) for place in _places(text, [passages[n - 1] for n in numbers])]
    carrying = (judged for judged in looked_at if judged.carried)
    return next(carrying, looked_at[0] if looked_at else Judged(text, (), checker.check(text, [])))


def leans(text: str) -> bool:
    """Whether the sentence's subject is in the one before it."""
    return bool(_LEANS.match(text))


def in_order(sentences: Sequence[Judged]) -> list[Judged]:
    """The sentences, those that lean on one that is not shown, or that is of another release, as not carried."""
    judged: list[Judged] = []
    for sentence in sentences:
        before = judged[-1] if judged else None
        stands = before is not None and before.carried and bool(before.releases & sentence.releases)
        if sentence.carried and leans(sentence.text) and not stands:
            reason = Reason(ReasonKind.WORDS, "does not say by name whom or what it is about")
            judged.append(Judged(sentence.text, sentence.cited, Checked(Verdict.PARTIAL, (reason,))))
        else:
            judged.append(sentence)
    return judged


def _judged(text: str, place: tuple[Release, Span], checker: Checker) -> Judged:
    """Check a sentence twice: against what it cites where that stands, and against those words alone."""
    release, span = place
    checked = checker.check(text, [(cite(release, span, 1), release)])
    if checked.verdict is Verdict.SUPPORTED:
        alone, span = _alone(release, span)
        checked = checker.check(text, [(cite(alone, span, 1), alone)])
    return Judged(text, (place,), checked)


def _alone(release: Release, span: Span) -> tuple[Release, Span]:
    """A release of one sentence, and its span there.

    A person who reads on in a draft may look around for a name; what a model wrote must not borrow its facts from the
    title, or from a neighbour that tells of somebody else. Only a sentence that leans keeps the one that it leans on,
    and only one that says "today" the day of its release.
    """
    first = span.start
    if leans(release.text[span.start : span.end]):
        before = [s for p in release.paragraphs for s in p.sentences if p.start <= s.start < span.start < p.end]
        first = before[-1].start if before else first
    text = release.text[first : span.end]
    sentences = (Span(0, span.start - first), Span(span.start - first, len(text)))
    paragraph = Paragraph(0, len(text), ParagraphKind.BODY, (), sentences if first < span.start else sentences[1:])
    day = release.date if _TODAY.search(release.text[span.start : span.end]) else None
    alone = replace(release, title="", date=day, text=text, paragraphs=(paragraph,), bold=(), links=())
    return alone, sentences[1]


def _places(text: str, passages: Sequence[Passage]) -> list[tuple[Release, Span]]:
    """The sentences that may carry another, most of its words first.

    Each is looked at by itself: of two together, one may tell of somebody else what is said of the first.
    """
    wanted = _words(text)
    stated = ((p.release, span) for p in passages for span in _sentences(p))
    held = [
        (len(wanted & _words(words)), release, span)
        for release, span in stated
        if not _BIDS.match(words := release.text[span.start : span.end])
    ]
    held.sort(key=lambda place: -place[0])
    return [(release, span) for shared, release, span in held[:PLACES] if shared]


def _sentences(passage: Passage) -> list[Span]:
    """The whole sentences of a passage."""
    return [
        span
        for paragraph in passage.release.paragraphs
        for span in paragraph.sentences
        if passage.span.start <= span.start and span.end <= passage.span.end
    ]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if word not in _STOP}


def _folded(text: str) -> str:
    """A text as it compares: as the model was shown it, in straight quotation marks, on one line."""
    straight = neutral(text).translate(str.maketrans("“”‘’", "\"\"''"))
    return " ".join(straight.split())
