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

from assistant.evaluation.formats.format import Imported, read_text
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.record import AnswerRecord
from corpus.errors import EvaluationError

OURS = ("id", "type", "gold_releases", "gold_facts", "note")
_ROLES = {"human": "user", "user": "user", "ai": "assistant", "assistant": "assistant"}


def read_questions(path: Path) -> Imported:
    """The samples of a file as questions.

    Raises:
        EvaluationError: it cannot be read, or a line is no sample.
    """
    imported = Imported([])
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            sample: dict[str, Any] = json.loads(line)
            asked = sample["user_input"]
            turns = [{"role": _ROLES[t["type"]], "content": t["content"]} for t in asked] if _is_talk(asked) else []
            fields = {
                "id": str(number),
                "type": QuestionType.FACTOID,
                "gold_releases": [[i] for i in sample.get("reference_context_ids") or []],
                "gold_facts": [[sample["reference"]]] if sample.get("reference") else [],
                **{name: sample[name] for name in OURS if sample.get(name) is not None},
                "question": turns[-1]["content"] if turns else asked,
                "history": turns[:-1],
            }
            imported.questions.append(EvaluationQuestion.model_validate(fields))
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            raise EvaluationError(f"{path}:{number} is no sample with user_input: {error}") from error
    return imported


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
        "reference": "; ".join(fact[0] for fact in question.gold_facts),
        "reference_context_ids": [group[0] for group in question.gold_releases],
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
