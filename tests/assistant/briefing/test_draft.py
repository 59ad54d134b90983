"""A draft taken apart: its sentences by place, what they cite, and which of them assert anything."""

import datetime
import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from assistant.briefing.draft.claims import nothing_to_check
from assistant.briefing.draft.draft import BlockKind, Draft, DraftSentence
from assistant.briefing.draft.reading import LONGEST_DRAFT, read_bytes, read_draft
from assistant.briefing.draft.word_text import runs_between, word_paragraphs
from assistant.briefing.footnotes import Footnotes
from assistant.briefing.word_parts import add_hyperlink
from assistant.briefing.word_styles import new_document
from corpus.errors import BriefingError

KNOWN = {
    "jy1539": ["jy1539"],
    "jy0916": ["jy0916"],
    "jy0916a": ["jy0916"],
    "remarks-of-may-2-2019": ["remarks-of-may-2-2019"],
}
NEWS = "https://home.treasury.gov/news/press-releases"


def known(name: str) -> Sequence[str]:
    return KNOWN.get(name, [])


def read(text: str, name: str = "draft.md") -> Draft:
    return read_draft(Path(name), text.encode(), known)


def read_word(document: "docx.document.Document") -> Draft:
    packed = io.BytesIO()
    document.save(packed)
    return read_draft(Path("draft.docx"), packed.getvalue(), known)


def words(draft: Draft) -> list[str]:
    return [sentence.words for sentence in draft.sentences]


def cited(sentence: DraftSentence) -> tuple[list[str], list[str]]:
    return (
        [release_id for reference in sentence.references for release_id in reference.release_ids],
        [name for reference in sentence.references for name in reference.unknown],
    )


@pytest.mark.parametrize(
    ("written", "release_ids", "unknown"),
    [
        ("The bank was closed [jy1539].", ["jy1539"], []),
        ("The bank was closed. [jy1539]", ["jy1539"], []),
        ("The bank was closed (jy1539).", ["jy1539"], []),
        ("The bank was closed (see JY-1539).", ["jy1539"], []),
        ("The bank was closed (jy1539; jy 0916).", ["jy1539", "jy0916"], []),
        ("The bank was closed [jy1539, jy0916a].", ["jy1539", "jy0916"], []),
        ("The bank was closed [jy1539][jy0916].", ["jy1539", "jy0916"], []),
        ("The bank was closed [remarks-of-may-2-2019].", ["remarks-of-may-2-2019"], []),
        ("The bank was closed [jy9999].", [], ["jy9999"]),
        ("The bank was closed (jy9999, jy1539).", ["jy1539"], ["jy9999"]),
        (f"The bank was closed ({NEWS}/jy1539).", ["jy1539"], []),
        (f"The bank was closed {NEWS}/JY0916/.", ["jy0916"], []),
        (f"The bank was closed <{NEWS}/jy1>.", [], ["jy1"]),
        ("According to jy1539, The bank was closed.", ["jy1539"], []),
        ("The bank was closed.[^1]\n\n[^1]: Treasury, jy1539, June 15, 2023", ["jy1539"], []),
        (f"The bank was closed.[^a]\n\n[^a]: See {NEWS}/jy1539 and jy0916.", ["jy1539", "jy0916"], []),
        ("The bank was closed.[^1]\n\n[^1]: jy9999", [], ["jy9999"]),
        ("The bank was closed.[^1]", [], ["[^1]"]),
        ("The bank was closed. [1]\n\nSources\n\n[1] jy1539 · June 15, 2023\n    “words”", ["jy1539"], []),
        (f"[The bank]({NEWS}/jy1539) was closed.", ["jy1539"], []),
        (f"[The bank][r] was closed.\n\n[r]: {NEWS}/jy1539", ["jy1539"], []),
    ],
)
def test_what_a_sentence_cites(written: str, release_ids: list[str], unknown: list[str]) -> None:
    first = read(written).sentences[0]
    assert first.words == "The bank was closed."
    assert cited(first) == (release_ids, unknown)


@pytest.mark.parametrize(
    "text",
    [
        "It was designated (E.O. 13382) in May.",
        "It was closed (FY2023) for good.",
        "It was closed [sic] for good.",
        "It was closed [1] for good.",
        "It was closed (EO 13382) for good.",
        "It moved $5 million (2019) to the bank.",
    ],
)
def test_what_is_no_reference_stays(text: str) -> None:
    (sentence,) = read(text).sentences
    assert (sentence.words, cited(sentence)) == (text, ([], []))


def test_a_reference_belongs_to_the_sentence_that_it_follows() -> None:
    draft = read("One was closed. [jy1539] Two was closed (jy0916). Three was closed. [jy9999]\n")
    assert [cited(sentence) for sentence in draft.sentences] == [(["jy1539"], []), (["jy0916"], []), ([], ["jy9999"])]
    written = [(r.written, draft.text[r.start : r.end]) for s in draft.sentences for r in s.references]
    assert written == [(w, w) for w in ("[jy1539]", "(jy0916)", "[jy9999]")]


def test_markdown_is_read_without_its_marks() -> None:
    draft = read(
        "---\ntitle: x\n---\n# Harbor\n\nThe **bank** of\n*Lagos* paid \\$5 `million`. It is_closed.\n\n"
        "> A quote of it.\n\n- An item of it.\n\n"
        "| Name | Fact |\n| --- | --- |\n| Harbor | It is closed. |\n\n```\nsome code.\n```\n"
    )
    assert [(s.words, s.kind) for s in draft.sentences] == [
        ("Harbor", BlockKind.HEADING),
        ("The bank of Lagos paid $5 million.", BlockKind.PARAGRAPH),
        ("It is_closed.", BlockKind.PARAGRAPH),
        ("A quote of it.", BlockKind.PARAGRAPH),
        ("An item of it.", BlockKind.ITEM),
        ("Name", BlockKind.CELL),
        ("Fact", BlockKind.CELL),
        ("Harbor", BlockKind.CELL),
        ("It is closed.", BlockKind.CELL),
    ]
    first = draft.sentences[1]
    assert draft.text[first.start : first.end] == "The **bank** of\n*Lagos* paid \\$5 `million`."
    at = first.words.index("$5 million")
    start, end = first.place(at, at + len("$5 million"))
    assert draft.text[start:end] == "$5 `million"


def test_plain_text_has_no_marks_but_paragraphs_and_items() -> None:
    draft = read("A *bank* was\r\nclosed. So.\r\n\r\n• One item.\r\n• Two\titems.\r\n", "draft.txt")
    assert [(s.words, s.block) for s in draft.sentences] == [
        ("A *bank* was closed.", 0),
        ("So.", 0),
        ("One item.", 1),
        ("Two items.", 2),
    ]


TEXTS = st.lists(
    st.sampled_from(
        "The bank|Ünïcode 😀|was closed|on May 2, 2019|. |.\n|\n\n|- |# |> |**|*|_|[jy1539]|(jy0916)| [^1]|"
        "\n[^1]: jy1539|"
        "| a | b |\n|---|---|\n|\\|`|[a](b)|<b>|&amp;|\t|https://home.treasury.gov/x/jy1539|? |“|”|\r\n|1. ".split("|")
    ),
    max_size=30,
).map("".join)


@given(TEXTS, st.sampled_from(["draft.md", "draft.txt"]))
def test_every_sentence_is_where_it_says(text: str, name: str) -> None:
    try:
        draft = read(text, name)
    except BriefingError:
        return
    end = 0
    for sentence in draft.sentences:
        assert end <= sentence.start < sentence.end <= len(draft.text)
        end = sentence.end
        assert len(sentence.words) == len(sentence.positions)
        assert (sentence.positions[0], sentence.positions[-1] + 1) == (sentence.start, sentence.end)
        assert list(sentence.positions) == sorted(set(sentence.positions))
        for shown, place in zip(sentence.words, sentence.positions, strict=True):
            assert shown == draft.text[place] or (shown == " " and draft.text[place].isspace())
        for reference in sentence.references:
            assert 0 <= reference.start <= reference.end <= len(draft.text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# OFAC designated Harbor Lines on May 2, 2019", "a heading"),
        ("Did OFAC designate Harbor Lines in 2019?", "a question"),
        ("Background", "a fragment"),
        ("Harbor Lines of Lagos", "a fragment"),
        ("This merits attention.", "the writer's judgement"),
        ("It remains to be seen how the banks respond.", "the writer's judgement"),
        ("It is important to follow the networks.", "the writer's judgement"),
        ("We recommend that Treasury follow the network of Harbor.", "the writer's judgement"),
        ("In our view the network is large.", "the writer's judgement"),
        ("We looked into the networks.", "in the first person"),
        ("This note sets out the networks of Harbor.", "about the draft itself"),
        ("The following section describes the networks.", "about the draft itself"),
        ("| a | b |\n|---|---|\n| Harbor Lines of Lagos, a firm in Nigeria | x |", "a fragment"),
        ("OFAC designated Harbor Lines.", ""),
        ("The network moved money for the bank.", ""),
        ("It should be closed by May 2, 2019.", ""),
        ("We understand that OFAC fined the bank $5 million.", ""),
        ("We understand that OFAC fined the bank.", ""),
        ("Harbor Lines should be closed.", ""),
        ("This note tells that 5 banks were closed.", ""),
        ("- Harbor Lines was fined by OFAC in Lagos", ""),
        ("- Fined $5 million in 2019", ""),
        ("U.S. persons may not deal with it.", ""),
    ],
)
def test_what_there_is_to_check(text: str, reason: str) -> None:
    assert nothing_to_check(read(text).sentences[0]) == reason


def a_word_document() -> "docx.document.Document":
    """Formatted as analysts do: runs cut anywhere, a footnote, a link, a table, a deletion, a tab."""
    document = new_document("Harbor", datetime.date(2026, 11, 25), "somebody")
    document.add_heading("Harbor", 1)
    paragraph = document.add_paragraph("The ba")
    paragraph.add_run("nk was clo").bold = True
    paragraph.add_run("sed. It ").italic = True
    add_hyperlink(paragraph._p, document.part, "paid a fine", f"{NEWS}/jy0916")
    paragraph.add_run(" of\t$5 million.")
    footnotes = Footnotes(document)
    footnotes.add(paragraph, 1).text(" See jy1539.")
    paragraph.add_run(" Nobody knew.")
    gone = paragraph.add_run("This was deleted. ")
    deletion = docx.oxml.OxmlElement("w:del")
    gone._r.addprevious(deletion)
    deletion.append(gone._r)
    document.add_paragraph("An item of it.", "List Bullet")
    document.add_table(1, 1).rows[0].cells[0].text = "A cell is closed."
    return document


def test_a_word_document_is_read_as_its_reader_sees_it() -> None:
    draft = read_word(a_word_document())
    assert [(s.words, s.kind, cited(s)[0]) for s in draft.sentences] == [
        ("Harbor", BlockKind.HEADING, []),
        ("The bank was closed.", BlockKind.PARAGRAPH, []),
        ("It paid a fine of $5 million.", BlockKind.PARAGRAPH, ["jy0916", "jy1539"]),
        ("Nobody knew.", BlockKind.PARAGRAPH, []),
        ("An item of it.", BlockKind.ITEM, []),
        ("A cell is closed.", BlockKind.CELL, []),
    ]
    assert draft.text[draft.sentences[2].start : draft.sentences[2].end] == "It paid a fine of\t$5 million."


def formats(paragraph: object) -> list[tuple[str, str]]:
    """Every character of a paragraph with its run's properties."""
    found = []
    for run in paragraph.iter(qn("w:r")):  # type: ignore[attr-defined]
        style = run.rPr.xml if run.rPr is not None else ""
        found += [(c, style) for text in run.iter(qn("w:t")) for c in text.text or ""]
    return found


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_cutting_runs_keeps_text_and_formatting(places: list[tuple[int, int]]) -> None:
    document = a_word_document()
    before = word_paragraphs(document)[1]
    element, text, styled = before.element, before.text, formats(before.element)
    for a, b in places:
        start, end = sorted((min(a, len(text)), min(b, len(text))))
        runs = runs_between(element, start, end)
        shown = "".join(
            "\t" if child.tag == qn("w:tab") else child.text or ""
            for run in runs
            for child in run
            if child.tag in (qn("w:t"), qn("w:tab"))
        )
        assert shown == text[start:end]
    after = word_paragraphs(document)[1]
    assert (after.text, formats(element)) == (text, styled)
    assert len(list(element.iter(qn("w:footnoteReference")))) == 1
    assert [m.at for m in after.mentions] == [m.at for m in before.mentions]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.md", b"", "holds no sentence"),
        ("a.txt", b" \n\n ", "holds no sentence"),
        ("a.md", b"```\ncode\n```\n", "holds no sentence"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\xff", "not UTF-8 text"),
        ("a.txt", b"PK\x00\x00", "is no text; a Word document ends in .docx"),
        ("a.docx", b"", "cannot be read as a Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0 an older format", "cannot be read as a Word document"),
        ("a.txt", b"A bank. " * (LONGEST_DRAFT // 8 + 1), "characters, 300,000 are the most"),
    ],
)
def test_drafts_that_cannot_be_checked(name: str, data: bytes, told: str) -> None:
    with pytest.raises(BriefingError, match=told):
        read_draft(Path(name), data, known)


@pytest.mark.parametrize("cut", range(0, 2000, 97))
def test_a_damaged_word_document_is_told_or_read(cut: int) -> None:
    packed = io.BytesIO()
    a_word_document().save(packed)
    whole = packed.getvalue()
    damaged = whole[:cut] + b"\x00" * 40 + whole[cut + 40 :]
    for data in (damaged, whole[: len(whole) - cut - 1]):
        try:
            told = read_draft(Path("a.docx"), data, known).text
        except BriefingError as error:
            told = str(error)
        assert "The bank was closed" in told or "cannot be read as a Word document" in told


def test_only_some_formats_are_drafts(tmp_path: Path) -> None:
    with pytest.raises(BriefingError, match=r"one of: \.docx, \.md"):
        read_bytes(tmp_path / "a.odt")
    with pytest.raises(BriefingError, match="No such file"):
        read_bytes(tmp_path / "a.md")
