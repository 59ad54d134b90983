"""The answer, as people see it and as ``--json`` prints it. Fields may be added, never changed."""

from pydantic import BaseModel

from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.search import Understood


class AnswerSentence(BaseModel):
    """One sentence, the markers of what it cites, and how the check judged it."""

    text: str
    citations: list[int]
    verdict: Verdict
    reasons: list[str] = []


class RetrievedRelease(BaseModel):
    """A release that the search found."""

    release_id: str
    score: float


class Timings(BaseModel):
    """Milliseconds by stage."""

    understand: float = 0
    retrieve: float = 0
    rerank: float = 0
    compose: float = 0
    check: float = 0
    total: float = 0


class Provenance(BaseModel):
    """What made the answer, so that it can be made again: hashes and names."""

    corpus: str
    generation: str
    embedding_model: str
    sentence_model: str
    writer: str
    settings: str


class Answer(BaseModel):
    """A question answered, or an honest word that the corpus holds no answer.

    ``confidence`` is how likely, from 0 to 1, the corpus was held to answer; below the threshold it is not answered.
    """

    id: str | None = None
    question: str
    answer: str
    abstained: bool
    confidence: float
    sentences: list[AnswerSentence]
    citations: list[Citation]
    understood: Understood
    retrieved: list[RetrievedRelease]
    timings_ms: Timings
    provenance: Provenance
