"""RAGAS: one JSON object a line with the columns of its single-turn samples (Es et al., 2023).

``reference`` joins the gold facts; ``reference_context_ids`` are the gold releases, each of which is wanted. Of a run,
``response`` is the answer, ``retrieved_contexts`` the quotes that it was made of, ``retrieved_context_ids`` what was
found. What RAGAS has no column for goes into columns of our own, which it ignores.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.evaluation.formats.format import Imported, read_objects
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.record import AnswerRecord
from assistant.questions_file import first_fault
from corpus.errors import EvaluationError

OURS = ("id", "type", "gold_releases", "gold_facts", "note")
_ROLES = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant"}


def read_questions(path: Path) -> Imported:
    """The samples of a file as questions.

    Raises:
        EvaluationError: it cannot be read, or a line is no sample.
    """
    imported = Imported([])
    for number, sample in read_objects(path):
        try:
            imported.questions.append(_question(sample, number))
        except ValidationError as error:
            raise EvaluationError(f"{path}:{number} is no sample: {first_fault(error)}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(f"{path}:{number} is no sample with user_input: {error}") from error
    return imported


def _question(sample: dict[str, Any], number: int) -> EvaluationQuestion:
    asked = sample["user_input"]
    turns = [{"role": _ROLES[turn["type"]], "content": turn["content"]} for turn in asked] if _is_talk(asked) else []
    while turns and turns[-1]["role"] != "user":
        turns.pop()  # what was answered is no question
    if _is_talk(asked) and not turns:
        raise ValueError("nobody asks")
    references = sample.get("reference_context_ids") or []
    if not isinstance(references, list):
        raise TypeError("reference_context_ids is no list")
    asked_for = {"question": turns[-1]["content"] if turns else asked, "history": turns[:-1]}
    theirs = {
        "id": str(sample.get("id", number)),
        "type": QuestionType.FACTOID,
        "gold_releases": [[release_id] for release_id in references],
        "gold_facts": [[sample["reference"]]] if sample.get("reference") else [],
    }
    try:  # a file of our own has all our columns, and they are right
        return EvaluationQuestion.model_validate({name: sample[name] for name in OURS} | asked_for)
    except (KeyError, ValidationError):
        return EvaluationQuestion.model_validate(theirs | asked_for)


def write_questions(
    path: Path, questions: Sequence[EvaluationQuestion], answers: Mapping[str, AnswerRecord]
) -> list[Path]:
    """Write a file of samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for question in questions:
            file.write(json.dumps(_sample(question, answers.get(question.id)), ensure_ascii=False) + "\n")
    return [path]


def _sample(question: EvaluationQuestion, answer: AnswerRecord | None) -> dict[str, Any]:
    names = {"user": "human", "assistant": "ai"}
    asked = [{"type": names[turn.role], "content": turn.content} for turn in question.history]
    asked.append({"type": "human", "content": question.question})
    sample: dict[str, Any] = {
        "user_input": asked if question.history else question.question,
        "reference": "; ".join(fact[0] for fact in question.gold_facts if fact),
        "reference_context_ids": [group[0] for group in question.gold_releases if group],
    }
    if answer:
        sample |= {
            "response": answer.answer,
            "retrieved_contexts": [citation.quote for citation in answer.citations],
            "retrieved_context_ids": answer.ranked,
        }
    ours = question.model_dump(mode="json", include=set(OURS))
    return sample | ours


def _is_talk(asked: object) -> bool:
    return isinstance(asked, list) and bool(asked)
