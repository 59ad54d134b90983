"""``assistant eval compare``."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ui.cli.eval.gates import exit_with, fail_over, fail_under
from ui.cli.tables import print_json, print_table

if TYPE_CHECKING:
    from assistant.evaluation.comparing import Comparison, Difference, Flip


@click.command("compare")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@fail_under
@fail_over
@click.option("--no-regression", is_flag=True, help="Exit with 1 where B is worse than A.")
@click.option(
    "--flips", default=5, show_default=True, type=click.IntRange(0), help="Questions shown each way; 0 shows all."
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    a: Path,
    b: Path,
    under: tuple[str, ...],
    over: tuple[str, ...],
    no_regression: bool,
    flips: int,
    as_json: bool,
) -> None:
    """Say what changed from run A to run B (RUN/SYSTEM, or a run with one system), and whether by chance.

    Differences come with a 95% interval and the p-value of a paired randomisation test. --no-regression fails where
    "correct" fell at all, or another quality fell with p < 0.05; bounds are for B.
    """
    from assistant.evaluation.comparing import compare
    from assistant.evaluation.gating import broken_bounds, parse_bound, regressions
    from assistant.evaluation.run_folder import single_run

    for bound in under + over:
        parse_bound(bound)  # a wrong bound is told before the work
    before, after = single_run(a), single_run(b)
    comparison = compare(before, after)
    if as_json:
        print_json(comparison.model_dump(mode="json"))
    else:
        _print(comparison, flips, (str(before.folder), str(after.folder)))
    broken = broken_bounds(after.metrics, under, over)
    exit_with(ctx, broken + (regressions(comparison) if no_regression else []))


def _print(comparison: "Comparison", flips: int, folders: tuple[str, str]) -> None:
    click.echo(f"A  {folders[0]}\nB  {folders[1]}\n{comparison.questions:,} questions in common")
    for lacking, ids in (("B", comparison.only_before), ("A", comparison.only_after)):
        if ids:
            click.echo(f"{lacking} lacks {len(ids):,}: {', '.join(ids[:10])}")
    columns = ("", "n", "A", "B", "difference", "95% interval", "p")
    print_table(columns, [_row(d.metric, d) for d in comparison.all])
    print_table(columns, [_row(kind, d) for kind, d in comparison.by_type.items()], title="correct, by type")
    for better, words in ((True, "now right"), (False, "no longer right")):
        flipped = [flip for flip in comparison.flips if flip.better is better]
        shown = flipped[:flips] if flips else flipped
        click.echo(f"{len(flipped)} {words}" + ("; --flips 0 shows all\n" if len(shown) < len(flipped) else "\n"))
        for flip in shown:
            click.echo(_flip(flip))


def _row(name: str, d: "Difference") -> tuple[str | int, ...]:
    mark = " *" if d.significant else ""
    interval = f"{d.low:+.3f} … {d.high:+.3f}"
    return name, d.n, f"{d.before:.3f}", f"{d.after:.3f}", f"{d.difference:+.3f}", interval, f"{d.p:.3f}{mark}"


def _flip(flip: "Flip") -> str:
    width = min(shutil.get_terminal_size().columns, 110)
    parts = [(f"{flip.id}  ", flip.question), ("    A  ", _short(flip.before)), ("    B  ", _short(flip.after))]
    parts.append(("    why  ", f"{'A' if flip.better else 'B'} {'; '.join(flip.why)}"))
    return "\n".join(click.wrap_text(text, width, first, "       ") for first, text in parts) + "\n"


def _short(text: str, limit: int = 400) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"
