"""One question with one system's answer, and what all metrics ask of the two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from assistant.citations.checking import Checker, Verdict
from assistant.citations.citation import Citation, cite
from assistant.evaluation.facts import counted_words, fold, states
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord, RecordedCitation
from corpus.release import Release, Span


class Releases(Protocol):
    """Where releases are looked up; an index's table of releases is one."""

    def get(self, release_id: str) -> Release | None:
        """The release of that id, or that was also published under it."""


@dataclass(frozen=True)
class Case:
    """A question and the answer to it."""

    question: EvaluationQuestion
    answer: AnswerRecord
    releases: Releases = field(repr=False)

    @cached_property
    def group_ranks(self) -> list[int | None]:
        """For every gold group, the rank from 1 of its first release among those found; None where none was."""
        ranks = {release_id: rank for rank, release_id in enumerate(self.answer.ranked, 1)}
        return [min((ranks[i] for i in group if i in ranks), default=None) for group in self.question.gold_releases]

    @cached_property
    def cited_ids(self) -> list[str]:
        """The release of every citation, lower-cased."""
        return [citation.release_id.lower() for citation in self.answer.citations]

    @cached_property
    def missing_facts(self) -> list[Sequence[str]]:
        """The gold facts that the answer does not state within the words that count."""
        counted = counted_words(self.answer.answer, self.question)
        return [fact for fact in self.question.gold_facts if not states(counted, fact)]

    @cached_property
    def missing_groups(self) -> list[Sequence[str]]:
        """The gold groups that no citation points at."""
        cited = set(self.cited_ids)
        return [group for group in self.question.gold_releases if not cited.intersection(group)]

    @cached_property
    def words_stand(self) -> list[bool]:
        """For every citation, whether the quote's words stand in the release, marks and punctuation aside."""
        return [self._words_stand(citation) for citation in self.answer.citations]

    @cached_property
    def is_exact(self) -> list[bool]:
        """For every citation, whether the quote is, to the character, the span that it points at."""
        return [self._exact(citation) for citation in self.answer.citations]

    @property
    def says_and_cites(self) -> bool:
        """Whether the answer states every gold fact, cites every gold group, and quotes nothing that is not there."""
        answerable = self.question.answerable and not self.answer.error
        return answerable and not self.missing_facts and not self.missing_groups and all(self.words_stand)

    @cached_property
    def support(self) -> list[Verdict]:
        """For every sentence, the verdict of the check on it and all that it cites together."""
        return [self.check(n) for n in range(len(self.answer.sentences))]

    def check(self, sentence: int, without: int | None = None, only: int | None = None) -> Verdict:
        """The verdict on a sentence with all its citations, ``without`` one of them, or with ``only`` one (markers)."""
        said = self.answer.sentences[sentence]
        markers = [m for m in said.citations if m != without and only in (None, m)]
        cited = [self._cited[marker] for marker in markers if marker in self._cited]
        return Checker().check(said.text, cited).verdict

    @cached_property
    def _releases(self) -> dict[str, Release | None]:
        """The releases that citations name, by id, each looked up once."""
        return {release_id: self.releases.get(release_id) for release_id in dict.fromkeys(self.cited_ids)}

    @cached_property
    def _folded(self) -> dict[str, str]:
        """The words of those that there are: folding a long release takes longer than all else."""
        return {i: fold(f"{release.title} . {release.text}") for i, release in self._releases.items() if release}

    @cached_property
    def _cited(self) -> dict[int, tuple[Citation, Release]]:
        """The citations that point into a release that there is, by marker."""
        cited = {}
        for citation in self.answer.citations:
            release = self._releases[citation.release_id.lower()]
            span = release and _span(citation, release)
            if release and span and any(p.start <= span.start < span.end <= p.end for p in release.paragraphs):
                claimed = cite(release, span, citation.marker).model_copy(update={"quote": citation.quote})
                cited[citation.marker] = (claimed, release)
        return cited

    def _words_stand(self, citation: RecordedCitation) -> bool:
        folded = self._folded.get(citation.release_id.lower())
        return bool(citation.quote.strip()) and folded is not None and fold(citation.quote).strip() in folded

    def _exact(self, citation: RecordedCitation) -> bool:
        release = self._releases[citation.release_id.lower()]
        span = release and _span(citation, release)
        return bool(release and span and release.text[span.start : span.end] == citation.quote)


def _span(citation: RecordedCitation, release: Release) -> Span | None:
    """Where a citation points; where it gives no positions, the place at which its quote stands."""
    if citation.start is not None and citation.end is not None:
        return Span(citation.start, citation.end) if 0 <= citation.start < citation.end <= len(release.text) else None
    start = release.text.find(citation.quote) if citation.quote else -1
    return Span(start, start + len(citation.quote)) if start >= 0 else None
