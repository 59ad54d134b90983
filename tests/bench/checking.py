"""How well the checker tells sentences that their sources carry from those that they do not.

    python -m tests.bench.checking [--failures] [--on-corpus [--seed 1]]

``checking_pairs.jsonl`` holds sentences, the spans of starter digests that they cite, and whether those carry them:
sentences of digests as they stand, paraphrases that we wrote, and false sentences made of both by rules
(``corruptions.py``), all read by a person. Releases are split in two halves: the checker was made looking at failures
in the development half only. Two plain ways are measured beside it in the same run. ``--on-corpus`` makes pairs of the
corpus that is indexed in ``$ASSISTANT_HOME`` instead, as they come, unread by anybody; among them sentences that give
one party the fact of another, both cited.
"""

import json
import random
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import click
from pydantic import BaseModel
from rapidfuzz import fuzz

from assistant.answers.sentence_encoder import load_sentence_encoder
from assistant.citations.checking import Checked, Checker, Verdict
from assistant.citations.citation import Citation, cite
from assistant.citations.facts import sort_of, value_of
from assistant.citations.names import names
from assistant.citations.parties import parties, same_party
from assistant.citations.reading import Reading, read
from assistant.settings import load_settings
from corpus.catalog_reader import CatalogReader
from corpus.release import ParagraphKind, Release, Span
from corpus.starter import STARTER
from indexes.embedding.encoder import DEFAULT_MODEL, Encoder, load_encoder
from indexes.generation import Home
from tests.bench.corruptions import RULES, name_pool
from tests.conftest import releases_in

PAIRS = Path(__file__).parent / "checking_pairs.jsonl"
#: What kotaemon takes for a match, and a usual threshold of cosines.
TOKEN_OVERLAP, COSINE = 35, 0.7
#: The bars: of false sentences caught; of true ones flagged, as they stand and paraphrased.
CAUGHT, FLAGGED_VERBATIM, FLAGGED_PARAPHRASED = 0.95, 0.05, 0.15
PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)

Cited = list[tuple[Citation, Release]]
#: Whether a sentence passes, with what it cites.
Way = Callable[[str, Cited], bool]


class Pair(BaseModel):
    """A sentence and the spans it cites: ``label`` says whether they carry it, ``corruption`` what was made false."""

    kind: str
    text: str
    release_id: str
    quotes: list[str]
    label: str
    corruption: str

    @property
    def held_out(self) -> bool:
        """Whether its failures were never looked at."""
        return zlib.crc32(self.release_id.encode()) % 2 == 1

    @property
    def row(self) -> str:
        """The row of the table that it belongs to."""
        return self.corruption or f"true, {self.kind}"

    def cited(self, releases: dict[str, Release]) -> Cited:
        """Its spans as citations.

        Raises:
            ValueError: a quote is not in the release.
        """
        release = releases[self.release_id]
        starts = [release.text.index(quote) for quote in self.quotes]
        spans = [Span(start, start + len(quote)) for start, quote in zip(starts, self.quotes, strict=True)]
        return [(cite(release, span, n), release) for n, span in enumerate(spans, 1)]


def pairs() -> list[Pair]:
    """The pairs as committed."""
    return [Pair.model_validate_json(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


def starter_releases() -> dict[str, Release]:
    """The starter digests by id."""
    with tempfile.TemporaryDirectory() as folder:
        return releases_in(STARTER, Path(folder) / "catalog.db")


def pairs_of_corpus(home: Home, wanted: int, seed: int) -> tuple[list[Pair], dict[str, Release]]:
    """Sentences of an indexed corpus as they stand, and false ones made of them by the rules."""
    rng = random.Random(seed)  # noqa: S311
    with closing(sqlite3.connect(f"{home.catalog_file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        catalog = CatalogReader(db)
        ids = sorted(catalog.hashes())
        releases = {r.release_id: r for r in catalog.releases(rng.sample(ids, min(wanted, len(ids))))}
    sentences = [
        (release.release_id, release.text[span.start : span.end])
        for release in releases.values()
        for paragraph in release.paragraphs
        if paragraph.kind is ParagraphKind.BODY
        for span in paragraph.sentences
        if 40 < span.end - span.start < 600
    ]
    pool = name_pool([text for _, text in sentences[:5000]])
    chosen = rng.sample(sentences, min(wanted, len(sentences)))
    made = [Pair(kind="verbatim", text=t, release_id=i, quotes=[t], label="true", corruption="") for i, t in chosen]
    for name, rule in RULES.items():
        false = [(i, t, new) for i, t in chosen if (new := rule(t, rng, pool)) and new != t]
        made += [
            Pair(kind="verbatim", text=new, release_id=i, quotes=[t], label="false", corruption=name)
            for i, t, new in false
        ]
    for (i, t), (_, other) in pairwise(chosen):
        made.append(
            Pair(kind="verbatim", text=other, release_id=i, quotes=[t], label="false", corruption="another release")
        )
    made += _facts_of_neighbours(releases.values(), rng, wanted)
    return made, releases


def _facts_of_neighbours(releases: Iterable[Release], rng: random.Random, wanted: int) -> list[Pair]:
    """Sentences that tell of their party what the sentence beside them, cited as well, tells of another party."""
    found = []
    for release in releases:
        for paragraph in release.paragraphs:
            for one, other in pairwise(release.text[span.start : span.end] for span in paragraph.sentences):
                mine, theirs = read(one), read(other)
                if max(len(one), len(other)) > 600 or not _two_parties(mine, theirs):
                    continue
                for fact in (*mine.authorities, *mine.dates, *mine.quantities):
                    fits = [f for f in theirs.valued if sort_of(f) == sort_of(fact) and value_of(f) != value_of(fact)]
                    if fits and mine.text == one and theirs.text == other:
                        put = other[fits[0].start : fits[0].end]
                        text = one[: fact.start] + put + one[fact.end :]
                        found.append(
                            Pair(
                                kind="verbatim",
                                text=text,
                                release_id=release.release_id,
                                quotes=[one, other],
                                label="false",
                                corruption="another's fact",
                            )
                        )
                        break
    return rng.sample(found, min(wanted, len(found)))


def _two_parties(one: Reading, other: Reading) -> bool:
    """Whether each of two sentences names a party, and none in common."""
    mine, theirs = parties(one, names(one)), parties(other, names(other))
    return bool(mine and theirs) and not any(same_party(one, a, other, b) for a in mine for b in theirs)


def fuzzy(text: str, cited: Cited) -> bool:
    """The share of common tokens, as kotaemon matches a sentence with its source."""
    return max(fuzz.token_set_ratio(text, citation.quote) for citation, _ in cited) >= TOKEN_OVERLAP


def cosine(encoder: Encoder) -> Way:
    """The cosine of a sentence and what it cites."""

    def passes(text: str, cited: Cited) -> bool:
        vectors = encoder.embed([text, *(citation.quote for citation, _ in cited)])
        return bool((vectors[1:] @ vectors[0]).max() >= COSINE)

    return passes


def table(judged: Iterable[tuple[Pair, Sequence[bool]]], ways: Sequence[str]) -> Iterator[str]:
    """A row a kind: how many, and of them caught (false sentences) or flagged (true ones), by each way."""
    rows: dict[str, list[tuple[Pair, Sequence[bool]]]] = {}
    for pair, passed in judged:
        rows.setdefault(pair.row, []).append((pair, passed))
        rows.setdefault("all false" if pair.label == "false" else "all true", []).append((pair, passed))
    head = f"{'':22}{'n':>6}" + "".join(f"{way:>16}" for way in ways)
    for title, label in (("caught of", "false"), ("flagged of", "true")):
        yield head.replace(" " * len(title), title, 1)
        named = [n for n, found in rows.items() if found[0][0].label == label]
        for name in sorted(named, key=lambda n: (n.startswith("all "), n)):
            found = rows[name]
            shares = [1 - sum(passed[n] for _, passed in found) / len(found) for n in range(len(ways))]
            yield f"{name:22}{len(found):6}" + "".join(f"{share:16.1%}" for share in shares)


@click.command()
@click.option("--on-corpus", is_flag=True, help="Pairs made of the corpus indexed in $ASSISTANT_HOME.")
@click.option("--sentences", default=400, show_default=True, help="Sentences taken of that corpus.")
@click.option("--seed", default=1, show_default=True, help="Of the sample of that corpus.")
@click.option("--failures", is_flag=True, help="Print the failures of the development half.")
@click.option("--kind", default="", help="Only failures of this row.")
def main(on_corpus: bool, sentences: int, seed: int, failures: bool, kind: str) -> None:
    """Print what is caught and what is flagged, by kind."""
    home = Home(load_settings().home)
    if on_corpus:
        found, releases = pairs_of_corpus(home, sentences, seed)
    else:
        found, releases = pairs(), starter_releases()
    sentence_encoder = load_sentence_encoder(home.models)
    checkers = {"checker": Checker(encoder=sentence_encoder), "without encoder": Checker()}
    ways: dict[str, Way] = {
        "token overlap": fuzzy,
        "MiniLM cosine": cosine(load_encoder(DEFAULT_MODEL, home.models)),
    }
    cited = [pair.cited(releases) for pair in found]
    started = time.perf_counter()
    plain = [checkers["without encoder"].check(pair.text, c) for pair, c in zip(found, cited, strict=True)]
    took = time.perf_counter() - started
    full = [checkers["checker"].check(pair.text, c) for pair, c in zip(found, cited, strict=True)]
    others = [[way(pair.text, c) for way in ways.values()] for pair, c in zip(found, cited, strict=True)]
    judged = [
        (pair, [a.verdict in PASSED, b.verdict in PASSED, *rest])
        for pair, a, b, rest in zip(found, full, plain, others, strict=True)
    ]
    halves = {"": judged} if on_corpus else _halves(judged)
    for title, half in halves.items():
        click.echo(f"\n{title or f'{sentences} sentences of {home.folder.name}'}")
        for line in table(half, [*checkers, *ways]):
            click.echo(line)
    click.echo(f"\n{1000 * took / len(found):.2f} ms a sentence without the encoder")
    if failures:
        for pair, (checked, _) in zip(found, zip(full, plain, strict=True), strict=True):
            if (on_corpus or not pair.held_out) and kind in ("", pair.row) and not _right(pair, checked):
                click.echo(_failure(pair, checked))


def _halves(judged: list[tuple[Pair, list[bool]]]) -> dict[str, list[tuple[Pair, list[bool]]]]:
    return {
        "development half": [item for item in judged if not item[0].held_out],
        "held-out half": [item for item in judged if item[0].held_out],
    }


def _right(pair: Pair, checked: Checked) -> bool:
    return (checked.verdict in PASSED) == (pair.label == "true")


def _failure(pair: Pair, checked: Checked) -> str:
    reasons = "; ".join(f"{r.kind}: {r}" for r in checked.reasons)
    return json.dumps([pair.row, pair.release_id, pair.text, pair.quotes, checked.verdict, reasons], ensure_ascii=False)


if __name__ == "__main__":
    main()
