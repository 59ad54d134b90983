"""Search and browse: the best passages for words, or all releases by date; facets, and how many there are a year."""

import datetime
from dataclasses import dataclass
from typing import Any

import gradio as gr

from corpus.errors import AssistantError
from corpus.release import ReleaseKind, Span
from indexes.filters import SearchFilter
from indexes.generation import Generation
from ui.web.desk import QUIET
from ui.web.rendering.corpus import Entry, by_shown_section, releases_html, shown_sections, status_html
from ui.web.tabs.corpus_parts.files import CorpusFiles
from ui.web.tabs.corpus_parts.pager import Pager
from ui.web.tabs.corpus_parts.years import YearsPlot, picked
from ui.wording import understood_lines

#: Releases that a search shows, at most: what it ranks.
BEST = 60
PAGE = 20


@dataclass(frozen=True, slots=True)
class _Found:
    """A page of a list: its entries, how many there are in all, what is said of them, and the terms to mark."""

    entries: list[Entry]
    total: int
    status: str
    wanted: frozenset[str] = frozenset()


class SearchPart:
    """Everything that is shown follows from the words, the facets and the page."""

    def __init__(self, files: CorpusFiles) -> None:
        self._files = files
        self._pager = Pager(PAGE)
        self._years = YearsPlot("Releases by year and section")

    def build(self) -> None:
        """Make the components and connect them."""
        with gr.Row(elem_classes="corpus-search"):
            self._words = gr.Textbox(
                label="Search the releases",
                placeholder="Words, a name or an id; nothing: all releases, newest first",
                lines=1,
                max_lines=1,
                submit_btn="Search",
                scale=6,
                min_width=260,
                elem_id="corpus-words",
            )
            reset = gr.Button("Show all releases", size="sm", scale=0, min_width=150)
        self._years.build()
        with gr.Row(elem_classes="corpus-columns"):
            with gr.Column(scale=2, min_width=210, elem_classes="corpus-facets"):
                self._sections = gr.CheckboxGroup([], label="Section", elem_classes="corpus-facet")
                self._kinds = gr.CheckboxGroup([], label="Kind", elem_classes="corpus-facet")
                self._programmes = gr.Dropdown([], label="Sanctions programme", multiselect=True)
                self._since = gr.Dropdown([("any", "")], value="", label="From year", filterable=False)
                self._until = gr.Dropdown([("any", "")], value="", label="To year", filterable=False)
            with gr.Column(scale=5, min_width=300, elem_classes="corpus-results"):
                self._status = gr.HTML("")
                self._list = gr.HTML("")
                self._pager.build()
        self._wire(reset)

    def _wire(self, reset: gr.Button) -> None:
        facets = [self._sections, self._kinds, self._programmes, self._since, self._until]
        of_plot = [self._sections, self._kinds, self._programmes]
        inputs = [self._words, *facets]
        shown = [self._status, self._list, *facets, *self._pager.outputs]
        everything = [self._words, *shown, *self._years.outputs]
        gr.on(None, self.show_all, None, everything, **QUIET)
        reset.click(self.show_all, None, everything, **QUIET)
        self._words.submit(self.show, inputs, shown, **QUIET)
        for chosen in (self._sections.input, self._kinds.input, self._programmes.input):
            chosen(self.show, inputs, shown, **QUIET)
            chosen(self.draw, of_plot, self._years.outputs, **QUIET)
        for year in (self._since, self._until):
            year.input(self.show, inputs, shown, **QUIET)
        self._years.wire(self.narrow, self.widen, [self._words, *of_plot], shown)
        self._pager.wire(self.show, inputs, shown, ".corpus-results")

    def show_all(self) -> dict[Any, Any]:
        """All releases, newest first."""
        return {
            self._words: "",
            **self.show("", [], [], [], "", ""),
            **self.draw([], [], []),
        }

    def show(
        self,
        words: str,
        sections: list[str],
        kinds: list[str],
        programmes: list[str],
        since: str,
        until: str,
        first: int = 0,
    ) -> dict[Any, Any]:
        """A page of what meets the conditions, and how many releases each facet has under the other conditions."""
        generation = self._files.assistant.generation()
        condition = _condition(sections, kinds, programmes, since, until)
        try:
            found = self._searched(words, condition, first) if words.strip() else self._browsed(condition, first)
        except AssistantError as error:
            found = _Found([], 0, status_html(f"{error}", tone="bad"))
        with self._files.listing(generation) as listing:
            of_all = listing.by_section(SearchFilter())
            of_sections = listing.by_section(_condition([], kinds, programmes, since, until))
            of_kinds = listing.by_kind(_condition(sections, [], programmes, since, until))
            of_programmes = listing.by_programme(_condition(sections, kinds, [], since, until))
            of_years: dict[str, int] = {}
            for count in listing.by_year(_condition(sections, kinds, programmes, "", "")):
                if count.year:
                    of_years[str(count.year)] = of_years.get(str(count.year), 0) + count.releases
        years = [("any", ""), *((f"{year} ({n:,})", year) for year, n in reversed(of_years.items()))]
        return {
            self._status: found.status,
            self._list: releases_html(found.entries, first, found.wanted, generation.lexical.terms),
            self._sections: gr.CheckboxGroup([(f"{s} ({of_sections.get(s, 0):,})", s) for s in of_all], value=sections),
            self._kinds: gr.CheckboxGroup(
                [(f"{kind} ({of_kinds.get(kind, 0):,})", str(kind)) for kind in ReleaseKind], value=kinds
            ),
            self._programmes: gr.Dropdown(
                [(f"{name} ({n:,})", name) for name, n in (dict.fromkeys(programmes, 0) | of_programmes).items()],
                value=programmes,
                multiselect=True,
                visible=bool(of_programmes or programmes),
            ),
            self._since: gr.Dropdown(_with_chosen(years, since), value=since),
            self._until: gr.Dropdown(_with_chosen(years, until), value=until),
            **self._pager.at(first, len(found.entries), found.total),
        }

    def draw(self, sections: list[str], kinds: list[str], programmes: list[str]) -> dict[Any, Any]:
        """The releases of each year and section, of all years."""
        with self._files.listing(self._files.assistant.generation()) as listing:
            series = shown_sections(listing.by_year(SearchFilter()))
            counts = listing.by_year(_condition(sections, kinds, programmes, "", ""))
        return self._years.draw(by_shown_section(counts, series), series)

    def narrow(
        self, words: str, sections: list[str], kinds: list[str], programmes: list[str], event: gr.SelectData
    ) -> dict[Any, Any]:
        """Only the years that were picked."""
        return self.show(words, sections, kinds, programmes, *picked(event))

    def widen(self, words: str, sections: list[str], kinds: list[str], programmes: list[str]) -> dict[Any, Any]:
        """All years again."""
        return self.show(words, sections, kinds, programmes, "", "")

    def _browsed(self, condition: SearchFilter, first: int) -> _Found:
        with self._files.listing(self._files.assistant.generation()) as listing:
            total = listing.count(condition)
            entries = [Entry(release, release.opening) for release in listing.page(condition, first, PAGE)]
        return _Found(
            entries,
            total,
            status_html(f"{total:,} releases, newest first" if total else "No release meets these conditions."),
        )

    def _searched(self, words: str, condition: SearchFilter, first: int) -> _Found:
        result = self._files.assistant.search(words, condition=condition or None, limit=BEST)
        generation = self._files.assistant.generation()
        page = result.passages[first : first + PAGE]
        with self._files.listing(generation) as listing:
            among = listing.count(condition)
            releases = {release.release_id: release for release in listing.of([p.release_id for p in page])}
        entries = [
            Entry(releases[p.release_id], p.text, Span(p.start, p.end), f"score {p.score:.2f}")
            for p in page
            if p.release_id in releases
        ]
        total = len(result.passages)
        status = f"The {total:,} best of {among:,} releases, best first" if total else "No release was found."
        understood = result.understood
        names = [*(c.read for c in understood.corrections), *(other for n in understood.names for other in n.others)]
        wanted = _terms(generation, [words, *names])
        note = "; ".join(understood_lines(understood))
        return _Found(entries, total, status_html(status, f"Understood: {note}." if note else ""), wanted)


def _condition(sections: list[str], kinds: list[str], programmes: list[str], since: str, until: str) -> SearchFilter:
    return SearchFilter(
        date_from=datetime.date(int(since), 1, 1) if since else None,
        date_to=datetime.date(int(until), 12, 31) if until else None,
        sections=tuple(sections),
        kinds=tuple(ReleaseKind(kind) for kind in kinds),
        programmes=tuple(programmes),
    )


def _terms(generation: Generation, texts: list[str]) -> frozenset[str]:
    return frozenset(term for text in texts for term in generation.lexical.terms(text))


def _with_chosen(years: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """The choices, the chosen year among them even where no release of it is left."""
    return years if any(value == chosen for _, value in years) else [*years, (f"{chosen} (0)", chosen)]
