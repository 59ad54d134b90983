"""Numbers, dates and authorities are compared by what they mean, and no altered one passes."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations.authorities import authorities
from assistant.citations.checking import ReasonKind, Verdict
from assistant.citations.dates import dates
from assistant.citations.folding import fold
from assistant.citations.quantities import quantities
from tests.assistant.citations.cited import checked

PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$1.2bn", "1.2E9"),
        ("US$1,200 million", "1.2E9"),
        ("$1.2 billion", "1.2E9"),
        ("USD 280 billion", "2.8E11"),
        ("€5m", "5E6"),
        ("25%", 25),
        ("25 percent", 25),
        ("twenty-five", 25),
        ("two hundred and fifty million", "2.5E8"),
        ("a thousand", 1000),
        ("three hundred thousand", 300_000),
        ("1,500.25", "1500.25"),
        ("5 million dollars", "5E6"),
    ],
)
def test_a_quantity_is_read(written: str, value: str | int) -> None:
    (found,) = quantities(fold(f"It came to {written} there.").text)
    assert found.value == Decimal(value)


@pytest.mark.parametrize("written", ["one of them", "MiG-21", "the order", "April"])
def test_what_is_no_quantity(written: str) -> None:
    found = quantities(fold(written).text)
    assert [q for q in found if q.value == 1 or not written.startswith("MiG")] == []


def test_the_scale_of_a_range_is_that_of_its_end() -> None:
    for written in ("$100 to $200 million", "$100-200 million", "between $100 and $200 million"):
        assert [int(q.value) for q in quantities(fold(written).text)] == [100_000_000, 200_000_000]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("June 15, 2023", ["June 15, 2023"]),
        ("15 June 2023", ["June 15, 2023"]),
        ("2023-06-15", ["June 15, 2023"]),
        ("6/15/2023", ["June 15, 2023"]),
        ("Apr. 3, 2019", ["April 3, 2019"]),
        ("Sept. 7th, 2008", ["September 7, 2008"]),
        ("June 2023", ["June 2023"]),
        ("in 2023", ["2023"]),
        ("March 8 and 9, 2016", ["March 8, 2016", "March 9, 2016"]),
        ("May 11, May 12 and May 13, 2020", ["May 11, 2020", "May 12, 2020", "May 13, 2020"]),
        ("8 and 9 March 2016", ["March 8, 2016", "March 9, 2016"]),
        ("may 5", []),
        ("2004-2014", ["2004", "2014"]),
        ("$2000", []),
        ("2,023", []),
    ],
)
def test_a_date_is_read(written: str, read: list[str]) -> None:
    assert [str(day) for day in dates(fold(written).text)] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Executive Order 13810", ["E.O. 13810"]),
        ("E.O. 13810", ["E.O. 13810"]),
        ("EO 13810", ["E.O. 13810"]),
        ("Executive Order (E.O.) 13810", ["E.O. 13810"]),
        ("E.O.s 13382 and 13224", ["E.O. 13382", "E.O. 13224"]),
        ("Executive Orders 13382, 13224, and 13810", ["E.O. 13382", "E.O. 13224", "E.O. 13810"]),
        ("UNSCRs 2375 and 2397", ["resolution 2375", "resolution 2397"]),
        ("Security Council Resolution 2397", ["resolution 2397"]),
        ("Public Law 117-2", ["Public Law 117-2"]),
        ("5 U.S.C. 8438(h)(2)", ["5 U.S.C. 8438(h)(2)"]),
        ("31 C.F.R. Part 560", ["31 CFR 560"]),
        ("Section 311", ["section 311"]),
        ("section 1(a)(ii)", ["section 1(a)(ii)"]),
        ("General Licenses 12 and 13", ["General License 12", "General License 13"]),
        ("the section on banks", []),
    ],
)
def test_an_authority_is_read(written: str, read: list[str]) -> None:
    assert [str(found) for found in authorities(fold(written).text)] == read


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Alder moved $1.2bn.", "Alder moved $1.2 billion."),
        ("Alder moved US$1,200 million.", "Alder moved $1.2 billion."),
        ("Alder moved about $1.2 billion.", "Alder moved $1.21 billion."),
        ("Alder moved more than $1.2bn.", "Alder moved $1.21 billion."),
        ("Nearly 100 men were paid by Alder.", "Alder paid 98 men."),
        ("Alder owns 25 percent of it.", "Alder owns 25% of it."),
        ("Alder paid 3 men.", "Alder paid three men."),
        ("Alder paid over a thousand men.", "Alder paid more than 1,000 men."),
        ("Alder was designated on 15 June 2023.", "Alder was designated on June 15, 2023."),
        ("Alder was designated in June 2023.", "Alder was designated on June 15, 2023."),
        ("Alder was designated in 2023.", "Alder was designated on June 15, 2023."),
        ("Alder was designated on Thursday, June 15, 2023.", "Alder was designated on June 15, 2023."),
        ("On March 4, 2019, Alder was designated.", "Alder was designated today."),
        ("On March 4, 2019, Alder was designated.", "Alder is being designated for its exports."),
        ("Alder was designated under E.O. 13810.", "Alder was designated under Executive Order (E.O.) 13810."),
        ("Alder paid for 12 months.", "Alder paid for a year."),
        ("Alder was designated under Section 1.", "Alder was designated under section 1(a)(ii)."),
    ],
)
def test_what_means_the_same_is_support(sentence: str, source: str) -> None:
    assert checked(sentence, source).verdict in PASSED


@pytest.mark.parametrize(
    ("sentence", "source", "kind", "instead"),
    [
        ("Alder was designated on June 16, 2023.", "Alder was designated on June 15, 2023.", "date", "June 15, 2023"),
        ("Alder was designated on June 15, 2023.", "Alder was designated in June 2023.", "date", "June 2023"),
        ("Alder was designated on March 4, 2019.", "Alder was designated on May 3, 2018.", "date", "May 3, 2018"),
        ("Alder was designated under E.O. 13382.", "Alder was designated under E.O. 13810.", "order", "E.O. 13810"),
        ("Alder moved $4 million.", "Alder moved $4.2 million.", "number", "$4.2 million"),
        ("Alder moved $4.2 billion.", "Alder moved $4.2 million.", "number", "$4.2 million"),
        ("Alder owns 52% of it.", "Alder owns 25% of it.", "number", "25%"),
        ("Alder moved less than $5 million.", "Alder moved more than $5 million.", "number", "more than $5 million"),
        ("Alder paid five banks and three men.", "Alder paid five men and three banks.", "number", "three"),
        ("Alder paid for twelve years.", "Alder paid for ten years.", "number", "ten"),
        (
            "Under the 2018 law or 2018 rule Alder paid.",
            "Under the 2018 law or 2019 rule Alder paid.",
            "date",
            "2019",
        ),
        ("The third auction is Monday's.", "The second auction is Monday's.", "number", "second"),
    ],
)
def test_what_stands_instead_is_told(sentence: str, source: str, kind: str, instead: str) -> None:
    found = checked(sentence, source)
    assert found.verdict is Verdict.UNSUPPORTED
    first = found.reasons[0]
    assert (first.kind, first.instead, first.contradicts) == (ReasonKind(kind), instead, True)
    assert sentence[first.start : first.end]


def test_a_message_says_both_sides() -> None:
    found = checked("Alder was designated under E.O. 13382.", "Alder was designated under E.O. 13810.")
    assert str(found.reasons[0]) == "says E.O. 13382; ab1 says E.O. 13810"


def test_a_number_that_the_source_lacks_is_not_carried() -> None:
    found = checked("Alder moved $4 million from Lagos.", "Alder moved money from Lagos.")
    assert (found.verdict, found.reasons[0].contradicts) == (Verdict.PARTIAL, False)


def test_a_bound_that_is_left_out_is_not_carried() -> None:
    assert checked("Alder moved $5 million.", "Alder moved more than $5 million.").verdict is Verdict.PARTIAL


SENTENCE = "On June 15, 2023, Lina Okafor moved $4.2 million through 37 banks under E.O. 13810 and owns 51% of Alder."


@given(st.sampled_from(list(re.finditer(r"\d", SENTENCE))), st.sampled_from("0123456789"))
def test_no_altered_digit_passes(at: re.Match[str], digit: str) -> None:
    altered = SENTENCE[: at.start()] + digit + SENTENCE[at.end() :]
    assert (checked(altered, SENTENCE).verdict in PASSED) == (altered == SENTENCE)
