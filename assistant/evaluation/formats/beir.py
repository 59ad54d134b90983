"""BEIR: ``queries.jsonl`` and ``qrels/test.tsv`` in a folder (Thakur et al., 2021).

What BEIR has no field for is written into a query's ``metadata``, and read from there again. Of other people's sets,
the relevant documents of a query are one group: any of them will do.
"""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.evaluation.formats.format import Imported, read_text
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from corpus.errors import EvaluationError

QUERIES, QRELS = "queries.jsonl", "qrels/test.tsv"


def read_questions(folder: Path) -> Imported:
    """The queries of a folder that have a relevant document, or metadata that this project wrote.

    Raises:
        EvaluationError: a file is missing, or a line of it is wrong.
    """
    relevant: dict[str, list[str]] = {}
    for row in csv.DictReader(read_text(folder / QRELS).splitlines(), delimiter="\t"):
        try:
            if float(row["score"]) > 0:
                relevant.setdefault(row["query-id"], []).append(row["corpus-id"])
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(f"{folder / QRELS}: {row} is not query-id, corpus-id, score") from error
    imported = Imported([])
    for number, line in enumerate(read_text(folder / QUERIES).split("\n"), 1):
        if not line.strip():
            continue
        try:
            query: dict[str, Any] = json.loads(line)
            ours: dict[str, Any] = query.get("metadata") or {}
            known = {name: ours[name] for name in EvaluationQuestion.model_fields if name in ours}
            groups = [relevant[query["_id"]]] if query["_id"] in relevant else []
            if not groups and "type" not in known:
                imported.passed_over.append(f"{query['_id']}: no relevant document")
                continue
            fields = {"type": QuestionType.FACTOID, "gold_releases": groups, **known}
            question = EvaluationQuestion(id=query["_id"], question=query["text"], **fields)
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError) as error:
            raise EvaluationError(f"{folder / QUERIES}:{number} is no query with _id and text: {error}") from error
        imported.questions.append(question)
    return imported


def write_questions(folder: Path, questions: Sequence[EvaluationQuestion]) -> list[Path]:
    """Write both files."""
    queries, qrels = folder / QUERIES, folder / QRELS
    qrels.parent.mkdir(parents=True, exist_ok=True)
    with queries.open("w", encoding="utf-8") as file:
        for question in questions:
            metadata = question.model_dump(mode="json", exclude={"id", "question"})
            row = {"_id": question.id, "text": question.question, "metadata": metadata}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with qrels.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("query-id", "corpus-id", "score"))
        writer.writerows((q.id, release_id, 1) for q in questions for group in q.gold_releases for release_id in group)
    return [queries, qrels]
