"""``assistant corpus stats``."""

import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import click

from corpus.catalog import Catalog
from ui.cli.corpus.opening import opened_catalog
from ui.cli.tables import print_json, print_table

#: Sections that the plots tell apart; the rest is "other".
SECTIONS = 6


@click.command("stats")
@click.option("--plot", type=click.Path(path_type=Path), help="Write the plot of releases a year to this PNG.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(plot: Path | None, as_json: bool) -> None:
    """Count documents, releases, folds, dates, boilerplate and problems, and draw the releases of each year."""
    with opened_catalog() as catalog:
        figures = gather(catalog)
    if plot:
        write_plot(figures["years"], plot)
    if as_json:
        print_json(figures)
        return
    for title, rows in figures.items():
        if rows and title != "years":
            print_table((title, ""), [(str(name), count) for name, count in rows.items()])
    click.echo(terminal_plot(figures["years"]))
    if plot:
        click.echo(f"plot: {plot}")


def gather(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """All figures, by what they count."""
    counts = catalog.counts()
    paragraphs, holding, indexed = catalog.boilerplate_counts()
    problems = catalog.problems()
    suspect = Counter(_rule(release_suspect) for release_suspect in catalog.suspect_dates())
    dropped: Counter[str] = Counter()
    for _, drop in catalog.dropped():
        dropped[drop.kind] += len(drop.text.split())
    years: dict[str, dict[str, int]] = defaultdict(dict)
    for year, section, count in catalog.releases_by_year():
        years[str(year or "unknown")][section] = count
    return {
        "documents": {
            "read": counts.documents,
            "nothing could be read of": counts.unread,
            "in no release": counts.without_release,
        },
        "releases": {"all": counts.releases, **{f"of kind {k}": n for k, n in catalog.count_by("kind").items()}},
        "sections": catalog.count_by("section"),
        "folds": dict(Counter(str(reason) for _, _, reason in catalog.folds()).most_common()),
        "dates from": catalog.count_by("date_source"),
        "confidence of dates": catalog.count_by("date_confidence"),
        "suspect dates": dict(suspect.most_common()),
        "boilerplate": {"paragraphs": paragraphs, "in releases": holding, "paragraphs indexed": indexed},
        "words dropped": dict(dropped.most_common()),
        "problems": dict(Counter(str(problem.kind) for problem in problems).most_common()),
        "years": dict(years),
    }


def _rule(suspect: str) -> str:
    """Which rule a suspect date was found by."""
    if "crawl" in suspect:
        return "day of a crawl"
    return "far from the ids next to it" if "ids next to it" in suspect else "the text gives another day"


def _series(years: dict[str, dict[str, int]]) -> tuple[list[str], dict[str, list[int]]]:
    """The years in order, and for each section its number of releases in each."""
    totals: Counter[str] = Counter()
    for by_section in years.values():
        totals.update(by_section)
    named = [section for section, _ in totals.most_common(SECTIONS)]
    order = sorted(years)
    series = {section: [years[year].get(section, 0) for year in order] for section in named}
    rest = [sum(n for section, n in years[year].items() if section not in named) for year in order]
    return order, series | ({"other": rest} if any(rest) else {})


def terminal_plot(years: dict[str, dict[str, int]]) -> str:
    """Releases a year by section, one bar a year."""
    import plotext

    order, series = _series(years)
    width = min(max(shutil.get_terminal_size().columns, 60), 110)
    plotext.clear_figure()
    plotext.simple_stacked_bar(order, list(series.values()), width=width, labels=list(series), title="releases a year")
    return str(plotext.build()).replace(".00", "")  # counts, not measures


def write_plot(years: dict[str, dict[str, int]], path: Path) -> None:
    """Releases a year by section, as a PNG.

    Raises:
        CorpusError: the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from corpus.errors import CorpusError

    order, series = _series(years)
    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.subplots()
    below = [0] * len(order)
    for section, counts in series.items():
        axes.bar(order, counts, bottom=below, label=section)
        below = [a + b for a, b in zip(below, counts, strict=True)]
    axes.set_ylabel("releases")
    axes.tick_params(axis="x", rotation=90)
    axes.legend(frameon=False)
    try:
        FigureCanvasAgg(figure).print_figure(str(path), format="png")
    except OSError as error:
        raise CorpusError(f"{path} cannot be written: {error.strerror}") from error
