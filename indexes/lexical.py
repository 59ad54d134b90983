"""Lexical search: BM25 over chunks, in tantivy, on disk.

Two fields are scored and added: what stands above the chunk (title, date, headings) and the chunk's own words. The
title's weight was chosen on ``train.jsonl``; BM25 over one joined field finds a third fewer releases at rank 1.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from corpus.errors import IndexingError
from corpus.release import Release
from indexes.chunking import Chunk
from indexes.filters import SearchFilter
from indexes.search_text import normalise

ANALYZER = "english"
CONTEXT_WEIGHT = 1.0
FIELDS = {"words": 1.0, "context": CONTEXT_WEIGHT}
#: What another name of something is worth beside the name that was asked for. Chosen on ``train.jsonl``.
OTHER_WEIGHT = 0.9
#: Terms of another name that are searched for.
LONGEST_NAME = 12
WRITER_MEMORY = 256_000_000
#: A question of 100 kB must not become a query of 20,000 terms.
LONGEST_QUERY = 256

Clause = tuple[tantivy.Occur, tantivy.Query]


def analyzer() -> tantivy.TextAnalyzer:
    """Words, lower-cased, without accents, stop words taken out, stemmed; ``1,500.25`` stays one word."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\w+(?:[.,]\d+)*"))
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def term_maker() -> Callable[[str], list[str]]:
    """What makes the terms of a text that it is searched by, in order, repeats kept."""
    made_by = analyzer()
    return lambda text: made_by.analyze(normalise(text))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("chunk_id", stored=True, indexed=True, fast=True)
    builder.add_text_field("context", tokenizer_name=ANALYZER)
    builder.add_text_field("words", tokenizer_name=ANALYZER)
    builder.add_integer_field("date", indexed=True, fast=True)
    for name in ("release_id", "section", "kind", "programme"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def write_lexical(
    folder: Path,
    gone: Iterable[str],
    rows: Iterable[tuple[int, Chunk, Release]],
    programmes: Mapping[str, Sequence[str]],
) -> None:
    """Take the chunks of releases out of the index in a folder, and add chunks; a new folder becomes an index.

    Args:
        folder: of the index.
        gone: ids of the releases whose chunks are taken out.
        rows: the chunks that are added, with their ids and releases.
        programmes: the sanctions programmes that releases are under, by the releases' ids.
    """
    index = tantivy.Index(_schema(), path=str(folder), reuse=True) if folder.exists() else _new_index(folder)
    index.register_tokenizer(ANALYZER, analyzer())
    writer = index.writer(WRITER_MEMORY, 1)  # one thread: the same documents give the same index
    for release_id in gone:
        writer.delete_documents_by_term("release_id", release_id)
    for chunk_id, chunk, release in rows:
        document = tantivy.Document()
        document.add_unsigned("chunk_id", chunk_id)
        document.add_text("context", normalise(chunk.context))
        document.add_text("words", normalise(chunk.text))
        document.add_text("release_id", release.release_id)
        document.add_text("section", release.section)
        document.add_text("kind", release.kind)
        for programme in programmes.get(release.release_id, ()):
            document.add_text("programme", programme)
        if release.date:
            document.add_integer("date", release.date.toordinal())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _new_index(folder: Path) -> tantivy.Index:
    folder.mkdir()
    return tantivy.Index(_schema(), path=str(folder), reuse=False)


class LexicalIndex:
    """Searches the index of chunks. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open an index that ``write_lexical`` made.

        Raises:
            IndexingError: the folder is missing or holds no such index.
        """
        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise IndexingError(f"{folder} cannot be read as a lexical index; index the folder again") from error
        self._terms = term_maker()
        self._index.register_tokenizer(ANALYZER, analyzer())
        self._index.reload()
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def terms(self, text: str) -> list[str]:
        """The terms that a text is searched by, in order, repeats kept."""
        return self._terms(text)

    def idf(self, term: str) -> float:
        """How rare the term is: BM25's inverse document frequency over the chunks' words, above 0."""
        held = self._searcher.doc_freq("words", term)
        return math.log(1 + (len(self) - held + 0.5) / (held + 0.5))

    def holds(self, text: str) -> bool:
        """Whether every term of the text stands in the index; stop words are no terms."""
        return all(any(self._searcher.doc_freq(field, term) for field in FIELDS) for term in self.terms(text))

    def search(
        self,
        text: str,
        k: int,
        condition: SearchFilter | None = None,
        also: Mapping[str, Sequence[str]] | None = None,
    ) -> list[tuple[int, float]]:
        """The ``k`` best chunk ids with their BM25 scores, best first; every word of ``text`` is optional.

        Args:
            text: what to search for.
            k: chunks, at most.
            condition: only releases that meet it.
            also: other names of words or phrases of the text. A chunk scores by the name that fits it best, so that
                one that says a thing in two ways is no better than one that says it in one.
        """
        terms = Counter(self.terms(text)[:LONGEST_QUERY])
        named: list[Clause] = []
        for asked, others in (also or {}).items():
            phrase = Counter(self.terms(asked))
            if phrase and phrase <= terms:
                terms -= phrase
                named.append((tantivy.Occur.Should, self._named(phrase, others)))
        should = [*named, *self._clauses(terms)]
        if not should:
            return []
        query = tantivy.Query.boolean_query(should)
        if condition:
            must = [(tantivy.Occur.Must, part) for part in self._conditions(condition)]
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *must])
        hits: Any = self._searcher.search(query, k, count=False).hits
        ids = self._searcher.fast_field_values("chunk_id", [address for _, address in hits])
        return [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True) if i is not None]

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def _clauses(self, terms: Mapping[str, float]) -> list[Clause]:
        """Each term in each field."""
        return [
            (tantivy.Occur.Should, self._weighted(field, term, weight * count))
            for term, count in terms.items()
            for field, weight in FIELDS.items()
        ]

    def _named(self, phrase: Mapping[str, int], others: Sequence[str]) -> tantivy.Query:
        """The words of a name, or all those of another name of it; the better of the two counts.

        Another name is worth no more than the asked one however rare its words are, and less by ``OTHER_WEIGHT``.
        """
        worth = sum(self.idf(term) for term in phrase)
        ways = [tantivy.Query.boolean_query(self._clauses(phrase))]
        for other in others:
            if terms := set(self.terms(other)[:LONGEST_NAME]):
                weight = OTHER_WEIGHT * min(1.0, worth / sum(self.idf(term) for term in terms))
                each = [tantivy.Query.boolean_query(self._clauses({term: weight})) for term in sorted(terms)]
                ways.append(tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in each]))
        return tantivy.Query.disjunction_max_query(ways)

    def _weighted(self, field: str, term: str, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term, "freq"), weight)

    def _conditions(self, condition: SearchFilter) -> Iterable[tantivy.Query]:
        """The filter's parts, each with score 0 so that a filter never changes an order."""
        parts = []
        if condition.date_from or condition.date_to:
            first = (condition.date_from or datetime.date.min).toordinal()
            last = (condition.date_to or datetime.date.max).toordinal()
            parts.append(tantivy.Query.range_query(self._schema, "date", tantivy.FieldType.Integer, first, last))
        for field, wanted in (
            ("section", condition.sections),
            ("kind", condition.kinds),
            ("release_id", condition.release_ids),
            ("programme", condition.programmes),
        ):
            if wanted:
                parts.append(tantivy.Query.term_set_query(self._schema, field, [str(value) for value in wanted]))
        return [tantivy.Query.const_score_query(part, 0.0) for part in parts]
