"""Which sanctions programmes a release is under: by its authorities, by its title, by what it speaks of."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import clean_text
from corpus.programmes import OPENING, PROGRAMMES, programmes_of
from corpus.release import DateSource, Release, ReleaseKind

OTHER = "The ministers met in Geneva and spoke about debt. They will meet again in the spring."


def of(text: str, title: str = "Treasury Sanctions the Harbor Network", date: str = "2023-06-15") -> tuple[str, ...]:
    clean = clean_text(text)
    day = datetime.date.fromisoformat(date) if date else None
    return programmes_of(
        Release(
            "ab0001",
            title,
            day,
            DateSource.FRONT_MATTER,
            "press-releases",
            "",
            ReleaseKind.RELEASE,
            clean.text,
            clean.paragraphs,
            "",
        )
    )


@pytest.mark.parametrize(
    ("text", "programmes"),
    [
        ("OFAC is designating Lina Okafor pursuant to E.O. 13224.", ("Counter-terrorism",)),
        ("She is designated pursuant to Executive Order (E.O.) 14024.", ("Russia and Ukraine",)),
        ("She is designated under Executive Order 13,818.", ("Global Magnitsky",)),
        ("She is designated under EO 13694, as amended by EO 13757.", ("Cyber",)),
        ("They are designated under Executive Orders 13382 and 13553.", ("Iran", "Non-proliferation")),
        (
            "They are designated under E.O.s 13224, 13382, and 13692.",
            ("Counter-terrorism", "Non-proliferation", "Venezuela"),
        ),
        ("They are designated under Executive Order No. 13405.", ("Belarus",)),
        ("They are designated under the Foreign Narcotics Kingpin Designation Act.", ("Counter-narcotics",)),
        ("OFAC fined the bank for violations of the Cuban Assets Control Regulations.", ("Cuba",)),
        ("OFAC names a Specially Designated Global Terrorist.", ("Counter-terrorism",)),
        ("OFAC lists: OKAFOR, Lina, Lagos (individual) [SDNTK]", ("Counter-narcotics",)),
        ("OFAC lists: HARBOR LINES, Lagos [IRAN-EO13846] [DPRK4]", ("Iran", "North Korea")),
        ("OFAC acts under the Iran Threat Reduction and Syria Human Rights Act.", ("Iran", "Syria")),
        ("OFAC acts under E.O. 13606, which is about Iran and Syria.", ("Iran", "Syria")),
        ("OFAC blocked it. See E.O. 14067 on digital assets.", ()),  # no order of a sanctions programme
        ("OFAC blocked account 13224 in 2020.", ()),  # a number, not an order
        ("OFAC blocked it under E.O. 132245.", ()),
    ],
)
def test_an_authority_that_is_cited(text: str, programmes: tuple[str, ...]) -> None:
    assert of(text) == programmes


@pytest.mark.parametrize(
    "past",
    [
        "Harbor Lines was previously designated pursuant to E.O. 13582.",
        "On May 18, 2011, OFAC designated Harbor Lines pursuant to E.O. 13582.",
        "Its owner, whom Treasury had already designated in 2012 under E.O. 13582, lives in Lagos.",
        "Harbor Lines was listed in the Annex to E.O. 13582.",
    ],
)
def test_what_was_done_before_does_not_count_beside_what_is_done_now(past: str) -> None:
    now = "Lina Okafor is being designated pursuant to E.O. 13224."
    assert of(f"{now} {past}") == ("Counter-terrorism",)
    assert of(f"{now} {past}", title="Treasury Targets Syrian Ports") == ("Counter-terrorism", "Syria")


def test_what_was_done_before_counts_where_nothing_else_does() -> None:
    text = "Treasury today took the team off its list. OFAC had designated it in 1999 pursuant to E.O. 12978."
    assert of(text, title="Treasury Lifts Sanctions on a Soccer Team") == ("Counter-narcotics",)


def test_the_day_of_the_release_is_not_before() -> None:
    text = "Lina Okafor is designated under E.O. 13224. On June 15, 2023, OFAC designated her brother under E.O. 14059."
    assert of(text) == ("Counter-narcotics", "Counter-terrorism")
    assert of(text, date="2023-06-16") == ("Counter-terrorism",)


def test_an_order_is_not_cited_before_its_president_signed() -> None:
    text = "OFAC designated the bank pursuant to E.O. 13882."
    assert of(text, date="2020-01-02") == of(text, date="") == ("Mali",)
    assert of(text, date="2013-03-11") == (), "a slip for 13382"


@pytest.mark.parametrize(
    ("title", "programmes"),
    [
        ("Treasury Sanctions Iranian Shipping Lines", ("Iran",)),
        ("Treasury Targets DPRK Bank for WMD Proliferation", ("North Korea", "Non-proliferation")),
        ("Treasury Designates Hizballah Operatives in Lebanon", ("Counter-terrorism",)),
        ("Treasury Sanctions Sinaloa Cartel Members", ("Counter-narcotics",)),
        ("Treasury Action Targets al-Qa’ida in Iran", ("Counter-terrorism",)),  # a place, not whom it is against
        ("Treasury Sanctions an Iran-Based Kidnapper", ()),
        ("Treasury Designates Afghanistan-Based Trafficker", ()),
        ("Fact Sheet: New Executive Order on the Situation in Ethiopia", ("Ethiopia",)),
        ("Treasury Issues General Licenses for Afghanistan", ("Afghanistan",)),
        ("Readout of the Secretary’s Call with the Iraqi Minister", ()),
        ("Under Secretary for Terrorism and Financial Intelligence on Sanctions Targeting", ()),
        ("Treasury Sanctions South Sudanese Officials", ()),  # may be under the Global Magnitsky programme
    ],
)
def test_whom_a_title_about_sanctions_names(title: str, programmes: tuple[str, ...]) -> None:
    assert of("OFAC blocked the property of eight persons.", title) == programmes


@pytest.mark.parametrize(
    ("said", "programme"),
    [
        ("Iran sanctions", "Iran"),
        ("sanctions against the Government of Iran", "Iran"),
        ("Russia-related sanctions", "Russia and Ukraine"),
        ("North Korea’s sanctions", "North Korea"),
        ("sectoral sanctions on Russia", "Russia and Ukraine"),
        ("the price cap on Russian oil", "Russia and Ukraine"),
        ("Ukraine-related General Licenses", "Russia and Ukraine"),
        ("sanctions on Sudan", "Sudan"),
    ],
)
def test_sanctions_spoken_of_early_or_twice(said: str, programme: str) -> None:
    title = "Remarks in Geneva"
    assert of(f"They spoke about {said}.", title) == (programme,)
    long_before = " ".join(f"Minister {n} spoke about debt in Geneva." for n in range(OPENING // 30))
    assert of(f"{long_before} They spoke about {said}.", title) == ()
    assert of(f"{long_before} They spoke about {said}. {OTHER} They came back to {said}.", title) == (programme,)


@pytest.mark.parametrize(
    "text", [OTHER, "", "Iran’s economy grew. Its ministers spoke about oil.", "Sanctions were spoken of."]
)
def test_a_release_that_is_not_about_a_programme(text: str) -> None:
    assert of(text, "Readout of a Meeting") == ()


def test_the_table_is_sound() -> None:
    names = [programme.name for programme in PROGRAMMES]
    assert len(set(names)) == len(names)
    assert all(number.isdigit() and 12000 < int(number) < 15000 for p in PROGRAMMES for number in p.orders)
    of_two = {n for p in PROGRAMMES for n in p.orders if sum(n in other.orders for other in PROGRAMMES) > 1}
    assert of_two == {"13606", "13608"}, "the two that are against Iran and Syria at once"
    assert all(isinstance(way, tuple) for p in PROGRAMMES for way in (p.laws, p.tags, p.subjects, p.called))


@given(st.text(), st.text(), st.dates())
def test_any_text_has_known_programmes_in_the_tables_order(title: str, text: str, date: datetime.date) -> None:
    found = of(f"{text} sanctions E.O. 13224 {text}", title, date.isoformat())
    order = [programme.name for programme in PROGRAMMES]
    assert list(found) == sorted(set(found), key=order.index)
