"""Paragraphs that recur across many releases: found by counting, marked, indexed once."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus.boilerplate import RECURRING, Boilerplate, find_boilerplate, sentence_keys
from corpus.cleaning import clean_text
from corpus.release import ParagraphKind
from tests.conftest import releases_in, write_release

BLOCKED = "All property of the persons named above is blocked. It must be reported to the office."
DELISTING = "Whoever wishes to be taken off the list may ask the office for it in writing."


def find(*texts: str) -> list[Boilerplate]:
    cleaned = [clean_text(text) for text in texts]
    return find_boilerplate([sentence_keys(clean.text, clean.paragraphs) for clean in cleaned])


def own(n: int) -> str:
    return f"Release {n} names the ship number {n} and tells what it carried and for whom."


def test_a_paragraph_that_many_releases_hold_is_boilerplate_and_indexed_with_the_first() -> None:
    found = find(*(f"{own(n)}\n\n{BLOCKED}" for n in range(RECURRING)))
    assert [b.paragraphs for b in found] == [(1,)] * RECURRING
    assert [b.indexed for b in found] == [(1,)] + [()] * (RECURRING - 1)


def test_what_fewer_releases_hold_is_not() -> None:
    assert set(find(*(f"{own(n)}\n\n{BLOCKED}" for n in range(RECURRING - 1)))) == {Boilerplate()}


def test_a_release_that_says_it_twice_counts_once() -> None:
    texts = [f"{own(n)}\n\n{BLOCKED}\n\n{BLOCKED}" for n in range(RECURRING - 1)]
    assert set(find(*texts)) == {Boilerplate()}


def test_nearly_the_same_paragraph_is_boilerplate_too_and_what_is_new_in_it_is_indexed() -> None:
    texts = [f"{own(n)}\n\n{BLOCKED}" for n in range(RECURRING)] + [f"{own(n)}\n\n{DELISTING}" for n in range(20, 30)]
    short_addition = f"{own(40)}\n\n{BLOCKED} {DELISTING} So it is."
    found = find(short_addition, *texts)
    assert found[0] == Boilerplate((1,), (1,))
    assert all(not b.indexed for b in found[1:]), "the first holds both"
    found = find(*texts, short_addition)
    assert (found[0].indexed, found[RECURRING].indexed, found[-1].indexed) == ((1,), (1,), ())


def test_a_paragraph_that_is_mostly_its_own_is_not_boilerplate() -> None:
    texts = [f"{own(n)}\n\n{BLOCKED}" for n in range(RECURRING)]
    assert find(*texts, f"{own(90)} {own(91)} {own(92)} {BLOCKED}")[-1] == Boilerplate()


def test_other_figures_are_other_words() -> None:
    weekly = [f"Reserve assets came to ${n},653 million at the end of the week." for n in range(RECURRING * 2)]
    assert set(find(*weekly)) == {Boilerplate()}


def test_marks_and_case_make_no_difference() -> None:
    texts = [f"{own(n)}\n\n{BLOCKED}" for n in range(RECURRING - 1)]
    shouted = f"{own(70)}\n\n{BLOCKED.upper().replace('.', ' .')}"
    assert find(*texts, shouted)[-1].paragraphs == (1,)


def test_short_labels_are_left_alone() -> None:
    assert set(find(*(f"{own(n)}\n\nOf which banks:\n\n{n},000" for n in range(RECURRING)))) == {Boilerplate()}


def test_nothing_gives_nothing() -> None:
    assert find() == []
    assert find("", "") == [Boilerplate(), Boilerplate()]


@given(st.lists(st.lists(st.sampled_from([BLOCKED, DELISTING, own(1), own(2)]), max_size=3), max_size=40))
def test_every_recurring_sentence_is_indexed_with_exactly_one_release(releases: list[list[str]]) -> None:
    texts = ["\n\n".join(paragraphs) for paragraphs in releases]
    cleaned = [clean_text(text) for text in texts]
    found = find(*texts)
    indexed = [
        clean.text[p.start : p.end]
        for clean, b in zip(cleaned, found, strict=True)
        for p in (clean.paragraphs[n] for n in b.indexed)
    ]
    marked = {
        clean.text[p.start : p.end]
        for clean, b in zip(cleaned, found, strict=True)
        for p in (clean.paragraphs[n] for n in b.paragraphs)
    }
    assert sorted(indexed) == sorted(marked)
    assert all(set(b.indexed) <= set(b.paragraphs) for b in found)


def test_releases_carry_the_mark(tmp_path: Path) -> None:
    for n in range(RECURRING):
        write_release(tmp_path / "news" / f"2020-01-{n + 1:02}-ab{n}.md", f"Ship {n}", f"{own(n)}\n\n{BLOCKED}")
    releases = releases_in(tmp_path / "news", tmp_path / "catalog.sqlite")
    for release in releases.values():
        assert [p.kind for p in release.paragraphs] == [ParagraphKind.BODY, ParagraphKind.BOILERPLATE]
