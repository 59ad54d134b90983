"""TREC: ``topics.tsv``, ``qrels.txt`` and, of a run, ``run.txt`` in a folder.

Topics are a tab-separated line each, as in the RAG track; classic ``<top>`` topics are read as well. The second column
of the qrels is the gold group, counted from 1, as the diversity tracks number subtopics; with 0 there, the relevant
documents of a topic are one group. Facts, types and history have no place in it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant.evaluation.formats.format import Imported, read_text
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.record import AnswerRecord
from corpus.errors import EvaluationError

TOPICS, QRELS, RUN = "topics.tsv", "qrels.txt", "run.txt"
_CLASSIC = re.compile(r"<top>.*?<num>\s*(?:Number:)?\s*(\S+).*?<title>\s*(?:Topic:)?\s*([^<]+)", re.S)


def read_questions(folder: Path) -> Imported:
    """The topics of a folder that have a relevant document.

    Raises:
        EvaluationError: a file is missing, or a line of it is wrong.
    """
    groups: dict[str, dict[str, list[str]]] = {}
    for number, columns in _columns(folder / QRELS, 4):
        topic, group, release_id, relevance = columns
        try:
            if int(relevance) > 0:
                groups.setdefault(topic, {}).setdefault(group, []).append(release_id)
        except ValueError as error:
            raise EvaluationError(f"{folder / QRELS}:{number}: {relevance!r} is no relevance") from error
    text = read_text(folder / TOPICS)
    topics = _CLASSIC.findall(text) if "<top>" in text else [line.split("\t", 1) for line in text.split("\n") if line]
    imported = Imported([])
    for number, topic in enumerate(topics, 1):
        if len(topic) != 2 or not topic[1].strip():
            raise EvaluationError(f"{folder / TOPICS}:{number} is no topic: a number, a tab, and the question")
        if topic[0] not in groups:
            imported.passed_over.append(f"{topic[0]}: no relevant document")
            continue
        gold = list(groups[topic[0]].values())
        kind = QuestionType.MULTI_RELEASE if len(gold) > 1 else QuestionType.FACTOID
        question = " ".join(topic[1].split())
        imported.questions.append(EvaluationQuestion(id=topic[0], question=question, type=kind, gold_releases=gold))
    return imported


def write_questions(
    folder: Path, questions: Sequence[EvaluationQuestion], answers: Mapping[str, AnswerRecord]
) -> list[Path]:
    """Write topics and qrels, and the run where there are answers."""
    folder.mkdir(parents=True, exist_ok=True)
    topics = [f"{question.id}\t{' '.join(question.question.split())}\n" for question in questions]
    qrels = [
        f"{question.id} {group} {release_id} 1\n"
        for question in questions
        for group, release_ids in enumerate(question.gold_releases, 1)
        for release_id in release_ids
    ]
    (folder / TOPICS).write_text("".join(topics), encoding="utf-8")
    (folder / QRELS).write_text("".join(qrels), encoding="utf-8")
    written = [folder / TOPICS, folder / QRELS]
    if answers:
        ordered = [answers[question.id] for question in questions if question.id in answers]
        (folder / RUN).write_text("".join(run_lines(ordered, "run")), encoding="utf-8")
        written.append(folder / RUN)
    return written


def run_lines(answers: Iterable[AnswerRecord], tag: str) -> Iterable[str]:
    """The lines of a run file: topic, Q0, release, rank, score, tag.

    Evaluators sort by score and break ties by name; so that they see our order, equal scores are told apart.
    """
    for answer in answers:
        scores = {hit.release_id.lower(): hit.score for hit in reversed(answer.retrieved)}
        last = float("inf")
        for rank, release_id in enumerate(answer.ranked, 1):
            last = min(scores[release_id], last - 1e-6)
            yield f"{answer.id} Q0 {release_id} {rank} {last:.6f} {tag}\n"


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """The rankings of a run file, by topic, best first by score.

    Raises:
        EvaluationError: it cannot be read, or a line is no line of a run.
    """
    rankings: dict[str, list[tuple[str, float]]] = {}
    for number, (topic, _, release_id, _, score, _) in _columns(path, 6):
        try:
            rankings.setdefault(topic, []).append((release_id, float(score)))
        except ValueError as error:
            raise EvaluationError(f"{path}:{number}: {score!r} is no score") from error
    return {topic: sorted(ranking, key=lambda hit: -hit[1]) for topic, ranking in rankings.items()}


def _columns(path: Path, count: int) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        columns = line.split()
        if columns:
            if len(columns) != count:
                raise EvaluationError(f"{path}:{number} has {len(columns)} columns, not {count}: {line[:80]!r}")
            yield number, columns
