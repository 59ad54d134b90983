"""From files to documents: every format, front matter, ids, and what cannot be read."""

import datetime
import io
import json
import zipfile
from pathlib import PurePosixPath

import docx
import fpdf
import pytest
from pypdf import PdfReader, PdfWriter

from corpus.document import Document, ProblemKind, Severity
from corpus.errors import DocumentError
from corpus.loaders import is_document, load_document
from corpus.release import DateSource, ParagraphKind, ReleaseKind


def load(name: str, content: str | bytes) -> Document:
    return load_document(PurePosixPath(name), content.encode() if isinstance(content, str) else content)


def front_matter(body: str = "It sails.", **fields: str) -> str:
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + f"---\n{body}\n"


def bodies(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs if p.kind is ParagraphKind.BODY]


def kinds_of_problems(document: Document) -> list[ProblemKind]:
    return [problem.kind for problem in document.problems]


def test_a_release_with_front_matter() -> None:
    source = front_matter(
        title="'Harbor: a “network”'", date="2019-03-04T22:30:00-04:00", url="/news/press-releases/AB0001"
    )
    document = load("press-releases/2019-03-04-AB0001.md", source)
    assert (document.release_id, document.title) == ("ab0001", "Harbor: a “network”")
    assert (document.stated, document.stated_source) == (datetime.date(2019, 3, 4), DateSource.FRONT_MATTER)
    assert document.url == "https://home.treasury.gov/news/press-releases/AB0001"
    assert (document.section, document.kind, document.text) == ("press-releases", ReleaseKind.RELEASE, "It sails.")
    assert document.problems == ()


def test_a_title_is_one_line_without_control_characters() -> None:
    assert load("x.md", '---\ntitle: "Odd\\e[31m \\u200b title\n  on two lines"\n---\nWords.').title == (
        "Odd[31m title on two lines"
    )


def test_a_text_without_front_matter_is_a_document_of_unknown_date() -> None:
    document = load("Some-Article.txt", "A paper wrote this.\n\nAnd that.")
    assert (document.release_id, document.title, document.url) == ("some-article", "Some-Article", "")
    assert (document.stated, document.stated_source, document.kind) == (None, DateSource.UNKNOWN, ReleaseKind.DOCUMENT)
    assert bodies(document) == ["A paper wrote this.", "And that."]


@pytest.mark.parametrize(
    ("url", "release_id", "section"),
    [
        ("/news/press-releases/jy1539", "jy1539", "press-releases"),
        ("/news/press-releases/JY1539/", "jy1539", "press-releases"),
        ("https://home.treasury.gov/news/featured-stories/a-story", "a-story", "featured-stories"),
        ("/news/featured-stories/New%20Withholding", "new-withholding", "featured-stories"),
        ("'/news/featured-stories/New Withholding '", "new-withholding", "featured-stories"),
    ],
)
def test_the_id_is_the_urls_last_segment(url: str, release_id: str, section: str) -> None:
    document = load("2020-01-01-x.md", front_matter(title="T", date="2020-01-01", url=url))
    assert (document.release_id, document.section) == (release_id, section)
    assert " " not in document.url


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("readouts/2020-01-01-ab1.md", "readouts"),
        ("2020-01-01-ab1.md", "press-releases"),
        ("my-files/page.md", "press-releases"),
    ],
)
def test_the_section_is_the_folder_of_a_dated_file_else_the_urls(name: str, section: str) -> None:
    assert load(name, front_matter(title="T", url="/news/press-releases/ab1")).section == section


def test_ids_misspelled_at_the_source_are_taken_as_they_stand() -> None:
    assert load("x.md", front_matter(url="/news/press-releases/jjl0131")).release_id == "jjl0131"


@pytest.mark.parametrize(
    ("name", "fields", "kind"),
    [
        ("a/2020-01-01-ab1.md", {"url": "/news/a/ab1", "press_release_number": "AB-12"}, ProblemKind.ID_CONFLICT),
        ("a/2020-01-01-ab2.md", {"url": "/news/a/ab1"}, ProblemKind.ID_CONFLICT),
        ("a/2020-01-01-ab1.md", {"url": "/news/b/ab1"}, ProblemKind.OTHER_SECTION),
        ("a/2020-01-01-ab1.md", {"title": "T"}, ProblemKind.NO_URL),
        ("a/2020-01-01-ab1.md", {"url": "/news/a/ab1", "date": "'June 1'"}, ProblemKind.BAD_DATE),
        (
            "a/2020-01-01-ab1.md",
            {"url": "/news/a/ab1", "date": "2020-01-01", "title": "Remarks on March 5 of March 5, 2021"},
            ProblemKind.TITLE_CONFLICT,
        ),
    ],
)
def test_what_a_file_says_of_itself_is_compared(name: str, fields: dict[str, str], kind: ProblemKind) -> None:
    assert kinds_of_problems(load(name, front_matter(**fields))) == [kind]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("It was closed today.The bank said inBelarus so.", ProblemKind.GLUED_WORDS),
        ("The bank is closed, said Secretary Mensah. We shall see, he said.", ProblemKind.LOST_QUOTES),
        ("The bank was closed. UPDATE 08/05/25: it was opened.", ProblemKind.LATER_UPDATE),
        ("The bank\u200b was\u200b closed.", ProblemKind.INVISIBLE),
        ("The bank â€” the countryâ€™s first â€” was closed.", ProblemKind.MOJIBAKE),
        ("The <b>bank</b> was closed.", ProblemKind.RAW_HTML),
        ("The country\ufffds bank was closed.", ProblemKind.LOST_CHARACTER),
    ],
)
def test_what_is_odd_in_a_text_is_said(body: str, kind: ProblemKind) -> None:
    document = load("x.txt" if kind is not ProblemKind.RAW_HTML else "x.md", body)
    assert kinds_of_problems(document) == [kind]
    assert document.problems[0].reason


def test_mojibake_is_read_right_and_other_accents_stay() -> None:
    assert load("x.txt", "The bank â€” the countryâ€™s first.\n\nCafé São Tomé.").text == (
        "The bank — the country’s first.\n\nCafé São Tomé."
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", ProblemKind.NO_TEXT),
        ("\u200b\n", ProblemKind.NO_TEXT),
        ("*(Archived Content)*\n\n**Media Contact**", ProblemKind.NO_TEXT),
        ("*(Archived Content)*\n\nLINKS\n\n[High Resolution Image](/x.jpg)", ProblemKind.NO_TEXT),
        (
            "Enter Search Term(s):\n\nAdvanced Search\n\nOffices\n\nThe Fair Chance to Compete Act",
            ProblemKind.MENU_ONLY,
        ),
        ("testing", ProblemKind.TEST_PAGE),
        ("This is a test 55.", ProblemKind.TEST_PAGE),
        ("The content of this page has been migrated to the new site.", ProblemKind.TEST_PAGE),
        ("ÐÏ-à¡±-á>-þÿ -þÿÿÿJÿÿÿÿÿÿÿÿ", ProblemKind.GARBLED),
    ],
)
def test_a_page_without_a_text_of_its_own_is_no_release_text(body: str, kind: ProblemKind) -> None:
    document = load("2020-01-01-ab1.md", front_matter(body, title="A Bank", url="/news/a/ab1"))
    assert document.text == ""
    assert kind in kinds_of_problems(document)
    assert kind.severity is Severity.UNREAD


def test_a_page_that_only_leads_to_a_report_has_the_reports_name_as_its_text() -> None:
    document = load("x.md", front_matter("*(Archived Content)*\n\nREPORTS\n\n[Report on Ships](/ships.pdf)", title="T"))
    assert bodies(document) == ["Report on Ships"]


@pytest.mark.parametrize(
    ("body", "day", "source"),
    [
        ("April 14, 2009TG-88\n\nThe bank was closed.", "2009-04-14", DateSource.LETTERHEAD),
        ("FROM THE OFFICE OF PUBLIC AFFAIRS\n\nApril 29, 2004js-1501\n\nWords.", "2004-04-29", DateSource.LETTERHEAD),
        ("WASHINGTON, March 5, 2003 – The bank was closed.", "2003-03-05", DateSource.DATELINE),
        ("2007-7-9-9-27-13-9924\n\nThe bank was closed.", "2007-07-09", DateSource.PAGE_NUMBER),
        ("The bank was closed on March 5, 2003.", None, DateSource.UNKNOWN),
    ],
)
def test_the_day_that_a_text_gives_itself(body: str, day: str | None, source: DateSource) -> None:
    document = load("x.md", front_matter(body, title="T"))
    assert (document.written and document.written.isoformat(), document.written_source) == (day, source)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("---\ntitle: a\nWords without an end", 1, "no closing"),
        ("---\ntitle: a\n  b: [c\n---\nWords", 3, "broken front matter"),
        ("---\n- a\n- b\n---\nWords", 2, "name: value"),
        ("---\ntitle: a\nkind: novel\n---\nWords", 0, "none of: release, digest, document"),
        (">" * 3000 + " Words", 0, "nested hundreds of levels deep"),
        ("<div>" * 3000 + "Words", 0, "nested hundreds of levels deep"),
        (b"---\ntitle: a\n---\nBad \xff byte", 4, "not UTF-8"),
    ],
)
def test_a_bad_document_says_where_and_why(content: str | bytes, line: int, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason) as caught:
        load("2020-01-01-x.md", content)
    assert (str(caught.value.path), caught.value.line) == ("2020-01-01-x.md", line)


def test_the_line_of_a_problem_counts_from_the_start_of_the_file() -> None:
    document = load("x.md", front_matter("First.\n\nThe country\ufffds bank.", title="T"))
    assert document.problems[0].line == 6


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_line_ends_of_any_system_are_read(ends: str) -> None:
    document = load("x.md", front_matter("First.\n\nSecond.", title="T").replace("\n", ends))
    assert (document.title, bodies(document)) == ("T", ["First.", "Second."])


PAGE = """<html><head><title>Site | Harbor</title><meta property="og:title" content="Harbor Network Sanctioned">
<link rel="canonical" href="https://home.treasury.gov/news/press-releases/zz0001">
<meta property="article:published_time" content="2023-06-15T10:30:00-04:00"></head><body>
<nav><ul><li><a href="/x">Home</a></li><li>About us</li></ul></nav><main><article><h1>Harbor Network Sanctioned</h1>
<p>The office sanctioned <strong>Lina Okafor</strong>, who runs the network from Lagos and owns Harbor Lines.</p>
<h2>ACTIONS</h2><p>She is being designated for owning Harbor Lines, a company in the port of Lagos.</p>
<table><tr><th>Bank</th><th>Amount</th></tr><tr><td>North</td><td>5</td></tr></table></article></main>
<footer>Privacy policy</footer></body></html>"""


def test_a_web_page_is_its_main_text() -> None:
    document = load("page.html", PAGE)
    assert (document.release_id, document.title) == ("zz0001", "Harbor Network Sanctioned")
    assert (document.stated, document.stated_source) == (datetime.date(2023, 6, 15), DateSource.METADATA)
    assert document.kind is ReleaseKind.RELEASE
    assert [(p.kind, document.text[p.start : p.end]) for p in document.paragraphs] == [
        (
            ParagraphKind.BODY,
            "The office sanctioned Lina Okafor, who runs the network from Lagos and owns Harbor Lines.",
        ),
        (ParagraphKind.HEADING, "ACTIONS"),
        (ParagraphKind.BODY, "She is being designated for owning Harbor Lines, a company in the port of Lagos."),
        (ParagraphKind.TABLE, "Bank | Amount\nNorth | 5"),
    ]
    assert [document.text[a:b] for a, b in document.bold] == ["Lina Okafor"]


def pdf(*paragraphs: str, title: str = "") -> bytes:
    writer = fpdf.FPDF()
    writer.set_creation_date(datetime.datetime(2022, 3, 4, 12, tzinfo=datetime.UTC))
    writer.set_title(title)
    writer.add_page()
    writer.set_font("Helvetica", size=12)
    for paragraph in paragraphs:
        writer.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
        writer.ln(6)
    return bytes(writer.output())


def test_a_pdf_with_a_text_layer() -> None:
    document = load("report.pdf", pdf("The harbor was closed.", "It opened in May.", title="Harbor Report"))
    assert (document.title, document.stated) == ("Harbor Report", datetime.date(2022, 3, 4))
    assert document.stated_source is DateSource.METADATA
    assert bodies(document) == ["The harbor was closed.", "It opened in May."]


def test_a_pdf_without_a_text_layer_has_no_text() -> None:
    assert ProblemKind.NO_TEXT in kinds_of_problems(load("scan.pdf", pdf()))


def test_a_pdf_that_needs_a_password_says_so() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("The harbor was closed."))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(DocumentError, match="needs a password") as caught:
        load("locked.pdf", locked.getvalue())
    assert caught.value.kind is ProblemKind.PASSWORD


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Harbor Report"
    document.core_properties.created = datetime.datetime(2022, 3, 4)
    document.add_heading("ACTIONS", 1)
    paragraph = document.add_paragraph("The office named ")
    paragraph.add_run("Lina Okafor").bold = True
    paragraph.add_run(".")
    document.add_paragraph("A ship", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "North", "5"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_document() -> None:
    document = load("report.docx", word())
    assert (document.title, document.stated) == ("Harbor Report", datetime.date(2022, 3, 4))
    assert [(p.kind, document.text[p.start : p.end]) for p in document.paragraphs] == [
        (ParagraphKind.HEADING, "ACTIONS"),
        (ParagraphKind.BODY, "The office named Lina Okafor."),
        (ParagraphKind.BODY, "A ship"),
        (ParagraphKind.TABLE, "North | 5"),
    ]
    assert [document.text[a:b] for a, b in document.bold] == ["Lina Okafor"]


def test_a_word_document_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.loaders.docx.LARGEST_FILE", 1000)
    with pytest.raises(DocumentError, match="unpacks to more than 1,000 bytes"):
        load("report.docx", word())


def test_an_item_of_the_departments_api() -> None:
    attributes = {
        "title": "Harbor &amp; Lines",
        "field_news_publication_date": "2023-06-16T02:30:00+00:00",
        "field_news_body": {"value": "<p><strong>Lina Okafor</strong> runs it.</p>"},
        "path": {"alias": "/news/press-releases/zz0002"},
    }
    document = load("a1.jsonapi", json.dumps({"attributes": attributes}))
    assert (document.release_id, document.title, document.text) == ("zz0002", "Harbor & Lines", "Lina Okafor runs it.")
    assert (document.stated, document.stated_source) == (datetime.date(2023, 6, 15), DateSource.PUBLISHER)


def test_half_a_character_is_replaced_and_the_rest_goes_on() -> None:
    attributes = {"title": "Odd \ud83d", "field_news_body": {"value": "<p>It \ud83d sails.</p>"}}
    document = load("a1.jsonapi", json.dumps({"attributes": attributes}))
    assert (document.title, document.text) == ("Odd ?", "It ? sails.")


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".jsonapi"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04 nothing", b"{}", b"[1]", b"\xff\xfe\x00"])
def test_damaged_files_of_every_format_are_told_and_never_a_traceback(suffix: str, content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"cannot be read|is no news item|not UTF-8"):
        load(f"x{suffix}", content)


def test_a_zip_that_is_no_word_document_is_told() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    with pytest.raises(DocumentError, match=r"cannot be read as \.docx"):
        load("x.docx", file.getvalue())


def test_a_file_larger_than_any_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.loaders.LARGEST_FILE", 10)
    with pytest.raises(DocumentError, match="larger than 10 bytes") as caught:
        load("x.txt", "a" * 11)
    assert caught.value.kind is ProblemKind.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "read"),
    [("a.md", True), ("A.PDF", True), ("a.htm", True), ("_index.md", False), (".hidden.md", False), ("a.exe", False)],
)
def test_which_files_are_documents(name: str, read: bool) -> None:
    assert is_document(name) is read
