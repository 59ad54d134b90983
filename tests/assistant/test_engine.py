"""From a question to an answer over real indexes: cited, verbatim, or an honest abstention."""

import datetime
from pathlib import Path

import pytest

from assistant.answers.answer import Answer
from assistant.citations.checking import Verdict
from assistant.engine import Assistant
from assistant.question import Turn
from assistant.settings import Settings
from corpus.errors import NoIndexError, QuestionError, StaleIndexError
from corpus.release import ReleaseKind
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.filters import SearchFilter
from indexes.generation import Home
from tests.conftest import write_release
from tests.shared import SEEDS, needs_seeds

CHOE = "Which executive order was Choe Un Jong designated under, and why?"


def assert_checkable(answer: Answer, assistant: Assistant) -> None:
    """Every sentence is word for word what its citation points at, and carries its marker."""
    assert [citation.marker for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        release = assistant.release(citation.release_id)
        assert release is not None
        assert release.text[citation.start : citation.end] == citation.quote
        paragraph = release.paragraphs[citation.paragraph - 1]
        assert paragraph.start <= citation.start < citation.end <= paragraph.end
    quotes = {citation.marker: citation.quote for citation in answer.citations}
    for sentence in answer.sentences:
        assert sentence.verdict is Verdict.VERBATIM
        assert [quotes[marker] for marker in sentence.citations] == [sentence.text]
        assert f"{sentence.text} [{sentence.citations[0]}]" in answer.answer


@pytest.mark.parametrize(
    ("question", "release_id", "fact"),
    [
        (CHOE, "jy1539", "E.O. 13810"),
        ("Who is Choe Un Jong's husband?", "jy1539", "Choe Chol Min"),
        ("Under which executive order was Tornado Cash designated?", "jy0916", "13694"),
        ("What was the Capital Purchase Program?", "hp1207", "Capital Purchase Program"),
    ],
)
def test_questions_over_the_starter_corpus(starter: Assistant, question: str, release_id: str, fact: str) -> None:
    answer = starter.ask(question)
    assert not answer.abstained
    assert fact in answer.answer
    assert release_id in {citation.release_id for citation in answer.citations}
    assert answer.retrieved[0].release_id == release_id
    assert {citation.kind for citation in answer.citations} == {ReleaseKind.DIGEST}
    assert_checkable(answer, starter)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 2018 World Cup?",
        "What is the best recipe for sourdough bread?",
        "What are the side effects of ibuprofen?",
        "How many moons does Jupiter have?",
        "Who painted the Mona Lisa?",
        "How tall is Mount Everest?",
        "When did the Beatles release Abbey Road?",
        "zxqv wvutsr qqqq?",
        "Wer hat die Fußballweltmeisterschaft gewonnen?",
    ],
)
def test_what_the_corpus_does_not_hold_is_not_answered(starter: Assistant, question: str) -> None:
    answer = starter.ask(question)
    assert answer.abstained
    assert answer.citations == answer.sentences == []
    assert answer.answer.startswith("Not in the corpus")
    assert question in answer.answer


def test_a_release_named_by_its_id_comes_first(starter: Assistant) -> None:
    answer = starter.ask("In HP-219, which bank was designated?")
    assert answer.retrieved[0].release_id == "hp219"
    assert {citation.release_id for citation in answer.citations} == {"hp219"}


@pytest.mark.parametrize("question", ["jy1539", "What does JY-1539 say?"])
def test_a_release_asked_for_by_its_id_alone_is_opened(starter: Assistant, question: str) -> None:
    answer = starter.ask(question)
    release = starter.release("jy1539")
    assert release is not None
    assert {citation.release_id for citation in answer.citations} == {"jy1539"}
    assert answer.citations[0].start == min(span.start for p in release.paragraphs for span in p.sentences)
    assert_checkable(answer, starter)


def test_a_follow_up_is_answered_from_what_was_asked_before(starter: Assistant) -> None:
    follow_up = "Under which executive order was she designated?"
    history = [Turn("user", "Who is Choe Un Jong?"), Turn("assistant", "The wife of Choe Chol Min.")]
    assert "E.O. 13810" in starter.ask(follow_up, history).sentences[0].text
    assert "Choe Un Jong" not in starter.ask(follow_up).answer


def test_filters_hold(starter: Assistant) -> None:
    only = SearchFilter(date_to=datetime.date(2010, 12, 31))
    answer = starter.ask("Which bank was sanctioned for North Korea?", condition=only)
    assert all(citation.date and citation.date.year <= 2010 for citation in answer.citations)
    assert answer.retrieved
    for found in answer.retrieved:
        release = starter.release(found.release_id)
        assert release is not None
        assert release.date is not None
        assert release.date.year <= 2010


@pytest.mark.parametrize("question", ["sm551", "What was SM-551 about?", "In sm551, when was the bank closed?"])
def test_a_release_is_found_by_an_id_that_it_was_also_published_under(
    home: Home, releases_folder: Path, question: str
) -> None:
    text = "The Harbor bank was closed on the day of the fair. " * 12
    for release_id in ("sm549", "sm551"):
        write_release(releases_folder / f"2018-11-19-{release_id}.md", "A Statement on Ships", text)
    build_index(releases_folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        answer = assistant.ask(question)
    assert {citation.release_id for citation in answer.citations} == {"sm549"}
    assert "sm551" in answer.citations[0].also_published_as


@pytest.mark.parametrize("question", ["jy1539", "In jy1539, who was designated?"])
def test_a_release_named_by_its_id_still_has_to_pass_the_filter(starter: Assistant, question: str) -> None:
    answer = starter.ask(question, condition=SearchFilter(date_to=datetime.date(2010, 12, 31)))
    shown = {citation.release_id for citation in answer.citations} | {found.release_id for found in answer.retrieved}
    assert "jy1539" not in shown


def test_a_filter_that_nothing_passes_ends_in_an_abstention(starter: Assistant) -> None:
    answer = starter.ask(CHOE, condition=SearchFilter(date_to=datetime.date(1901, 1, 1)))
    assert answer.abstained
    assert answer.retrieved == []


def test_the_same_question_is_answered_alike(starter: Assistant) -> None:
    first, second = starter.ask(CHOE), starter.ask(CHOE)
    assert first.model_dump(exclude={"timings_ms"}) == second.model_dump(exclude={"timings_ms"})


def test_an_answer_keeps_the_contract(starter: Assistant) -> None:
    answer = starter.ask(CHOE).model_dump(mode="json")
    assert answer.keys() >= set(
        "id question answer abstained sentences citations retrieved timings_ms provenance".split()
    )
    assert answer["citations"][0].keys() >= set(
        "marker release_id title date url section paragraph start end quote also_published_as".split()
    )
    assert answer["timings_ms"].keys() >= set("understand retrieve rerank compose check total".split())
    assert answer["provenance"].keys() >= set("corpus generation embedding_model writer settings".split())
    assert 0 < len(answer["retrieved"]) <= 20
    assert len({found["release_id"] for found in answer["retrieved"]}) == len(answer["retrieved"])


@pytest.mark.parametrize("text", ["", "a" * 100_000])
def test_a_bad_question_is_refused(starter: Assistant, text: str) -> None:
    with pytest.raises(QuestionError):
        starter.ask(text)


def test_a_new_generation_serves_the_next_question(home: Home, releases_folder: Path) -> None:
    build_index(releases_folder, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        question = "Who runs the Bergen shipping ring?"
        assert assistant.ask(question).abstained
        write_release(
            releases_folder / "2024-05-06-ab0004.md",
            "Treasury Sanctions the Bergen Shipping Ring",
            "Karl Moe runs the Bergen shipping ring.",
        )
        build_index(releases_folder, home, DEFAULT_MODEL)
        assert "Karl Moe" in assistant.ask(question).answer


def test_without_an_index_it_says_what_to_run(home: Home) -> None:
    with pytest.raises(NoIndexError, match="assistant index"):
        Assistant(Settings(home=home.folder))


def test_an_index_of_another_model_is_told(home: Home, releases_folder: Path) -> None:
    build_index(releases_folder, home, DEFAULT_MODEL)
    from indexes.embedding.packaged_model import model_folder

    with pytest.raises(StaleIndexError, match="run: assistant index"):
        Assistant(Settings(home=home.folder, embedding_model=str(model_folder())))


@needs_seeds
@pytest.mark.parametrize(
    ("question", "release_id", "fact"),
    [
        (CHOE, "jy1539", "E.O. 13810"),
        (
            "According to a US official, what did the missile most likely release?",
            "news-article-without-front-matter",
            "glide vehicle",
        ),
    ],
)
def test_the_founding_documents(home: Home, question: str, release_id: str, fact: str) -> None:
    build_index(SEEDS, home, DEFAULT_MODEL)
    with Assistant(Settings(home=home.folder)) as assistant:
        answer = assistant.ask(question)
        assert fact in answer.answer
        assert answer.citations[0].release_id == release_id
        assert_checkable(answer, assistant)
        assert assistant.ask("Who won the 2018 World Cup?").abstained
