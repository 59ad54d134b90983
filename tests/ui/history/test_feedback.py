"""What people say of answers, and the question set that it makes."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.answers.answer import Answer
from assistant.citations.checking import Verdict
from assistant.evaluation.linting import Rule, lint
from assistant.evaluation.metrics.answers import correct
from assistant.evaluation.metrics.case import Case
from assistant.evaluation.questions import EvaluationQuestion, QuestionType, read_question_set
from assistant.evaluation.record import AnswerRecord
from assistant.question import AnswerType
from corpus.errors import HistoryError, QuestionError
from corpus.release import Release
from tests.assistant.citations.cited import release_of
from tests.ui.history.conftest import HARBOR, abstention, answer_to
from ui.history.conversations import Conversations
from ui.history.feedback import FeedbackStore, Reason
from ui.history.question_set import QuestionSet, question_set

WHO = "Who was designated in 2019?"
OTHER = release_of("Harbor Lines sold two ships on June 5, 2020.", release_id="ab2")


class Releases(dict[str, Release]):
    """A table of releases, as an index has one."""

    def known(self, release_ids: list[str]) -> list[str]:
        return [i for i in release_ids if i in self]


RELEASES = Releases({release.release_id: release for release in (HARBOR, OTHER)})


def judged(
    conversations: Conversations,
    feedback: FeedbackStore,
    answer: Answer,
    reason: Reason = Reason.GOOD,
    comment: str = "",
    conversation_id: str | None = None,
    options: dict[str, Any] | None = None,
    user: str = "ann",
) -> str:
    """A question answered and judged: its turn."""
    turn = conversations.ask(user, conversation_id, answer.question, options or {})
    conversations.finish(turn.id, answer)
    feedback.give(user, turn.id, reason, comment)
    return turn.id


def the_only(found: QuestionSet) -> EvaluationQuestion:
    assert found.unresolved == []
    (question,) = found.questions
    return question


# --- judgements ---


def test_the_last_judgement_counts(conversations: Conversations, feedback: FeedbackStore) -> None:
    turn_id = judged(conversations, feedback, answer_to(WHO), Reason.GOOD, "clear")
    feedback.give("ann", turn_id, Reason.WRONG_FACT, "  the day is wrong ")
    assert feedback.of("ann", [turn_id]) == {turn_id: Reason.WRONG_FACT}
    (kept,) = feedback.judged()
    assert (kept.reason, kept.comment, kept.turn.id) == (Reason.WRONG_FACT, "the day is wrong", turn_id)


def test_a_judgement_is_taken_back(conversations: Conversations, feedback: FeedbackStore) -> None:
    turn_id = judged(conversations, feedback, answer_to(WHO))
    feedback.take_back("ann", turn_id)
    feedback.take_back("ann", turn_id)
    assert feedback.of("ann", [turn_id]) == {}
    assert feedback.judged() == []


def test_only_an_answer_is_judged(conversations: Conversations, feedback: FeedbackStore) -> None:
    asked = conversations.ask("ann", None, WHO)
    for _ in ("while it runs", "once it is stopped"):
        with pytest.raises(HistoryError, match="no longer there"):
            feedback.give("ann", asked.id, Reason.GOOD)
        conversations.stop(asked.id)


def test_judgements_of_many_turns_are_found_at_once(conversations: Conversations, feedback: FeedbackStore) -> None:
    turn_id = judged(conversations, feedback, answer_to(WHO))
    assert feedback.of("ann", [*(f"no-turn-{n}" for n in range(2000)), turn_id]) == {turn_id: Reason.GOOD}
    assert feedback.of("ann", []) == {}


def test_what_was_said_since_a_day(conversations: Conversations, feedback: FeedbackStore) -> None:
    judged(conversations, feedback, answer_to(WHO))
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=-5)))
    assert len(feedback.judged(now - datetime.timedelta(minutes=1))) == 1
    assert feedback.judged(now + datetime.timedelta(minutes=1)) == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_for_people(reason: Reason) -> None:
    assert reason.label
    assert reason.label[0].isupper()


# --- the question set ---


@pytest.mark.parametrize(
    ("question", "asks", "kind", "forms"),
    [
        (
            "When was Lina Okafor designated?",
            AnswerType.DATE,
            QuestionType.DATE,
            ["March 4, 2019", "4 March 2019", "2019-03-04"],
        ),
        ("Under which order?", AnswerType.AUTHORITY, QuestionType.FACTOID, ["E.O. 13999", "13999"]),
        ("How much was moved?", AnswerType.MONEY, QuestionType.NUMERIC, ["$5 million"]),
        ("Who owns Harbor Lines?", AnswerType.PERSON, QuestionType.FACTOID, ["Lina Okafor"]),
        ("Why?", AnswerType.REASON, QuestionType.REASON, ["March 4, 2019", "4 March 2019", "2019-03-04", "E.O. 13999"]),
    ],
)
def test_a_good_answer_gives_its_releases_and_what_it_gives_of_what_was_asked_for(
    conversations: Conversations,
    feedback: FeedbackStore,
    question: str,
    asks: AnswerType,
    kind: QuestionType,
    forms: list[str],
) -> None:
    answer = answer_to(question, sentences=(0, 1), asks=asks)
    turn_id = judged(conversations, feedback, answer, comment="just so")
    made = the_only(question_set(feedback.judged()))
    assert (made.id, made.slice, made.question, made.type) == (f"feedback-{turn_id}", "feedback", question, kind)
    assert made.gold_releases == [["ab1"]]
    (fact,) = made.gold_facts
    assert fact[: len(forms)] == forms
    assert "“Good answer”" in made.note
    assert "just so" in made.note


def test_the_answer_that_was_called_good_scores_as_correct(
    conversations: Conversations, feedback: FeedbackStore
) -> None:
    for n, asks in enumerate(AnswerType):
        answer = answer_to(f"Question {n} about this?", sentences=(0, 1), asks=asks, releases=(HARBOR,))
        judged(conversations, feedback, answer)
        made = question_set(feedback.judged()).questions[-1]
        assert correct(Case(made, AnswerRecord.of(answer, made.id), RELEASES)) == 1.0
        assert correct(Case(made, AnswerRecord.of(abstention(answer.question), made.id), RELEASES)) == 0.0


def test_an_answer_from_several_releases_asks_for_one_of_them(
    conversations: Conversations, feedback: FeedbackStore
) -> None:
    judged(conversations, feedback, answer_to("What of Harbor?", releases=(HARBOR, OTHER)))
    assert the_only(question_set(feedback.judged())).gold_releases == [["ab1", "ab2"]]


def test_what_failed_the_check_is_no_gold(conversations: Conversations, feedback: FeedbackStore) -> None:
    judged(conversations, feedback, answer_to(WHO, verdict=Verdict.PARTIAL))
    (line,) = question_set(feedback.judged()).unresolved
    assert (line["gold_releases"], line["gold_facts"]) == ([], [])


@pytest.mark.parametrize("reason", [Reason.SHOULD_HAVE_ABSTAINED, Reason.GOOD])
def test_where_there_should_be_no_answer_the_question_is_unanswerable(
    conversations: Conversations, feedback: FeedbackStore, reason: Reason
) -> None:
    answer = abstention(WHO) if reason is Reason.GOOD else answer_to(WHO)
    judged(conversations, feedback, answer, reason)
    made = the_only(question_set(feedback.judged()))
    assert (made.type, made.gold_releases, made.gold_facts) == (QuestionType.UNANSWERABLE, [], [])


def test_the_answered_turns_before_a_question_are_its_history(
    conversations: Conversations, feedback: FeedbackStore
) -> None:
    first = conversations.ask("ann", None, "Who is Lina Okafor?")
    conversations.finish(first.id, answer_to("Who is Lina Okafor?"))
    conversations.stop(conversations.ask("ann", first.conversation_id, "Never mind?").id)
    judged(
        conversations,
        feedback,
        answer_to("And when?", asks=AnswerType.DATE),
        conversation_id=first.conversation_id,
    )
    made = the_only(question_set(feedback.judged()))
    assert made.type is QuestionType.FOLLOWUP
    assert [(turn.role, turn.content[:20]) for turn in made.turns] == [
        ("user", "Who is Lina Okafor?"),
        ("assistant", "Lina Okafor was desi"),
    ]


@pytest.mark.parametrize("reason", [Reason.WRONG_RELEASE, Reason.WRONG_FACT, Reason.MISSING])
def test_what_tells_no_right_answer_waits_for_a_person(
    conversations: Conversations, feedback: FeedbackStore, reason: Reason
) -> None:
    turn_id = judged(conversations, feedback, answer_to(WHO), reason, "it was April")
    found = question_set(feedback.judged())
    assert found.questions == []
    (line,) = found.unresolved
    assert (line["id"], line["type"], line["gold_releases"], line["gold_facts"]) == (
        f"feedback-{turn_id}",
        None,
        [],
        [],
    )
    assert (line["judged"], line["comment"], line["cited"]) == (reason.value, "it was April", ["ab1"])
    assert line["answer"].startswith("Lina Okafor was designated")
    assert reason.label in line["missing"]


@pytest.mark.parametrize("reason", [Reason.GOOD, Reason.SHOULD_HAVE_ABSTAINED])
def test_what_was_asked_with_filters_waits_for_a_person(
    conversations: Conversations, feedback: FeedbackStore, reason: Reason
) -> None:
    """The evaluation asks without filters, and the whole corpus may hold another answer."""
    judged(conversations, feedback, answer_to(WHO), reason, options={"sections": ["readouts"], "since": ""})
    (line,) = question_set(feedback.judged()).unresolved
    assert "filters" in line["missing"]
    assert line["asked_with"] == {"sections": ["readouts"], "since": ""}


def test_options_that_are_empty_are_no_filters(conversations: Conversations, feedback: FeedbackStore) -> None:
    judged(conversations, feedback, answer_to(WHO), options={"sections": [], "since": None})
    the_only(question_set(feedback.judged()))


def test_a_good_answer_without_a_fact_to_score_waits_for_a_person(
    conversations: Conversations, feedback: FeedbackStore
) -> None:
    judged(conversations, feedback, answer_to("What became of it?", sentences=(2,)))
    (line,) = question_set(feedback.judged()).unresolved
    assert (line["gold_releases"], line["gold_facts"]) == ([["ab1"]], [])
    assert line["suggested_type"] == "factoid"


def test_of_a_question_that_was_judged_twice_the_last_judgement_counts(
    conversations: Conversations, feedback: FeedbackStore
) -> None:
    judged(conversations, feedback, answer_to(WHO), Reason.GOOD)
    last = judged(conversations, feedback, answer_to(WHO.upper()), Reason.SHOULD_HAVE_ABSTAINED, user="bob")
    found = question_set(feedback.judged())
    assert [question.id for question in found.questions] == [f"feedback-{last}"]
    assert found.repeated == 1


def test_an_answer_of_another_version_is_passed_over(conversations: Conversations, feedback: FeedbackStore) -> None:
    turn_id = judged(conversations, feedback, answer_to(WHO))
    with conversations._database.changing() as db:
        db.execute("UPDATE turn SET answer = '{}' WHERE id = ?", (turn_id,))
    assert feedback.judged() == []


def test_the_linter_finds_nothing_wrong_with_the_set_and_refuses_what_waits(
    conversations: Conversations, feedback: FeedbackStore, tmp_path: Path
) -> None:
    for n, asks in enumerate(AnswerType):
        judged(conversations, feedback, answer_to(f"{asks} question?", sentences=(n % 2, 2), asks=asks))
    judged(conversations, feedback, answer_to("No answer?"), Reason.SHOULD_HAVE_ABSTAINED)
    judged(conversations, feedback, answer_to("What is missing?"), Reason.MISSING)
    found = question_set(feedback.judged())
    assert len(found.questions) >= 8
    out, waiting = tmp_path / "set.jsonl", tmp_path / "waiting.jsonl"
    out.write_text("".join(f"{q.model_dump_json()}\n" for q in found.questions), encoding="utf-8")
    waiting.write_text("".join(f"{json.dumps(line)}\n" for line in found.unresolved), encoding="utf-8")
    count, findings = lint(out, RELEASES)  # type: ignore[arg-type]
    assert (count, [f for f in findings if f.rule.is_error]) == (len(found.questions), [])
    assert read_question_set(out) == found.questions
    count, findings = lint(waiting, RELEASES)  # type: ignore[arg-type]
    assert (count, {f.rule for f in findings}) == (0, {Rule.NOT_A_QUESTION})
    with pytest.raises(QuestionError, match=r"waiting\.jsonl:1: type"):
        read_question_set(waiting)
