"""Chunks equal their slices, cover everything once, stay in their section, and fit the encoder's window."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean_markdown
from corpus.release import DateSource, ParagraphKind, Release, ReleaseKind
from corpus.starter import STARTER
from indexes.chunking import Chunk, chunk_release
from indexes.embedding.encoder import Encoder
from tests.conftest import releases_in


def release(source: str, title: str = "A Title of Five Words") -> Release:
    clean = clean_markdown(source)
    section, kind = "press-releases", ReleaseKind.RELEASE
    return Release("ab1", title, None, DateSource.UNKNOWN, section, "", kind, clean.text, clean.paragraphs, "ab1.md")


def count_words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def check(document: Release, chunks: list[Chunk]) -> None:
    assert all(chunk.text == document.text[chunk.start : chunk.end] for chunk in chunks)
    assert all(a.end <= b.start for a, b in pairwise(chunks))
    wanted = [p for p in document.paragraphs if p.kind is not ParagraphKind.HEADING]
    covered = "".join("".join(chunk.text for chunk in chunks).split())
    assert covered == "".join("".join(document.text[p.start : p.end] for p in wanted).split())
    for chunk in chunks:
        sections = {p.headings for p in wanted if p.start < chunk.end and chunk.start < p.end}
        assert len(sections) == 1


SOURCES = st.lists(
    st.sampled_from(["## One\n\n", "## Two\n\n", "\n\n", "A short sentence. ", "| a | b |\n|---|---|\n| 1 | 2 |\n\n"])
    | st.lists(st.sampled_from("alpha beta gamma delta.".split()), min_size=1, max_size=60).map(" ".join),
    max_size=15,
).map("".join)


@given(SOURCES, st.integers(12, 60))
@settings(deadline=None)
def test_chunks_cover_a_release(source: str, window: int) -> None:
    document = release(source)
    check(document, chunk_release(document, count_words, window))


def test_sentences_are_kept_whole_and_packed() -> None:
    document = release("One two three four. Five six seven. Eight nine ten. Eleven twelve.")
    chunks = chunk_release(document, count_words, 15)  # 15 - 2 special - 5 of the title = 8 words of room
    assert [c.text for c in chunks] == ["One two three four. Five six seven.", "Eight nine ten. Eleven twelve."]


def test_a_sentence_longer_than_the_window_is_cut_at_white_space() -> None:
    document = release(" ".join(f"w{n}" for n in range(50)) + ".")
    chunks = chunk_release(document, count_words, 15)
    check(document, chunks)
    assert max(count_words([c.text for c in chunks])) <= 9


def test_title_date_and_headings_are_searched_and_not_quoted() -> None:
    (chunk,) = chunk_release(release("## ACTIONS\n\nThe bank was closed."), count_words, 40)
    assert chunk.search_text == "A Title of Five Words\nACTIONS\nThe bank was closed."
    assert chunk.text == "The bank was closed."


def test_a_release_of_headings_only_has_no_chunk() -> None:
    assert chunk_release(release("## ACTIONS\n\n## EFFECTS"), count_words, 40) == []


@pytest.mark.parametrize("path", sorted(STARTER.iterdir()), ids=lambda p: p.name)
def test_no_chunk_of_the_starter_corpus_overflows_the_encoder(path: Path, encoder: Encoder, tmp_path: Path) -> None:
    for document in releases_in(path, tmp_path / "catalog.sqlite").values():
        chunks = chunk_release(document, encoder.count_tokens, encoder.window)
        check(document, chunks)
        assert max(encoder.count_tokens([c.search_text for c in chunks])) <= encoder.window - 2


def test_boilerplate_is_cut_only_where_it_is_indexed_and_furniture_nowhere() -> None:
    document = release("First things.\n\nAll property is blocked.\n\nLast things.\n\nLINKS")
    first, common, last, links = document.paragraphs
    marked = replace(common, kind=ParagraphKind.BOILERPLATE)
    assert links.kind is ParagraphKind.FURNITURE
    document = replace(document, paragraphs=(first, marked, last, links))
    assert [c.text for c in chunk_release(document, count_words, 40)] == ["First things.", "Last things."]
    with_it = chunk_release(document, count_words, 40, indexed_boilerplate={1})
    assert [c.text for c in with_it] == ["First things.\n\nAll property is blocked.\n\nLast things."]
