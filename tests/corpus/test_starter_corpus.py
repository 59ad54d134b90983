"""The starter corpus: digests in our own words whose every figure, date and bold name stands in the release."""

import datetime
import re
import unicodedata
from pathlib import Path

import pytest
import yaml

from corpus.starter import STARTER
from tests.shared import TREASURY_NEWS, needs_treasury_corpus

DIGESTS = sorted(STARTER.rglob("*.md"))

MONTHS = "January February March April May June July August September October November December".split()
NUMBER_WORDS = dict(
    zip(
        (
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen twenty"
        ).split(),
        map(str, range(2, 21)),
        strict=True,
    )
) | dict(zip("thirty forty fifty sixty seventy eighty ninety".split(), map(str, range(30, 100, 10)), strict=True))


def front_matter(path: Path) -> tuple[dict[str, object], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def fold(text: str) -> str:
    """One spelling for what differs only in marks: quotes, bold, zero-width characters, white space."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad*_\\]", "", text)
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"\s+", " ", re.sub(r"[‐‑–—]", "-", text))


def numbers(text: str) -> set[str]:
    """Numbers in figures, thousands separators taken out: ``$1,500`` is ``1500``."""
    return {n.replace(",", "") for n in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def spelled_numbers(text: str) -> set[str]:
    """Number words from two to ninety as figures; "one" is also a pronoun and says nothing."""
    return {NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in NUMBER_WORDS}


def month_days(text: str) -> set[tuple[int, int]]:
    pairs = re.findall(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}})\b(?! ?(?:,\d|\.\d|%))", text)
    return {(MONTHS.index(month) + 1, int(day)) for month, day in pairs}


def source_of(path: Path) -> str:
    meta, _ = front_matter(path)
    release_id = str(meta["url"]).rsplit("/", 1)[-1].lower()
    found = sorted(TREASURY_NEWS.rglob(f"*-{release_id}.md"))
    assert found, f"no release {release_id} in the corpus"
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in found)


def test_it_is_large_and_spans_the_archive() -> None:
    years = {meta["date"].year for meta, _ in map(front_matter, DIGESTS)}  # type: ignore[attr-defined]
    assert len(DIGESTS) >= 60
    assert min(years) <= 1996
    assert max(years) >= 2025
    ids = [front_matter(path)[0]["url"] for path in DIGESTS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_a_digest_has_the_form_of_a_release(path: Path) -> None:
    meta, body = front_matter(path)
    assert meta["kind"] == "digest"
    assert isinstance(meta["date"], datetime.date)
    section, slug = str(meta["url"]).removeprefix("/news/").split("/")
    assert path.parent.name == section
    assert path.name == f"{meta['date']}-{slug}.md"
    assert 120 <= len(re.sub(r"^##.*$", "", body, flags=re.M).split()) <= 350
    assert len(re.findall(r"^## \S", body, flags=re.M)) >= 2, "titled paragraphs"


@needs_treasury_corpus
@pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.stem)
def test_every_fact_of_a_digest_stands_in_the_release(path: Path) -> None:
    meta, body = front_matter(path)
    source, body, date = fold(source_of(path)), fold(body), meta["date"]
    assert isinstance(date, datetime.date)
    published = {str(date.year), str(date.day)}

    known = numbers(source) | spelled_numbers(source) | published
    assert not numbers(body) - known, "numbers that the release does not state"
    assert not spelled_numbers(body) - known, "number words that the release does not state"
    assert not month_days(body) - month_days(source) - {(date.month, date.day)}, "dates not in it"
    bold = {name.strip() for name in re.findall(r"\*\*(.+?)\*\*", front_matter(path)[1])}
    assert not {name for name in bold if fold(name).lower() not in source.lower()}, "names not in it"
