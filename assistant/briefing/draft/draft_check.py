"""A draft checked: for every sentence a verdict, the evidence, and what is wrong with what stands there instead."""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib.metadata import version

from pydantic import BaseModel

from assistant.briefing.draft.claims import nothing_to_check
from assistant.briefing.draft.draft import Draft, DraftSentence
from assistant.briefing.draft.evidence import EvidenceFinder, Support, in_context
from assistant.briefing.draft.slips import date_meant, name_meant
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.engine import Assistant
from corpus.progress import Progress, silent

#: Releases that carried the sentences before, and in which the next is looked for.
NEAR = 3


class FindingKind(StrEnum):
    """What a finding is about: the words of a sentence, or what the draft cites for it."""

    WORDS = "words"
    REFERENCE = "reference"


class Finding(BaseModel):
    """One thing that is wrong, at the draft's characters ``[start, end)``, which are ``written``.

    ``instead`` is what the release ``release_id`` has in that place; both are empty where there is none.
    """

    kind: FindingKind
    message: str
    start: int
    end: int
    written: str
    instead: str = ""
    release_id: str = ""


class CitedInDraft(BaseModel):
    """A reference of the draft at ``[start, end)``, the releases that it leads to, and names that lead nowhere."""

    start: int
    end: int
    written: str
    release_ids: list[str]
    unknown: list[str]


class CheckedSentence(BaseModel):
    """The draft's characters ``[start, end)``, which are ``text``.

    ``verdict`` is None where there is nothing to check, which ``unchecked`` gives the reason of. ``evidence`` is what
    carries the sentence, or, where something is wrong, what comes nearest; it is empty where nothing comes near.
    """

    start: int
    end: int
    text: str
    block: int
    verdict: Verdict | None
    unchecked: str = ""
    findings: list[Finding] = []
    cited: list[CitedInDraft] = []
    evidence: list[Citation] = []

    @property
    def wrong(self) -> bool:
        """Whether the sentence needs a look."""
        return self.verdict in (Verdict.PARTIAL, Verdict.UNSUPPORTED)


class CheckProvenance(BaseModel):
    """What checked the draft: hashes and names."""

    program: str
    corpus_name: str
    corpus: str
    generation: str
    releases: int
    sentence_model: str


class CheckedDraft(BaseModel):
    """A draft with its verdicts. All offsets count characters of ``text``, in which every line ends in a line feed.

    Of a Word document ``text`` holds the paragraphs of the body, two line feeds between each two.
    """

    name: str
    text: str
    sentences: list[CheckedSentence]
    provenance: CheckProvenance

    @property
    def counts(self) -> dict[str, int]:
        """Sentences by verdict, and those with nothing to check."""
        counted = Counter(str(s.verdict) if s.verdict else "nothing to check" for s in self.sentences)
        return {name: counted[name] for name in (*map(str, Verdict), "nothing to check")}

    @property
    def wrong(self) -> list[CheckedSentence]:
        """The sentences that need a look."""
        return [sentence for sentence in self.sentences if sentence.wrong]


def known_in(assistant: Assistant) -> Callable[[str], list[str]]:
    """What gives the releases of the index that a name leads to."""
    releases = assistant.generation().releases
    return lambda name: releases.known([name])


def check_draft(assistant: Assistant, draft: Draft, progress: Progress = silent) -> CheckedDraft:
    """Check every sentence of a draft that asserts something; see ``DraftChecker``."""
    checker = DraftChecker(assistant, draft)
    checked: list[CheckedSentence] = []
    with progress("checking", len(draft.sentences)) as advance:
        for sentence in draft.sentences:
            checked.append(checker.check(sentence))
            advance(1)
    return checker.whole(checked)


class DraftChecker:
    """Checks the sentences of one draft, which must come in order: each may lean on those before it.

    A sentence that cites releases is looked for in these; where they do not carry it, and where it cites none, in what
    a search finds and in what carried the sentences before it.
    """

    def __init__(self, assistant: Assistant, draft: Draft, near: Sequence[str] = ()) -> None:
        """Begin at the first sentence.

        Args:
            assistant: what is searched, and checks.
            draft: what is checked.
            near: ids of releases that the draft was written from, where that is known.
        """
        self._assistant = assistant
        self._draft = draft
        self._finder = EvidenceFinder(assistant)
        self._before: DraftSentence | None = None
        self._near = list(near)

    def check(self, sentence: DraftSentence) -> CheckedSentence:
        """The next sentence's verdict and evidence, or why there is nothing to check."""
        reason = nothing_to_check(sentence)
        if reason:
            self.pass_over(sentence)
            return _sentence(self._draft, sentence, None, reason)
        same_block = self._before is not None and self._before.block == sentence.block  # a pronoun reaches no further
        context = in_context(sentence.words, self._before.words if self._before and same_block else "")
        result = _check_sentence(self._draft, sentence, context, self._near, self._finder)
        self.pass_over(sentence, [citation.release_id for citation in result.evidence])
        return result

    def pass_over(self, sentence: DraftSentence, carried_by: Sequence[str] = ()) -> None:
        """Go on to the next sentence: this one needs no check, or has had it, and these releases carry it."""
        self._before = sentence
        if carried_by:
            self._near = list(dict.fromkeys([*carried_by, *self._near]))[:NEAR]

    def whole(self, checked: list[CheckedSentence]) -> CheckedDraft:
        """The draft with the verdicts of all its sentences."""
        provenance = _provenance(self._assistant)
        return CheckedDraft(name=self._draft.name, text=self._draft.text, sentences=checked, provenance=provenance)


def _check_sentence(
    draft: Draft, sentence: DraftSentence, context: str, near: list[str], finder: EvidenceFinder
) -> CheckedSentence:
    cited = list(dict.fromkeys(i for reference in sentence.references for i in reference.release_ids))
    findings = [
        _reference_finding(f"“{name}” leads to no release of the index", draft, r.start, r.end)
        for r in sentence.references
        for name in r.unknown
    ]
    in_cited = finder.best(sentence.words, context, cited) if cited else None
    support = in_cited
    if support is None or not support.holds:
        elsewhere = _elsewhere(sentence.words, context, near, finder)
        if support is None or not support.candidates or (elsewhere.holds and elsewhere.fault < support.fault):
            support = elsewhere
    verdict = support.checked.verdict
    if in_cited and support.holds and not in_cited.holds:
        carrying = list(dict.fromkeys(c.release_id for c in support.citations))
        does = f"{carrying[0]} does" if len(carrying) == 1 else f"{' and '.join(carrying)} together do"
        message = f"cites {' and '.join(cited)}, which does not carry all of this; {does}"
        first, last = sentence.references[0], sentence.references[-1]
        findings.append(_reference_finding(message, draft, first.start, last.end))
    if findings and support.holds:
        verdict = Verdict.PARTIAL
    elif not support.holds:
        findings = _word_findings(draft, sentence, support) + findings
    return _sentence(draft, sentence, verdict, "", findings, list(support.citations))


def _elsewhere(words: str, context: str, near: list[str], finder: EvidenceFinder) -> Support:
    """The best evidence in what a search finds and in the releases near by; a wrong date must not lead astray."""
    found = finder.found_by_search(context)
    support = finder.best(words, context, [*found, *near])
    if not support.holds and (more := [i for i in finder.found_by_search(context, True) if i not in found]):
        support = min(support, finder.best(words, context, [*more, *near]), key=lambda s: (not s.candidates, s.fault))
    return support


def _word_findings(draft: Draft, sentence: DraftSentence, support: Support) -> list[Finding]:
    """What is wrong with the words, by the checker's reasons; or that nothing comes near."""
    if not support.citations:
        text = draft.text[sentence.start : sentence.end]
        return [
            Finding(
                kind=FindingKind.WORDS,
                message="no release of the index says so or comes near",
                start=sentence.start,
                end=sentence.end,
                written=text,
            )
        ]
    findings = []
    for reason in support.checked.reasons:
        placed = 0 <= reason.start < reason.end <= len(sentence.words)
        start, end = sentence.place(reason.start, reason.end) if placed else (sentence.start, sentence.end)
        instead, message = reason.instead if reason.contradicts else "", reason.message
        said = sentence.words[reason.start : reason.end]
        if placed and not instead and (dated := date_meant(said, support.candidates)):
            instead, message = dated, f"{message}, which is dated {dated}"
        elif placed and not instead and (named := name_meant(said, support.candidates)):
            instead, message = named, f"{message}; it has “{named}”"
        findings.append(
            Finding(
                kind=FindingKind.WORDS,
                message=message,
                start=start,
                end=end,
                written=draft.text[start:end],
                instead=instead,
                release_id=_said_by(instead, support),
            )
        )
    return findings


def _said_by(instead: str, support: Support) -> str:
    """The release of the evidence that has these words, else the first."""
    holding = (c.release_id for c in support.citations if instead and instead in c.quote)
    return next(holding, support.citations[0].release_id)


def _reference_finding(message: str, draft: Draft, start: int, end: int) -> Finding:
    return Finding(
        kind=FindingKind.REFERENCE, message=message, start=start, end=end, written=draft.text[start:end].strip()
    )


def _sentence(
    draft: Draft,
    sentence: DraftSentence,
    verdict: Verdict | None,
    unchecked: str = "",
    findings: list[Finding] | None = None,
    evidence: list[Citation] | None = None,
) -> CheckedSentence:
    return CheckedSentence(
        start=sentence.start,
        end=sentence.end,
        text=draft.text[sentence.start : sentence.end],
        block=sentence.block,
        verdict=verdict,
        unchecked=unchecked,
        findings=findings or [],
        cited=[
            CitedInDraft(
                start=r.start,
                end=r.end,
                written=r.written,
                release_ids=list(r.release_ids),
                unknown=list(r.unknown),
            )
            for r in sentence.references
        ],
        evidence=evidence or [],
    )


def _provenance(assistant: Assistant) -> CheckProvenance:
    generation = assistant.generation()
    return CheckProvenance(
        program=f"treasury-assistant {version('treasury-assistant')}",
        corpus_name=generation.manifest.corpus_name,
        corpus=generation.manifest.corpus_hash,
        generation=generation.name,
        releases=generation.manifest.releases,
        sentence_model=assistant.sentence_encoder.fingerprint,
    )
