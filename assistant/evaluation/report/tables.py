"""The tables of a report, the same for the page, Markdown and the terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation.metrics import METRICS, answers, citations, retrieval
from assistant.evaluation.metrics.metric import Metric
from assistant.evaluation.metrics.scores import Measure, Part
from assistant.evaluation.run_folder import SystemRun

#: What the first table shows; the rest has tables of its own.
HEADLINE = ("correct", "facts", "cited", "precision", "quotes", "recall@1", "recall@5", "recall@10", "mrr")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table: a figure, its 95% interval where it has one, and what more is said of it on a page."""

    text: str
    note: str = ""
    interval: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.interval})" if self.interval else self.text


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading. The first cell of a row is its name. ``notes`` say why a figure has no value."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: str = ""

    @property
    def notes(self) -> list[str]:
        """Why cells say "n/a", each reason once."""
        reasons: dict[str, list[str]] = {}
        for row in self.rows:
            for column, cell in zip(self.columns, row, strict=True):
                if cell.text == "n/a":
                    reasons.setdefault(cell.note, []).append(f"{row[0].text} {column}")
        return [
            f"n/a ({', '.join(where[:4])}{' …' if len(where) > 4 else ''}): {why}" for why, where in reasons.items()
        ]

    def turned(self) -> "Table":
        """The same with a column for each row: figures are many, systems few, and a terminal or a pane is narrow."""
        columns = ["", *(row[0].text for row in self.rows)]
        rows = [[Cell(name), *(row[n] for row in self.rows)] for n, name in enumerate(self.columns) if n]
        return Table(self.title, columns, rows, self.about)


def cell(measure: Measure, digits: int = 3) -> Cell:
    """A figure with its interval, or "n/a" with the reason."""
    if measure.value is None:
        return Cell("n/a", measure.why)
    if measure.low is None or measure.high is None:
        return Cell(f"{measure.value:.{digits}f}", f"n = {measure.n}")
    short = max(digits - 1, 0)
    interval = f"{measure.low:.{short}f}–{measure.high:.{short}f}"
    return Cell(f"{measure.value:.{digits}f}", f"95% interval {interval}, n = {measure.n}", interval)


def report_tables(runs: Sequence[SystemRun]) -> list[Table]:
    """All tables of a report."""
    return [
        headline_table(runs),
        _metrics("Retrieval", runs, retrieval.METRICS, "Of releases, over gold groups."),
        _metrics(
            "Citations",
            runs,
            citations.METRICS,
            "Support is judged by the project's own checker, the same for all systems.",
        ),
        _metrics("Answers", runs, answers.METRICS, ""),
        _abstention(runs),
        _thresholds(runs),
        _latency(runs),
        _parts("correct, by type", runs, lambda run: run.metrics.by_type, "correct"),
        _parts("recall@5, by type", runs, lambda run: run.metrics.by_type, "recall@5"),
        _parts("correct, by slice", runs, lambda run: run.metrics.by_slice, "correct"),
        *([_judge(runs)] if any(run.provenance.judge for run in runs) else []),
    ]


def headline_table(runs: Sequence[SystemRun], metrics: Sequence[str] = HEADLINE) -> Table:
    """Where every system stands, by the metrics of these names."""
    chosen = [metric for name in metrics for metric in METRICS if metric.name == name]
    rows = []
    for run in runs:
        measures = run.metrics.all.measures
        times = run.metrics.latency_ms.get("total")
        rows.append(
            [
                Cell(run.label, run.provenance.description),
                *(cell(measures[metric.name]) for metric in chosen),
                cell(run.metrics.abstention.false_abstention),
                Cell(f"{times.median:,.0f}", f"p95 {times.p95:,.0f} ms") if times else _untimed(run),
                Cell(str(run.metrics.failed)),
            ]
        )
    columns = ["system", *(metric.title for metric in chosen), "false abstain", "median ms", "failed"]
    return Table("Where each system stands", columns, rows, f"{runs[0].metrics.all.n:,} questions.")


def _metrics(title: str, runs: Sequence[SystemRun], metrics: Sequence[Metric], about: str) -> Table:
    rows = [[Cell(run.label), *(_of(run, metric) for metric in metrics)] for run in runs]
    return Table(title, ["system", *(metric.title for metric in metrics)], rows, about)


def _of(run: SystemRun, metric: Metric) -> Cell:
    return cell(run.metrics.all.measures[metric.name], 0 if metric.name == "words" else 3)


def _abstention(runs: Sequence[SystemRun]) -> Table:
    rows = []
    for run in runs:
        a = run.metrics.abstention
        rows.append([Cell(run.label), *map(cell, (a.precision, a.recall, a.f1, a.false_abstention, a.area))])
    columns = ["system", "precision", "recall", "F1", "false abstain", "area under risk-coverage"]
    about = "Abstaining as a sign that the corpus holds no answer. A small area: its confidence tells right from wrong."
    return Table("Abstention", columns, rows, about)


def _thresholds(runs: Sequence[SystemRun]) -> Table:
    rows = [
        [
            Cell(run.label),
            Cell(f"{best.cost:g}"),
            Cell(f"{best.threshold:.3g}"),
            *(Cell(f"{value:.3f}") for value in (best.coverage, best.correct, best.wrong)),
        ]
        for run in runs
        for best in run.metrics.abstention.thresholds
    ]
    columns = ["system", "cost of a wrong answer", "best threshold", "answered", "correct", "answered wrongly"]
    about = "The confidence from which on answering pays. It is fitted on these questions: try it on others."
    return Table("Recommended thresholds", columns, rows, about)


def _latency(runs: Sequence[SystemRun]) -> Table:
    rows = []
    for run in runs:
        for stage, times in run.metrics.latency_ms.items():
            total = stage == "total"
            rows.append(
                [
                    Cell(run.label),
                    Cell(stage),
                    *(Cell(f"{value:,.1f}") for value in (times.median, times.p95, times.p99)),
                    Cell(f"{run.provenance.peak_memory_mb:,.0f}" if total else ""),
                    Cell(f"{run.provenance.load_seconds:,.1f}" if total else ""),
                ]
            )
    columns = ["system", "stage", "median ms", "p95 ms", "p99 ms", "memory MB", "s to open"]
    workers = {run.provenance.workers for run in runs}
    about = f"{min(workers)} worker{'s' if min(workers) > 1 else ''}." if len(workers) == 1 else ""
    return Table(
        "Latency and memory", columns, rows, f"Memory is the largest resident set of a worker. {about}".strip()
    )


def _parts(title: str, runs: Sequence[SystemRun], parts: Callable[[SystemRun], dict[str, Part]], metric: str) -> Table:
    names = sorted({name for run in runs for name in parts(run)})
    rows = []
    for name in names:
        found = [parts(run).get(name) for run in runs]
        size = next(part.n for part in found if part)
        cells = [cell(part.measures[metric]) if part else Cell("n/a", "not in this run") for part in found]
        rows.append([Cell(name), Cell(str(size)), *cells])
    return Table(title, [title.rpartition(" ")[2], "n", *(run.label for run in runs)], rows)


def _judge(runs: Sequence[SystemRun]) -> Table:
    rows = []
    for run in runs:
        judge = run.provenance.judge
        if judge:
            said = list(judge.verdicts.values())
            counts = [Cell(str(said.count(verdict))) for verdict in ("correct", "partial", "wrong")]
            rows.append([Cell(run.label), Cell(judge.model), cell(judge.score), *counts, Cell(str(len(said)))])
    columns = ["system", "judge", "score", "correct", "partial", "wrong", "asked"]
    return Table("A language model's opinion", columns, rows, "Part of no other figure.")


def _untimed(run: SystemRun) -> Cell:
    return Cell("n/a", run.metrics.latency_note or "not timed")
