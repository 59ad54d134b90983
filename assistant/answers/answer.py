"""The answer, as people see it and as ``--json`` prints it. Fields may be added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation
from assistant.search import Understood


class AnswerSentence(BaseModel):
    """One sentence, the markers of what it cites, and how the check judged it.

    ``lead_in`` stands before it, in our words: the release and its date, where a reader needs them. ``is_item`` says
    that it is a line of a list.
    """

    text: str
    citations: list[int]
    verdict: Verdict
    reasons: list[str] = []
    lead_in: str = ""
    is_item: bool = False

    @property
    def marked(self) -> str:
        """The words as they are shown, with the markers."""
        words = [*([self.lead_in] if self.lead_in else []), self.text, *(f"[{marker}]" for marker in self.citations)]
        return ("\n- " if self.is_item else "") + " ".join(words)


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
    write: float = 0
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
    ``notices`` say what became of a language model's work where it was not all shown, a line each.
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
    notices: list[str] = []


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that a language model is writing: what of it has passed the check, in order.

    Each draft replaces the one before, and the answer the last. ``held`` sentences are written and not shown: they wait
    for one before them that is to be put right. ``written`` are the characters that the model has sent.
    """

    sentences: Sequence[AnswerSentence]
    citations: Sequence[Citation]
    held: int
    written: int
