"""What the page shows: quotes marked at their place, and nothing from a release taken for markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations.citation import cite
from assistant.engine import Assistant
from assistant.question import Order
from assistant.search import CorrectedWord, NameAlso, Understood
from corpus.cleaning import clean_text
from corpus.release import DateSource, Release, ReleaseKind
from ui.web.rendering import (
    LONGEST_PARAGRAPH,
    answer_markdown,
    cited_spans,
    corpus_html,
    escape_markdown,
    sources_html,
    sources_of_answer,
    sources_of_message,
    understood_html,
)

QUESTION = "Which executive order was Choe Un Jong designated under, and why?"


def release(text: str, title: str = "Harbor", url: str = "") -> Release:
    clean = clean_text(text)
    kind = ReleaseKind.RELEASE
    return Release(
        "ab1", title, None, DateSource.UNKNOWN, "readouts", url, kind, clean.text, clean.paragraphs, "ab1.md"
    )


def card(document: Release, sentence: int = 0) -> str:
    spans = [span for paragraph in document.paragraphs for span in paragraph.sentences]
    return sources_html([(cite(document, spans[sentence], 1), document)])


def test_an_answer_links_its_markers_to_its_sources(starter: Assistant) -> None:
    answer = starter.ask(QUESTION)
    markdown = answer_markdown(answer)
    html = sources_of_answer(answer, starter)
    anchors = re.findall(r"\]\(#(cite-[^)]+)\)", markdown)
    assert len(anchors) == len(answer.citations)
    assert all(f'id="{anchor}"' in html for anchor in anchors)
    assert "digest" in html


def test_the_sources_of_a_shown_answer_are_found_again_from_its_text_alone(starter: Assistant) -> None:
    answer = starter.ask(QUESTION)
    markdown = answer_markdown(answer)
    assert cited_spans(markdown) == [(c.release_id, (c.start, c.end)) for c in answer.citations]
    assert sources_of_answer(answer, starter) == understood_html(answer.understood) + sources_of_message(
        markdown, starter
    )


@pytest.mark.parametrize("link", ["cite-xx9-0-5", "cite-jy1539-0-999999", "cite-jy1539-9-3"])
def test_a_citation_that_no_longer_holds_is_left_out(starter: Assistant, link: str) -> None:
    assert "<article" not in sources_of_message(f"Words [\\[1\\]](#{link})", starter)


def test_the_quote_is_marked_inside_its_paragraph() -> None:
    html = card(release("First one. Second one. Third one."), 1)
    assert "First one. <mark>Second one.</mark> Third one." in html


def test_a_long_paragraph_is_cut_around_the_quote() -> None:
    sentences = [f"This is sentence number {n} of a long speech." for n in range(200)]
    html = card(release(" ".join(sentences)), 100)
    assert "<mark>This is sentence number 100 of a long speech.</mark>" in html
    assert "… This is sentence" in html
    assert len(html) < LONGEST_PARAGRAPH + 1500


def test_nothing_of_a_release_is_markup() -> None:
    html = card(release("<script>alert(1)</script> & more.", '<img src=x onerror="alert(2)">', "javascript:alert(3)"))
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more." in html


@given(st.text(alphabet=st.sampled_from("ab *_`[]()<>#$|~\\!&-+.1\n"), max_size=40))
def test_escaped_words_are_shown_as_they_are(text: str) -> None:
    import cmarkgfm
    from selectolax.lexbor import LexborHTMLParser

    line = " ".join(text.split())
    shown = LexborHTMLParser(cmarkgfm.github_flavored_markdown_to_html("x" + escape_markdown(line))).text()
    assert shown.strip() == "x" + line


def test_the_starter_corpus_says_what_it_is_and_how_to_get_more(starter: Assistant) -> None:
    html = corpus_html(starter.manifest)
    assert "digests in our own words" in html
    assert "assistant index FOLDER" in html
    assert "indexed today" in html
    full = corpus_html(starter.manifest.model_copy(update={"digests": 0}))
    assert "digests" not in full


def test_what_was_understood_stands_above_the_sources(starter: Assistant) -> None:
    answer = starter.ask("Why was Tornado Cash sanctioned in the summer of 2022?")
    html = sources_of_answer(answer, starter)
    assert html.startswith('<p class="understood">Understood: read “summer of 2022” as 2022-06-01 to 2022-08-31')
    assert html.index("understood") < html.index("<article")


def test_what_was_understood_is_escaped_and_nothing_is_said_of_nothing() -> None:
    names = [NameAlso(asked="<b>HCO</b>", others=["Harbor & Co"])]
    words = [CorrectedWord(asked="Harbur", read="Harbor")]
    html = understood_html(Understood(names=names, corrections=words, order=Order.NEWEST))
    assert "read “Harbur” as “Harbor”; put the newest of alike releases first" in html
    assert "searched for “&lt;b&gt;HCO&lt;/b&gt;” also as “Harbor &amp; Co”" in html
    assert understood_html(Understood()) == ""
