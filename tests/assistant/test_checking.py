"""Nothing passes the check but the very words that are cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations.checking import Checked, Checker, Verdict
from assistant.citations.citation import Citation, cite
from corpus.cleaning import clean_markdown
from corpus.release import DateSource, Release, ReleaseKind, Span

CLEAN = clean_markdown(
    "Lina Okafor was designated on March 4, 2019 under E.O. 13999. She moved $4.2 million.\n\nHarbor Lines is blocked."
)
RELEASE = Release(
    "ab1",
    "Harbor",
    None,
    DateSource.UNKNOWN,
    "readouts",
    "",
    ReleaseKind.RELEASE,
    CLEAN.text,
    CLEAN.paragraphs,
    "ab1.md",
)
SPANS = [span for paragraph in CLEAN.paragraphs for span in paragraph.sentences]


def cited(span: Span, **altered: object) -> tuple[Citation, Release]:
    return cite(RELEASE, span, 1).model_copy(update=altered), RELEASE


@pytest.mark.parametrize("span", SPANS)
def test_the_words_of_a_release_are_verbatim(span: Span) -> None:
    citation, release = cited(span)
    assert Checker().check(citation.quote, [(citation, release)]) == Checked(Verdict.VERBATIM)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Okafor", "Okafur"), ("March 4", "March 5"), ("2019", "2018"), ("13999", "13998"), ("was", "was not"), (".", "")],
)
def test_an_altered_name_date_or_number_fails(old: str, new: str) -> None:
    citation, release = cited(SPANS[0])
    checked = Checker().check(citation.quote.replace(old, new, 1), [(citation, release)])
    assert checked.verdict is Verdict.UNSUPPORTED
    assert [str(reason) for reason in checked.reasons] == ["is not in the words of what it cites"]


@pytest.mark.parametrize(
    ("altered", "reason"),
    [
        ({"quote": "Lina Okafor was never designated."}, "misquotes ab1"),
        ({"start": SPANS[0].start + 1}, "misquotes ab1"),
        ({"end": 10_000}, "points outside ab1"),
        ({"start": -5}, "points outside ab1"),
        ({"start": 20, "end": 20}, "points outside ab1"),
    ],
)
def test_a_citation_that_does_not_hold_fails(altered: dict[str, object], reason: str) -> None:
    citation, release = cited(SPANS[0], **altered)
    checked = Checker().check(citation.quote, [(citation, release)])
    assert checked.verdict is Verdict.UNSUPPORTED
    assert reason in str(checked.reasons[0])


def test_a_sentence_without_a_citation_fails() -> None:
    checked = Checker().check("Lina Okafor moved money.", [])
    assert (checked.verdict, [str(reason) for reason in checked.reasons]) == (Verdict.UNSUPPORTED, ["cites nothing"])


@given(st.integers(-5, len(CLEAN.text) + 5), st.integers(-5, len(CLEAN.text) + 5))
def test_only_a_span_inside_one_paragraph_can_be_cited(start: int, end: int) -> None:
    inside = [n for n, p in enumerate(CLEAN.paragraphs, 1) if p.start <= start < end <= p.end]
    if inside:
        citation = cite(RELEASE, Span(start, end), 3)
        assert (citation.quote, citation.paragraph, citation.marker) == (CLEAN.text[start:end], inside[0], 3)
    else:
        with pytest.raises(ValueError, match="no paragraph holds"):
            cite(RELEASE, Span(start, end), 3)
