"""The runs that a folder holds, whole or not: what each measured, what is wrong with it, and how to go on."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from assistant.evaluation.metrics import METRICS
from assistant.evaluation.questions import EvaluationQuestion, read_question_set
from assistant.evaluation.report.tables import Table, headline_table
from assistant.evaluation.run_folder import FORMAT, RunProvenance, SystemRun
from corpus.errors import EvaluationError, QuestionError

#: The metrics that a list of runs shows; the headline table adds false abstention and time.
LISTED = ("correct", "facts", "precision")
#: The files of a system, of which one at least is there.
SYSTEM_FILES = ("system.json", "answers.jsonl", "metrics.json")
#: Runs that are kept open at a time.
KEPT = 6

AGAIN = "give the command that made it again"
FRESH = "give the command that made it again, with --fresh"

#: A file of a run with its time and size: where all are as they were, the run is.
Fingerprint = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a run or with one of its systems, and how to go on."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as a list shows it. ``figures`` has a row for every system that is whole; it is None where none is.

    ``provenance`` is None where it cannot be read. ``started`` is when its first system was, or else its last change.
    """

    name: str
    started: datetime
    provenance: RunProvenance | None
    systems: Sequence[str]
    figures: Table | None
    faults: Sequence[Fault]


class RunLibrary:
    """The runs of a folder. What has not changed on disk is not read again; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it need not be there."""
        self.folder = folder
        self._listed: dict[str, tuple[Fingerprint, ListedRun]] = {}
        self._open: OrderedDict[str, tuple[Fingerprint, list[SystemRun]]] = OrderedDict()
        self._lock = Lock()

    def runs(self) -> list[ListedRun]:
        """All runs, newest first. A folder that holds nothing of a run is none.

        Raises:
            EvaluationError: the folder cannot be read.
        """
        try:
            folders = [folder for folder in self.folder.iterdir() if _holds_a_run(folder)]
        except FileNotFoundError:
            folders = []
        except OSError as error:
            raise EvaluationError(f"{self.folder} cannot be read: {error.strerror}") from error
        with self._lock:
            before, self._listed = self._listed, {}
            for folder in folders:
                state, known = fingerprint(folder), before.get(folder.name)
                listed = known[1] if known and known[0] == state else list_run(folder)
                self._listed[folder.name] = state, listed
            found = [listed for _, listed in self._listed.values()]
        return sorted(found, key=lambda run: (run.started, run.name), reverse=True)

    def state(self, name: str) -> Fingerprint:
        """The state of a run's files."""
        return fingerprint(self.folder / name)

    def open(self, name: str) -> list[SystemRun]:
        """The whole systems of a run, in the order in which they ran.

        Raises:
            EvaluationError: there is no such run, or none of its systems is whole.
        """
        folder = self.folder / name
        if not name or folder.parent != self.folder or not _holds_a_run(folder):
            raise EvaluationError(f"{self.folder} holds no run {name!r}; refresh the list")
        state = fingerprint(folder)
        with self._lock:
            known = self._open.get(name)
            if known is None or known[0] != state:
                known = state, open_run(folder)
            self._open[name] = known
            self._open.move_to_end(name)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
        return known[1]

    def system(self, name: str, label: str) -> SystemRun:
        """One system of a run, with its answers read.

        Raises:
            EvaluationError: there is no such system, or its answers are damaged.
        """
        found = next((run for run in self.open(name) if run.label == label), None)
        if found is None:
            raise EvaluationError(f"the run {name} has no whole system {label!r}; refresh the list")
        check_answers(found)
        return found


def list_run(folder: Path) -> ListedRun:
    """What a run's folder holds; nothing in it raises an error."""
    provenance, whole, faults = _read_run(folder)
    return ListedRun(
        name=folder.name,
        started=_started(whole[0])[0] if whole else _changed(folder),
        provenance=provenance,
        systems=[run.label for run in whole],
        figures=headline_table(whole, LISTED) if whole else None,
        faults=faults,
    )


def open_run(folder: Path) -> list[SystemRun]:
    """The systems of a run that are whole.

    Raises:
        EvaluationError: none is; says why, and how to go on.
    """
    _, whole, faults = _read_run(folder)
    if not whole:
        raise EvaluationError(f"the run {folder.name}: {faults[0]}")
    return whole


def check_answers(run: SystemRun) -> None:
    """See that a system has answered every question.

    Raises:
        EvaluationError: it has not, or a line of its answers is damaged; says how to go on.
    """
    try:
        lacking = next((question.id for question in run.questions if question.id not in run.answers), None)
    except EvaluationError as error:
        raise EvaluationError(f"{_first_line(error)}; {FRESH}") from error
    if lacking is not None:
        raise EvaluationError(f"{run.answers_file} has no answer to {lacking}; {AGAIN}")


def fingerprint(folder: Path) -> Fingerprint:
    """What tells whether a run has changed since."""
    files = [*folder.glob("*.json*"), *folder.glob("*/*.json*")]
    found = []
    for file in files:
        try:
            state = file.stat()
        except OSError:  # replaced this moment
            continue
        found.append((str(file.relative_to(folder)), state.st_mtime_ns, state.st_size))
    return tuple(sorted(found))


def _holds_a_run(folder: Path) -> bool:
    return any(folder.glob("run.json")) or any(folder.glob("*/system.json"))


def _changed(folder: Path) -> datetime:
    last = max((nanoseconds for _, nanoseconds, _ in fingerprint(folder)), default=0)
    return datetime.fromtimestamp(last / 1e9, UTC)


def _read_run(folder: Path) -> tuple[RunProvenance | None, list[SystemRun], list[Fault]]:
    """What a run was made of, its systems that are whole, and what is wrong with the rest."""
    provenance, faults = None, []
    try:
        provenance = SystemRun(folder / "any", "any").run
        if provenance.format != FORMAT:
            return provenance, [], [Fault(f"it is of format {provenance.format}, this program reads {FORMAT}", FRESH)]
    except EvaluationError:
        faults.append(Fault("run.json is missing or damaged", FRESH))
    try:
        questions = read_question_set(folder / "questions.jsonl")
    except QuestionError as error:
        return provenance, [], [*faults, Fault(f"its questions cannot be used: {_first_line(error)}", AGAIN)]
    files = [file for name in SYSTEM_FILES for file in folder.glob(f"*/{name}")]
    runs = [SystemRun(path, path.name) for path in sorted({file.parent for file in files})]
    found = [(run, _fault(run, questions)) for run in runs]
    faults += [fault for _, fault in found if fault]
    if not runs:
        faults.append(Fault("no system has answered yet", AGAIN))
    return provenance, sorted((run for run, fault in found if not fault), key=_started), faults


def _started(run: SystemRun) -> tuple[datetime, str]:
    started = run.provenance.started
    return (started if started.tzinfo else started.replace(tzinfo=UTC)), run.label


def _fault(run: SystemRun, questions: Sequence[EvaluationQuestion]) -> Fault | None:
    """What keeps a system's figures from being shown."""
    try:
        _ = run.provenance
    except EvaluationError:
        return Fault(f"{run.label}/system.json is missing or damaged", f"remove the folder {run.label} and {AGAIN}")
    answered = _lines(run.answers_file)
    if answered < len(questions) or not (run.folder / "metrics.json").exists():
        return Fault(f"{run.label} has not ended: {answered} of {len(questions)} answered", f"{AGAIN}, and it goes on")
    try:
        scores = run.metrics.questions
    except EvaluationError:
        return Fault(f"{run.label}/metrics.json is damaged", f"{AGAIN}: its answers are kept")
    if [score.id for score in scores] != [question.id for question in questions]:
        return Fault(f"{run.label}/metrics.json is of other questions", f"{AGAIN}: its answers are kept")
    names = {metric.name for metric in METRICS}
    measured = [run.metrics.all.measures.keys(), *(score.values.keys() for score in scores)]
    if any(names - found for found in measured):
        return Fault(f"{run.label} was measured by another version", FRESH)
    return None


def _lines(path: Path) -> int:
    """The whole lines of a file; none where it cannot be read."""
    try:
        return path.read_bytes().count(b"\n")
    except OSError:
        return 0


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
