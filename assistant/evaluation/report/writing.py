"""Writes a report: one page that asks for nothing from outside, the same in Markdown, and in JSON."""

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.evaluation.comparing import compare
from assistant.evaluation.facts import LONG_WORD_LIMIT, WORD_LIMIT
from assistant.evaluation.record import RecordedCitation
from assistant.evaluation.report.asked import SIGNS, all_asked
from assistant.evaluation.report.html import table_html
from assistant.evaluation.report.plots import svg_plots, write_png_plots
from assistant.evaluation.report.tables import Cell, Table, report_tables
from assistant.evaluation.run_folder import SystemRun, system_runs, write_whole
from corpus.errors import EvaluationError

TEMPLATES = Path(__file__).parent / "templates"
PAGE, MARKDOWN, JSON, PLOTS = "report.html", "report.md", "report.json", "plots"
#: Metrics whose differences to the first system are tested.
TESTED = ("correct", "facts", "cited", "recall@5", "mrr")


def runs_of(paths: Sequence[Path]) -> list[SystemRun]:
    """The systems of run folders, each under a name of its own.

    Raises:
        EvaluationError: a folder holds no run, or they are runs of different questions.
    """
    runs = [run for path in paths for run in system_runs(path)]
    hashes = {run.run.questions_hash: run.folder.parent for run in runs}
    if len(hashes) > 1:
        raise EvaluationError(f"runs of different questions: {', '.join(map(str, hashes.values()))}")
    folders = [run.folder.resolve() for run in runs]
    if twice := [folder for folder, n in Counter(folders).items() if n > 1]:
        raise EvaluationError(f"{twice[0]} is given twice")
    count = Counter(run.label for run in runs)
    above = Path(os.path.commonpath(folders))
    return [
        run if count[run.label] == 1 else SystemRun(run.folder, folder.relative_to(above).as_posix())
        for run, folder in zip(runs, folders, strict=True)
    ]


def write_report(paths: Sequence[Path], out: Path, plots: bool = False) -> list[Path]:
    """Write a report of runs into a folder; gives the files written.

    Raises:
        EvaluationError: the runs cannot be read or put together, or the report cannot be written.
    """
    runs = runs_of(paths)
    tables = report_tables(runs)
    if len(runs) > 1:
        tables.insert(1, _differences(runs))
    asked = all_asked(runs)
    context = {
        "runs": runs,
        "run": runs[0].run,
        "tables": tables,
        "asked": asked,
        "signs": SIGNS,
        "plots": svg_plots(runs),
        "word_limits": (WORD_LIMIT, LONG_WORD_LIMIT),
        "types": sorted({str(a.question.type) for a in asked}),
        "slices": sorted({a.question.slice for a in asked}),
    }
    write_whole(out / PAGE, [_render("page.html.j2", context)])
    write_whole(out / MARKDOWN, [_render("report.md.j2", context)])
    write_whole(out / JSON, [json.dumps(_as_json(runs), ensure_ascii=False, indent=1, allow_nan=False), "\n"])
    files = [out / PAGE, out / MARKDOWN, out / JSON]
    if plots:
        try:
            files += write_png_plots(runs, out / PLOTS)
        except OSError as error:
            raise EvaluationError(f"{out / PLOTS} cannot be written: {error.strerror}") from error
    return files


def _differences(runs: Sequence[SystemRun]) -> Table:
    rows = []
    for run in runs[1:]:
        found = {difference.metric: difference for difference in compare(runs[0], run).all}
        cells = []
        for name in TESTED:
            d = found.get(name)
            if d is None:
                cells.append(Cell("n/a", "one of the two has no such figure"))
            else:
                mark = " *" if d.significant else ""
                note = f"95% interval {d.low:+.3f} to {d.high:+.3f}, p = {d.p:.3f}, n = {d.n}"
                cells.append(Cell(f"{d.difference:+.3f}{mark}", note))
        rows.append([Cell(run.label), *cells])
    about = "Paired, question by question; * where a randomisation test gives p < 0.05."
    return Table(f"Difference to {runs[0].label}", ["system", *TESTED], rows, about)


def _render(name: str, context: dict[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "table": with_heading,
        "markers": with_markers,
        "web_url": web_url,
        "row": markdown_row,
        "plain": markdown_text,
    }
    return environment.get_template(name).render(context)


def with_heading(table: Table) -> Any:
    """A table as HTML, under its heading."""
    from markupsafe import Markup

    return Markup(table_html(table))  # noqa: S704 - it is escaped there


def with_markers(text: str) -> Any:
    """The answer, escaped, with its markers raised."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r" ?\[(\d+)\]", r"<sup>\1</sup>", str(escape(text))))  # noqa: S704 - escaped just before


def web_url(citation: RecordedCitation) -> str:
    """Where a citation leads, where that is a web page; nothing else becomes a link."""
    return citation.url if re.match(r"https?://", citation.url) else ""


def markdown_text(text: str) -> str:
    """A text on one line, in which Markdown finds nothing to mark up."""
    return re.sub(r"([\\`*_{}\[\]<>|#~&$])", r"\\\1", " ".join(text.split()))


def markdown_row(cells: Sequence[Cell | str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(markdown_text(str(cell)) for cell in cells) + " |"


def _as_json(runs: Sequence[SystemRun]) -> dict[str, Any]:
    return {
        "run": runs[0].run.model_dump(mode="json"),
        "questions": [question.model_dump(mode="json") for question in runs[0].questions],
        "systems": [
            {
                "label": run.label,
                "provenance": run.provenance.model_dump(mode="json"),
                "metrics": run.metrics.model_dump(mode="json"),
                "answers": [answer.model_dump(mode="json") for answer in run.answers.values()],
            }
            for run in runs
        ],
    }
