"""The corpus tab as HTML: lists of releases, tables of counts and problems, the index and its sync. All is escaped."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from corpus.catalog_reader import CatalogProblem, SourceRow
from corpus.dating import in_words
from corpus.duplicates import FoldReason
from corpus.release import ReleaseKind, Span
from indexes.background_sync import SyncPhase, SyncState
from indexes.generation import Manifest
from indexes.listing import Listed, YearCount

#: Characters of a passage that a list shows.
EXCERPT = 300
#: Characters shown before the first word that was searched for.
LEAD = 70
#: Sections that plots and tables of years tell apart; the rest is "other".
SECTIONS = 6
OTHER = "other"
#: Colours of the sections, in order of their size: told apart by all kinds of sight, on light and on dark.
COLOURS = ("#3b78b8", "#d98218", "#2a9d78", "#b05aa8", "#c4503c", "#8a7a1f", "#7d8590")

_WORD = re.compile(r"\w+(?:[.,]\d+)*")

Terms = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A release in a list.

    ``text`` is what is shown of it: a passage ``[start, end)`` of the release, or its opening where no place is given.
    ``note`` is said quietly, such as a score.
    """

    release: Listed
    text: str
    place: Span | None = None
    note: str = ""


def matching_words(text: str, wanted: Collection[str], terms_of: Terms) -> list[Span]:
    """The words of a text that a search went by.

    Args:
        text: a passage.
        wanted: the terms that were searched for.
        terms_of: what makes the terms of a text, as the index does.
    """
    return [Span(*match.span()) for match in _WORD.finditer(text) if any(t in wanted for t in terms_of(match[0]))]


def excerpt_html(text: str, marks: Sequence[Span] = (), length: int = EXCERPT) -> str:
    """The part of a text with most of the marked words, cut between words, the words marked."""
    start, end = _window(text, marks, length)
    parts, at = ["… " if start else ""], start
    for mark in marks:
        if mark.start >= at and mark.end <= end:
            parts += [escape(text[at : mark.start]), f"<mark>{escape(text[mark.start : mark.end])}</mark>"]
            at = mark.end
    parts += [escape(text[at:end]), " …" if end < len(text) else ""]
    return re.sub(r"\s+", " ", "".join(parts)).replace("</mark> <mark>", " ").strip()


def _window(text: str, marks: Sequence[Span], length: int) -> tuple[int, int]:
    if len(text) <= length:
        return 0, len(text)
    starts = [max(0, min(mark.start - LEAD, len(text) - length)) for mark in marks] or [0]
    best = max(starts, key=lambda s: (_words_in(text, marks, s, s + length), -s))
    start = (best and text.find(" ", best, best + LEAD) + 1) or best
    end = text.rfind(" ", start, start + length) if start + length < len(text) else len(text)
    return start, end if end > start else min(start + length, len(text))


def _words_in(text: str, marks: Sequence[Span], start: int, end: int) -> int:
    return len({text[m.start : m.end].lower() for m in marks if start <= m.start and m.end <= end})


def releases_html(entries: Sequence[Entry], first: int, wanted: Collection[str], terms_of: Terms) -> str:
    """Releases as a numbered list; each title opens the release in the reader, at the passage.

    Args:
        entries: what to list.
        first: the number of the first, from 0.
        wanted: terms to mark in what is shown.
        terms_of: what makes the terms of a text.
    """
    items = "".join(_entry(entry, wanted, terms_of) for entry in entries)
    return f'<ol class="corpus-list" start="{first + 1}">{items}</ol>' if items else ""


def _entry(entry: Entry, wanted: Collection[str], terms_of: Terms) -> str:
    release = entry.release
    place = f' data-start="{entry.place.start}" data-end="{entry.place.end}"' if entry.place else ""
    about = [
        escape(release.release_id),
        escape(in_words(release.date, release.date_confidence)),
        escape(release.section),
        *(["digest in our words"] if release.kind is ReleaseKind.DIGEST else []),
        *([escape(entry.note)] if entry.note else []),
    ]
    title = release.title if release.title and release.title.lower() != release.release_id else "untitled"
    marks = matching_words(entry.text, wanted, terms_of)
    return (
        f'<li><h3><button type="button" class="open-release" data-release="{escape(release.release_id)}"{place}>'
        f'{escape(title)}</button></h3><p class="corpus-about">{" · ".join(about)}</p>'
        f'<p class="corpus-excerpt">{excerpt_html(entry.text, marks)}</p></li>'
    )


def status_html(text: str, note: str = "", tone: str = "") -> str:
    """One line that says what is shown, and a quieter one under it."""
    quiet = f'<p class="corpus-quiet">{escape(note)}</p>' if note else ""
    return f'<p class="corpus-status {tone}" role="status">{escape(text)}</p>{quiet}'


def page_text(first: int, shown: int, total: int) -> str:
    """Which of a list is shown."""
    return f"{first + 1:,}–{first + shown:,} of {total:,}" if shown else ""


def shown_sections(counts: Sequence[YearCount]) -> list[str]:
    """The sections that a plot of all releases tells apart, most releases first, and "other" where there are more."""
    totals: dict[str, int] = {}
    for count in counts:
        totals[count.section] = totals.get(count.section, 0) + count.releases
    ordered = sorted(totals, key=lambda section: (-totals[section], section))
    return ordered[:SECTIONS] + ([OTHER] if len(ordered) > SECTIONS else [])


def by_shown_section(counts: Sequence[YearCount], sections: Sequence[str]) -> dict[int | None, dict[str, int]]:
    """The counts by year and shown section; every year from the first to the last, then None if some have no date."""
    dated = [count.year for count in counts if count.year is not None]
    years: list[int | None] = [*range(min(dated), max(dated) + 1)] if dated else []
    years += [None] if any(count.year is None for count in counts) else []
    table: dict[int | None, dict[str, int]] = {year: {} for year in years}
    for count in counts:
        section = count.section if count.section in sections else OTHER
        table[count.year][section] = table[count.year].get(section, 0) + count.releases
    return table


def plot_caption_html(label: str, series: Sequence[str]) -> str:
    """What a plot shows, how to use it, and which colour is which series where there are several."""
    legend = "".join(
        f'<li><span class="corpus-swatch" style="background: {colour}"></span>{escape(name)}</li>'
        for name, colour in zip(series, COLOURS, strict=False)
    )
    return (
        f'<p class="corpus-caption">{escape(label)} '
        '<span class="corpus-quiet">Drag over years to list only these, double-click for all.</span></p>'
        + (f'<ul class="corpus-legend" aria-label="Colours">{legend}</ul>' if len(series) > 1 else "")
    )


def years_table_html(table: Mapping[int | None, Mapping[str, int]], columns: Sequence[str], caption: str) -> str:
    """Counts by year as a table that says what a plot shows; a year's button narrows the list to it."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("Year", *columns, "All"))
    rows = "".join(
        f'<tr><th scope="row">{_year(year)}</th>'
        + "".join(f"<td>{counts.get(name, 0):,}</td>" for name in columns)
        + f"<td>{sum(counts.values()):,}</td></tr>"
        for year, counts in reversed(list(table.items()))
    )
    return (
        f'<details class="corpus-table"><summary>The same as a table</summary><div class="corpus-scroll" tabindex="0">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        "</div></details>"
    )


def _year(year: int | None) -> str:
    if year is None:
        return "no date"
    return f'<button type="button" data-pick="{year}" aria-label="Only {year}">{year}</button>'


def names_html(by_name: Mapping[str, int], corrected: str = "") -> str:
    """What was looked for, with the number of releases that say each; and a likely meaning of a misspelled name."""
    names = "".join(f"<li><b>{escape(name)}</b> {count:,}</li>" for name, count in by_name.items())
    meant = (
        f'<p>Did you mean <button type="button" data-pick="{escape(corrected)}">{escape(corrected)}</button>?</p>'
        if corrected
        else ""
    )
    return (f'<ul class="corpus-names" aria-label="Releases by name">{names}</ul>' if len(by_name) > 1 else "") + meant


def problems_html(problems: Sequence[CatalogProblem]) -> str:
    """Problems as a table; an id opens its release in the reader."""
    if not problems:
        return '<p class="corpus-quiet">No problem of this kind.</p>'
    rows = "".join(
        f"<tr><td>{escape(problem.kind)}</td><td>{_severity(problem)}</td><td>{_release_button(problem.release_id)}</td>"
        f"<td>{escape(problem.reason)} <code>{escape(_place(problem))}</code></td></tr>"
        for problem in problems
    )
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Problem", "Means", "Release", "What is wrong, and where")
    )
    return (
        '<div class="corpus-scroll" tabindex="0" role="region" aria-label="Problems"><table class="corpus-problems">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


_SEVERITY = {"unread": ("✗", "bad"), "suspect": ("!", "warn"), "mended": ("✓", "good"), "noted": ("·", "quiet")}


def _severity(problem: CatalogProblem) -> str:
    icon, tone = _SEVERITY[problem.severity]
    return f'<span class="corpus-{tone}"><span aria-hidden="true">{icon}</span> {escape(problem.severity)}</span>'


def _release_button(release_id: str) -> str:
    if not release_id:
        return "–"
    name = escape(release_id)
    return f'<button type="button" class="open-release" data-release="{name}">{name}</button>'


def _place(problem: CatalogProblem) -> str:
    return f"{problem.path}:{problem.line}" if problem.line else problem.path


def folds_html(folds: Mapping[FoldReason, int], suspect_dates: int) -> str:
    """How many documents are copies of others, and by what reason; how many dates are doubtful."""
    reasons = ", ".join(f"{count:,} {escape(reason)}" for reason, count in folds.items())
    copies = f"{sum(folds.values()):,} documents are copies of others and count as one release with them ({reasons})."
    doubtful = f"{suspect_dates:,} releases have a date that something speaks against."
    return f'<p class="corpus-quiet">{copies if reasons else "No document is a copy of another."} {doubtful}</p>'


def index_html(name: str, manifest: Manifest, sources: Sequence[SourceRow] | None) -> str:
    """What is indexed, from where and by what; ``sources`` is None where there is no catalog to ask."""
    age = {0: "today", 1: "yesterday"}.get(manifest.age_days, f"{manifest.age_days} days ago")
    latest = in_words(manifest.latest_date) if manifest.latest_date else "none is dated"
    digests = f", {manifest.digests:,} of them digests in our words" if manifest.digests else ""
    facts = {
        "Corpus": escape(manifest.corpus_name),
        "Releases": f"{manifest.releases:,}{digests}",
        "Documents": f"{manifest.files:,}, of which {manifest.problems:,} could not be read",
        "Passages": f"{manifest.chunks:,} of at most {manifest.window} word pieces",
        "Latest release": escape(latest),
        "Indexed": f"{age} ({manifest.created:%Y-%m-%d %H:%M} UTC)",
        "Generation": f"<code>{escape(name)}</code>",
        "Corpus hash": f"<code>{escape(manifest.corpus_hash)}</code>",
        "Embedding model": f"{escape(manifest.embedding_model)} <code>{escape(manifest.encoder)}</code>",
        "Libraries": escape(", ".join(f"{name} {version}" for name, version in manifest.libraries.items())),
    }
    rows = "".join(f"<div><dt>{fact}</dt><dd>{value}</dd></div>" for fact, value in facts.items())
    return f'<dl class="corpus-facts">{rows}</dl><h3>Sources</h3>{_sources(manifest, sources)}'


def _sources(manifest: Manifest, sources: Sequence[SourceRow] | None) -> str:
    if sources is None:
        named = "".join(f"<li>{escape(without_login(source))}</li>" for source in manifest.sources)
        why = "There is no catalog beside the index, so when each was last brought in is not known."
        return f'<ul>{named}</ul><p class="corpus-quiet">{why}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Kind", "Place", "Documents", "Last synced"))
    rows = "".join(
        f"<tr><td>{escape(row.kind)}</td><td>{escape(without_login(row.location))}</td><td>{row.documents:,}</td>"
        f"<td>{escape((row.synced or 'never').replace('T', ' ').replace('+00:00', ' UTC'))}</td></tr>"
        for row in sources
    )
    return (
        '<div class="corpus-scroll" tabindex="0" role="region" aria-label="Sources">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def without_login(location: str) -> str:
    """A source's place without the name and password that its address may hold."""
    try:
        host = urlsplit(location).netloc
    except ValueError:
        return location
    return location.replace(host, host.rpartition("@")[2], 1) if "@" in host else location


_PHASES = {
    SyncPhase.DONE: ("✓", "Done", "good"),
    SyncPhase.STOPPED: ("■", "Stopped", "warn"),
    SyncPhase.FAILED: ("✗", "Failed", "bad"),
}


def sync_html(state: SyncState) -> str:
    """How far a sync is, or how the last one ended; nothing before the first."""
    if state.phase is SyncPhase.NONE:
        return ""
    if not state.active:
        icon, word, tone = _PHASES[state.phase]
        return (
            f'<p class="corpus-sync" role="status"><b class="corpus-{tone}"><span aria-hidden="true">{icon}</span> '
            f"{word}</b> {escape(state.said)}</p>"
        )
    doing = "Stopping: finishing a step" if state.phase is SyncPhase.STOPPING else state.stage.capitalize()
    counted = f"{state.done:,} of {state.total:,}" if state.total > 1 else f"{state.done:,}" if state.done > 1 else ""
    value = f' value="{min(state.done, state.total)}" max="{state.total}"' if state.total > 1 else ""
    return (
        f'<p class="corpus-sync" role="status"><span aria-hidden="true">⟳</span> {escape(doing)} {counted}</p>'
        f'<progress class="corpus-progress" aria-label="{escape(doing)}"{value}></progress>'
    )
