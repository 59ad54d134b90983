"""The words of a release are verbatim, whatever sets them; no altered word passes; a citation must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations.checking import Checked, Checker, Verdict
from assistant.citations.citation import Citation, cite
from corpus.cleaning import clean_markdown
from corpus.release import DateSource, Release, ReleaseKind, Span
from tests.assistant.citations.cited import release_of

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
    [("Okafor", "Okafur"), ("March 4", "March 5"), ("2019", "2018"), ("13999", "13998"), ("was", "was not")],
)
def test_an_altered_name_date_or_number_fails(old: str, new: str) -> None:
    citation, release = cited(SPANS[0])
    checked = Checker().check(citation.quote.replace(old, new, 1), [(citation, release)])
    assert checked.verdict not in (Verdict.VERBATIM, Verdict.SUPPORTED)
    assert checked.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Lina Okafor was designated on March 4, 2019 under E.O. 13999",
        "  Lina\u00a0Okafor was designated  on March 4, 2019\nunder E.O. 13999. [1]",
        "“Lina Okafor was designated on March 4, 2019 under E.O. 13999.”",
        "Lina Oka\u200bfor was designated on March 4, 2019 under E.O. 13999.",
        "was designated on March 4, 2019 under E.O. 13999",
    ],
)
def test_what_only_sets_the_words_is_left_out(text: str) -> None:
    assert Checker().check(text, [cited(SPANS[0])]) == Checked(Verdict.VERBATIM)


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("The bank denied that Lina Okafor paid the crew.", "Lina Okafor paid the crew."),
        ("It is not true that Lina Okafor paid the crew.", "Lina Okafor paid the crew."),
        ("Allegedly Lina Okafor paid the crew in Lagos.", "Lina Okafor paid the crew in Lagos."),
        ("Lina Okafor paid the crew in Lagos unless it sailed.", "Lina Okafor paid the crew in Lagos."),
        ("Lina Okafor moved $4.2 million to Lagos.", "Lina Okafor moved $4"),
    ],
)
def test_a_part_that_drops_what_changes_the_meaning_is_not_verbatim(source: str, part: str) -> None:
    release = release_of(source)
    citation = cite(release, Span(0, len(source)), 1)
    assert Checker().check(part, [(citation, release)]).verdict not in (Verdict.VERBATIM, Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("They did.", Verdict.UNSUPPORTED), ("Made up.", Verdict.UNSUPPORTED), ("She moved it.", Verdict.PARTIAL)],
)
def test_what_could_be_said_of_anything_is_not_supported(text: str, verdict: Verdict) -> None:
    assert Checker().check(text, [cited(SPANS[1])]).verdict is verdict


LONG = ["1" * 5000, "a " * 50_000, "x" * 100_000, "1,111" * 20_000, " " * 100_000, "( [1" * 20_000, "U.S." * 20_000]
ODD = [
    "",
    " ",
    "[1]",
    "...",
    "\x00\x07",
    "\u200b",
    "\u202eabc\u202c",
    "العربية",
    "$",
    "E.O.",
    "%",
    "May 1 and " * 9000,
    *LONG,
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_fails_without_an_error(text: str) -> None:
    assert Checker().check(text, [cited(SPANS[0])]).verdict is not Verdict.VERBATIM
    if text.strip():
        release = release_of(f"Alder {text}")
        citation, _ = cited(SPANS[0])
        quote = release.text
        whole = citation.model_copy(update={"start": 0, "end": len(quote), "quote": quote})
        assert Checker().check("Alder paid the crew.", [(whole, release)]).verdict is not Verdict.VERBATIM


@given(st.text(max_size=300))
def test_no_text_is_an_error(text: str) -> None:
    assert isinstance(Checker().check(text, [cited(SPANS[0])]), Checked)


@given(st.text(alphabet=st.sampled_from("AOno 1,2.$%'\"-–“”()[]\u200b\n"), max_size=80), st.integers(0, 60))
def test_no_mixture_with_the_source_is_an_error(text: str, at: int) -> None:
    citation, release = cited(SPANS[0])
    mixed = citation.quote[:at] + text + citation.quote[at:]
    assert isinstance(Checker().check(mixed, [(citation, release)]), Checked)


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
