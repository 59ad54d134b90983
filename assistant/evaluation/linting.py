"""The linter of question sets: what would make a figure wrong, each finding with its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rapidfuzz import fuzz, process

from assistant.evaluation.facts import fold, states
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.question import parse_question
from assistant.questions_file import parse_questions
from corpus.errors import QuestionError
from corpus.release import Release
from indexes.release_table import ReleaseTable

#: Word-order-free similarity, of 100, from which on two questions are held to be one.
NEAR_DUPLICATE = 95


class Rule(StrEnum):
    """What can be wrong with a question."""

    NOT_A_QUESTION = "not a question"
    CANNOT_BE_ASKED = "cannot be asked"
    DUPLICATE_ID = "duplicate id"
    DUPLICATE_QUESTION = "duplicate question"
    NEAR_DUPLICATE = "near-duplicate question"
    UNKNOWN_ID = "unknown id"
    OTHER_NAME = "id of a copy"
    NO_GOLD = "no gold"
    UNWANTED_GOLD = "gold of an unanswerable question"
    GROUPS_OVERLAP = "groups overlap"
    EMPTY_FORM = "empty form"
    FACT_NOWHERE = "fact in no gold release"
    NO_HISTORY = "no history"

    @property
    def is_error(self) -> bool:
        """Whether figures are wrong with it; the rest is worth a look."""
        return self not in (Rule.NEAR_DUPLICATE, Rule.OTHER_NAME)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    line: int
    id: str
    rule: Rule
    reason: str


def lint(path: Path, releases: ReleaseTable) -> tuple[int, list[Finding]]:
    """Look at every question of a file.

    Args:
        path: the question set.
        releases: those that the set is about.

    Returns:
        The number of questions, and the findings in order of line.

    Raises:
        QuestionError: the file cannot be read.
    """
    questions, bad = parse_questions(path, EvaluationQuestion)
    findings = [Finding(line, "", Rule.NOT_A_QUESTION, reason) for line, reason in bad]
    findings += _repeated(questions)
    for line, question in questions:
        findings += (Finding(line, question.id, rule, reason) for rule, reason in _of_question(question, releases))
    return len(questions), sorted(findings, key=lambda finding: finding.line)


def _of_question(question: EvaluationQuestion, releases: ReleaseTable) -> Iterator[tuple[Rule, str]]:
    try:
        parse_question(question.question)
    except QuestionError as error:
        yield Rule.CANNOT_BE_ASKED, str(error)
    if question.type is QuestionType.FOLLOWUP and not question.history:
        yield Rule.NO_HISTORY, "a follow-up without the turns before it"
    if not question.answerable:
        if question.gold_releases or question.gold_facts:
            yield Rule.UNWANTED_GOLD, "an unanswerable question has gold releases or facts"
        return
    if not question.gold_releases or not all(question.gold_releases):
        yield Rule.NO_GOLD, "no gold release, or an empty group"
    if not question.gold_facts or not all(question.gold_facts):
        yield Rule.NO_GOLD, "no gold fact, or a fact without a form"
    if shared := {i for g in question.gold_releases for i in g if sum(i in h for h in question.gold_releases) > 1}:
        yield Rule.GROUPS_OVERLAP, f"{', '.join(sorted(shared))} in two groups: one citation would count twice"

    texts = ""
    for group in question.gold_releases:
        for release_id in group:
            known = releases.known([release_id])
            if not known:
                yield Rule.UNKNOWN_ID, f"{release_id} is not in the index"
            elif release_id not in known and not set(known) & set(group):
                yield Rule.OTHER_NAME, f"{release_id} is a copy of {known[0]}, which search results name; add it"
            for release in filter(None, map(releases.get, known)):
                texts += fold(f"{release.title} . {release.text} . {_days(release)}")
    for fact in filter(None, question.gold_facts):
        if not all(fold(form).strip() for form in fact):
            yield Rule.EMPTY_FORM, f"{fact} has a form without a word, which stands in no answer"
        elif texts and not states(texts, fact):
            yield Rule.FACT_NOWHERE, f"“{fact[0]}”, in any of its forms, stands in no gold release"


def _days(release: Release) -> str:
    """The release's own date as people write it: when it was published is a fact of it, though no sentence says so."""
    date = release.date
    return f"{date:%B} {date.day}, {date.year} . {date.day} {date:%B} {date.year} . {date}" if date else ""


def _repeated(questions: Sequence[tuple[int, EvaluationQuestion]]) -> Iterator[Finding]:
    ids: dict[str, int] = {}
    asked: dict[str, int] = {}
    for line, question in questions:
        text = fold(" ".join([*(turn.content for turn in question.history), question.question]))
        if question.id in ids:
            reason = f"the id of line {ids[question.id]}"
            yield Finding(line, question.id, Rule.DUPLICATE_ID, reason)
        ids.setdefault(question.id, line)
        if text in asked:
            yield Finding(line, question.id, Rule.DUPLICATE_QUESTION, f"the question of line {asked[text]}")
        elif near := process.extractOne(text, asked.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_DUPLICATE):
            reason = f"nearly the question of line {asked[near[0]]}"
            yield Finding(line, question.id, Rule.NEAR_DUPLICATE, reason)
        asked.setdefault(text, line)
