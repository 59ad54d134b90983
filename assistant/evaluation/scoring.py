"""From answers to figures: every question scored, and the scores summed up by type and slice."""

from collections.abc import Callable, Mapping, Sequence

from assistant.evaluation.metrics import METRICS
from assistant.evaluation.metrics.abstention import summarise_abstention
from assistant.evaluation.metrics.case import Case, Releases
from assistant.evaluation.metrics.efficiency import latency
from assistant.evaluation.metrics.measuring import measure
from assistant.evaluation.metrics.retrieval import DEPTHS, NOT_ANSWERABLE, all_found
from assistant.evaluation.metrics.scores import Measure, Part, QuestionScore, RunMetrics
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord

NO_ANSWER = "no answer was given"


def score_run(
    questions: Sequence[EvaluationQuestion], answers: Mapping[str, AnswerRecord], releases: Releases
) -> RunMetrics:
    """Score the answers to a question set; a question without one scores as if its answer were empty.

    Args:
        questions: the set.
        answers: by the question's id.
        releases: where what is cited is looked up.
    """
    return summarise([score_question(Case(q, answers.get(q.id) or _absent(q), releases)) for q in questions])


def score_question(case: Case) -> QuestionScore:
    """Measure one answer. A failed one, with ``error``, is measured as an empty one."""
    question, answer = case.question, case.answer
    if answer.error:
        case = Case(question, AnswerRecord(id=question.id, error=answer.error), case.releases)
    return QuestionScore(
        id=question.id,
        type=question.type,
        slice=question.slice,
        abstained=case.answer.abstained,
        confidence=case.answer.confidence,
        right_if_answered=_would_be_right(case),
        values={metric.name: metric.of(case) for metric in METRICS},
        group_ranks=case.group_ranks,
        missing=_missing(case),
        error=answer.error,
        timings_ms=answer.timings_ms,
    )


def summarise(scores: Sequence[QuestionScore]) -> RunMetrics:
    """The figures of a run."""
    return RunMetrics(
        all=_part(scores),
        by_type=_parts(scores, lambda score: str(score.type)),
        by_slice=_parts(scores, lambda score: score.slice),
        recall_by_k={k: _recall(scores, k) for k in DEPTHS},
        abstention=summarise_abstention(scores),
        latency_ms=latency(scores),
        latency_note="" if any(score.timings_ms for score in scores) else "the answers hold no times",
        failed=sum(bool(score.error) for score in scores),
        questions=list(scores),
    )


def _part(scores: Sequence[QuestionScore]) -> Part:
    measures = {m.name: measure([score.values[m.name] for score in scores], m.absent) for m in METRICS}
    return Part(n=len(scores), measures=measures)


def _parts(scores: Sequence[QuestionScore], key: Callable[[QuestionScore], str]) -> dict[str, Part]:
    members: dict[str, list[QuestionScore]] = {}
    for score in scores:
        members.setdefault(key(score), []).append(score)
    return {name: _part(members[name]) for name in sorted(members)}


def _recall(scores: Sequence[QuestionScore], k: int) -> Measure:
    ranks = [score.group_ranks for score in scores if score.group_ranks]
    return measure([all_found(k, groups) for groups in ranks], NOT_ANSWERABLE)


def _absent(question: EvaluationQuestion) -> AnswerRecord:
    return AnswerRecord(id=question.id, question=question.question, error=NO_ANSWER)


def _would_be_right(case: Case) -> bool:
    """Whether the answer, or the one withheld, is right; where there is none to give, it is not."""
    if not case.question.answerable or case.answer.error:
        return False
    if not case.answer.abstained:
        return case.says_and_cites
    return case.answer.withheld is not None and Case(case.question, case.answer.withheld, case.releases).says_and_cites


def _missing(case: Case) -> list[str]:
    """What keeps the answer from being correct, in words."""
    if case.answer.error:
        return [case.answer.error]
    if not case.question.answerable:
        return [] if case.answer.abstained else ["answered, though the corpus holds no answer"]
    reasons = ["abstained, though the corpus holds the answer"] if case.answer.abstained else []
    reasons += [f"does not say “{fact[0]}”" if fact else "a fact without a form" for fact in case.missing_facts]
    for group in case.missing_groups:
        ranks = [rank for g, rank in zip(case.question.gold_releases, case.group_ranks, strict=True) if g == group]
        found = f"found at rank {ranks[0]}" if ranks and ranks[0] else "not among those found"
        reasons.append(f"does not cite {' or '.join(group)} ({found})")
    wrong = [i for i, stands in zip(case.cited_ids, case.words_stand, strict=True) if not stands]
    return reasons + [f"misquotes {release_id}" for release_id in dict.fromkeys(wrong)]
