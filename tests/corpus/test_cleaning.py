"""Markup goes, words stay, and every position is exact."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import CleanText, clean_html, clean_markdown, clean_text, clean_title
from corpus.document import DropKind, ProblemKind
from corpus.release import ParagraphKind


def kinds(source: str, title: str = "") -> list[tuple[str, str]]:
    clean = clean_markdown(source, title)
    return [(p.kind.value, clean.text[p.start : p.end]) for p in clean.paragraphs]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**Lina Okafor** runs it.", "Lina Okafor runs it."),
        ("H** ong Kong-based** Harbor", "H ong Kong-based Harbor"),
        ("See the [advisory](https://example.org/a_b) now.", "See the advisory now."),
        ("Zero\u200bwidth and\u00a0hard   spaces\t.", "Zerowidth and hard spaces ."),
        ("R&amp;D, caf&eacute;, 5 &lt; 6", "R&D, café, 5 < 6"),
        ("The `Top 25' and **Lina** `so'", "The `Top 25' and Lina `so'"),
        ("One<br>\nTwo", "One Two"),
        ("Named under E.O. 13244, and Executive Order .", "Named under E.O. 13244, and Executive Order ."),
        ("A word glued inBelarus and today.The next", "A word glued inBelarus and today.The next"),
        ("It cost $5 and $6_000_000.", "It cost $5 and $6_000_000."),
    ],
)
def test_markup_goes_and_words_stay(source: str, words: str) -> None:
    assert clean_markdown(source).text == words


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
    assert clean_markdown("*(Archived Content)*\n\nEnter Search Term(s):\n\nAdvanced Search\n").text == ""


def test_the_title_repeated_as_a_lead_goes() -> None:
    title = "Treasury Sanctions the Harbor Network"
    assert kinds(f"**{title}**\n\nThe bank was closed.", title) == [("body", "The bank was closed.")]


def test_headings_are_known_however_they_are_set() -> None:
    source = "## ACTIONS\n\nFirst.\n\n**The Harbor Network**\n\nSecond.\n\n## EFFECTS\n\nThird."
    clean = clean_markdown(source)
    above = {clean.text[p.start : p.end]: p.headings for p in clean.paragraphs if p.kind is ParagraphKind.BODY}
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


def test_the_number_of_an_item_that_is_a_paragraph_stays() -> None:
    assert kinds("1. First\n\n2. Second\n\n   More of it\n") == [
        ("body", "1. First"),
        ("body", "2. Second"),
        ("body", "More of it"),
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
    clean = clean_text("# not a heading\n\n*stars* stay out, <tags> stay in")
    assert clean.text == "# not a heading\n\nstars stay out, <tags> stay in"
    assert [p.kind for p in clean.paragraphs] == [ParagraphKind.BODY, ParagraphKind.BODY]


def check_positions(clean: CleanText) -> None:
    """The paragraphs make the text, sentences cover the body, and every span starts and ends at a word."""
    text, paragraphs = clean.text, clean.paragraphs
    assert "\n\n".join(text[p.start : p.end] for p in paragraphs) == text
    for paragraph in paragraphs:
        slices = [text[s.start : s.end] for s in paragraph.sentences]
        assert all(s and s == s.strip() for s in slices)
        assert all(paragraph.start <= s.start < s.end <= paragraph.end for s in paragraph.sentences)
        assert list(paragraph.sentences) == sorted(paragraph.sentences)
        if paragraph.kind is ParagraphKind.BODY:
            assert "".join(slices).split() or not text
            assert "".join("".join(slices).split()) == "".join(text[paragraph.start : paragraph.end].split())
    bodies = [p for p in paragraphs if p.kind is ParagraphKind.BODY]
    for start, end in clean.bold:
        assert text[start:end] == text[start:end].strip() != ""
        assert any(p.start <= start < end <= p.end for p in bodies)
    for start, end, _ in clean.links:
        assert text[start:end] == text[start:end].strip() != ""
        assert any(p.start <= start < end <= p.end for p in paragraphs)


MARKS = ["**", "*", "## ", "- ", "1. ", "\n", "\n\n", "| a | b |\n|---|---|\n", "<b>", "</b>", "<table><tr><td>"]
LINKS = ["[words](/news/x)", "[**bold** words](https://example.org)", "<a href='#f'>", "</a>"]
WORDS = [
    "The bank paid $1.5 billion. ",
    "Mr. Kim of U.S. Corp. said so. ",
    "E.O. 13382 ",
    "“Quoted.” ",
    "was closed today.The bank ",
    "\u200b",
    "&amp;",
    "FROM THE OFFICE OF PUBLIC AFFAIRS\n",
    "JS-12",
    "###",
]
MARKUP = st.lists(st.sampled_from(MARKS + LINKS + WORDS) | st.text(max_size=8), max_size=40).map("".join)


@given(MARKUP)
def test_paragraphs_rebuild_the_text_and_spans_are_exact(source: str) -> None:
    check_positions(clean_markdown(source))
    check_positions(clean_html(source))
    check_positions(clean_text(source))


@given(st.lists(st.sampled_from(MARKS + WORDS), max_size=30).map("".join))
def test_no_word_is_lost_that_is_not_recorded_as_dropped(source: str) -> None:
    clean = clean_text(source)
    kept = "".join(re.findall(r"\w+", clean.text)) + "".join("".join(re.findall(r"\w+", d.text)) for d in clean.dropped)
    assert sorted(kept) == sorted("".join(re.findall(r"\w+", source)))


def bold(source: str) -> list[str]:
    clean = clean_markdown(source)
    return [clean.text[start:end] for start, end in clean.bold]


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("**Lina Okafor** runs it with ** Harbor Lines**, in Lagos.", ["Lina Okafor", "Harbor Lines"]),
        ("It names**Lina Okafor **and **Kofi Mensah**.", ["Lina Okafor", "Kofi Mensah"]),
        ("***Lina Okafor*** runs it.", ["Lina Okafor"]),
        ("**Lina** **Okafor** runs it.", ["Lina Okafor"]),
        ("<strong>Lina Okafor</strong> runs <b>it</b>.", ["Lina Okafor", "it"]),
        ("A stray ** mark is none.", []),
        ("## **Lina Okafor**\n\nShe runs it.", []),
    ],
)
def test_bold_runs_are_known_however_their_marks_are_set(source: str, runs: list[str]) -> None:
    assert bold(source) == runs


def test_white_space_inside_the_bold_marks_stays_between_the_words() -> None:
    assert clean_markdown("It names** Lina Okafor **and others.").text == "It names Lina Okafor and others."


def test_links_keep_where_they_lead() -> None:
    clean = clean_markdown("See the [full list](/news/ab2) and [this](https://example.org/x).")
    assert [(clean.text[a:b], url) for a, b, url in clean.links] == [
        ("full list", "https://home.treasury.gov/news/ab2"),
        ("this", "https://example.org/x"),
    ]


def test_a_release_in_one_long_line_gets_its_sections_back() -> None:
    filler = "The harbor master counted the ships that came in and wrote the number down. " * 12
    source = (
        f"**WASHINGTON** – Today the office acted. {filler}**The Harbor Network** Harbor Lines carried it. {filler}"
        f"**Lina Okafor** is being designated for owning it. {filler}**Effects** All its property is blocked."
    )
    clean = clean_markdown(source)
    assert [clean.text[p.start : p.end] for p in clean.paragraphs if p.kind is ParagraphKind.HEADING] == [
        "The Harbor Network",
        "Effects",
    ]
    assert [p.headings for p in clean.paragraphs if p.kind is ParagraphKind.BODY] == [
        (),
        ("The Harbor Network",),
        ("Effects",),
    ]
    assert [clean.text[start:end] for start, end in clean.bold] == ["WASHINGTON", "Lina Okafor"]
    assert [p.kind for p in clean.problems] == [ProblemKind.INLINE_HEADINGS]


def test_wide_gaps_between_sentences_are_lost_paragraph_breaks() -> None:
    filler = "The harbor master counted the ships that came in. " * 30
    source = (
        f"{filler.strip()}    RULES OF THE ROAD   With the new rules the ships came.\u00a0\u00a0 \u00a0They left again."
    )
    assert kinds(source) == [
        ("body", filler.strip()),
        ("heading", "RULES OF THE ROAD"),
        ("body", "With the new rules the ships came."),
        ("body", "They left again."),
    ]
    assert kinds("A short line    With a gap.") == [("body", "A short line With a gap.")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**Effects of the Rule** The bank closed.", ["heading", "body"]),
        ("*Systemic Risk*\n\nThe bank closed.", ["heading", "body"]),
        ("**Lina Okafor** Company is named.", ["body"]),
        ("**Lina Okafor** (Okafor) is named.", ["body"]),
        ("**WHO** The Secretary of the harbor.", ["body"]),
        ("**WASHINGTON –** The bank closed.", ["body"]),
        ("**As prepared for delivery WASHINGTON** The bank closed.", ["body"]),
        ("**12:30 PM** The bank closes.", ["body"]),
    ],
)
def test_what_leads_a_paragraph_is_a_heading_only_where_a_sentence_follows(source: str, expected: list[str]) -> None:
    assert [kind for kind, _ in kinds("The first words.\n\n" + source)][1:] == expected


def test_a_short_plain_line_before_a_long_paragraph_is_a_heading() -> None:
    long = "The harbor master counted the ships that came in and wrote their number down. " * 3
    assert [k for k, _ in kinds(f"It ended.\n\nProgram Execution\n\n{long}")] == ["body", "heading", "body"]
    assert [k for k, _ in kinds(f"It ended.\n\nMarch 5, 2003\n\n{long}")] == ["body", "body", "body"]


def test_a_text_with_marked_headings_has_no_others_inside_its_paragraphs() -> None:
    filler = "The harbor master counted the ships that came in. " * 30
    source = f"## ACTIONS\n\n{filler}**Lina Okafor** Okafor is named. {filler}"
    assert [kind for kind, _ in kinds(source)] == ["heading", "body"]


def test_a_box_of_prose_is_no_table() -> None:
    assert kinds("| The bank was closed on the day of the fair. |\n| --- |\n| It opened in May. |") == [
        ("body", "The bank was closed on the day of the fair."),
        ("body", "It opened in May."),
    ]


def test_a_paragraph_that_repeats_the_end_of_the_one_before_goes() -> None:
    said = "Great organizations know what they are for and say it to everyone who asks."
    clean = clean_markdown(f"Focus on the work. {said}\n\n. {said}\n\nSo it is.")
    assert clean.text == f"Focus on the work. {said}\n\nSo it is."


@pytest.mark.parametrize("mark", ["###", "\u00a0\u00a0 ###", " **###**", "-30-", " **-30-**", "\n\n# # #"])
def test_the_mark_that_ends_a_release_goes(mark: str) -> None:
    assert clean_markdown(f"The bank was closed.{mark}").text == "The bank was closed."


def test_a_stray_bold_mark_turns_nothing_inside_out() -> None:
    source = "**A** **s prepared for delivery** **WASHINGTON** – The bank was closed for a long time after the fair. **"
    assert bold(source) == ["A s prepared for delivery WASHINGTON"]
    assert bold("The brother (** Okafor**) came.") == ["Okafor"]
    assert clean_markdown("The brother (** Okafor**) came.").text == "The brother (Okafor) came."


def test_a_line_that_is_only_a_link_leads_elsewhere() -> None:
    assert kinds("It closed.\n\n[Full Remarks](/news/ab2)") == [("body", "It closed."), ("furniture", "Full Remarks")]


def test_a_table_with_more_cells_than_its_head_loses_none() -> None:
    source = "| Assets |\n| --- |\n| Total | Feb-28 | Mar-7 |\n| Gold | 11,043 | 11,043 |"
    assert kinds(source) == [("table", "Assets\nTotal | Feb-28 | Mar-7\nGold | 11,043 | 11,043")]


def test_months_at_the_head_of_a_table_are_no_letterhead() -> None:
    assert kinds("Jan-22\n\nFeb-22\n\nThe bank was closed.")[:2] == [("body", "Jan-22"), ("body", "Feb-22")]


def test_a_letterhead_that_runs_into_the_text_goes_and_is_recorded() -> None:
    clean = clean_markdown("FROM THE OFFICE OF PUBLIC AFFAIRS\n\nApril 14, 2009TG-88\n\nThe bank was closed.")
    assert clean.text == "The bank was closed."
    assert [d.kind for d in clean.dropped] == [DropKind.LETTERHEAD, DropKind.LETTERHEAD]
    assert clean_markdown("FROM THE OFFICE OF PUBLIC AFFAIRS The bank was closed.").text == "The bank was closed."
    assert clean_markdown("js-1501**Testimony** of the bank.").text == "Testimony of the bank."


def test_a_menu_before_the_text_goes_and_the_text_stays() -> None:
    menu = "Enter Search Term(s):\n\nAdvanced Search\n\nOffices\n\nThe Fair Chance to Compete Act\n\n"
    assert kinds(menu + "The bank was closed.") == [("body", "The bank was closed.")]


def test_a_lead_said_twice_is_said_once() -> None:
    lead = "The department today named the bank that moved the money of the network"
    clean = clean_markdown(f"**{lead}**\n\n{lead}\n\nIt was closed.")
    assert clean.text.count(lead) == 1
    assert ProblemKind.REPEATED_LEAD in [p.kind for p in clean.problems]


def test_words_to_the_press_are_kept_apart() -> None:
    source = "As Prepared for Delivery\n\nGood morning.\n\nMedia Contact: Kofi Mensah, (202) 555-0100\n\nLINKS"
    assert [kind for kind, _ in kinds(source)] == ["furniture", "body", "furniture", "furniture"]


@pytest.mark.parametrize(
    "caption",
    ["Photo Credit: Kofi Mensah", "[Official Harbor Photo by Kofi Mensah]", "CAPTION: The Secretary opens the fair"],
)
def test_the_caption_of_a_picture_is_no_part_of_the_prose(caption: str) -> None:
    assert kinds(f"The bank was closed.\n\n{caption}\n\nIt opened.")[1] == ("furniture", caption)


def test_figures_run_together_are_a_table_and_reported() -> None:
    source = "Gross sales 61438.451965.759823.252276.04 and so on."
    clean = clean_markdown(source)
    assert (clean.text, clean.paragraphs[0].kind) == (source, ParagraphKind.TABLE)
    assert [p.kind for p in clean.problems] == [ProblemKind.FLATTENED_TABLE]


def test_cells_set_one_a_line_are_one_table() -> None:
    cells = ["Long-term securities", "25,686", "29,969", "Equities", "13,719", "16,988", "Total", "39,405", "46,957"]
    source = "The holdings are these.\n\n" + "\n\n".join(cells) + "\n\nThey grew in the year."
    assert kinds(source) == [
        ("body", "The holdings are these."),
        ("table", "\n".join(cells)),
        ("body", "They grew in the year."),
    ]
    assert [p.kind for p in clean_markdown(source).problems] == [ProblemKind.FLATTENED_TABLE]
    names = "\n\n".join(f"- Ship of the name {word}" for word in "one two three four five six seven eight".split())
    assert {kind for kind, _ in kinds(names)} == {"body"}, "a list of names is no table"


def test_words_in_angle_brackets_that_are_no_tag_stay() -> None:
    assert clean_markdown("The <United States> acted; see <https://example.org>.").text == (
        "The <United States> acted; see https://example.org."
    )


def test_lost_characters_stay_and_are_reported_with_their_line() -> None:
    clean = clean_markdown("First.\n\nThe country\ufffds bank.")
    assert clean.text == "First.\n\nThe country\ufffds bank."
    assert [(p.kind, p.line) for p in clean.problems] == [(ProblemKind.LOST_CHARACTER, 3)]


def test_html_is_read_like_markdown() -> None:
    source = "<h2>ACTIONS</h2><p><strong>Lina Okafor</strong> runs it.</p><ul><li>A ship</li></ul><script>x()</script>"
    clean = clean_html(source)
    assert [(p.kind, clean.text[p.start : p.end]) for p in clean.paragraphs] == [
        (ParagraphKind.HEADING, "ACTIONS"),
        (ParagraphKind.BODY, "Lina Okafor runs it."),
        (ParagraphKind.BODY, "A ship"),
    ]


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("Secretary''s ''First'' Speech", "Secretary's 'First' Speech"),
        ('The ""Outlook""', 'The "Outlook"'),
        ("Two  spaces \u200band a\nline", "Two spaces and a line"),
        ("***Media Advisory*** Today", "Media Advisory Today"),
        ("R&amp;D", "R&D"),
    ],
)
def test_titles_are_one_clean_line(title: str, clean: str) -> None:
    assert clean_title(title) == clean
