"""Which releases mention a name, by the lexical index: no text is read but those of the releases that are shown.

A name is mentioned where its words stand next to each other, in its order, in a sentence, a title or a heading. As in
any search here, endings and capitals do not tell words apart ("bank" is "Banks"), and "E.O." is "executive order"; but
a name of capitals only, such as "ICE", must be written in capitals. A paragraph that stands in many releases is indexed
with one of them, and counts for that one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import tantivy

from corpus.release import ParagraphKind, Release, Span
from indexes.lexical import FIELDS, LexicalIndex, term_maker
from indexes.listing import DatedRelease, ReleaseListing
from indexes.search_text import normalise

#: Words of a name that are looked for.
LONGEST_NAME = 24
_WORD = re.compile(r"\w+(?:[.,]\d+)*")  # as the index cuts words


class MentionIndex(LexicalIndex):
    """The lexical index, searched for phrases. Opening one takes about a millisecond."""

    def chunks_with(self, phrase: str) -> list[int]:
        """The ids of all chunks that have a phrase in their words or above them; of a phrase without terms, none."""
        terms = list(enumerate_terms(phrase, self.terms))
        if not terms:
            return []
        either = [(tantivy.Occur.Should, self._phrase(field, terms)) for field in FIELDS]
        query = tantivy.Query.const_score_query(tantivy.Query.boolean_query(either), 1.0)
        hits = self._searcher.search(query, max(1, len(self)), count=False).hits
        ids = self._searcher.fast_field_values("chunk_id", [address for _, address in hits])
        return [int(i) for i in ids if i is not None]

    def _phrase(self, field: str, terms: list[tuple[int, str]]) -> tantivy.Query:
        if len(terms) == 1:
            return tantivy.Query.term_query(self._schema, field, terms[0][1], "basic")
        first = terms[0][0]
        words: list[str | tuple[int, str]] = [(position - first, term) for position, term in terms]
        return tantivy.Query.phrase_query(self._schema, field, words)


def enumerate_terms(text: str, terms_of: Callable[[str], list[str]]) -> Iterator[tuple[int, str]]:
    """The terms of a name, each with the number of its word: a stop word, which is no term, keeps its place."""
    for position, word in enumerate(_WORD.findall(normalise(text))[:LONGEST_NAME]):
        for term in terms_of(word):
            yield position, term


@dataclass(frozen=True, slots=True)
class Mentions:
    """The releases that mention something, by what they call it, and all of them, newest first."""

    by_name: dict[str, int]
    releases: list[DatedRelease]

    @property
    def by_year(self) -> dict[int | None, int]:
        """The number of releases in each year, oldest first; those without a date are in the year None, last."""
        counted = Counter(release.date.year if release.date else None for release in self.releases)
        return dict(sorted(counted.items(), key=lambda item: (item[0] is None, item[0] or 0)))


def find_mentions(names: Sequence[str], index: MentionIndex, listing: ReleaseListing) -> Mentions:
    """The releases that mention any of the names of one thing.

    Args:
        names: the name, and what else it is called.
        index: the lexical index of a generation.
        listing: the releases of the same generation.
    """
    found = {name: listing.holding(index.chunks_with(name), spellings(name)) for name in names}
    releases = {release.release_id: release for by_one in found.values() for release in by_one}
    newest_first = sorted(releases.values(), key=lambda r: (-r.date.toordinal() if r.date else 0, r.release_id))
    return Mentions({name: len(by_one) for name, by_one in found.items()}, newest_first)


def spellings(name: str) -> tuple[str, ...]:
    """How a name of capitals only must be written, with dots or without; of any other name, nothing is asked."""
    letters = name.replace(".", "")
    if not (letters.isalpha() and letters.isupper() and len(letters) > 1):
        return ()
    return letters, ".".join(letters) + "."


class MentionFinder:
    """Finds the first mention of something in a release, by the same rules as the index."""

    def __init__(self, names: Sequence[str]) -> None:
        self._terms_of = term_maker()
        self._wanted = [
            ([(position - terms[0][0], term) for position, term in terms], spellings(name))
            for name in names
            if (terms := list(enumerate_terms(name, self._terms_of)))
        ]

    def first(self, release: Release) -> Span | None:
        """The first sentence, heading or table that mentions it; None where only the title does."""
        for paragraph in release.paragraphs:
            if paragraph.kind is not ParagraphKind.FURNITURE:
                for span in paragraph.sentences or (Span(paragraph.start, paragraph.end),):
                    if self.mentioned_in(release.text[span.start : span.end]):
                        return span
        return None

    def mentioned_in(self, text: str) -> bool:
        """Whether a text mentions it."""
        held = set(self._terms_of(text))
        near = [
            phrase
            for phrase, spelled in self._wanted
            if held.issuperset(term for _, term in phrase) and (not spelled or any(s in text for s in spelled))
        ]
        if not near:
            return False
        places = {
            (position, term)
            for position, word in enumerate(_WORD.findall(normalise(text)))
            for term in self._terms_of(word)
        }
        return any(
            all((start + offset, term) in places for offset, term in phrase)
            for phrase in near
            for start, term in places
            if term == phrase[0][1]
        )
