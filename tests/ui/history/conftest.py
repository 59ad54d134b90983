"""A file of conversations of each test's own, and answers of the form that the assistant gives."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answers.answer import Answer, AnswerSentence, Provenance, RetrievedRelease, Timings
from assistant.citations.checking import Verdict
from assistant.citations.citation import cite
from assistant.question import AnswerType
from assistant.search import Understood
from corpus.release import Release
from tests.assistant.citations.cited import release_of, spans
from ui.history.conversations import Conversations
from ui.history.database import DESK_FILE, Database
from ui.history.feedback import FeedbackStore

HARBOR = release_of(
    "Lina Okafor was designated on March 4, 2019 under E.O. 13999 for owning Harbor Lines. "
    "Harbor Lines moved $5 million for the network. The network was broken up."
)


def answer_to(
    question: str,
    sentences: Sequence[int] = (0,),
    asks: AnswerType = AnswerType.OTHER,
    releases: Sequence[Release] = (HARBOR,),
    verdict: Verdict = Verdict.VERBATIM,
) -> Answer:
    """An answer that quotes these sentences of each release."""
    cited = [(release, spans(release)[n]) for release in releases for n in sentences]
    citations = [cite(release, span, marker) for marker, (release, span) in enumerate(cited, 1)]
    said = [AnswerSentence(text=c.quote, citations=[c.marker], verdict=verdict) for c in citations]
    return Answer(
        question=question,
        answer=" ".join(sentence.marked for sentence in said) or "Not in the corpus. Nearest: ab1.",
        abstained=not said,
        confidence=0.9,
        sentences=said,
        citations=citations,
        understood=Understood(answer_type=asks),
        retrieved=[RetrievedRelease(release_id=release.release_id, score=1.0) for release in releases],
        timings_ms=Timings(total=12.5),
        provenance=Provenance(
            corpus="c", generation="g", embedding_model="e", sentence_model="s", writer="extractive", settings="x"
        ),
    )


def abstention(question: str) -> Answer:
    return answer_to(question, sentences=())


@pytest.fixture
def desk_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / DESK_FILE


@pytest.fixture
def database(desk_file: Path) -> Iterator[Database]:
    with Database(desk_file) as database:
        yield database


@pytest.fixture
def conversations(database: Database) -> Iterator[Conversations]:
    conversations = Conversations(database)
    yield conversations
    conversations.close()


@pytest.fixture
def feedback(database: Database) -> FeedbackStore:
    return FeedbackStore(database)
