"""A release as the reader shows it: whole, the quotes marked at their place, and nothing of it taken for markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from assistant.citations.citation import cite
from assistant.engine import Assistant
from corpus.cleaning import clean_text
from corpus.release import DateSource, Release, ReleaseKind, Span
from ui.web.rendering.reader import release_html, sources_html


def release(text: str, title: str = "Harbor", url: str = "", kind: ReleaseKind = ReleaseKind.RELEASE) -> Release:
    clean = clean_text(text)
    return Release(
        "ab1", title, None, DateSource.UNKNOWN, "readouts", url, kind, clean.text, clean.paragraphs, "ab1.md"
    )


def sentences(document: Release) -> list[Span]:
    return [span for paragraph in document.paragraphs for span in paragraph.sentences]


def test_the_whole_release_is_shown_with_its_quotes_marked(starter: Assistant) -> None:
    document = starter.release("jy1539")
    assert document is not None
    spans = sentences(document)[1:3]
    shown = LexborHTMLParser(release_html(document, spans, spans[1]))
    assert [mark.text() for mark in shown.css("mark")] == [document.text[s.start : s.end] for s in spans]
    assert shown.css_first("mark.chosen").attributes["data-start"] == str(spans[1].start)
    body = " ".join(node.text() for node in shown.css("article > p, article > h4, article > pre"))
    assert body.split() == document.text.split()


def test_the_head_says_what_it_is_and_where_it_was_published(starter: Assistant) -> None:
    document = starter.release("jy1539")
    assert document is not None
    head = LexborHTMLParser(release_html(document)).css_first("header")
    assert "jy1539 · June 15, 2023 · press-releases" in head.text()
    assert "digest in our words" in head.text()
    assert head.css_first("a").attributes["href"] == "https://home.treasury.gov/news/press-releases/jy1539"
    assert head.css_first(".hits") is None


def test_other_ids_and_doubts_about_its_date_are_told() -> None:
    document = release("Words of it.")
    other = Release(
        **{
            **{name: getattr(document, name) for name in Release.__slots__},
            "other_ids": ("ab2",),
            "date_suspect": "two dates are stated",
        }
    )
    head = LexborHTMLParser(release_html(other)).css_first("header").text()
    assert "Also published as ab2." in head
    assert "Its date is in doubt: two dates are stated." in head


def test_quotes_can_be_walked_through() -> None:
    document = release("First one. Second one. Third one.")
    shown = LexborHTMLParser(release_html(document, sentences(document)[:2]))
    assert [button.attributes["data-hit"] for button in shown.css("[data-hit]")] == ["-1", "1"]
    assert shown.css_first(".count").text() == "2 marked"


@pytest.mark.parametrize("spans", [[(0, 10), (0, 10)], [(0, 10), (5, 21)], [(3, 8), (0, 21)], [(0, 9999)]])
def test_spans_that_overlap_or_run_over_lose_no_word(spans: list[tuple[int, int]]) -> None:
    document = release("First one. Second one.\n\nAnother paragraph.")
    shown = LexborHTMLParser(release_html(document, [Span(*span) for span in spans]))
    assert "\n".join(node.text() for node in shown.css("article > p")).split() == document.text.split()


@given(st.text(alphabet=st.sampled_from("ab<>&\"' .\n"), min_size=1, max_size=80), st.data())
def test_no_word_is_lost_and_none_is_markup(text: str, data: st.DataObject) -> None:
    document = release(text)
    found = sentences(document)
    spans = data.draw(st.lists(st.sampled_from(found), max_size=3)) if found else []
    shown = LexborHTMLParser(release_html(document, spans))
    body = "\n".join(node.text() for node in shown.css("article > p, article > h4, article > pre"))
    assert body.split() == document.text.split()


def test_nothing_of_a_release_is_markup() -> None:
    document = release("<script>alert(1)</script> & more.", '<img src=x onerror="alert(2)">', "javascript:alert(3)")
    span = sentences(document)[0]
    for html in (release_html(document, [span]), sources_html([cite(document, span, 1)])):
        assert "<script" not in html
        assert "<img" not in html
        assert "javascript:" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more." in html


def test_each_source_opens_its_quote(starter: Assistant) -> None:
    answer = starter.ask("Which executive order was Choe Un Jong designated under, and why?")
    buttons = LexborHTMLParser(sources_html(answer.citations)).css("button.open-release")
    opened = [(b.attributes["data-release"], b.attributes["data-start"], b.attributes["data-end"]) for b in buttons]
    assert opened == [(c.release_id, str(c.start), str(c.end)) for c in answer.citations]
    assert sources_html([]) == ""
