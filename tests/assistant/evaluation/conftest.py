"""What the tests of runs share: the starter set answered by every system, made once, and small sets with answers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from assistant.evaluation.questions import STARTER_QUESTIONS
from assistant.evaluation.run_folder import SystemRun
from assistant.evaluation.running import run_evaluation
from assistant.settings import Settings
from indexes.generation import Home

SYSTEMS = ("assistant", "bm25", "dense", "rrf", "llamaindex")
#: A sentence of a release of the starter corpus, and the question that it answers.
RELEASE, QUOTE, FACT = "jy1539", "Choe Un Jong is the wife of Choe Chol Min.", "wife of Choe Chol Min"


@pytest.fixture(scope="session")
def starter_settings(starter_home: Home) -> Settings:
    return Settings(home=starter_home.folder)


@pytest.fixture(scope="session")
def starter_run(shared_folder: Path, starter_settings: Settings) -> Path:
    """The starter questions answered by every system. Tests read it; none writes to it."""
    folder, done = shared_folder / "starter-run", shared_folder / "starter-run.done"
    with FileLock(shared_folder / "starter-run.lock"):
        if not done.exists():
            run_evaluation(STARTER_QUESTIONS, SYSTEMS, folder, starter_settings, workers=2)
            done.touch()
    return folder


def asked(question_id: str, kind: str = "factoid", text: str = "", **fields: Any) -> dict[str, Any]:
    """A line of a question set: who Choe Un Jong is; of the kind "unanswerable", what the corpus does not hold."""
    gold = {"gold_releases": [[RELEASE]], "gold_facts": [[FACT]]} if kind != "unanswerable" else {}
    text = text or f"Whose wife is Choe Un Jong, asked as {question_id}?"
    return {"id": question_id, "question": text, "type": kind, **gold, **fields}


def right(question_id: str, **fields: Any) -> dict[str, Any]:
    """The right answer to ``asked``, word for word and cited."""
    return {
        "id": question_id,
        "answer": f"{QUOTE} [1]",
        "sentences": [{"text": QUOTE, "citations": [1]}],
        "citations": [{"marker": 1, "release_id": RELEASE, "quote": QUOTE, "title": "Procurement agents"}],
        "retrieved": [{"release_id": RELEASE, "score": 1.0}],
        "confidence": 0.9,
        "timings_ms": {"total": 12.5},
    } | fields


def wrong(question_id: str, **fields: Any) -> dict[str, Any]:
    """An answer that cites the right release and does not state the fact."""
    return right(question_id, answer="She is somebody's daughter. [1]", confidence=0.4) | fields


def abstained(question_id: str, **fields: Any) -> dict[str, Any]:
    """An abstention."""
    answer = {"id": question_id, "answer": "Not in the corpus.", "abstained": True, "confidence": 0.1}
    return answer | {"timings_ms": {"total": 3.0}} | fields


def write_lines(path: Path, rows: Iterable[dict[str, Any] | str]) -> Path:
    """Write a file of JSON objects, one a line; text is written as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def evaluate(
    folder: Path,
    questions: Sequence[dict[str, Any] | str],
    answers: Sequence[dict[str, Any] | str],
    settings: Settings,
    *,
    name: str = "theirs",
    **options: Any,
) -> SystemRun:
    """Measure answers that are given: write the set and the answers into a folder, and run them into ``folder/run``."""
    asked_file = write_lines(folder / "questions.jsonl", questions)
    answers_file = write_lines(folder / f"{name}.jsonl", answers)
    (run,) = run_evaluation(asked_file, [str(answers_file)], folder / "run", settings, **options)
    return run
