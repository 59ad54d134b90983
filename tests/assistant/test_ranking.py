"""The ranking of releases: what is measured, that the weights are those fitted, and what it does to an order."""

import datetime
import json
import math

import numpy as np
import pytest

from assistant.engine import Assistant
from assistant.names import Expansion
from assistant.question import Turn, parse_question
from assistant.ranking.features import FEATURE_NAMES, Features
from assistant.ranking.fitting import fit, recall
from assistant.ranking.ranker import TEMPERATURE, WEIGHTS_FILE, FittedRanker, Found, weights
from assistant.retrieval import find, retrieve
from indexes.filters import SearchFilter


def test_the_weights_are_of_the_features_and_say_how_they_were_made() -> None:
    fitted = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert tuple(fitted["weights"]) == FEATURE_NAMES
    assert list(weights()) == list(FEATURE_NAMES)
    assert fitted["questions"] > 3_000
    assert fitted["cross_validated"]["recall@1"] > fitted["best_chunk_alone"]["recall@1"]


def test_what_speaks_for_a_release_and_what_against() -> None:
    w = weights()
    assert all(w[name] > 0 for name in ("chunk", "coverage_all"))
    assert all(w[name] < 0 for name in ("distance_day", "distance_month", "distance_year"))


def features(**values: float) -> Features:
    return Features(**(dict.fromkeys(FEATURE_NAMES, 0.0) | values))


def rank(starter: Assistant, measured: dict[str, Features]) -> list[tuple[str, float]]:
    found = Found(parse_question("Who?"), Expansion("Who?"), {}, measured, np.zeros(0, np.float32), [])
    return FittedRanker().rank(found, starter.generation())


def test_the_best_has_1_and_the_rest_their_likelihood_against_it(starter: Assistant) -> None:
    measured = {"b": features(chunk=0.5), "a": features(chunk=0.5), "c": features(chunk=1.0)}
    ranked = rank(starter, measured)
    assert [release_id for release_id, _ in ranked] == ["c", "a", "b"], "equals stand in order of their ids"
    assert ranked[0][1] == 1
    assert ranked[1][1] == ranked[2][1] == pytest.approx(math.exp(-0.5 * weights()["chunk"] / TEMPERATURE))
    assert rank(starter, {}) == []


def test_releases_are_measured(starter: Assistant) -> None:
    question = parse_question("Which executive order was Choe Un Jong designated under on June 15, 2023?")
    found = find(question, starter.generation(), starter.encoder)
    best = found.measured["jy1539"]
    assert found.hits["jy1539"][0].score == best.chunk
    assert (best.distance_day, best.distance_month, best.distance_year, best.before) == (0, 0, 0, 0)
    assert best.coverage_all >= best.coverage > 0.5
    assert 0 < best.dense <= 1
    other = found.measured["hp219"]
    assert other.distance_day > 0.5
    assert other.before == 1
    for one in found.measured.values():
        assert all(math.isfinite(value) for value in one.array())


def test_the_date_tells_releases_of_one_series_apart(starter: Assistant) -> None:
    for question, release_id in (
        ("Which bank was designated over North Korea?", None),
        ("Which bank was designated over Iran in January 2007?", "hp219"),
    ):
        retrieved = retrieve(parse_question(question), starter.generation(), starter.encoder)
        assert release_id is None or retrieved.releases[0][0] == release_id
        assert [period.words for period in retrieved.found.periods] == (["January 2007"] if release_id else [])


def test_hits_stand_by_their_release_and_scores_fall(starter: Assistant) -> None:
    retrieved = retrieve(parse_question("Why was Tornado Cash sanctioned?"), starter.generation(), starter.encoder)
    assert [score for _, score in retrieved.releases] == sorted((s for _, s in retrieved.releases), reverse=True)
    assert [hit.score for hit in retrieved.hits] == sorted((hit.score for hit in retrieved.hits), reverse=True)
    assert retrieved.hits[0].release_id == retrieved.releases[0][0]
    assert retrieved.hits[0].score == pytest.approx(1)


def test_a_period_never_widens_a_filter(starter: Assistant) -> None:
    condition = SearchFilter(date_to=datetime.date(2010, 12, 31))
    question = parse_question("Who was designated in June 2023?")
    found = find(question, starter.generation(), starter.encoder, condition)
    dates = [head.date for head in starter.generation().releases.heads(list(found.hits)).values()]
    assert dates
    assert all(date and date.year <= 2010 for date in dates)


def test_a_follow_up_is_searched_with_the_last_answer(starter: Assistant) -> None:
    history = [Turn("user", "Who is the wife of Choe Chol Min?"), Turn("assistant", "Choe Un Jong.")]
    retrieved = retrieve(parse_question("Which order was that under?", history), starter.generation(), starter.encoder)
    assert retrieved.releases[0][0] == "jy1539"


def test_fitting_finds_what_made_the_right_ones_right() -> None:
    generator = np.random.default_rng(1)
    asked = []
    for _ in range(300):
        x = generator.normal(size=(20, 4))
        asked.append((x, int(np.argmax(x @ np.array([2.0, 0.0, -1.0, 0.0])))))
    w = fit(asked)
    assert w[0] / -w[2] == pytest.approx(2, rel=0.25)
    assert abs(w[1]) < 0.2 * w[0]
    assert recall(asked, w)["recall@1"] > 0.9
    assert recall([(asked[0][0], -1)], w) == {"recall@1": 0, "recall@5": 0, "recall@10": 0, "mrr": 0}
