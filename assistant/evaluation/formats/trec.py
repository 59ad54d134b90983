"""TREC: ``topics.tsv``, ``qrels.txt`` and, of a run, ``run.txt`` in a folder.

Topics are a tab-separated line each, as in the RAG track; classic ``<top>`` topics are read as well. The second column
of the qrels is the gold group, counted from 1, as the diversity tracks number subtopics; with 0 there, the relevant
documents of a topic are one group. Facts, types and history have no place in it.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.evaluation.formats.format import Imported
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.record import AnswerRecord
from assistant.questions_file import read_text
from corpus.errors import EvaluationError

TOPICS, QRELS, RUN = "topics.tsv", "qrels.txt", "run.txt"
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)")
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*([^<]+)")
#: The greatest number of 32 bits.
GREATEST = float(np.finfo(np.float32).max)


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
    imported = Imported([])
    for topic, asked in _topics(folder / TOPICS):
        if topic not in groups:
            imported.passed_over.append(f"{topic}: no relevant document")
            continue
        gold = list(groups[topic].values())
        kind = QuestionType.MULTI_RELEASE if len(gold) > 1 else QuestionType.FACTOID
        imported.questions.append(EvaluationQuestion(id=topic, question=asked, type=kind, gold_releases=gold))
    return imported


def _topics(path: Path) -> Iterator[tuple[str, str]]:
    """Numbers and questions, from lines or from ``<top>`` elements."""
    text = read_text(path, EvaluationError)
    first = text.lstrip().partition("\n")[0]
    if "\t" in first or not first.startswith("<"):  # an id may begin with "<"; a line of ours has a tab
        for number, line in enumerate(text.split("\n"), 1):
            topic, _, asked = line.partition("\t")
            if line.strip() and not (topic.strip() and asked.strip()):
                raise EvaluationError(f"{path}:{number} is no topic: a number, a tab, and the question")
            if line.strip():
                yield topic.strip(), " ".join(asked.split())
        return
    start = 1
    for block in re.split(r"(?=<top>)", text):
        found, title = _NUMBER.search(block), _TITLE.search(block)
        if found and title and title[1].strip():
            yield found[1], " ".join(title[1].split())
        elif block.strip():
            raise EvaluationError(f"{path}:{start} is no topic: it wants a <num> and a <title>")
        start += block.count("\n")


def write_questions(
    folder: Path, questions: Sequence[EvaluationQuestion], answers: Mapping[str, AnswerRecord]
) -> list[Path]:
    """Write topics and qrels, and the run where there are answers.

    Raises:
        EvaluationError: an id is empty or holds white space, or a question has no words.
    """
    for question in questions:
        if not question.question.strip():
            raise EvaluationError(f"TREC cannot hold the question {question.id!r}: {question.question[:40]!r}")
    folder.mkdir(parents=True, exist_ok=True)
    topics = [f"{_word(question.id)}\t{' '.join(question.question.split())}\n" for question in questions]
    qrels = [
        f"{question.id} {group} {_word(release_id)} 1\n"
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

    Evaluators read scores as 32 bits, sort by them and break ties by name; so that they see our order, each score is
    made less than the one before it. White space in a name becomes an underscore.
    """
    for answer in answers:
        scores = {hit.release_id.lower(): hit.score for hit in reversed(answer.retrieved)}
        last = np.float32(np.inf)
        for rank, release_id in enumerate(answer.ranked, 1):
            score = np.float32(np.clip(scores[release_id], -GREATEST, GREATEST))
            last = score if score < last else np.nextafter(last, np.float32(-np.inf))
            topic, found, name = ("_".join(text.split()) or "_" for text in (answer.id, release_id, tag))
            yield f"{topic} Q0 {found} {rank} {last:.9g} {name}\n"


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """The rankings of a run file, by topic, best first by score.

    Raises:
        EvaluationError: it cannot be read, or a line is no line of a run.
    """
    rankings: dict[str, list[tuple[str, float]]] = {}
    for number, (topic, _, release_id, _, score, _) in _columns(path, 6):
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise EvaluationError(f"{path}:{number}: {score!r} is no score")
        rankings.setdefault(topic, []).append((release_id, value))
    return {topic: sorted(ranking, key=lambda hit: -hit[1]) for topic, ranking in rankings.items()}


def _word(name: str) -> str:
    """A name as a column."""
    if len(name.split()) != 1 or name != name.strip():
        raise EvaluationError(f"TREC separates columns by white space and cannot hold the id {name!r}")
    return name


def _columns(path: Path, count: int) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(read_text(path, EvaluationError).split("\n"), 1):
        columns = line.split()
        if columns:
            if len(columns) != count:
                raise EvaluationError(f"{path}:{number} has {len(columns)} columns, not {count}: {line[:80]!r}")
            yield number, columns
