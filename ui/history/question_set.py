"""A question set made of what people said of answers. ``docs/feedback.md`` states the rules.

A judgement tells what a right answer is in two cases: the answer was good, or there should have been none. All others
say only that this answer was not right: a person has to say what is, before anything can be measured by it.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers.answer import Answer, AnswerSentence
from assistant.citations.authorities import Authority
from assistant.citations.checking import Verdict
from assistant.citations.dates import Day
from assistant.citations.names import HONORIFICS, names, same_names
from assistant.citations.quantities import Kind, Quantity
from assistant.citations.reading import Fact, Reading, read
from assistant.evaluation.facts import counted_words, fold, states
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.question import AnswerType
from ui.history.conversations import history_of
from ui.history.feedback import Judged, Reason

#: What an id begins with; it is the slice that the questions are in.
SLICE = "feedback"
#: A count below this stands in too many sentences to tell one from another.
_SMALL_COUNT = 10
#: Digits from which on a number by itself names an order or a resolution.
_LONG_NUMBER = 4
_PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)
_TYPES = {
    AnswerType.DATE: QuestionType.DATE,
    AnswerType.MONEY: QuestionType.NUMERIC,
    AnswerType.NUMBER: QuestionType.NUMERIC,
    AnswerType.LIST: QuestionType.LIST,
    AnswerType.REASON: QuestionType.REASON,
}
_NAMED = (AnswerType.PERSON, AnswerType.ORGANISATION, AnswerType.PLACE)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What can be measured by, and what a person has to look at first.

    ``unresolved`` are lines that the evaluation refuses until their ``type`` is filled in. ``repeated`` counts the
    judgements of a question that was judged again later: the last one counts.
    """

    questions: list[EvaluationQuestion]
    unresolved: list[dict[str, Any]]
    repeated: int


def question_set(judged: Sequence[Judged]) -> QuestionSet:
    """The questions that people judged the answers of, the oldest first.

    Args:
        judged: the judgements, the newest first, as ``FeedbackStore.judged`` gives them.
    """
    last: dict[str, Judged] = {}
    for one in judged:
        history = (turn.content for turn in history_of(one.before))
        last.setdefault(fold(" ".join([*history, one.turn.question])), one)
    questions, unresolved = [], []
    for one in reversed(last.values()):
        question, missing = _question(one)
        if missing:
            unresolved.append(_unresolved(one, question, missing))
        else:
            questions.append(question)
    return QuestionSet(questions, unresolved, len(judged) - len(last))


def _question(judged: Judged) -> tuple[EvaluationQuestion, str]:
    """A question with what gold is known, and why that is not enough; nothing where it is."""
    answer = _answer(judged)
    question = EvaluationQuestion.model_validate(
        {
            "id": f"{SLICE}-{judged.turn.id}",
            "question": judged.turn.question,
            "type": _type(judged),
            "history": [{"role": turn.role, "content": turn.content} for turn in history_of(judged.before)],
            "note": _note(judged),
        }
    )
    filtered = any(judged.turn.options.values())
    if question.type is QuestionType.UNANSWERABLE:
        return question, "it was asked with filters: without them, the corpus may hold an answer" if filtered else ""
    if judged.reason is not Reason.GOOD:
        return question, f"“{judged.reason.label}” does not say what a right answer is"
    sentences = [s for s in answer.sentences if s.verdict in _PASSED and s.citations]
    markers = {marker for sentence in sentences for marker in sentence.citations}
    cited = list(dict.fromkeys(c.release_id for c in answer.citations if c.marker in markers))
    forms = _forms(question, answer, sentences)
    question = question.model_copy(
        update={"gold_releases": [cited] if cited else [], "gold_facts": [forms] if forms else []}
    )
    if filtered:
        return question, "it was asked with filters: without them, another answer may be the right one"
    if not forms:
        return question, "no name, number, date or order could be read from the answer that the question does not give"
    return question, ""


def _type(judged: Judged) -> QuestionType:
    answer = _answer(judged)
    if judged.reason is Reason.SHOULD_HAVE_ABSTAINED or (judged.reason is Reason.GOOD and answer.abstained):
        return QuestionType.UNANSWERABLE
    return QuestionType.FOLLOWUP if judged.before else _TYPES.get(answer.understood.answer_type, QuestionType.FACTOID)


def _note(judged: Judged) -> str:
    said = f"A user said “{judged.reason.label}” of the answer on {judged.given.date()}."
    if judged.reason is Reason.GOOD and not _answer(judged).abstained:
        said += " A right answer cites one of these releases and states one of these facts, which a program read from"
        said += " that answer: look at them before you rely on them."
    return f"{said} {judged.comment}".strip()


def _unresolved(judged: Judged, question: EvaluationQuestion, missing: str) -> dict[str, Any]:
    """A line for a person to fill in: ``type`` is empty, so that nothing is measured by it before."""
    answer = _answer(judged)
    return {
        **question.model_dump(mode="json"),
        "type": None,
        "missing": missing,
        "suggested_type": question.type.value,
        "judged": judged.reason.value,
        "comment": judged.comment,
        "asked_with": judged.turn.options,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "cited": list(dict.fromkeys(citation.release_id for citation in answer.citations)),
    }


def _forms(question: EvaluationQuestion, answer: Answer, sentences: Sequence[AnswerSentence]) -> list[str]:
    """One fact in its accepted forms: whatever the first sentence that has such a thing gives of what was asked for.

    Which of several dates or names of a sentence is the answer is not known: each of them is accepted. What the
    question gives itself is none, nor what stands in no cited quote, nor what comes too late in the answer to count.
    """
    quotes = {citation.marker: fold(citation.quote) for citation in answer.citations}
    given = fold(" ".join([*(turn.content for turn in question.turns if turn.role == "user"), question.question]))
    counted = counted_words(answer.answer, question)
    kinds = [answer.understood.answer_type, AnswerType.OTHER]
    for kind in dict.fromkeys(kinds):
        for sentence in sentences:
            cited = "".join(quotes.get(marker, "") for marker in sentence.citations)
            found = [
                form
                for written, *others in _facts(sentence.text, kind)
                if states(cited, [written]) and states(counted, [written]) and not states(given, [written, *others])
                for form in (written, *others)
            ]
            if found:
                return list(dict.fromkeys(found))
    return []


def _facts(text: str, kind: AnswerType) -> Iterator[tuple[str, ...]]:
    """What a sentence gives of what was asked for, each as it is written and in the other ways that people write it."""
    reading = read(text)
    valued = [(fact, _written(reading, text, fact.start, fact.end)) for fact in reading.valued]
    if kind not in _NAMED:
        of_kind = [
            (written, *_otherwise(fact)) for fact, written in valued if _is(fact, kind) and fold(written).strip()
        ]
        yield from of_kind
        if of_kind or kind in (AnswerType.DATE, AnswerType.MONEY, AnswerType.NUMBER, AnswerType.AUTHORITY):
            return
    for name in names(reading):
        words = [reading.tokens[n] for n in name.tokens]
        general = all(token.key in HONORIFICS for token in words) or tuple(t.stem for t in words) in same_names()
        if not general:
            yield (_written(reading, text, name.start, name.end),)


def _written(reading: Reading, text: str, start: int, end: int) -> str:
    first, last = reading.folded.original(start, end)
    return text[first:last]


def _is(fact: Fact, kind: AnswerType) -> bool:
    """Whether a fact is of the kind that was asked for; where that is none of these kinds, any that tells much."""
    match kind:
        case AnswerType.DATE:
            return isinstance(fact, Day)
        case AnswerType.MONEY:
            return isinstance(fact, Quantity) and fact.kind is Kind.MONEY
        case AnswerType.NUMBER:
            return isinstance(fact, Quantity)
        case AnswerType.AUTHORITY:
            return isinstance(fact, Authority)
        case _:
            return not isinstance(fact, Quantity) or fact.kind is not Kind.COUNT or fact.value >= _SMALL_COUNT


def _otherwise(fact: Fact) -> Iterator[str]:
    match fact:
        case Authority():
            yield str(fact)
            if len(fact.number) >= _LONG_NUMBER and fact.number.isdigit():
                yield fact.number
        case Day(year=int(year), month=int(month), day=int(day)):
            yield str(fact)
            yield f"{day} {calendar.month_name[month]} {year}"
            yield f"{year}-{month:02}-{day:02}"


def _answer(judged: Judged) -> Answer:
    """The answer that was judged; only answered turns are."""
    assert judged.turn.answer  # noqa: S101
    return judged.turn.answer
