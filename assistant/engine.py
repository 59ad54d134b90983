"""The assistant: the one place where its parts are wired together."""

import hashlib
import threading
import time
from collections.abc import Collection, Sequence
from typing import Self

from assistant.answers import abstention, extractive
from assistant.answers.answer import Answer, AnswerSentence, Provenance, RetrievedRelease, Timings
from assistant.answers.evidence import gather
from assistant.answers.sentence_encoder import load_sentence_encoder
from assistant.answers.several import releases_to_quote
from assistant.citations.checking import Checker, Verdict
from assistant.citations.citation import Citation, cite
from assistant.question import Question, Turn, parse_question
from assistant.ranking.ranker import FittedRanker, Ranker
from assistant.retrieval import Part, Retrieved, retrieve
from assistant.search import SearchResult, Understood, checked, passages
from assistant.settings import ANSWERING, Settings
from corpus.errors import StaleIndexError
from corpus.release import Release
from indexes.embedding.encoder import Encoder, load_encoder
from indexes.filters import SearchFilter
from indexes.generation import Generation, Home, Manifest

#: Releases named where nothing answers.
NEAREST = 3


class Assistant:
    """Answers questions over the current index. Safe to share between threads.

    A generation that is made current while the assistant runs serves the next question; one under way keeps its own.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the current index and the encoder that made it.

        Raises:
            NoIndexError: nothing is indexed yet.
            StaleIndexError: the index was made with another embedding model or version.
            EmbeddingError: a model cannot be used.
        """
        self.settings = settings
        self._home = Home(settings.home)
        self._generation = self._home.open()
        self._encoder = load_encoder(settings.embedding_model, self._home.models)
        self._check(self._generation.manifest)
        self._sentence_encoder = load_sentence_encoder(self._home.models)
        self._ranker = _load_ranker(settings.reranker)
        self._checker = Checker()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._generation.close()

    @property
    def manifest(self) -> Manifest:
        """What the index in use was made from."""
        return self.generation().manifest

    @property
    def encoder(self) -> Encoder:
        """The model that questions are embedded with."""
        return self._encoder

    @property
    def checker(self) -> Checker:
        """What every sentence is checked by before it is shown."""
        return self._checker

    @property
    def sentence_encoder(self) -> Encoder:
        """The model that questions are compared with sentences by."""
        return self._sentence_encoder

    def generation(self) -> Generation:
        """The index in use; a newer one, once published, from the next call on."""
        if self._home.current_name() != self._generation.name:
            with self._lock:
                name = self._home.current_name()
                if name is not None and name != self._generation.name:
                    newer = self._home.open(name)
                    self._check(newer.manifest)
                    self._generation = newer
        return self._generation

    def ask(
        self,
        text: str,
        history: Sequence[Turn] = (),
        condition: SearchFilter | None = None,
        threshold: float | None = None,
        without: Collection[Part] = (),
    ) -> Answer:
        """Answer a question from the corpus, or say that it is not there.

        Args:
            text: the question.
            history: the turns before it, oldest first.
            condition: only releases that meet it are searched.
            threshold: how likely an answer must be, else as in the settings; 0 answers with the best there is.
            without: parts of retrieval that are left out, such as what was misread in the question.

        Raises:
            QuestionError: the question is empty or too long, or no release can meet the condition.
        """
        clock = _Clock()
        question = parse_question(text, history)
        generation = self.generation()
        clock.lap("understand")
        retrieved = self._retrieve(question, generation, condition, without)
        clock.lap("retrieve")
        to_quote = releases_to_quote(retrieved, generation)
        evidence = gather(retrieved, generation, self._sentence_encoder, to_quote)
        ranked = extractive.rank(evidence)
        clock.lap("rerank")
        confidence = abstention.answerability(ranked, evidence)
        if not evidence.terms and (named := [i for i, _ in retrieved.releases if i in retrieved.named]):
            release = generation.releases.get(named[0])
            spans = extractive.opening(release, self.settings.sentences) if release else []
            confidence = 1.0
        elif confidence >= (self.settings.abstention_threshold if threshold is None else threshold):
            spans = extractive.compose(ranked, self.settings.sentences, to_quote)
        else:
            spans = []
        clock.lap("compose")
        sentences, citations = _checked(
            self._checker,
            [(cite(release, span, n), release) for n, (release, span) in enumerate(spans, 1)],
        )
        clock.lap("check")
        shown = " ".join(f"{sentence.text} [{sentence.citations[0]}]" for sentence in sentences)
        return Answer(
            question=question.text,
            answer=shown or self._nothing_found(question, retrieved, generation),
            abstained=not sentences,
            confidence=round(confidence, 6),
            sentences=sentences,
            citations=citations,
            understood=Understood.of(retrieved),
            retrieved=[RetrievedRelease(release_id=i, score=round(score, 6)) for i, score in retrieved.releases],
            timings_ms=clock.timings(),
            provenance=self._provenance(generation),
        )

    def search(
        self,
        text: str,
        history: Sequence[Turn] = (),
        condition: SearchFilter | None = None,
        limit: int = 10,
        without: Collection[Part] = (),
    ) -> SearchResult:
        """The passages that bear on a question, best first, without an answer.

        Args:
            text: the question, or words.
            history: the turns before it, oldest first.
            condition: only releases that meet it are searched.
            limit: passages, at most, one of a release.
            without: parts of retrieval that are left out, such as what was misread in the question.

        Raises:
            QuestionError: the question is empty or too long, or no release can meet the condition.
        """
        question = parse_question(text, history)
        generation = self.generation()
        retrieved = self._retrieve(question, generation, condition, without)
        return passages(question.text, retrieved, generation, limit)

    def release(self, release_id: str) -> Release | None:
        """A release of the index in use, whole."""
        return self.generation().releases.get(release_id)

    def _retrieve(
        self,
        question: Question,
        generation: Generation,
        condition: SearchFilter | None,
        without: Collection[Part],
    ) -> Retrieved:
        dense_weight, without = self.settings.dense_weight, {*self.settings.without, *without}
        condition = checked(condition, generation) if condition else None
        return retrieve(question, generation, self._encoder, condition, dense_weight, without, self._ranker)

    def _nothing_found(self, question: Question, retrieved: Retrieved, generation: Generation) -> str:
        found = (generation.releases.get(release_id) for release_id, _ in retrieved.releases[:NEAREST])
        nearest = [release for release in found if release]
        return abstention.abstention_text(question, nearest, f"the {generation.manifest.releases:,} indexed releases")

    def _check(self, manifest: Manifest) -> None:
        if manifest.encoder != self._encoder.fingerprint or manifest.embedding_model != self.settings.embedding_model:
            raise StaleIndexError(
                f"the index was made with {manifest.embedding_model} ({manifest.encoder}), the settings say "
                f"{self.settings.embedding_model} ({self._encoder.fingerprint}); "
                "run: assistant index"
            )

    def _provenance(self, generation: Generation) -> Provenance:
        chosen = self.settings.model_dump_json(include=ANSWERING)
        return Provenance(
            corpus=generation.manifest.corpus_hash,
            generation=generation.name,
            embedding_model=f"{generation.manifest.embedding_model} ({generation.manifest.encoder})",
            sentence_model=self._sentence_encoder.fingerprint,
            writer=extractive.WRITER,
            settings=hashlib.sha256(chosen.encode()).hexdigest()[:16],
        )


def _load_ranker(reranker: str) -> Ranker:
    """The fitted ranker, and a cross-encoder after it where one is set."""
    if not reranker:
        return FittedRanker()
    from assistant.ranking.cross_encoder import CrossEncoderRanker

    return CrossEncoderRanker(reranker, FittedRanker())


def _checked(
    checker: Checker, cited: Sequence[tuple[Citation, Release]]
) -> tuple[list[AnswerSentence], list[Citation]]:
    """Check every sentence; one that fails is not shown, nor is its citation."""
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    for citation, release in cited:
        checked = checker.check(citation.quote, [(citation, release)])
        if checked.verdict is Verdict.VERBATIM:
            kept = citation.model_copy(update={"marker": len(citations) + 1})
            citations.append(kept)
            sentences.append(AnswerSentence(text=citation.quote, citations=[kept.marker], verdict=checked.verdict))
    return sentences, citations


class _Clock:
    """Milliseconds between laps."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round(1000 * (now - self._last), 2)
        self._last = now

    def timings(self) -> Timings:
        return Timings(**self._laps, total=round(1000 * (self._last - self._started), 2))
