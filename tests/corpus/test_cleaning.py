"""Markup goes, words stay, and every position is exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import clean_markdown, clean_text
from corpus.release import Paragraph, ParagraphKind


def kinds(source: str, title: str = "") -> list[tuple[str, str]]:
    text, paragraphs = clean_markdown(source, title)
    return [(p.kind.value, text[p.start : p.end]) for p in paragraphs]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**Lina Okafor** runs it.", "Lina Okafor runs it."),
        ("H** ong Kong-based** Harbor", "H ong Kong-based Harbor"),
        ("See the [advisory](https://example.org/a_b) now.", "See the advisory now."),
        ("Zero\u200bwidth and\u00a0hard   spaces\t.", "Zerowidth and hard spaces ."),
        ("R&amp;D, caf&eacute;, 5 &lt; 6", "R&D, café, 5 < 6"),
        ("One<br>\nTwo", "One Two"),
        ("A word glued inBelarus and today.The next", "A word glued inBelarus and today.The next"),
        ("It cost $5 and $6_000_000.", "It cost $5 and $6_000_000."),
    ],
)
def test_markup_goes_and_words_stay(source: str, words: str) -> None:
    assert clean_markdown(source)[0] == words


@pytest.mark.parametrize(
    "furniture",
    [
        "*(Archived Content)*",
        "FROM THE OFFICE OF PUBLIC AFFAIRS",
        "JS-4317",
        "tg - 88",
        "hp895",
        "To view or print the Microsoft Word content on this page, download the free viewer.",
        "###",
        "# # #",
        "-30-",
        "2008-7-14-16-47-27-25048",
        "*(Archived Content)*\n\u00a0\nFROM THE OFFICE OF PUBLIC AFFAIRS\n JS-51 ",
        "*To view or print the PDF content on this page, download the free Adobe Acrobat Reader.*",
        "Enter Search Term(s):\n\nAdvanced Search",
    ],
)
def test_site_furniture_is_no_paragraph(furniture: str) -> None:
    assert kinds(f"{furniture}\n\nThe bank was closed.") == [("body", "The bank was closed.")]


def test_the_mark_of_an_archived_page_goes_wherever_it_is_set() -> None:
    assert kinds("*(Archived Content)*The bank was closed.") == [("body", "The bank was closed.")]


def test_headings_and_numbers_are_no_furniture() -> None:
    assert kinds("## 2019 Results\n\n1,250\n\nMay 5\n\n2003") == [
        ("heading", "2019 Results"),
        ("body", "1,250"),
        ("body", "May 5"),
        ("body", "2003"),
    ]


def test_a_page_that_is_only_furniture_has_no_text() -> None:
    assert clean_markdown("*(Archived Content)*\n\nEnter Search Term(s):\n\nAdvanced Search\n") == ("", ())


def test_the_title_repeated_as_a_lead_goes() -> None:
    title = "Treasury Sanctions the Harbor Network"
    assert kinds(f"**{title}**\n\nThe bank was closed.", title) == [("body", "The bank was closed.")]


def test_headings_are_known_however_they_are_set() -> None:
    source = "## ACTIONS\n\nFirst.\n\n**The Harbor Network**\n\nSecond.\n\n## EFFECTS\n\nThird."
    text, paragraphs = clean_markdown(source)
    above = {text[p.start : p.end]: p.headings for p in paragraphs if p.kind is ParagraphKind.BODY}
    assert above == {"First.": ("ACTIONS",), "Second.": ("ACTIONS", "The Harbor Network"), "Third.": ("EFFECTS",)}


def test_a_bold_sentence_is_no_heading() -> None:
    assert kinds("**Harbor Lines is being designated today.**") == [("body", "Harbor Lines is being designated today.")]


def test_lists_keep_their_numbers_and_lose_their_bullets() -> None:
    assert kinds("3. Third\n4. Fourth\n\n- A ship\n- A bank") == [
        ("body", "3. Third"),
        ("body", "4. Fourth"),
        ("body", "A ship"),
        ("body", "A bank"),
    ]


@pytest.mark.parametrize(("start", "number"), [("5", "5"), ("", "1"), ("x", "1"), ("-3", "1")])
def test_an_html_list_starts_where_it_says_in_figures(start: str, number: str) -> None:
    assert kinds(f'<ol start="{start}"><li>Words</li></ol>') == [("body", f"{number}. Words")]


def test_a_paragraph_after_a_list_without_a_blank_line_stands_alone() -> None:
    long = "Also today, the department took a further action against the shipping arm of the network in three ports."
    assert kinds(f"- A ship\n- A bank\n{long}")[2:] == [("body", long)]


def test_tables_keep_their_rows() -> None:
    markdown = "| Bank | Amount |\n|---|---|\n| North | 5 |\n| South | 7 |"
    html = "<table><tr><td><p>Bank</p></td><td>Amount</td></tr><tr><td>North</td><td>5</td></tr></table>"
    assert kinds(markdown) == [("table", "Bank | Amount\nNorth | 5\nSouth | 7")]
    assert kinds(html) == [("table", "Bank | Amount\nNorth | 5")]


def test_line_breaks_end_paragraphs_unless_the_text_was_wrapped_by_hand() -> None:
    lines = [
        f"The {n} official said at some length what the ministry had meant to say about the {n} launch that week."
        for n in ("first", "second")
    ]
    assert [t for _, t in kinds("\n".join(lines))] == lines
    assert [t for _, t in kinds("a text that was\nwrapped by hand\nat a narrow width")] == [
        "a text that was wrapped by hand at a narrow width"
    ]


def test_a_sentence_goes_on_over_a_line_break_in_its_middle() -> None:
    first = (
        "All funds of the government that are held in accounts at banks of the United States on the day of the order"
    )
    assert kinds(f"{first}\nand of its central bank are blocked.\nThe order takes effect at once.") == [
        ("body", f"{first} and of its central bank are blocked."),
        ("body", "The order takes effect at once."),
    ]


def test_plain_text_has_no_markup() -> None:
    text, paragraphs = clean_text("# not a heading\n\n*stars* stay out, <tags> stay in")
    assert text == "# not a heading\n\nstars stay out, <tags> stay in"
    assert [p.kind for p in paragraphs] == [ParagraphKind.BODY, ParagraphKind.BODY]


def check_positions(text: str, paragraphs: tuple[Paragraph, ...]) -> None:
    assert "\n\n".join(text[p.start : p.end] for p in paragraphs) == text
    for paragraph in paragraphs:
        slices = [text[s.start : s.end] for s in paragraph.sentences]
        assert all(s and s == s.strip() for s in slices)
        assert all(paragraph.start <= s.start < s.end <= paragraph.end for s in paragraph.sentences)
        assert list(paragraph.sentences) == sorted(paragraph.sentences)
        if paragraph.kind is ParagraphKind.BODY:
            assert "".join(slices).split() or not text
            assert "".join("".join(slices).split()) == "".join(text[paragraph.start : paragraph.end].split())


MARKS = ["**", "*", "## ", "- ", "1. ", "\n", "\n\n", "| a | b |\n|---|---|\n", "<b>", "</b>", "<table><tr><td>"]
WORDS = [
    "The bank paid $1.5 billion. ",
    "Mr. Kim of U.S. Corp. said so. ",
    "E.O. 13382 ",
    "“Quoted.” ",
    "\u200b",
    "&amp;",
]
MARKUP = st.lists(st.sampled_from(MARKS + WORDS) | st.text(max_size=8), max_size=40).map("".join)


@given(MARKUP)
def test_paragraphs_rebuild_the_text_and_sentences_cover_them(source: str) -> None:
    check_positions(*clean_markdown(source))
    check_positions(*clean_text(source))
