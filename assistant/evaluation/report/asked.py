"""Question by question: what a right answer holds, and what every system made of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.facts import counted_words, states
from assistant.evaluation.metrics.scores import QuestionScore
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.run_folder import SystemRun

#: The sign of every outcome; the word stands beside it or is said of it.
SIGNS = {"correct": "✓", "wrong": "✗", "abstained": "∅", "failed": "!"}
#: Stands for every outcome but "correct".
MISSED = "missed"


def outcome(score: QuestionScore) -> str:
    """One word for what came of a question: correct, wrong, abstained (where that is wrong) or failed."""
    if score.error:
        return "failed"
    if score.correct:
        return "correct"
    return "abstained" if score.abstained else "wrong"


@dataclass(frozen=True, slots=True)
class Answered:
    """What one system made of one question."""

    label: str
    score: QuestionScore
    answer: AnswerRecord

    @property
    def outcome(self) -> str:
        """One word: see ``outcome``."""
        return outcome(self.score)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what every system made of it."""

    question: EvaluationQuestion
    answers: Sequence[Answered]

    @property
    def disagree(self) -> bool:
        """Whether some systems are right and others not."""
        return len({answered.score.correct for answered in self.answers}) > 1


def all_asked(runs: Sequence[SystemRun]) -> list[Asked]:
    """The questions of runs of one set, in its order, each with the answers in the order of the runs."""
    scores = [{score.id: score for score in run.metrics.questions} for run in runs]
    return [
        Asked(
            question,
            [
                Answered(run.label, by_id[question.id], run.answers.get(question.id) or AnswerRecord(id=question.id))
                for run, by_id in zip(runs, scores, strict=True)
            ],
        )
        for question in runs[0].questions
    ]


def matching(asked: Iterable[Asked], outcome: str = "", kind: str = "", words: str = "") -> list[Asked]:
    """The questions whose first answer came out like this, of this type, that hold all these words; "" is any.

    Words are looked for in the question, its id, its gold facts and the first answer, whatever their case.
    """
    wanted = words.casefold().split()
    return [
        a
        for a in asked
        if outcome in ("", a.answers[0].outcome) or (outcome == MISSED and a.answers[0].outcome != "correct")
        if kind in ("", a.question.type)
        if not wanted or all(word in _words(a) for word in wanted)
    ]


def _words(asked: Asked) -> str:
    question = asked.question
    facts = (form for fact in question.gold_facts for form in fact)
    return "\n".join([question.id, question.question, *facts, asked.answers[0].answer.answer]).casefold()


def facts_said(question: EvaluationQuestion, answer: AnswerRecord) -> list[tuple[str, bool]]:
    """Every gold fact in its first form, and whether it stands within the words of the answer that count."""
    counted = counted_words(answer.answer, question)
    return [(fact[0], states(counted, fact)) for fact in question.gold_facts if fact]


def groups_cited(question: EvaluationQuestion, answer: AnswerRecord) -> list[tuple[list[str], bool]]:
    """Every gold group of releases, and whether the answer cites one of it."""
    cited = {citation.release_id.lower() for citation in answer.citations}
    return [(group, not cited.isdisjoint(group)) for group in question.gold_releases]
