"""The plots of a report, as SVG for the page and as PNG."""

import io
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.evaluation.run_folder import SystemRun

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Told apart by colour-blind readers, and by dash where two lines cross.
COLOURS = ("#2f6fde", "#d9822b", "#2a9d6f", "#a855c7", "#c8453b", "#7a8798")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))
#: Stands for the page's own text colour, so that a plot is read in the light and in the dark.
INK = "#010203"


def recall_by_k(axes: "Axes", runs: Sequence[SystemRun]) -> None:
    """How soon every gold group is found."""
    for n, run in enumerate(runs):
        known = [(k, m.value) for k, m in run.metrics.recall_by_k.items() if m.value is not None]
        if known:
            axes.plot(*zip(*known, strict=True), color=_colour(n), linestyle=_dash(n), label=_label(run))
    axes.set(
        title="Recall by rank", xlabel="releases looked at", ylabel="share of questions", ylim=(0, 1.02), xlim=(1, 20)
    )
    axes.set_xticks([1, 5, 10, 15, 20])


def risk_coverage(axes: "Axes", runs: Sequence[SystemRun]) -> None:
    """How wrong the answers are, from the most confident on."""
    for n, run in enumerate(runs):
        curve = run.metrics.abstention.curve
        if curve:
            xs, ys = [p.coverage for p in curve], [p.risk for p in curve]
            axes.plot(xs, ys, color=_colour(n), linestyle=_dash(n), label=_label(run))
    axes.set(title="Risk and coverage", xlabel="share answered", ylabel="of these, wrong", xlim=(0, 1), ylim=(0, 1.02))


def latency_histogram(axes: "Axes", runs: Sequence[SystemRun]) -> None:
    """How long answers take."""
    times = [[s.timings_ms["total"] for s in run.metrics.questions if s.timings_ms.get("total")] for run in runs]
    every = [time for found in times for time in found]
    if every:
        bins = np.geomspace(min(every) * 0.95, max(every) * 1.05, 40).tolist()
        for n, (run, found) in enumerate(zip(runs, times, strict=True)):
            if found:
                axes.hist(found, bins=bins, histtype="stepfilled", color=_colour(n), alpha=0.55, label=_label(run))
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    axes.set(title="Time to answer", xlabel="milliseconds", ylabel="questions")


def correct_by_type(axes: "Axes", runs: Sequence[SystemRun]) -> None:
    """Where each system is good."""
    names = sorted({name for run in runs for name in run.metrics.by_type}, reverse=True)
    for n, run in enumerate(runs):
        known = [
            (part.measures["correct"].value or 0.0, row)
            for row, name in enumerate(names)
            if (part := run.metrics.by_type.get(name))
        ]
        shift = (n - (len(runs) - 1) / 2) * 0.12
        xs, ys = [value for value, _ in known], [row - shift for _, row in known]
        axes.plot(xs, ys, "o", color=_colour(n), markersize=5, label=_label(run))
    axes.set_yticks(range(len(names)), names)
    axes.set(title="Correct, by type of question", xlabel="share of questions", xlim=(-0.03, 1.03))
    axes.grid(axis="y", linewidth=0.4, alpha=0.35)


def recall_in_words(run: SystemRun) -> str:
    """The plot of recall, for who does not see it."""
    known = {k: run.metrics.recall_by_k.get(k) for k in (1, 5, 10, 20)}
    return ", ".join(f"{m.value:.2f} at {k}" for k, m in known.items() if m and m.value is not None)


def risk_in_words(run: SystemRun) -> str:
    """The plot of risk and coverage, for who does not see it."""
    curve = run.metrics.abstention.curve
    found = [next((p for p in curve if p.coverage >= share), None) for share in (0.25, 0.5, 0.75, 1.0)]
    return ", ".join(f"{p.risk:.2f} with {p.coverage:.2f} answered" for p in found if p)


def latency_in_words(run: SystemRun) -> str:
    """The plot of times, for who does not see it."""
    times = run.metrics.latency_ms.get("total")
    return f"median {times.median:,.0f} ms, 95th percentile {times.p95:,.0f} ms" if times else ""


def types_in_words(run: SystemRun) -> str:
    """The plot by type, for who does not see it."""
    found = {name: part.measures["correct"].value for name, part in run.metrics.by_type.items()}
    return ", ".join(f"{name} {value or 0:.2f}" for name, value in found.items())


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot, and what it says of one system in words; "" where it says nothing."""

    title: str
    draw: Callable[["Axes", Sequence[SystemRun]], None]
    in_words: Callable[[SystemRun], str]

    def described(self, runs: Sequence[SystemRun]) -> str:
        """All that it shows, as a text."""
        return ". ".join([self.title, *(f"{run.label}: {self.in_words(run) or 'n/a'}" for run in runs)]) + "."


PLOTS = {
    "recall-by-rank": Plot("Recall by rank: share of questions with all releases found", recall_by_k, recall_in_words),
    "risk-coverage": Plot("Risk and coverage: share wrong of what is answered", risk_coverage, risk_in_words),
    "time-to-answer": Plot("Time to answer", latency_histogram, latency_in_words),
    "correct-by-type": Plot("Correct, by type of question: share of questions", correct_by_type, types_in_words),
}

#: What matplotlib sets for every element of the page that an SVG stands in; here for those of the plot alone.
EVERYWHERE, WITHIN = "*{stroke-linejoin: round; stroke-linecap: butt}", "stroke-linejoin: round; stroke-linecap: butt"

#: matplotlib's style and Python's warnings are the process's: one plot is drawn at a time.
_drawing = threading.Lock()


def svg_plots(runs: Sequence[SystemRun]) -> dict[str, str]:
    """Every plot as an ``<svg>`` element in the page's own text colour, with what it shows said in words."""
    plots = {}
    for name, plot in PLOTS.items():
        buffer = io.StringIO()
        _draw(plot, name, runs, INK, buffer, format="svg", transparent=True, metadata={"Date": None})
        text = buffer.getvalue()
        text = text[text.index("<svg") :].replace(INK, "currentColor").replace(EVERYWHERE, "", 1)
        told = f'<svg role="img" aria-label="{escape(plot.described(runs))}" style="{WITHIN}" '
        plots[name] = text.replace("<svg ", told, 1)
    return plots


def write_png_plots(runs: Sequence[SystemRun], folder: Path) -> list[Path]:
    """Every plot as a PNG in a folder; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, plot in PLOTS.items():
        _draw(plot, name, runs, "#222222", folder / f"{name}.png", format="png", dpi=160)
    return [folder / f"{name}.png" for name in PLOTS]


def _draw(plot: Plot, name: str, runs: Sequence[SystemRun], ink: str, to: Path | io.StringIO, **options: Any) -> None:
    import matplotlib
    from matplotlib.figure import Figure

    style: Any = {
        "svg.fonttype": "none",
        "text.parse_math": False,
        "svg.hashsalt": name,  # the same runs give the same bytes
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.edgecolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "font.size": 9,
        "lines.linewidth": 1.8,
        "legend.frameon": False,
    }
    with _drawing, matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a page's own font may have it
        figure = Figure(figsize=(6.2, 4.2), layout="constrained")
        axes = figure.subplots()
        axes.grid(axis="both", linewidth=0.4, alpha=0.25)
        axes.set_axisbelow(True)
        plot.draw(axes, runs)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, fontsize=8)
        else:
            axes.text(0.5, 0.5, "n/a", ha="center", transform=axes.transAxes)
        figure.savefig(to, **options)


def _colour(n: int) -> str:
    return COLOURS[n % len(COLOURS)]


def _dash(n: int) -> str | tuple[int, tuple[int, ...]]:
    return DASHES[n % len(DASHES)]


def _label(run: SystemRun) -> str:
    """The system's name; matplotlib leaves what begins with an underscore out of its legends."""
    return f" {run.label}" if run.label.startswith("_") else run.label
