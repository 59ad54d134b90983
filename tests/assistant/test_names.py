"""Names of a question: slips are read right, other names are searched too, and nothing else is touched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.names import LOOKED_UP, NAMES, Correction, Expansion, expand
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Generation, Home
from tests.conftest import write_release

TEXTS = (
    *["The Harbor Control Office (HCO) fined Zorimand. The secretary spoke of sanctions in Norland."] * 3,
    "The Alder Gull Union (SANDS) met near Norland. The sands of Alder moved.",
    "The Alder Gull Union (SANDS) met again. White sands lie far out.",
    "Ann Bo (a.k.a. Cay Dot) came to Norland with Velimira.",
    *["The Free Alder Republic (FAR or North Alder) answered."] * 2,
)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Generation]:
    folder = tmp_path_factory.mktemp("names")
    home = Home(folder / "home")
    home.folder.mkdir()
    home.models.symlink_to(models)
    for n, text in enumerate(TEXTS):
        write_release(folder / "news" / f"2020-01-{n + 1:02}-ab{n}.md", f"Title {n}", f"{text} Number {n}.")
    build_index(folder / "news", home, DEFAULT_MODEL)
    opened = home.open()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Who fined Zorimnad?", "Who fined Zorimand?"),
        ("Is Norlnd, Norlnd's port, open?", "Is Norland, Norland's port, open?"),
        ("who announced sanctoins?", "who announced sanctions?"),
        ("  Secretry \n said: ", "  secretary \n said: "),
    ],
)
def test_slips_are_read_right(generation: Generation, asked: str, read: str) -> None:
    expansion = expand(asked, generation)
    assert expansion.text == read
    assert expansion.corrections


@pytest.mark.parametrize(
    "asked",
    [
        "Who fined Zorimand?",
        "Where is Velimira?",  # in one release only: rare, and no slip
        "their there which would",
        "Zori1and in Norl4nd, E.O. 13999, ab0001, $1,500.25",
        "Nor Zor",
        "Xylophone Quagga",
        "\U0001f6a2 \x00 \u202e \u200b",
        "Кто это? これは何ですか",
        "",
        " \n ",
    ],
)
def test_what_is_no_slip_stays_as_it_is(generation: Generation, asked: str) -> None:
    assert expand(asked, generation) == Expansion(asked)


@pytest.mark.parametrize(
    ("asked", "name", "other"),
    [
        ("What did the HCO do?", "HCO", "Harbor Control Office"),
        ("what did the hco do?", "hco", "Harbor Control Office"),
        ("What is HCO's role?", "HCO", "Harbor Control Office"),
        ("Head of the harbor control office?", "harbor control office", "HCO"),
        ("Who is Cay Dot?", "Cay Dot", "Ann Bo"),
        ("Who led SANDS?", "SANDS", "Alder Gull Union"),
        ("Talks with North Alder", "North Alder", "FAR"),
    ],
)
def test_other_names_are_searched_too(generation: Generation, asked: str, name: str, other: str) -> None:
    expansion = expand(asked, generation)
    assert other in expansion.also[name]
    assert expansion.text == asked


@pytest.mark.parametrize(
    "asked", ["Whose are the white sands?", "How far is it?", "Control of an office", "Ann met Bo", "Ann Hco met Bo"]
)
def test_words_that_are_no_names_have_no_others(generation: Generation, asked: str) -> None:
    assert expand(asked, generation).also == {}


def test_a_corrected_name_has_its_other_names(generation: Generation) -> None:
    expansion = expand("Head of the Harbr Control Office?", generation)
    assert expansion.also == {"Harbor Control Office": ("HCO",)}
    assert expansion.corrections == (Correction("Harbr", "Harbor"),)


def test_other_names_find_what_the_asked_one_does_not(generation: Generation) -> None:
    expansion = expand("Cay Dot", generation)
    (best, *_) = generation.lexical.search(expansion.text, 5, also=expansion.also)
    assert generation.chunks.get([best[0]])[0].release_id == "ab5"


def test_a_long_text_is_read_in_part(generation: Generation) -> None:
    many = " ".join(f"Norlan{'abcdefgh'[n % 8]}{'xyz'[n % 3]} HCO" for n in range(10_000))
    expansion = expand(many, generation)
    assert len(expansion.corrections) <= LOOKED_UP
    assert len(expansion.also_called) <= NAMES


@settings(deadline=None)
@given(st.text(st.sampled_from("Zorimand HCOhco.'’\n\x00\U0001f6a2") | st.characters(), max_size=200))
def test_any_text_can_be_read_and_reading_it_again_changes_nothing(generation: Generation, text: str) -> None:
    expansion = expand(text, generation)
    assert len(expansion.text.split()) == len(text.split())
    assert set(expansion.also) <= {name.asked for name in expansion.also_called}
    assert all(name.asked in expansion.text for name in expansion.also_called)
