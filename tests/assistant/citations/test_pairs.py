"""The bars of ``tests/bench/checking.py``, held without the encoder; every sentence of the digests is verbatim."""

import pytest

from assistant.citations.checking import Checked, Checker, Verdict
from assistant.citations.citation import cite
from corpus.release import Release
from tests.bench.checking import CAUGHT, FLAGGED_PARAPHRASED, FLAGGED_VERBATIM, PASSED, Pair, pairs, starter_releases


@pytest.fixture(scope="module")
def releases() -> dict[str, Release]:
    return starter_releases()


def test_every_sentence_of_a_release_is_verbatim(releases: dict[str, Release]) -> None:
    checker = Checker()
    for release in releases.values():
        for paragraph in release.paragraphs:
            for span in paragraph.sentences:
                citation = cite(release, span, 1)
                assert checker.check(f"{citation.quote} [1]", [(citation, release)]) == Checked(Verdict.VERBATIM)


@pytest.mark.parametrize("held_out", [False, True], ids=["development half", "held-out half"])
def test_the_bars_hold(releases: dict[str, Release], held_out: bool) -> None:
    checker = Checker()
    found = [pair for pair in pairs() if pair.held_out is held_out]
    passed = [checker.check(pair.text, pair.cited(releases)).verdict in PASSED for pair in found]

    def share(label: str, kind: str = "") -> float:
        chosen = [ok for pair, ok in zip(found, passed, strict=True) if _is(pair, label, kind)]
        return 1 - sum(chosen) / len(chosen)

    assert share("false") >= CAUGHT
    assert share("true", "verbatim") <= FLAGGED_VERBATIM
    assert share("true", "paraphrase") <= FLAGGED_PARAPHRASED


def _is(pair: Pair, label: str, kind: str) -> bool:
    return pair.label == label and kind in ("", pair.kind)
