"""Lexical and hybrid search over one small index: what is found, and that filters are right on both sides."""

import datetime
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.engine import Assistant
from corpus.programmes import programmes_of
from corpus.release import DateSource, Release, ReleaseKind
from indexes.chunking import Chunk
from indexes.filters import SearchFilter
from indexes.generation import Generation
from indexes.hybrid import fuse, hybrid_search
from indexes.lexical import LexicalIndex, write_lexical
from indexes.search_text import normalise


@pytest.fixture(scope="module")
def generation(starter: Assistant) -> Generation:
    return starter.generation()


def ids_of(generation: Generation, found: list[tuple[int, float]]) -> list[str]:
    return [span.release_id for span in generation.chunks.get([i for i, _ in found])]


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("E.O. 13382", "executive order 13382"),
        ("EO 13382", "executive order 13382"),
        ("Executive Order (E.O.) 13382", "executive order 13382"),
        ("Executive Order 13,382", "executive order 13382"),
        ("Executive Order No. 13382", "executive order 13382"),
        ("a U.S. bank, a.k.a. Harbor", "a US bank, aka Harbor"),
        ("$13,382 in EUR", "$13,382 in EUR"),
    ],
)
def test_one_spelling_for_searching(written: str, searched: str) -> None:
    assert normalise(written) == searched


@pytest.mark.parametrize(
    "query", ["E.O. 13810 Choe Un Jong", "EO13810 choe un jong", "CHOE UN JONG executive order 13,810"]
)
def test_an_order_is_found_in_every_spelling(generation: Generation, query: str) -> None:
    assert ids_of(generation, generation.lexical.search(query, 1)) == ["jy1539"]


@pytest.mark.parametrize("query", ["", "   ", "the of and", '"AND OR NOT( +-^~*:?', "ünïcödé \x00 \ud800"])
def test_no_query_breaks_the_search(generation: Generation, query: str) -> None:
    generation.lexical.search(query.encode("utf-8", "replace").decode(), 5)


def test_scores_fall_and_a_limit_is_kept(generation: Generation) -> None:
    scores = [score for _, score in generation.lexical.search("bank sanctions Iran", 7)]
    assert len(scores) == 7
    assert scores == sorted(scores, reverse=True)


def test_rare_terms_weigh_more(generation: Generation) -> None:
    (rare,), (common,) = generation.lexical.terms("Ryonbong"), generation.lexical.terms("Treasury")
    assert generation.lexical.idf(rare) > generation.lexical.idf(common) > 0


def searched(folder: Path, *texts: str) -> LexicalIndex:
    """An index of chunks, numbered from 0."""
    release = Release("ab1", "", None, DateSource.UNKNOWN, "", "", ReleaseKind.RELEASE, "", (), "")
    rows = ((n, Chunk("ab1", 0, len(text), "A title", "", text), release) for n, text in enumerate(texts))
    write_lexical(folder / "lexical", [], rows, {})
    return LexicalIndex(folder / "lexical")


SHIPS = (
    "The Harbor Control Office fined a ship.",
    "The HCO fined a boat.",
    "The Harbor Control Office (HCO) fined a barge.",
    "An office in the harbor of Alder was painted.",
    "A control of ships took place.",
    "Zorimand sailed.",
    "Zoremand sailed.",
)


@pytest.fixture(scope="module")
def ships(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return searched(tmp_path_factory.mktemp("ships"), *SHIPS)


def test_another_name_is_found_too_and_is_worth_less(ships: LexicalIndex) -> None:
    assert [i for i, _ in ships.search("Zorimand", 9)] == [5]
    assert [i for i, _ in ships.search("Zorimand", 9, also={"Zorimand": ("Zoremand", "Zurimand")})] == [5, 6]
    assert {i for i, _ in ships.search("HCO boat", 9)} == {1, 2}
    found = [i for i, _ in ships.search("HCO boat", 9, also={"HCO": ("Harbor Control Office",)})]
    assert (found[0], set(found)) == (1, {0, 1, 2})


def test_all_words_of_another_name_must_be_there(ships: LexicalIndex) -> None:
    found = ships.search("HCO", 9, also={"HCO": ("Harbor Control Office",)})
    assert not {3, 4} & {i for i, _ in found}


def test_names_are_not_added_up(ships: LexicalIndex) -> None:
    plain = dict(ships.search("the Harbor Control Office", 9))
    also = dict(ships.search("the Harbor Control Office", 9, also={"Harbor Control Office": ("HCO", "HCO", "a HCO")}))
    assert also[2] == pytest.approx(plain[2])
    assert also[1] < also[0]


@pytest.mark.parametrize(
    "also",
    [
        {},
        {"HCO": ()},
        {"": ("Harbor",)},
        {"not asked": ("Harbor",)},
        {"the": ("Harbor",)},
        {"HCO": ("", "the of", "\U0001f6a2", '"AND OR NOT( +-^~*:?')},
        {"HCO HCO": ("Harbor",)},
    ],
)
def test_names_that_say_nothing_change_nothing(ships: LexicalIndex, also: dict[str, tuple[str, ...]]) -> None:
    assert dict(ships.search("HCO boat", 9, also=also)) == pytest.approx(dict(ships.search("HCO boat", 9)))


def test_a_query_stays_bounded(ships: LexicalIndex) -> None:
    many = " ".join(f"w{n}" for n in range(10_000))
    assert ships.search(f"HCO {many}", 9, also={"HCO": (many, "Zorimand"), many: ("barge",)})


@given(st.text(), st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3), max_size=3))
@settings(deadline=None)
def test_no_name_breaks_the_search(ships: LexicalIndex, text: str, also: dict[str, list[str]]) -> None:
    ships.search(f"{text} {' '.join(also)}", 5, also=also)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("boats", True),
        ("HCO", True),
        ("the", True),
        ("title", True),
        ("HCO yacht", False),
        ("yacht", False),
        ("", True),
    ],
)
def test_whether_words_are_held(ships: LexicalIndex, text: str, held: bool) -> None:
    assert ships.holds(text) is held


FILTERS = st.builds(
    SearchFilter,
    date_from=st.none() | st.dates(datetime.date(1996, 1, 1), datetime.date(2025, 12, 31)),
    date_to=st.none() | st.dates(datetime.date(1996, 1, 1), datetime.date(2025, 12, 31)),
    sections=st.sampled_from([(), ("press-releases",), ("readouts", "statements-remarks"), ("no-such",)]),
    kinds=st.sampled_from([(), (ReleaseKind.DIGEST,), (ReleaseKind.RELEASE, ReleaseKind.DOCUMENT)]),
    release_ids=st.sampled_from([(), ("jy1539", "hp219"), ("xx1",)]),
    programmes=st.sampled_from([(), ("Iran",), ("North Korea", "Cyber"), ("No Such",)]),
)


@given(FILTERS)
@settings(deadline=None)
def test_both_sides_return_exactly_what_passes_the_filter(generation: Generation, condition: SearchFilter) -> None:
    def passes(release_id: str) -> bool:
        release = generation.releases.get(release_id)
        assert release is not None
        programmes = set(generation.releases.programmes_of(release_id))
        return (
            (condition.date_from is None or (release.date is not None and release.date >= condition.date_from))
            and (condition.date_to is None or (release.date is not None and release.date <= condition.date_to))
            and (not condition.sections or release.section in condition.sections)
            and (not condition.kinds or release.kind in condition.kinds)
            and (not condition.release_ids or release.release_id in condition.release_ids)
            and (not condition.programmes or not programmes.isdisjoint(condition.programmes))
        )

    everything = len(generation.chunks)
    query = "the Treasury Department bank sanctions designated financial"
    vector = np.full(generation.manifest.dimension, generation.manifest.dimension**-0.5, np.float32)
    allowed = generation.chunks.allowed(condition)
    expected = {i for i, release_id in chunk_releases(generation).items() if passes(release_id)}
    assert set(allowed.tolist()) == expected
    assert {i for i, _ in generation.vectors.search(vector, everything, allowed)} == expected
    unfiltered = dict(generation.lexical.search(query, everything))
    filtered = dict(generation.lexical.search(query, everything, condition or None))
    assert filtered == pytest.approx({i: score for i, score in unfiltered.items() if i in expected}, rel=1e-5)


def test_the_programmes_of_releases_are_kept(generation: Generation) -> None:
    assert generation.releases.programmes_of("jl0395") == ("Iran", "Counter-terrorism", "Non-proliferation")
    assert generation.releases.programmes_of("hp1129") == generation.releases.programmes_of("xx1") == ()
    releases = [generation.releases.get(release_id) for release_id in set(chunk_releases(generation).values())]
    found = {release.release_id: programmes_of(release) for release in releases if release}
    assert {release_id: generation.releases.programmes_of(release_id) for release_id in found} == found
    counted = Counter(name for names in found.values() for name in names)
    assert generation.releases.programmes() == sorted(counted, key=lambda name: (-counted[name], name))


def chunk_releases(generation: Generation) -> dict[int, str]:
    return {span.chunk_id: span.release_id for span in generation.chunks.get(generation.vectors.ids().tolist())}


def test_fusion_is_the_convex_sum_of_normalised_scores() -> None:
    # Dense: 0.8 -> 1, 0.6 -> 0.5, 0.4 -> 0. Lexical: 10 -> 1, 5 -> 0.5. At 0.3: 0.3 * dense + 0.7 * lexical.
    fused = fuse({1: 0.8, 2: 0.6, 3: 0.4}, {2: 10.0, 4: 5.0}, 0.3)
    assert fused == pytest.approx({1: 0.3, 2: 0.85, 3: 0.0, 4: 0.35})


@given(
    st.dictionaries(st.integers(0, 20), st.floats(-1, 1)),
    st.dictionaries(st.integers(0, 20), st.floats(0, 100)),
    st.floats(0, 1),
)
def test_fused_scores_stay_between_0_and_1(dense: dict[int, float], lexical: dict[int, float], weight: float) -> None:
    fused = fuse(dense, lexical, weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_every_weight_finds_the_release(generation: Generation, starter: Assistant, weight: float) -> None:
    query = "Choe Un Jong, North Korean wife in Beijing"
    hits = hybrid_search(generation, query, starter.encoder.embed([query])[0], dense_weight=weight)
    assert hits[0].release_id == "jy1539"
    assert all((hit.dense is not None) or (hit.lexical is not None) for hit in hits)
