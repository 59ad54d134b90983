"""Names learned from texts: what a text says is one thing, which words spell one name, and that both go with it."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.release import DateConfidence, DateSource, Release, ReleaseKind
from indexes import name_table, release_table
from indexes.name_table import NameTable, name_keys
from indexes.names import Said, folded, long_form, name_pairs, skeleton, words


@pytest.mark.parametrize(
    ("acronym", "before", "found"),
    [
        ("HCO", "designated by the Harbor Control Office", "Harbor Control Office"),
        ("OHC", "the chief of the Office of Harbor Control", "Office of Harbor Control"),
        ("HCOs", "several Harbor Control Offices", "Harbor Control Offices"),
        ("SME", "loans to small and medium-sized enterprises", "small and medium-sized enterprises"),
        ("FinHub", "the new Financial Innovation Hub", "Financial Innovation Hub"),
        ("EDT", "on Friday at 5 p.m.", None),
        ("NY", "Buffalo", None),
        ("XQ", "Harbor Control Office", None),
        ("HCO", "", None),
        ("A", "Alder", None),
    ],
)
def test_the_long_form_of_an_acronym(acronym: str, before: str, found: str | None) -> None:
    assert long_form(acronym, before) == found


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The Harbor Control Office (HCO) opened.", {("Harbor Control Office", "HCO", Said.ACRONYM)}),
        ("The Harbor Control Office’s (HCO’s) budget.", {("Harbor Control Office", "HCO", Said.ACRONYM)}),
        (
            "The Free Alder Republic of Norland (FARN or North Alder) replied.",
            {
                ("Free Alder Republic of Norland", "FARN", Said.ACRONYM),
                ("Free Alder Republic of Norland", "North Alder", Said.MARKED),
            },
        ),
        ("They met in North Alder (FARN).", {("North Alder", "FARN", Said.BESIDE)}),
        ("Ann Bo (a.k.a. “The Gull”) was named.", {("Ann Bo", "Gull", Said.MARKED)}),
        ("Alder Lines, also known as Alder Shipping, sails.", {("Alder Lines", "Alder Shipping", Said.MARKED)}),
        ("Alder Lines (formerly known as Birch Lines) sails.", {("Alder Lines", "Birch Lines", Said.MARKED)}),
        (
            "Name: Ann Bo\nAKA: Anne Boe\nAKA: Anna Bow DOB: 1949",
            {("Ann Bo", "Anne Boe", Said.MARKED), ("Ann Bo", "Anna Bow", Said.MARKED)},
        ),
        (
            "BOWER, Ann; a.k.a. BOER, Anne; a.k.a. Anna Bow",
            {("Ann BOWER", "Anne BOER", Said.MARKED), ("Ann BOWER", "Anna Bow", Said.MARKED)},
        ),
        ("The tanker Alder (IMO 9251274) sailed at 5 (see Figure 1).", set()),
        ("Harbor Bancorp, Inc. (Springfield, NY)", set()),
        ("It was also called a success, and is known as such.", set()),
        ("(HCO) a.k.a. (", set()),
        ("", set()),
        ("\U0001f6a2 (\U0001f6a2) a.k.a. \x00 \u202e", set()),
    ],
)
def test_what_a_text_says_is_one_thing(text: str, pairs: set[tuple[str, str, Said]]) -> None:
    assert {(pair.name, pair.other, pair.said) for pair in name_pairs(text)} == pairs


@given(st.text(st.sampled_from("AaBb aka.(),;’\n"), max_size=300))
def test_no_text_breaks_the_reading_and_names_come_from_it(text: str) -> None:
    for pair in name_pairs(text):
        assert all(set(words(name)) <= set(words(text)) for name in (pair.name, pair.other))


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("hezbollah", "hizballah", True),
        ("qadhafi", "gaddafi", True),
        ("muhammad", "mohamed", True),
        ("yevgeniy", "evgeny", True),
        ("qaida", "qaeda", True),
        ("indian", "indiana", False),
        ("germany", "german", False),
        ("venice", "vance", False),
    ],
)
def test_spellings_of_one_name_have_one_skeleton(one: str, two: str, same: bool) -> None:
    assert (skeleton(one) == skeleton(two)) is same


@pytest.mark.parametrize(("word", "small"), [("Guaidó", "guaido"), ("KÖNIG", "konig"), ("straße", "strasse"), ("", "")])
def test_folding(word: str, small: str) -> None:
    assert folded(word) == small


def release(release_id: str, text: str, title: str = "A Title") -> Release:
    return Release(
        release_id=release_id,
        title=title,
        date=None,
        date_source=DateSource.UNKNOWN,
        date_confidence=DateConfidence.NONE,
        paragraphs=(),
        section="press-releases",
        url="",
        kind=ReleaseKind.RELEASE,
        path="",
        text=text,
    )


class Names:
    """Tables of names that releases come into and go out of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = sqlite3.connect(path)
        self.db.executescript(release_table.SCHEMA + name_table.SCHEMA)

    def add(self, *texts: str, prefix: str = "r") -> None:
        releases = [release(f"{prefix}{n}", text) for n, text in enumerate(texts)]
        with self.db:
            release_table.write_releases(self.db, releases, {r.release_id: "" for r in releases})
            name_table.write_names(self.db, releases)
            name_table.settle_names(self.db)

    def remove(self, *release_ids: str) -> None:
        with self.db:
            name_table.delete_names(self.db, release_ids)
            release_table.delete_releases(self.db, release_ids)
            name_table.settle_names(self.db)

    def content(self) -> list[list[tuple[object, ...]]]:
        return [self.db.execute(f"SELECT * FROM {t} ORDER BY 1, 2").fetchall() for t in ("word", "name_pair", "also")]

    def also(self, name: str) -> tuple[str, ...]:
        table = NameTable(self.path)
        found = table.also(name_keys()(name))
        table.close()
        return found.others if found else ()

    def nearest(self, word: str) -> str | None:
        table = NameTable(self.path)
        nearest = table.nearest(word)
        table.close()
        return nearest


@pytest.fixture
def names(tmp_path: Path) -> Names:
    return Names(tmp_path / "names.sqlite")


OFFICE = "The Harbor Control Office (HCO) opened."


def test_an_acronym_is_believed_when_two_releases_say_it(names: Names) -> None:
    names.add(OFFICE)
    assert names.also("HCO") == ()
    names.add(OFFICE, prefix="s")
    assert names.also("HCO") == ("Harbor Control Office",)
    assert names.also("the harbor control offices") == ("HCO",)


def test_an_acronym_keeps_its_common_meanings(names: Names) -> None:
    rare = "The Hill Cat Owners (HCO) met."
    second = "The Holland Coal Order (HCO) fell."
    names.add(*[OFFICE] * 20, *[second] * 8, *[rare] * 2)
    assert names.also("HCO") == ("Harbor Control Office", "Holland Coal Order")
    assert names.also("Hill Cat Owners") == ()


def test_a_meaning_spelled_in_several_ways_is_given_in_the_most_used(names: Names) -> None:
    names.add(OFFICE, OFFICE, "The Harbor Controls Office (HCO) opened.")
    assert names.also("HCO") == ("Harbor Control Office",)


def test_what_an_acronyms_meaning_is_called_the_acronym_is_called_too(names: Names) -> None:
    names.add(*["The Free Alder Republic of Norland (FARN or North Alder) replied."] * 2)
    assert set(names.also("FARN")) == {"Free Alder Republic of Norland", "North Alder"}
    assert set(names.also("North Alder")) == {"Free Alder Republic of Norland", "FARN"}


@pytest.mark.parametrize("text", ["Ann Bo (a.k.a. Bo) came.", "Alder Lines, also known as Alder Lines Ltd, sails."])
def test_a_part_of_a_name_is_no_other_name(names: Names, text: str) -> None:
    names.add(text, text)
    assert names.content()[2] == []


def test_a_common_word_is_no_name_because_one_release_says_so(names: Names) -> None:
    names.add("Ann Bo (a.k.a. Market) came.", *["The market and the Market."] * 3)
    assert names.also("Ann Bo") == ()


def test_a_name_has_few_others(names: Names) -> None:
    names.add(*[f"Ann Bo (a.k.a. Cay Dot{'abcdefghij'[n]}) came." for n in range(9)])
    assert len(names.also("Ann Bo")) == name_table.OTHERS


SAID = [f"Mr. Kamil{c}ar Bo (a.k.a. Kamel{c}ar Bo) came." for c in "bdfgklmnprtv"]


def test_spellings_are_learned_from_the_letters_that_releases_exchange(names: Names) -> None:
    two = ["Zorimand sailed."] * 3 + ["Zoremand sailed."] * 2
    names.add(*two)
    assert names.also("Zorimand") == ()
    names.add(*SAID, prefix="s")
    assert names.also("Zorimand") == ("Zoremand",)
    assert names.also("Zoremand") == ("Zorimand",)


@pytest.mark.parametrize(
    ("one", "two"),
    [("Zorimand", "Zoremandi"), ("Zorimani", "Zorimane"), ("Zirit", "Zeret"), ("zorimand", "zoremand"), ("Zim", "Zem")],
    ids=["another syllable", "another ending", "too unlike", "no names", "too short"],
)
def test_what_is_no_spelling_of_one_name(names: Names, one: str, two: str) -> None:
    names.add(*SAID, *[f"Then {one} sailed."] * 3, *[f"Then {two} sailed."] * 3)
    assert names.also(one) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Geithnr", "Geithner"),
        ("Giethner", "Geithner"),
        ("Geitthner", "Geithner"),
        ("Geathner", "Geithner"),
        ("geithnr", "Geithner"),
        ("Gaithnor", "Geithner"),
        ("gaithnor", None),
        ("Keithner", None),
        ("Geit", None),
        ("Marble", None),
    ],
)
def test_slips(names: Names, typed: str, meant: str | None) -> None:
    names.add(*["Secretary Geithner spoke."] * 3)
    assert names.nearest(typed) == meant


def test_a_name_is_read_as_a_name_and_the_better_known_word_is_read_first(names: Names) -> None:
    names.add(*["The parson saw Larson and Carson."] * 3, *["Larsen."] * 5)
    assert names.nearest("Larsan") == "Larsen"
    assert names.nearest("Parsen") == "parson"


def test_a_rare_word_corrects_nothing(names: Names) -> None:
    names.add("Secretary Geithner spoke.", "Geithner left.")
    assert names.nearest("Geithnr") is None


@settings(deadline=None, max_examples=30)
@given(st.sets(st.integers(0, 5)))
def test_what_a_release_added_goes_with_it(gone: set[int]) -> None:
    texts = [OFFICE, OFFICE, "Ann Bo (a.k.a. The Gull)", *SAID[:2], "Gulls and \U0001f6a2 HCO"]
    brought, anew = Names(Path(":memory:")), Names(Path(":memory:"))
    brought.add(*texts)
    brought.remove(*(f"r{n}" for n in gone))
    with anew.db:
        name_table.write_names(anew.db, [release(f"r{n}", text) for n, text in enumerate(texts) if n not in gone])
        name_table.settle_names(anew.db)
    assert brought.content() == anew.content()


def test_an_empty_corpus_has_no_names(names: Names) -> None:
    names.add()
    assert names.also("Anything") == ()
    assert names.nearest("Anything") is None
