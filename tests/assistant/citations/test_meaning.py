"""A sentence that turns its source round does not pass; one that says the same in other words does."""

import pytest

from assistant.citations.checking import Checker, ReasonKind, Verdict
from tests.assistant.citations.cited import checked, cited, release_of

PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Alder Lines was designated by OFAC.", "OFAC designated Alder Lines."),
        ("OFAC designated Alder Lines.", "Alder Lines was designated by OFAC."),
        ("Birch Bank is owned by Alder Lines.", "Alder Lines owns Birch Bank."),
        ("Alder Lines and Birch Bank were sanctioned.", "OFAC sanctioned Birch Bank and Alder Lines."),
        ("Alder may not deal with Birch.", "The order bars Alder from dealing with Birch."),
        ("Okafor allegedly paid the crew.", "Okafor reportedly paid the crew."),
        ("Treasury plans to sell the shares.", "Treasury intends to sell the shares."),
        ("The Office of Foreign Assets Control sanctioned Alder Lines.", "OFAC sanctioned Alder Lines."),
        ("Okafor runs Alder Lines.", "Lina Okafor runs Alder Lines."),
        ("The Treasury sanctioned Alder Lines.", "The U.S. Department of the Treasury sanctioned Alder Lines."),
        ("The Iranian bank paid the crew.", "The bank of Iran paid the crew."),
        ("The Harbor Control Office (HCO) paid. HCO owns it.", "The Harbor Control Office (HCO) paid. HCO owns it."),
        ("North Korea bought the vessel.", "The Democratic People's Republic of Korea purchased the vessel."),
        ("All four banks are blocked.", "The four banks are blocked."),
        ("Treasury was to buy up to $25 billion of shares.", "Treasury will buy up to $25 billion of shares."),
        ("Treasury will buy up to $25 billion of shares.", "Treasury was to buy up to $25 billion of shares."),
        ("Together, Alder and Birch hold $5 billion.", "Alder and Birch hold a combined $5 billion."),
    ],
)
def test_what_says_the_same_passes(sentence: str, source: str) -> None:
    assert checked(sentence, source).verdict in PASSED


@pytest.mark.parametrize(
    ("sentence", "source", "kind"),
    [
        ("Alder did not pay the crew.", "Alder did pay the crew.", "negation"),
        ("Alder paid the crew.", "Alder never paid the crew.", "negation"),
        ("Alder paid the crew.", "Alder refused to pay the crew.", "negation"),
        ("Alder may deal with Birch.", "The order bars Alder from dealing with Birch.", "negation"),
        ("Okafor paid the crew.", "Okafor allegedly paid the crew.", "modality"),
        ("Okafor paid the crew.", "Okafor may have paid the crew.", "modality"),
        ("Treasury sold the shares.", "Treasury plans to sell the shares.", "modality"),
        ("Okafor shipped the arms.", "Okafor tried to ship the arms.", "modality"),
        ("Okafor stole $5 million.", "Okafor attempted thefts of $5 million.", "modality"),
        ("Okafor's bank was linked to crimes.", "Okafor's bank was linked to alleged crimes.", "modality"),
        ("Those believed to be blocked sold it.", "Those believed to be blocked could sell it.", "modality"),
        ("Treasury bought the shares.", "Treasury was to buy the shares.", "modality"),
        ("Birch Bank owns Alder Lines.", "Alder Lines owns Birch Bank.", "direction"),
        ("OFAC was designated by Alder Lines.", "OFAC designated Alder Lines.", "direction"),
        ("Birch Bank sold oil to Alder Lines.", "Alder Lines sold oil to Birch Bank.", "direction"),
        ("Alder is a subsidiary of Birch Bank.", "Birch Bank is a subsidiary of Alder.", "direction"),
        ("OFAC lifted sanctions on Alder.", "OFAC imposed sanctions on Alder.", "opposite"),
        ("Holdings of bills fell in May.", "Holdings of bills rose in May.", "opposite"),
        ("OFAC delisted Alder.", "OFAC designated Alder.", "opposite"),
        ("Alder left the scheme.", "Alder joined the scheme.", "opposite"),
        ("All banks closed their accounts.", "Some banks closed their accounts.", "scope"),
        ("Alder always paid the crew.", "Alder often paid the crew.", "scope"),
    ],
)
def test_what_turns_it_round_fails(sentence: str, source: str, kind: str) -> None:
    found = checked(sentence, source)
    assert found.verdict is Verdict.UNSUPPORTED
    assert ReasonKind(kind) in {reason.kind for reason in found.reasons}


@pytest.mark.parametrize(
    ("sentence", "source", "about"),
    [
        ("Okafor was convicted of fraud.", "Okafor was charged with fraud.", "convicted"),
        ("Cedar Bank paid the crew.", "Alder Lines paid the crew.", "Cedar Bank"),
        ("Lina Cedar runs Alder Lines.", "Lina Okafor runs Alder Lines.", "Lina Cedar"),
        ("Only Alder paid the crew.", "Alder paid the crew.", "Only"),
        ("OFAC sanctioned Mixer.io.", "OFAC sanctioned another mixer, Alder.io.", "Mixer"),
        ("OFAC sanctioned Alder.com.", "OFAC sanctioned another mixer, Alder.io.", "Alder"),
        ("U.S. persons are barred from dealing.", "U.S. persons are generally barred from dealing.", "barred"),
    ],
)
def test_what_the_source_does_not_say_is_told(sentence: str, source: str, about: str) -> None:
    found = checked(sentence, source)
    assert found.verdict not in PASSED
    assert about in {sentence[reason.start : reason.end] for reason in found.reasons}


def test_a_name_that_a_span_only_points_to_is_looked_for_before_it() -> None:
    release = release_of("Alder Lines is based in Lagos. The company moved $4 million.")
    assert Checker().check("Alder Lines moved $4 million.", [cited(release, 1)]).verdict is Verdict.SUPPORTED
    release = release_of("Alder Lines is based in Lagos. Birch Bank moved $4 million.")
    assert Checker().check("Alder Lines moved $4 million.", [cited(release, 1)]).verdict not in PASSED


def test_a_name_with_its_ending_is_known_by_it() -> None:
    source = "OFAC sanctioned another mixer, Alder.io, in May."
    assert checked("OFAC sanctioned the mixer Alder.io.", source).verdict is Verdict.SUPPORTED


def test_other_names_that_are_given_count() -> None:
    def others(name: str) -> list[str]:
        return ["Birch Holdings"] if name == "Alder Lines" else []

    source = "OFAC sanctioned Birch Holdings."
    assert checked("OFAC sanctioned Alder Lines.", source).verdict not in PASSED
    assert checked("OFAC sanctioned Alder Lines.", source, Checker(names=others)).verdict is Verdict.SUPPORTED


def test_a_name_that_the_release_itself_gives_another_counts() -> None:
    release = release_of(
        "Alder Lines, also known as Birch Holdings, is based in Lagos. OFAC sanctioned Birch Holdings."
    )
    assert Checker().check("OFAC sanctioned Alder Lines.", [cited(release, 1)]).verdict is Verdict.SUPPORTED


class Sure:
    """An entailment model that is always as sure as it is told to be."""

    def __init__(self, sure: float) -> None:
        self._sure = sure

    def entails(self, premise: str, hypothesis: str) -> float:
        return self._sure


def test_an_entailment_model_can_only_refuse() -> None:
    same, other = "Alder Lines was designated by OFAC.", "OFAC was designated by Alder Lines."
    source = "OFAC designated Alder Lines."
    assert checked(same, source, Checker(entailment=Sure(0.9))).verdict is Verdict.SUPPORTED
    assert checked(same, source, Checker(entailment=Sure(0.1))).verdict is Verdict.PARTIAL
    assert checked(other, source, Checker(entailment=Sure(0.9))).verdict is Verdict.UNSUPPORTED
