"""What one is to the other is not what the other is to the one, unless the word holds both ways."""

import pytest

from assistant.citations.checking import ReasonKind, Verdict
from tests.assistant.citations.cited import checked

PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)
NOT_MUTUAL = [
    "wife",
    "husband",
    "daughter",
    "father",
    "owner",
    "subsidiary",
    "parent company",
    "predecessor",
    "successor",
    "supplier",
    "leader",
    "slush fund",
]


@pytest.mark.parametrize("noun", NOT_MUTUAL)
@pytest.mark.parametrize(
    "form",
    [
        "{b} is the {noun} of {a}.",
        "{b}, the {noun} of {a}, was named.",
        "OFAC named {b}, {a}'s {noun}.",
        "{a}'s {noun}, {b}, was named.",
        "OFAC named {a} and its {noun} {b}.",
    ],
)
def test_the_other_way_round(noun: str, form: str) -> None:
    source = f"OFAC named Ann Okafor, the {noun} of Bo Cedar."
    turned = form.format(a="Ann Okafor", b="Bo Cedar", noun=noun)
    found = checked(turned, source)
    assert found.verdict is Verdict.UNSUPPORTED
    assert ReasonKind.DIRECTION in {reason.kind for reason in found.reasons}
    assert checked(form.format(a="Bo Cedar", b="Ann Okafor", noun=noun), source).verdict in PASSED


@pytest.mark.parametrize("noun", ["spouse", "partner", "brother", "sister", "sibling", "cousin"])
def test_what_holds_both_ways(noun: str) -> None:
    source = f"OFAC named Ann Okafor, the {noun} of Bo Cedar."
    assert checked(f"OFAC named Bo Cedar, the {noun} of Ann Okafor.", source).verdict in PASSED


@pytest.mark.parametrize(
    ("noun", "inverse"),
    [
        ("wife", "husband"),
        ("son", "father"),
        ("subsidiary", "parent"),
        ("predecessor", "successor"),
        ("supplier", "customer"),
        ("creditor", "debtor"),
    ],
)
def test_the_inverse_of_a_word_says_the_same_the_other_way_round(noun: str, inverse: str) -> None:
    source = f"OFAC named Ann Okafor, the {noun} of Bo Cedar."
    assert checked(f"OFAC named Bo Cedar, the {inverse} of Ann Okafor.", source).verdict in PASSED
    assert checked(f"OFAC named Ann Okafor, the {inverse} of Bo Cedar.", source).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("sentence", "source", "passes"),
    [
        ("Birch Bank is owned by Alder Lines.", "Alder Lines is the owner of Birch Bank.", True),
        ("Alder Lines is owned by Birch Bank.", "Alder Lines is the owner of Birch Bank.", False),
        ("Alder Lines is the owner of Birch Bank.", "Birch Bank is owned by Alder Lines.", True),
        ("Birch Bank is the owner of Alder Lines.", "Birch Bank is owned by Alder Lines.", False),
        ("Alder Lines controlled Alder.", "Alder Lines was controlled by Bo Alder.", False),
        (
            "Birch Bank owns 20% of Alder Lines.",
            "Birch Bank was founded in 1996, and Alder Lines owns 20% of it.",
            False,
        ),
        (
            "Alder Lines owns 20% of Birch Bank.",
            "Birch Bank was founded in 1996, and Alder Lines owns 20% of it.",
            True,
        ),
    ],
)
def test_owners_and_what_they_own(sentence: str, source: str, passes: bool) -> None:
    assert (checked(sentence, source).verdict in PASSED) == passes
