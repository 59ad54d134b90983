"""The Word document of a briefing, taken apart as a reader takes it apart."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from assistant.briefing.briefing import Briefing
from assistant.briefing.files import check_outputs, write_outputs
from assistant.briefing.word import as_word
from assistant.briefing.word_parts import xml_text
from corpus.errors import BriefingError
from tests.assistant.briefing.test_briefing import in_doubt

SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def word(briefing: Briefing) -> bytes:
    return as_word(briefing)


def part(word: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        return package.read(name).decode()


def test_every_part_is_declared_and_every_relation_leads_somewhere(word: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        assert package.testzip() is None
        types = package.read("[Content_Types].xml").decode()
        for name in names:
            if name.endswith((".xml", ".rels")):
                parse_xml(package.read(name))
            if name.startswith("word/_rels/"):
                for target, mode in re.findall(
                    r'Target="([^"]+)"(?: TargetMode="(\w+)")?', package.read(name).decode()
                ):
                    assert mode == "External" or f"word/{target}" in names or target.startswith("..")
    assert "/word/footnotes.xml" in types
    assert "wordprocessingml.footnotes+xml" in types


def test_footnotes_are_referred_to_once_and_in_order(word: bytes, briefing: Briefing) -> None:
    references = re.findall(r'<w:footnoteReference w:id="(-?\d+)"', part(word, "word/document.xml"))
    footnotes = re.findall(r'<w:footnote (?:w:type="\w+" )?w:id="(-?\d+)"', part(word, "word/footnotes.xml"))
    assert references == [str(note.number) for note in briefing.notes]
    assert footnotes == ["-1", "0", *references]
    assert re.findall(r'<w:footnote w:id="(-?\d+)"', part(word, "word/settings.xml")) == ["-1", "0"]


def test_footnotes_name_their_source_and_quote_it(word: bytes, briefing: Briefing) -> None:
    root = parse_xml(part(word, "word/footnotes.xml").encode())
    texts = {
        footnote.get(qn("w:id")): "".join(t.text or "" for t in footnote.iter(qn("w:t"))).strip()
        for footnote in root.iter(qn("w:footnote"))
    }
    for note in briefing.notes:
        text = texts[str(note.number)]
        assert text.startswith(note.citation.release_id)
        assert f"“{note.citation.quote}”" in text
        if note.first == note.number:
            assert note.citation.title in text
            assert "(retrieved " in text
        else:
            assert f"(note {note.first})" in text


def test_links_of_footnotes_lead_to_the_department(word: bytes, briefing: Briefing) -> None:
    links = re.findall(r'r:id="(\w+)"', part(word, "word/footnotes.xml"))
    targets = dict(re.findall(r'Id="(\w+)"[^>]*Target="([^"]+)"', part(word, "word/_rels/footnotes.xml.rels")))
    targets |= {
        i: t for t, i in re.findall(r'Target="([^"]+)"[^>]*Id="(\w+)"', part(word, "word/_rels/footnotes.xml.rels"))
    }
    assert {targets[link] for link in links} == {source.url for source in briefing.sources}


def test_cross_references_have_their_bookmarks(word: bytes) -> None:
    bookmarks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="(\w+)"', part(word, "word/document.xml"))
    wanted = re.findall(r"NOTEREF (\w+) ", part(word, "word/footnotes.xml"))
    assert wanted
    assert set(wanted) <= set(bookmarks)
    assert len(bookmarks) == len(set(bookmarks))


def test_headings_tables_and_properties_are_real(word: bytes, briefing: Briefing) -> None:
    document = docx.Document(io.BytesIO(word))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[:3] == [
        ("Title", "Sanctions & more"),
        ("Heading 1", "North Korea"),
        ("Heading 2", briefing.questions[0].question),
    ]
    assert [text for style, text in headings if style == "Heading 1"][-2:] == ["Sources", "How this was made"]
    for table in document.tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][:2] == [True, False]
    assert document.core_properties.title == "Sanctions & more"
    assert (document.core_properties.created.date(), document.core_properties.language) == (briefing.date, "en-US")
    assert "PAGE" in "".join(document.sections[0].footer.paragraphs[0]._p.xml)
    used = {p.style.name for p in document.paragraphs}
    assert "Not Found" in used


def test_a_sentence_in_doubt_is_marked_in_words(briefing: Briefing) -> None:
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(as_word(in_doubt(briefing)))).paragraphs)
    assert "[Only partly supported: says 13811]" in text


def test_the_same_briefing_gives_the_same_bytes(word: bytes, briefing: Briefing) -> None:
    assert as_word(briefing) == word


def test_what_xml_cannot_hold_is_replaced(briefing: Briefing) -> None:
    altered = briefing.model_copy(deep=True)
    altered.questions[0].question = "Who\x0b runs\ud800 it\x00?"
    altered.title = "\x1b[31mred"
    titles = [p.text for p in docx.Document(io.BytesIO(as_word(altered))).paragraphs]
    assert titles[0] == "\ufffd[31mred"
    assert "Who\ufffd runs\ufffd it\ufffd?" in titles
    assert xml_text("Zürich \U0001f600\t\n") == "Zürich \U0001f600\t\n"


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice on this machine; install libreoffice-writer-nogui")
def test_libreoffice_shows_the_footnotes(word: bytes, briefing: Briefing, tmp_path: Path) -> None:
    from pypdf import PdfReader

    (tmp_path / "briefing.docx").write_bytes(word)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "briefing.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "briefing.pdf").pages)
    for note in briefing.notes:
        assert text.count(note.citation.quote[:40]) >= 2  # in the text and in the footnote
    assert "Error" not in text
    assert "Page 1 of" in text


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a.odt"], r"one of: \.docx, \.md"),
        (["a"], "one of"),
        (["none/a.docx"], "folder that there is not"),
        (["a.docx", "./a.docx"], "written twice"),
    ],
)
def test_outputs_that_cannot_be_written_are_told_before_any_work(tmp_path: Path, names: list[str], told: str) -> None:
    with pytest.raises(BriefingError, match=told):
        check_outputs([tmp_path / name for name in names], (".docx", ".md"))


def test_nothing_is_written_where_one_file_cannot_be_made(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise BriefingError("cannot be made")

    with pytest.raises(BriefingError, match="cannot be made"):
        write_outputs([tmp_path / "a.md", tmp_path / "b.docx"], {".md": lambda: b"a", ".docx": fails})
    assert list(tmp_path.iterdir()) == []
