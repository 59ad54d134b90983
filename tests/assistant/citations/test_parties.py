"""A fact belongs to the party of its clause: neither a neighbour nor a heading lends one."""

import pytest

from assistant.citations.checking import Checked, Checker, ReasonKind, Verdict
from assistant.citations.citation import cite
from tests.assistant.citations.cited import release_of, spans

PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)
TWO = "Lina Okafor was designated under E.O. 13382. Bo Cedar was designated under E.O. 13810."


def check(sentence: str, source: str, *cited: int, title: str = "Treasury Sanctions the Harbor Network") -> Checked:
    """A sentence held against some sentences of a source, all where none is named."""
    release = release_of(source, title)
    wanted = cited or range(len(spans(release)))
    return Checker().check(sentence, [(cite(release, spans(release)[n], n + 1), release) for n in wanted])


@pytest.mark.parametrize(
    ("sentence", "source", "instead"),
    [
        ("Bo Cedar was designated under E.O. 13382.", TWO, "E.O. 13810"),
        ("OFAC designated Bo Cedar under E.O. 13382.", f"OFAC acted. {TWO}", "E.O. 13810"),
        ("Bo Cedar was designated under E.O. 13382.", TWO.replace(". Bo", "; Bo"), "E.O. 13810"),
        ("Bo Cedar was designated under E.O. 13382.", TWO.replace(". Bo", ", and Bo"), "E.O. 13810"),
        (
            "Bo Cedar was designated under E.O. 13382.",
            "OFAC designated Lina Okafor under E.O. 13382 and Bo Cedar under E.O. 13810.",
            "E.O. 13810",
        ),
        (
            "Lina Okafor was designated under E.O. 13810.",
            "Lina Okafor and Bo Cedar were designated under E.O. 13382 and E.O. 13810, respectively.",
            "E.O. 13382",
        ),
        (
            "Bo Cedar was designated in May 2010.",
            "Lina Okafor, who was designated in May 2010, and Bo Cedar, who was designated in June 2012, ran it.",
            "June 2012",
        ),
        ("Birch Bank moved $5 million.", "Alder Lines moved $5 million. Birch Bank moved $7 million.", "$7 million"),
        ("Birch Bank owns 51% of it.", "Alder Lines owns 51% of it. Birch Bank owns 20% of it.", "20%"),
    ],
)
def test_the_fact_of_another_party_is_told_with_the_partys_own(sentence: str, source: str, instead: str) -> None:
    found = check(sentence, source)
    assert found.verdict is Verdict.UNSUPPORTED
    assert (found.reasons[0].instead, found.reasons[0].contradicts) == (instead, True)


def test_facts_that_two_parties_have_exchanged() -> None:
    source = "Alder Lines moved $5 million. Birch Bank moved $7 million."
    assert check("Alder Lines moved $5 million and Birch Bank $7 million.", source).verdict is Verdict.SUPPORTED
    assert check("Alder Lines moved $7 million and Birch Bank $5 million.", source).verdict is Verdict.UNSUPPORTED


def test_the_fact_of_another_party_is_not_carried_where_the_party_has_none() -> None:
    found = check(
        "Bo Cedar was designated under E.O. 13382.", "Lina Okafor was designated under E.O. 13382. Bo Cedar ran."
    )
    assert [(r.kind, r.contradicts) for r in found.reasons if r.kind is ReasonKind.ORDER] == [(ReasonKind.ORDER, False)]
    assert "tells it of Lina Okafor" in str(found.reasons[0])
    assert found.verdict is Verdict.PARTIAL


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("OFAC designated Bo Cedar under Executive Order 13810.", f"OFAC acted. {TWO}"),
        (
            "Lina Okafor moved $5 million in 2010.",
            "Lina Okafor used Birch Bank in Accra. She moved $5 million in 2010.",
        ),
        (
            "Lina Okafor, who used Birch Bank in Accra, moved $5 million.",
            "Lina Okafor used Birch Bank in Accra. She moved $5 million in 2010.",
        ),
        ("Alder Lines moved $5 million.", "Alder Lines sails. The company moved $5 million."),
        (
            "Birch Bank was designated under E.O. 13810.",
            "OFAC designated Alder Lines, Birch Bank and Bo under E.O. 13810.",
        ),
        ("Lina Okafor moved $5 million.", "Lina Okafor, who lives in Lagos, and Bo Cedar, of Accra, moved $5 million."),
        ("Okafor was designated under E.O. 13382.", TWO),
        ("The action under E.O. 13810 hit Bo Cedar.", "OFAC's action under E.O. 13810 hit Lina Okafor and Bo Cedar."),
        ("On March 4, 2019, OFAC designated Bo Cedar.", "OFAC today designated Lina Okafor. OFAC designated Bo Cedar."),
    ],
)
def test_a_partys_own_facts_pass(sentence: str, source: str) -> None:
    assert check(sentence, source).verdict in PASSED


@pytest.mark.parametrize(
    ("fact", "before"),
    [
        ("under E.O. 13382", "It acted under E.O. 13382."),
        ("on May 3, 2012", "It acted on May 3, 2012."),
        ("for $5 million", "It paid $5 million."),
        ("under Public Law 117-2", "It acted under Public Law 117-2."),
        ("with 25% of it", "It had 25% of it."),
        ("with 12 others", "It had 12 others."),
    ],
)
def test_what_stands_around_a_span_lends_no_fact(fact: str, before: str) -> None:
    sentence = f"OFAC designated Bo Cedar {fact}."
    assert check(sentence, f"{before} OFAC designated Bo Cedar.", 1).verdict is Verdict.PARTIAL
    assert check(sentence, "OFAC designated Bo Cedar.", title=f"OFAC Acts {fact}").verdict is Verdict.PARTIAL
    assert check(sentence, f"# OFAC acts {fact}\n\nOFAC designated Bo Cedar.").verdict is Verdict.PARTIAL


def test_the_date_of_the_release_is_lent() -> None:
    assert check("OFAC designated Bo Cedar on March 4, 2019.", "OFAC designated Bo Cedar.").verdict is Verdict.SUPPORTED


def test_a_pronoun_is_the_nearest_partys() -> None:
    source = "Alder Lines sails. Birch Bank is a bank. It moved $5 million."
    assert check("Birch Bank moved $5 million.", source).verdict is Verdict.SUPPORTED
    assert check("Alder Lines moved $5 million.", source).verdict not in PASSED


def test_a_word_that_takes_up_what_was_said_before() -> None:
    source = "Bo Cedar led the attack. Bo Cedar's scheme cost Lagos $5 million."
    assert check("The attack cost Lagos $5 million.", source, 1).verdict is Verdict.SUPPORTED
    assert check("The theft cost Lagos $5 million.", source, 1).verdict not in PASSED


def test_a_name_of_one_word_that_begins_the_sentence_is_known_from_before() -> None:
    source = "Later, Okafor came to Lagos. She moved $5 million."
    assert check("Okafor moved $5 million.", source, 1).verdict is Verdict.SUPPORTED
    assert check("Cedar moved $5 million.", source, 1).verdict not in PASSED
