"""A draft checked over the starter corpus: what is wrong is found, what is right is let stand."""

import datetime
import io
import re
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from assistant.briefing.draft.comments import commented, new_commented
from assistant.briefing.draft.draft import Draft
from assistant.briefing.draft.draft_check import CheckedDraft, CheckedSentence, check_draft, known_in
from assistant.briefing.draft.evidence import in_context
from assistant.briefing.draft.page import as_page
from assistant.briefing.draft.reading import read_draft
from assistant.briefing.draft.word_text import word_paragraphs
from assistant.briefing.draft.wording import counted
from assistant.briefing.word_styles import new_document
from assistant.citations.checking import Verdict
from assistant.engine import Assistant

DAY = datetime.date(2026, 11, 25)

#: A page about the digests of the starter corpus. Five sentences are wrong: see ``ERRORS``.
PAGE = """# Sanctions and rescues

## North Korea

On September 13, 2019, OFAC sanctioned three North Korean hacking groups: Lazarus Group, Bluenoroff and Andariel
(sm774).
Lazarus Group was involved in the WannaCry 2.0 ransomware attack, which affected at least 150 countries.
The attack cost the National Health Service of the United Kingdom over $112 million.
OFAC designated the RGB on January 12, 2015, under E.O. 13687 [sm774].
Bluenoroff and Andariel are sub-groups of Lazarus Group.
On June 15, 2023, OFAC designated Choe Chol Min and Choe Un Jong [jy1539].
Choe Chol Min was designated under E.O. 13810 [jy1539].

## Ransomware and mixers

OFAC designated SUEX on September 21, 2021. It was the first sanctions designation of a virtual currency exchange.[^1]
SUEX handled illicit proceeds from at least eighteen ransomware variants. Ransomware payments came to over $400 million
in 2020. OFAC sanctioned the mixer Tornado Cash on August 8, 2022 (jy0916). More than $7 billion worth of virtual
currency has been laundered through Tornado Cash since 2019. Brian E. Nielson said that Tornado Cash repeatedly failed
to adopt effective controls.

## Rescues

Treasury announced the Capital Purchase Program on October 14, 2008. The senior preferred shares qualify as Tier 1
capital. The Federal Reserve and Treasury together committed $182 billion to stabilize AIG. The final AIG shares were
priced at $32.50 each. Golden parachute payments to senior executives are not prohibited [hp1207].
This merits attention. Will it be repeated?

[^1]: Treasury, jy0364
"""
#: What is wrong in the page, and what stands in the releases instead; nothing where something is left out or turned.
ERRORS = {
    "January 12, 2015": "January 2, 2015",
    "E.O. 13810": "E.O. 13382",
    "eighteen": "eight",
    "Nielson": "Nelson",
    "not prohibited": "",
}


def check(assistant: Assistant, text: str, name: str = "draft.md") -> CheckedDraft:
    return check_draft(assistant, read_draft(Path(name), text.encode(), known_in(assistant)))


def only(checked: CheckedDraft) -> CheckedSentence:
    (sentence,) = checked.sentences
    return sentence


@pytest.fixture(scope="module")
def page(starter: Assistant) -> CheckedDraft:
    return check(starter, PAGE)


def test_the_five_errors_of_a_page_are_found_and_nothing_else(page: CheckedDraft) -> None:
    wrong = [next((error for error in ERRORS if error in s.text), s.text) for s in page.wrong]
    assert wrong == list(ERRORS)
    assert [s.unchecked for s in page.sentences if s.verdict is None] == [
        *["a heading"] * 4,
        "the writer's judgement",
        "a question",
    ]
    assert len([s for s in page.sentences if s.verdict in (Verdict.VERBATIM, Verdict.SUPPORTED)]) == 14


@pytest.mark.parametrize("error", [error for error, instead in ERRORS.items() if instead])
def test_the_right_value_is_pointed_out_in_its_place(page: CheckedDraft, error: str) -> None:
    (sentence,) = [s for s in page.wrong if error in s.text]
    (finding,) = [f for f in sentence.findings if f.instead]
    assert error in finding.written
    assert finding.instead.startswith(ERRORS[error])
    assert page.text[finding.start : finding.end] == finding.written
    assert sentence.start <= finding.start < finding.end <= sentence.end
    assert ERRORS[error] in finding.message
    assert any(finding.release_id == citation.release_id for citation in sentence.evidence)


def test_sentences_are_slices_of_the_draft_and_evidence_of_releases(page: CheckedDraft, starter: Assistant) -> None:
    for sentence in page.sentences:
        assert page.text[sentence.start : sentence.end] == sentence.text
        for reference in sentence.cited:
            assert reference.written in page.text[reference.start : reference.end]
        for citation in sentence.evidence:
            release = starter.release(citation.release_id)
            assert release is not None
            assert release.text[citation.start : citation.end] == citation.quote
        if sentence.verdict in (Verdict.VERBATIM, Verdict.SUPPORTED):
            assert sentence.evidence
            assert not sentence.findings
    assert sum(page.counts.values()) == len(page.sentences)
    assert CheckedDraft.model_validate_json(page.model_dump_json()) == page


def test_an_unknown_reference_is_told_and_the_sentence_checked_all_the_same(starter: Assistant) -> None:
    sentence = only(check(starter, "Bluenoroff and Andariel are sub-groups of Lazarus Group [jy9999]."))
    assert sentence.verdict is Verdict.PARTIAL
    assert [f.message for f in sentence.findings] == ["“jy9999” leads to no release of the index"]
    assert sentence.findings[0].written == "[jy9999]"
    assert sentence.evidence[0].release_id == "sm774"


def test_a_release_that_does_not_carry_the_sentence_is_told_with_the_one_that_does(starter: Assistant) -> None:
    sentence = only(check(starter, "Bluenoroff and Andariel are sub-groups of Lazarus Group [jy1539]."))
    assert sentence.verdict is Verdict.PARTIAL
    message = "cites jy1539, which does not carry all of this; sm774 does"
    assert [f.message for f in sentence.findings] == [message]


def test_an_id_that_a_release_was_also_published_under_leads_to_it(starter: Assistant) -> None:
    url = "https://home.treasury.gov/news/press-releases/sm774"
    sentence = only(check(starter, f"Bluenoroff and Andariel are sub-groups of Lazarus Group ({url})."))
    assert (sentence.verdict, sentence.cited[0].release_ids) == (Verdict.VERBATIM, ["sm774"])


def test_nothing_comes_near(starter: Assistant) -> None:
    sentence = only(check(starter, "Bananas ripen quickest in paper bags beside an apple."))
    assert (sentence.verdict, sentence.evidence) == (Verdict.UNSUPPORTED, [])
    assert [f.message for f in sentence.findings] == ["no release of the index says so or comes near"]


@pytest.mark.parametrize("order", ["13382", "13810"])
def test_the_order_of_somebody_else_carries_nothing(starter: Assistant, order: str) -> None:
    """Both orders stand in neighbouring sentences about husband and wife."""
    text = f"Choe Chol Min was designated under E.O. {order}. Choe Un Jong was designated under E.O. {order}."
    wrong = [s.text.split(" was")[0] for s in check(starter, text).wrong]
    assert wrong == ["Choe Un Jong" if order == "13382" else "Choe Chol Min"]


@pytest.mark.parametrize(
    ("sentence", "before", "expected"),
    [
        ("It also moved $5 million.", "OFAC fined Harbor Lines in Lagos.", "OFAC Harbor Lines Lagos It also moved"),
        ("The company is closed.", "It was run by Lina Okafor.", "Lina Okafor The company is closed."),
        ("Harbor Lines is closed.", "OFAC fined it.", "Harbor Lines is closed."),
        ("It is closed.", "", "It is closed."),
    ],
)
def test_a_sentence_that_leans_takes_the_names_before_it_along(sentence: str, before: str, expected: str) -> None:
    assert in_context(sentence, before).startswith(expected)


def read(assistant: Assistant, text: str) -> tuple[Draft, CheckedDraft]:
    draft = read_draft(Path("draft.md"), text.encode(), known_in(assistant))
    return draft, check_draft(assistant, draft)


def test_the_page_shows_every_sentence_and_asks_for_nothing(starter: Assistant) -> None:
    draft, checked = read(starter, PAGE)
    html = as_page(draft, checked)
    assert "default-src 'none'" in html
    assert not re.search(r"<(?:script|img|link|iframe)\b|@import|url\(", html)
    assert html.count('class="sentence ') == len(checked.sentences)
    assert html.count('<article class="card') == len(checked.wrong)
    assert (
        '<span class="instead">E.O. 13810</span> <ins aria-label="the release says E.O. 13382">E.O. 13382</ins>' in html
    )
    assert counted(checked) in html
    assert 'href="https://home.treasury.gov/news/press-releases/jy1539"' in html


def test_markup_in_a_draft_is_text_on_the_page(starter: Assistant) -> None:
    draft, checked = read(starter, 'OFAC fined <script>alert(1)</script> "x" & [y](javascript:alert(2)) in 2019.')
    html = as_page(draft, checked)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "javascript:" not in re.sub(r"&#?\w+;", "", html).replace("(javascript:alert(2))", "")


def an_analysts_document() -> bytes:
    document = new_document("Note", DAY, "analyst")
    document.add_heading("Mixers", 1)
    paragraph = document.add_paragraph("OFAC designated SUEX on September 21, 2021. Choe Chol ")
    paragraph.add_run("Min was desig").bold = True
    paragraph.add_run("nated under E.O. 13810. Bluenoroff and ").italic = True
    paragraph.add_run("Andariel are sub-groups of Lazarus Group.")
    document.add_table(1, 1).rows[0].cells[0].text = "SUEX handled at least eighteen ransomware variants."
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def test_comments_stand_at_their_sentences_and_all_else_is_kept(starter: Assistant) -> None:
    path, data = Path("note.docx"), an_analysts_document()
    checked = check_draft(starter, read_draft(path, data, known_in(starter)))
    assert [s.text for s in checked.wrong] == [
        "Choe Chol Min was designated under E.O. 13810.",
        "SUEX handled at least eighteen ransomware variants.",
    ]
    document = docx.Document(io.BytesIO(commented(path, data, checked)))
    original = docx.Document(io.BytesIO(data))
    texts = [[p.text for p in word_paragraphs(d)] for d in (original, document)]
    assert texts[0] == texts[1]
    styled = [
        [(c, run.bold, run.italic) for p in d.paragraphs for run in p.runs for c in run.text]
        for d in (original, document)
    ]
    assert styled[0] == styled[1]
    comments = list(document.comments)
    assert [comment.author for comment in comments] == ["treasury-assistant"] * 2
    assert "E.O. 13382" in comments[0].text
    assert "eight" in comments[1].text
    for comment, sentence in zip(comments, checked.wrong, strict=True):
        assert commented_words(document, comment.comment_id) == sentence.text


def commented_words(document: "docx.document.Document", comment_id: int) -> str:
    inside, words = False, ""
    for element in document.element.body.iter():
        if element.tag in (qn("w:commentRangeStart"), qn("w:commentRangeEnd")):
            if element.get(qn("w:id")) == str(comment_id):
                inside = element.tag == qn("w:commentRangeStart")
        elif inside and element.tag == qn("w:t"):
            words += element.text or ""
    return words


def test_a_draft_in_markdown_becomes_a_document_with_comments(starter: Assistant) -> None:
    draft, checked = read(starter, PAGE)
    first = new_commented(draft, checked, DAY)
    document = docx.Document(io.BytesIO(first))
    assert len(list(document.comments)) == len(checked.wrong)
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for sentence in draft.sentences:
        assert sentence.words in text
    assert "[jy1539]" in text
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"][1:] == [
        "North Korea",
        "Ransomware and mixers",
        "Rescues",
    ]
