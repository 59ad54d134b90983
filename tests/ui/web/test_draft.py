"""The draft tab: verdicts, right values and evidence of a text, and what is said of one that cannot be checked."""

import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.briefing.draft.reading import LONGEST_DRAFT
from assistant.engine import Assistant
from corpus.loaders import LARGEST_FILE
from tests.assistant.briefing.test_draft_check import ERRORS, PAGE
from ui.web.desk import Desk
from ui.web.rendering.draft import progress_html, results_html
from ui.web.tabs.draft import DraftTab, Result, _json, _page, _word

HURTFUL = 'OFAC sanctioned <img src=x onerror="window.hurt = 1"> on August 8, 2022 (jy0916).'


@pytest.fixture(scope="module")
def result(starter: Assistant) -> Result:
    """The page with five errors, checked as the tab checks it."""
    return checked_by(Desk(starter, *[None] * 2, Path(), False), PAGE)  # type: ignore[arg-type] # needs no more


def last(desk: Desk, text: str, path: str | None = None) -> tuple[Any, ...]:
    *_, end = DraftTab(desk).check(text, path)
    return end


def checked_by(desk: Desk, text: str, path: str | None = None) -> Result:
    found = last(desk, text, path)[1]
    assert isinstance(found, Result)
    return found


def shown(result: Result) -> LexborHTMLParser:
    return LexborHTMLParser(results_html(result.draft, result.checked))


# --- what is shown ---


def test_counts_say_icon_number_and_word(result: Result) -> None:
    chips = [" ".join(chip.text().split()) for chip in shown(result).css(".draft-counts li")]
    assert chips[-1] == "· 6 nothing to check"
    assert sum(int(chip.split()[1]) for chip in chips) == len(result.checked.sentences)
    assert {chip.split(" ", 2)[2] for chip in chips} == {
        *("not supported", "partly supported", "supported", "verbatim", "nothing to check")
    }


@pytest.mark.parametrize(("wrong", "right"), [(wrong, right) for wrong, right in ERRORS.items() if right])
def test_a_wrong_value_is_struck_and_the_right_one_stands_next_to_it(result: Result, wrong: str, right: str) -> None:
    struck = [d for d in shown(result).css("del") if wrong in d.text()]
    assert len(struck) == 1
    added = struck[0].next
    while added is not None and added.tag != "ins":
        added = added.next
    assert added is not None
    assert added.text().startswith(right)


def test_only_what_needs_a_look_is_open_and_the_rest_can_be_filtered(result: Result) -> None:
    page = shown(result)
    assert len(page.css("article")) == len(page.css(".sentence.wrong")) == len(result.checked.wrong) == len(ERRORS)
    holding = [b for b in page.css(".draft-block") if "holds" in (b.attributes["class"] or "")]
    assert not any(block.css(".wrong") for block in holding)
    assert len(holding) + sum(bool(block.css(".wrong")) for block in page.css(".draft-block")) == len(
        page.css(".draft-block")
    )


def test_every_verdict_leads_to_its_evidence_which_opens_the_release_at_the_quote(
    result: Result, starter: Assistant
) -> None:
    page = shown(result)
    for sign in page.css("a.sign"):
        assert len(page.css(sign.attributes["href"] or "")) == 1
    buttons = page.css(".evidence .open-release")
    assert buttons
    for button in buttons:
        release = starter.release(button.attributes["data-release"] or "")
        assert release
        quote = release.text[int(button.attributes["data-start"] or 0) : int(button.attributes["data-end"] or 0)]
        assert " ".join(quote.split()) in button.parent.parent.text()  # type: ignore[union-attr]


def test_markup_in_a_draft_stays_text(desk: Desk) -> None:
    page = shown(checked_by(desk, HURTFUL))
    assert page.css("img") == []
    assert "<img" in page.text()


def test_progress_counts_sentences() -> None:
    assert "12 of 1,200 sentences checked" in LexborHTMLParser(progress_html(12, 1200)).text()


# --- the check ---


def test_a_check_tells_of_every_sentence_and_can_be_left_at_any(desk: Desk) -> None:
    steps = DraftTab(desk).check("OFAC sanctioned Tornado Cash on August 8, 2022. It is a mixer.", None)
    assert "0 of 2" in next(steps)[0]
    assert "1 of 2" in next(steps)[0]
    steps.close()  # what "Stop" does


def test_nothing_needs_attention_where_all_holds(desk: Desk) -> None:
    found = checked_by(desk, "OFAC sanctioned the mixer Tornado Cash on August 8, 2022 (jy0916).")
    assert "No sentence needs attention." in results_html(found.draft, found.checked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "paste a text, or choose a file"),
        (" \n ", "paste a text, or choose a file"),
        ("[^1]: a note", "holds no sentence"),
        ("a\x00b", "is no text"),
        ("Word. " * (LONGEST_DRAFT // 6 + 1), "300,000 are the most"),
    ],
    ids=["empty", "blank", "no sentence", "no text", "too long"],
)
def test_a_text_that_cannot_be_checked_is_told_in_words(desk: Desk, text: str, said: str) -> None:
    html, result, *_ = last(desk, text)
    assert said in LexborHTMLParser(html).text()
    assert result is None


def test_a_file_that_cannot_be_checked_is_told_by_its_name_and_not_by_its_folder(
    desk: Desk,
    tmp_path: Path,
) -> None:
    files = {
        "figures.xlsx": (b"PK", "a draft is one of: .docx"),
        "broken.docx": (b"no Word document", "open it in Word and save it again"),
        "picture.md": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture.md"),
        "empty.txt": (b"", "holds no sentence"),
    }
    for name, (data, said) in files.items():
        (tmp_path / name).write_bytes(data)
        html, result, *_ = last(desk, "", str(tmp_path / name))
        told = LexborHTMLParser(html).text()
        assert result is None
        assert said in told
        assert name.lower() in told.lower()
        assert str(tmp_path) not in told


def test_a_file_that_is_too_large_is_not_read(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert "check it in parts" in last(desk, "", str(path))[0]


def test_a_long_draft_is_taken(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("# Tornado Cash\n\n" * 7_000, encoding="utf-8")
    assert path.stat().st_size > 100_000
    assert checked_by(desk, "", str(path)).checked.counts["nothing to check"] == 7_000


# --- the files ---


def test_the_files_of_a_text_are_named_by_it_and_hold_the_check(result: Result) -> None:
    made = dict(make("", result) for make in (_word, _page, _json))
    assert list(made) == ["Pasted-text-checked.docx", "Pasted-text-checked.html", "Pasted-text-checked.json"]
    assert len(json.loads(made["Pasted-text-checked.json"])["sentences"]) == len(result.checked.sentences)
    assert b"January 2, 2015" in made["Pasted-text-checked.html"]


def test_a_word_document_comes_back_with_comments(desk: Desk, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("OFAC sanctioned the mixer Tornado Cash on August 9, 2022 (jy0916).")
    document.save(str(tmp_path / "note.docx"))
    name, data = _word("", checked_by(desk, "this text is passed over", str(tmp_path / "note.docx")))
    assert name == "note-checked.docx"
    (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / name) as package:
        assert "August 8, 2022" in package.read("word/comments.xml").decode()
