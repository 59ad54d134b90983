"""Two evaluation runs compared, as HTML: differences with what chance may do, and the questions that flipped."""

from collections.abc import Iterable, Sequence
from html import escape

from assistant.evaluation.comparing import Comparison, Difference, Flip
from assistant.evaluation.run_folder import SystemRun
from ui.web.rendering.evaluated_questions import answer_html, check_html, question_html

#: Flipped questions shown each way.
FLIPS_SHOWN = 40

COLUMNS = ("metric", "n", "A", "B", "difference", "95% interval", "p", "verdict")


def comparison_html(comparison: Comparison, a: SystemRun, b: SystemRun) -> str:
    """What changed from run A to run B."""
    return (
        f'<p class="about">A is <b>{_named(a)}</b>, B is <b>{_named(b)}</b>; {comparison.questions:,} questions in '
        "common. p is of a paired randomisation test: below 0.05, chance is an unlikely cause.</p>"
        + _lacking("B", comparison.only_before)
        + _lacking("A", comparison.only_after)
        + _differences("What changed", [(d.metric, d) for d in comparison.all])
        + _differences("correct, by type", comparison.by_type.items())
        + _flips([flip for flip in comparison.flips if not flip.better], "no longer right", a, b)
        + _flips([flip for flip in comparison.flips if flip.better], "now right", a, b)
    )


def _lacking(which: str, ids: Sequence[str]) -> str:
    if not ids:
        return ""
    named = escape(", ".join(ids[:10]))
    return f'<p class="note">{which} lacks {len(ids):,}: {named}{" …" if len(ids) > 10 else ""}</p>'


def _differences(title: str, differences: Iterable[tuple[str, Difference]]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th>{_cells(d)}</tr>' for name, d in differences)
    return (
        f'<section class="table"><h3>{title}</h3><div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _cells(d: Difference) -> str:
    figures = (
        f"{d.n:,}",
        f"{d.before:.3f}",
        f"{d.after:.3f}",
        f"{d.difference:+.3f}",
        f"{d.low:+.3f} … {d.high:+.3f}",
        f"{d.p:.3f}",
    )
    return "".join(f"<td>{figure}</td>" for figure in figures) + f'<td class="words">{_verdict(d)}</td>'


def _verdict(d: Difference) -> str:
    if d.difference == 0:
        return '<span class="quiet">= the same</span>'
    if not d.significant:
        return '<span class="quiet">≈ may be chance</span>'
    return '<span class="bad">▼ worse</span>' if d.worse else '<span class="good">▲ better</span>'


def _flips(flips: Sequence[Flip], words: str, a: SystemRun, b: SystemRun) -> str:
    shown = "".join(_flip(flip, a, b) for flip in flips[:FLIPS_SHOWN])
    more = f'<p class="note">The first {FLIPS_SHOWN} are shown.</p>' if len(flips) > FLIPS_SHOWN else ""
    return f'<section class="flips"><h3>{len(flips):,} {words}</h3>{shown}{more}</section>'


def _flip(flip: Flip, a: SystemRun, b: SystemRun) -> str:
    inside = (
        f'<p class="about">{"A" if flip.better else "B"} {escape("; ".join(flip.why))}</p>'
        f"<h4>A</h4>{answer_html(a.answers[flip.id])}<h4>B</h4>{answer_html(b.answers[flip.id])}"
    )
    badge = check_html(flip.better, "now right", "no longer right")
    return question_html(badge, flip.id, flip.question, flip.type, inside)


def _named(run: SystemRun) -> str:
    return escape(f"{run.folder.parent.name} / {run.label}")
