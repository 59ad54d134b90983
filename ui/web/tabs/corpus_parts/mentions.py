"""Mentions of a name over time: how many releases say it in each year, and the first sentence of each that does."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.names import aliases, expand
from corpus.errors import AssistantError
from indexes.generation import Generation
from indexes.listing import DatedRelease, YearCount
from indexes.mentions import MentionFinder, Mentions, find_mentions
from ui.web.desk import QUIET
from ui.web.rendering.corpus import Entry, by_shown_section, names_html, releases_html, status_html
from ui.web.tabs.corpus_parts.files import CorpusFiles
from ui.web.tabs.corpus_parts.pager import Pager
from ui.web.tabs.corpus_parts.years import PICK, YearsPlot, picked

PAGE = 20
#: Characters of a name, at most.
LONGEST = 200
SERIES = "mentions"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A name and what else it is called, and who mentions it."""

    names: list[str]
    mentions: Mentions
    generation: Generation

    def within(self, since: str, until: str) -> list[DatedRelease]:
        """The releases of some years; of all where none are given."""
        if not since:
            return self.mentions.releases
        return [r for r in self.mentions.releases if r.date and int(since) <= r.date.year <= int(until)]


class MentionsPart:
    """Everything that is shown follows from the name, the years and the page."""

    def __init__(self, files: CorpusFiles) -> None:
        self._files = files
        self._pager = Pager(PAGE)
        self._years = YearsPlot("Releases that mention it, by year")

    def build(self) -> None:
        """Make the components and connect them."""
        with gr.Row(elem_classes="corpus-search"):
            self._name = gr.Textbox(
                label="Mentions of a name over time",
                placeholder="A person, an organisation, a ship, an order: Tornado Cash, OFAC, E.O. 13224",
                lines=1,
                max_lines=1,
                max_length=LONGEST,
                submit_btn="Count",
                scale=6,
                min_width=260,
                elem_id="corpus-name",
            )
            self._also = gr.Checkbox(
                True, label="Its other names too", min_width=230, scale=0, elem_classes="corpus-also"
            )
        self._range = gr.State(("", ""))
        self._status = gr.HTML("", elem_classes="corpus-mentions")
        self._names = gr.HTML("", js_on_load=PICK)
        self._years.build()
        self._list = gr.HTML("")
        self._pager.build()
        inputs = [self._name, self._also]
        shown = [self._range, self._status, self._list, *self._pager.outputs]
        everything = [self._name, self._names, *shown, *self._years.outputs]
        self._name.submit(self.count, inputs, everything, **QUIET)
        self._also.input(self.count, inputs, everything, **QUIET)
        self._names.select(self.count_meant, self._also, everything, **QUIET)
        self._years.wire(self.narrow, self.show, inputs, shown)
        self._pager.wire(self.turn, [*inputs, self._range], shown, ".corpus-mentions")

    def count(self, name: str, also: bool) -> dict[Any, Any]:
        """Who mentions a name: the plot, and the first page of the releases."""
        try:
            asked = self._ask(name, also)
        except AssistantError as error:
            return self._nothing(name, status_html(f"{error}", tone="bad"))
        if not asked.mentions.releases:
            return self._nothing(name, *_nobody(name, asked))
        mentions = asked.mentions
        latest = asked.generation.manifest.latest_date
        counts = [YearCount(year, SERIES, n) for year, n in mentions.by_year.items()]
        if latest and counts[0].year:
            counts.append(YearCount(latest.year, SERIES, 0))  # so that it is seen when it is no longer mentioned
        return {
            self._name: name,
            self._names: names_html(mentions.by_name),
            **self._years.draw(by_shown_section(counts, [SERIES]), [SERIES]),
            **self._page(asked, "", "", 0),
        }

    def count_meant(self, also: bool, event: gr.SelectData) -> dict[Any, Any]:
        """The name that was meant."""
        return self.count(str(event.value), also)

    def show(self, name: str, also: bool, since: str = "", until: str = "", first: int = 0) -> dict[Any, Any]:
        """A page of the releases of some years."""
        try:
            return self._page(self._ask(name, also), since, until, first)
        except AssistantError as error:
            return {self._status: status_html(f"{error}", tone="bad")}

    def turn(self, name: str, also: bool, years: tuple[str, str], first: int) -> dict[Any, Any]:
        """Another page of the same years."""
        return self.show(name, also, *years, first)

    def narrow(self, name: str, also: bool, event: gr.SelectData) -> dict[Any, Any]:
        """Only the years that were picked."""
        return self.show(name, also, *picked(event))

    def _ask(self, name: str, also: bool) -> _Asked:
        generation = self._files.assistant.generation()
        name = " ".join(name.split())[:LONGEST]
        names = list(dict.fromkeys([name, *(aliases(name, generation) if also else [])])) if name else []
        with self._files.listing(generation) as listing:
            return _Asked(names, find_mentions(names, self._files.mentions(generation), listing), generation)

    def _page(self, asked: _Asked, since: str, until: str, first: int) -> dict[Any, Any]:
        releases = asked.within(since, until)
        entries = self._entries(asked, releases[first : first + PAGE])
        terms_of = asked.generation.lexical.terms
        wanted = frozenset(term for name in asked.names for term in terms_of(name))
        years = "" if not since else f" in {since}" if since == until else f" from {since} to {until}"
        plural = "release mentions it" if len(releases) == 1 else "releases mention it"
        note = "The first sentence of each is shown, newest first. Capitals and endings do not tell words apart."
        return {
            self._range: (since, until),
            self._status: status_html(f"{len(releases):,} {plural}{years}", note),
            self._list: releases_html(entries, first, wanted, terms_of),
            **self._pager.at(first, len(entries), len(releases)),
        }

    def _entries(self, asked: _Asked, page: list[DatedRelease]) -> list[Entry]:
        finder = MentionFinder(asked.names)
        with self._files.listing(asked.generation) as listing:
            listed = listing.of([release.release_id for release in page])
        entries = []
        for head in listed:
            release = asked.generation.releases.get(head.release_id)
            span = finder.first(release) if release else None
            if release and span:
                entries.append(Entry(head, release.text[span.start : span.end], span))
            else:
                entries.append(Entry(head, head.opening, note="in its title"))
        return entries

    def _nothing(self, name: str, status: str, names: str = "") -> dict[Any, Any]:
        return {
            self._name: name,
            self._names: names,
            self._range: ("", ""),
            self._status: status,
            self._list: "",
            **self._years.draw({}, [SERIES]),
            **self._pager.at(0, 0, 0),
        }


def _nobody(name: str, asked: _Asked) -> tuple[str, str]:
    """What is said where nobody mentions a name: that, and what may have been meant."""
    if not asked.names:
        return "", ""
    if not asked.generation.lexical.terms(name):
        return status_html(f"“{name}” has only words that are too common to look for."), ""
    expansion = expand(name, asked.generation)
    searched = f"Looked for {', '.join(f'“{n}”' for n in asked.names)} in all indexed releases."
    return (
        status_html(f"No release mentions “{name}”.", searched),
        names_html({}, expansion.text if expansion.corrections else ""),
    )
