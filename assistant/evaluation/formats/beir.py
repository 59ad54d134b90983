"""BEIR: ``queries.jsonl`` and ``qrels/test.tsv`` in a folder (Thakur et al., 2021).

What BEIR has no field for is written into a query's ``metadata``, under one key of our own, and read from there again.
Of other people's sets, the relevant documents of a query are one group: any of them will do.
"""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.evaluation.formats.format import Imported, read_objects
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.questions_file import first_fault, read_text
from corpus.errors import EvaluationError

QUERIES, QRELS = "queries.jsonl", "qrels/test.tsv"
OURS = "treasury_assistant"


def read_questions(folder: Path) -> Imported:
    """The queries of a folder that have a relevant document, or metadata that this project wrote.

    Raises:
        EvaluationError: a file is missing, or a line of it is wrong.
    """
    relevant: dict[str, list[str]] = {}
    for number, line in enumerate(read_text(folder / QRELS, EvaluationError).split("\n"), 1):
        if not line.strip() or (number == 1 and line.startswith("query-id\t")):
            continue
        try:
            query_id, release_id, score = next(csv.reader([line.rstrip("\r")], delimiter="\t"))
            if float(score) > 0:
                relevant.setdefault(query_id, []).append(release_id)
        except (ValueError, csv.Error) as error:
            shown = f"{folder / QRELS}:{number}: {line[:80]!r}"
            raise EvaluationError(f"{shown} is not query-id, corpus-id and score") from error
    imported = Imported([])
    for number, query in read_objects(folder / QUERIES):
        query_id = str(query["_id"]) if isinstance(query.get("_id"), str | int) else ""
        if not query_id:
            raise EvaluationError(f"{folder / QUERIES}:{number} is no query: it has no _id")
        metadata = query.get("metadata")
        ours: Any = metadata.get(OURS, {}) if isinstance(metadata, dict) else {}
        if query_id not in relevant and not ours:
            imported.passed_over.append(f"{query_id}: no relevant document")
            continue
        try:
            gold = {"type": QuestionType.FACTOID, "gold_releases": [relevant.get(query_id, [])]}
            fields = {**gold, **ours, "id": query_id, "question": query.get("text")}
            imported.questions.append(EvaluationQuestion.model_validate(fields))
        except ValidationError as error:
            raise EvaluationError(f"{folder / QUERIES}:{number} is no query: {first_fault(error)}") from error
        except TypeError as error:
            raise EvaluationError(f"{folder / QUERIES}:{number} is no query: {OURS} is no object") from error
    return imported


def write_questions(folder: Path, questions: Sequence[EvaluationQuestion]) -> list[Path]:
    """Write both files.

    Raises:
        EvaluationError: an id holds a line break.
    """
    queries, qrels = folder / QUERIES, folder / QRELS
    qrels.parent.mkdir(parents=True, exist_ok=True)
    with queries.open("w", encoding="utf-8", newline="\n") as file:
        for question in questions:
            metadata = {OURS: question.model_dump(mode="json", exclude={"id", "question"})}
            row = {"_id": question.id, "text": question.question, "metadata": metadata}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with qrels.open("w", encoding="utf-8", newline="\n") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("query-id", "corpus-id", "score"))
        for question in questions:
            for release_id in dict.fromkeys(i for group in question.gold_releases for i in group):
                if set("\r\n") & set(question.id + release_id):
                    raise EvaluationError(f"BEIR cannot hold the ids {question.id!r} and {release_id!r}")
                writer.writerow((question.id, release_id, 1))
    return [queries, qrels]
