"""A briefing: answers with numbered notes, their sources, and how it was made; the same in JSON and Markdown."""

import datetime
import re

import pytest

from assistant.briefing.briefing import Briefing, build_briefing
from assistant.briefing.markdown import as_markdown, escaped
from assistant.briefing.questions import parse_lines, parse_markdown
from assistant.citations.checking import Verdict
from assistant.engine import Assistant
from corpus.errors import BriefingError
from tests.assistant.briefing.conftest import DAY, QUESTIONS


def in_doubt(briefing: Briefing) -> Briefing:
    """The briefing as if a model had written the first sentence, and the check had not passed it."""
    altered = briefing.model_copy(deep=True)
    sentence = altered.questions[0].sentences[0]
    sentence.verdict, sentence.doubt = Verdict.PARTIAL, "Only partly supported: says 13811"
    return altered


def test_every_sentence_has_numbered_notes_in_order(briefing: Briefing) -> None:
    numbers = [n for question in briefing.questions for sentence in question.sentences for n in sentence.notes]
    assert numbers == [note.number for note in briefing.notes] == list(range(1, len(numbers) + 1))
    assert all(sentence.notes for question in briefing.questions for sentence in question.sentences)
    for question in briefing.questions:
        for sentence in question.sentences:
            quotes = [briefing.notes[n - 1].citation.quote for n in sentence.notes]
            assert sentence.text in quotes


def test_the_second_note_of_a_release_points_to_the_first(briefing: Briefing) -> None:
    first: dict[str, int] = {}
    for note in briefing.notes:
        assert note.first == first.setdefault(note.citation.release_id, note.number)
    assert any(note.first != note.number for note in briefing.notes)


def test_sources_are_the_distinct_releases_cited_newest_first(briefing: Briefing) -> None:
    assert sorted(n for source in briefing.sources for n in source.notes) == [n.number for n in briefing.notes]
    assert {s.release_id for s in briefing.sources} == {n.citation.release_id for n in briefing.notes}
    days = [source.date for source in briefing.sources if source.date]
    assert days == sorted(days, reverse=True)


def test_what_the_corpus_does_not_hold_is_said_with_what_was_searched(briefing: Briefing) -> None:
    (missing,) = [question for question in briefing.questions if not question.sentences]
    assert missing.question == "Who won the 1998 World Cup?"
    assert missing.not_found.startswith("Not in the corpus")
    assert "84 releases of the starter corpus" in missing.searched
    assert "“1998” as 1998-01-01 to 1998-12-31" in missing.searched


def test_an_answer_that_is_a_list_is_one(briefing: Briefing) -> None:
    listed = briefing.questions[2]
    assert listed.as_list == (len(listed.sentences) > 1)
    assert not briefing.questions[0].as_list


def test_what_cannot_be_asked_is_listed_and_the_rest_goes_on(briefing: Briefing) -> None:
    assert [line.line for line in briefing.skipped] == [12]
    assert briefing.answered == 4
    assert [section.heading for section in briefing.sections] == ["North Korea", "Elsewhere"]


def test_it_says_how_it_was_made(briefing: Briefing, starter: Assistant) -> None:
    made = briefing.provenance
    assert (briefing.title, briefing.date) == ("Sanctions & more", DAY)
    assert (made.corpus, made.releases) == (starter.manifest.corpus_hash, 84)
    assert made.retrieved == starter.manifest.created.date()
    assert made.program.startswith("treasury-assistant ")
    assert "abstention_threshold" in made.setting_values


def test_the_same_index_gives_the_same_briefing(briefing: Briefing, starter: Assistant) -> None:
    again = build_briefing(starter, parse_markdown(QUESTIONS), date=DAY)
    assert again == briefing
    assert Briefing.model_validate_json(briefing.model_dump_json()) == briefing


def test_a_title_and_a_day_can_be_given(starter: Assistant) -> None:
    made = build_briefing(starter, parse_lines("Who is Choe Un Jong's husband?"), "Mine", datetime.date(2020, 1, 2))
    assert (made.title, made.date) == ("Mine", datetime.date(2020, 1, 2))
    assert build_briefing(starter, parse_lines("Who is Choe Un Jong's husband?")).title == "Briefing"


def test_a_briefing_of_nothing_is_none(starter: Assistant) -> None:
    with pytest.raises(BriefingError, match="no question can be asked"):
        build_briefing(starter, parse_lines(""))


def test_markdown_has_a_footnote_for_every_reference(briefing: Briefing) -> None:
    text = as_markdown(briefing)
    references = re.findall(r"\[\^(\d+)\](?!:)", text)
    definitions = re.findall(r"^\[\^(\d+)\]: ", text, re.M)
    assert references == definitions == [str(note.number) for note in briefing.notes]
    assert text.startswith("# Sanctions \\& more\n\nNovember 25, 2026\n")
    assert "## North Korea\n\n### Which executive order" in text
    assert "**Not in the corpus.** Nothing in the 84 indexed releases" in text
    assert "digest in our own words" in text
    assert "<https://home.treasury.gov/news/press-releases/jy1539> (retrieved " in text
    assert f"| Corpus hash | {briefing.provenance.corpus} |" in text
    assert "- Line 12: the question is empty" in text


def test_a_sentence_that_failed_the_check_is_marked_in_words(briefing: Briefing) -> None:
    text = as_markdown(in_doubt(briefing))
    assert "**[Only partly supported: says 13811]**" in text
    assert "1 sentence, which is marked, did not pass the check" in text
    assert "Every sentence passed the check" in as_markdown(briefing)


@pytest.mark.parametrize("text", ["# a", "- a", "1. a", "+ a", "a *b* _c_ `d` [e](f) <g> | h & i", "a\n\n# b", "#"])
def test_no_text_marks_anything_up(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or ()} <= {"text", "text_special"}
    assert "".join(child.content for child in tokens[1].children or ()) == " ".join(text.split())
