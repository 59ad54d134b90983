"""The assistant: the one place where its parts are wired together."""

import datetime
import hashlib
import threading
import time
from collections.abc import Collection, Generator, Sequence
from typing import TYPE_CHECKING, Any, Self

from assistant.answers import abstention, extractive
from assistant.answers.answer import Answer, AnswerSentence, Draft, Provenance, RetrievedRelease, Timings
from assistant.answers.conflicts import find_conflict, with_conflict
from assistant.answers.evidence import Evidence, gather
from assistant.answers.extractive import Quoted
from assistant.answers.llm import LanguageModelWriter
from assistant.answers.prompt import choose_passages
from assistant.answers.sentence_encoder import load_sentence_encoder
from assistant.answers.several import releases_to_quote
from assistant.citations.checking import Checker, Entailment, Verdict
from assistant.citations.citation import Citation, cite
from assistant.language_model import open_writing_model
from assistant.names import aliases
from assistant.question import Question, Turn, parse_question
from assistant.ranking.ranker import FittedRanker, Ranker
from assistant.retrieval import Part, Retrieved, retrieve
from assistant.search import SearchResult, Understood, checked, passages
from assistant.settings import ANSWERING, Settings, load_settings
from corpus.errors import StaleIndexError
from corpus.release import Release
from indexes.embedding.encoder import Encoder, load_encoder
from indexes.filters import SearchFilter
from indexes.generation import Generation, Home, Manifest

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

#: Releases named where nothing answers.
NEAREST = 3


class Assistant:
    """Answers questions over the current index. Safe to share between threads.

    A generation that is made current while the assistant runs serves the next question; one under way keeps its own.
    """

    def __init__(self, settings: Settings, llm: "LLM | None" = None) -> None:
        """Open the current index and the encoder that made it.

        Args:
            settings: what can be set.
            llm: writes the answers, in place of a model that the settings name.

        Raises:
            NoIndexError: nothing is indexed yet.
            StaleIndexError: the index was made with another embedding model or version.
            EmbeddingError: a model cannot be used.
            SettingsError: a language model is to write, and it is not all there.
        """
        self.settings = settings
        model = open_writing_model(settings, llm)
        self._home = Home(settings.home)
        self._generation = self._home.open()
        self._encoder = load_encoder(settings.embedding_model, self._home.models)
        self._check(self._generation.manifest)
        self._sentence_encoder = load_sentence_encoder(self._home.models)
        self._ranker = _load_ranker(settings.reranker)
        self._checker = Checker(self._aliases, self._sentence_encoder, _load_entailment(settings.nli))
        self._writer = LanguageModelWriter(model, self._checker) if model else None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, llm: "LLM | None" = None, **settings: Any) -> Self:
        """Open the current index with the settings of the environment and the home, and those given here.

        Args:
            llm: writes the answers, in place of a model that the settings name.
            settings: such as ``home`` or ``sentences``; see ``Settings``.

        Raises:
            SettingsError: a setting is unknown or out of range.
            NoIndexError, StaleIndexError, EmbeddingError: as ``Assistant``.
        """
        return cls(load_settings(**settings), llm)

    def close(self) -> None:
        """Let go of the index, and of the language model where one was started."""
        self.__exit__()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer:
            self._writer.close()
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
    def writer(self) -> str:
        """Who writes the answers."""
        return self._writer.name if self._writer else extractive.WRITER

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
        *_, answer = self.stream(text, history, condition, threshold, without)
        assert isinstance(answer, Answer)  # noqa: S101 - the last of a stream is one
        return answer

    def stream(
        self,
        text: str,
        history: Sequence[Turn] = (),
        condition: SearchFilter | None = None,
        threshold: float | None = None,
        without: Collection[Part] = (),
    ) -> Generator[Draft | Answer, None, None]:
        """Answer as ``ask`` does: what of the answer may be shown already, as a language model writes, then the answer.

        Each draft replaces the one before it, and holds only sentences that have passed the check. Closing the
        generator stops the model. Without a language model there are no drafts.
        """
        clock = _Clock()
        question = parse_question(text, history)
        generation = self.generation()
        clock.lap("understand")
        retrieved = self._retrieve(question, generation, condition, without)
        clock.lap("retrieve")
        to_quote = releases_to_quote(retrieved, generation)
        evidence = gather(retrieved, generation, self._sentence_encoder, to_quote)
        clock.lap("rerank")
        confidence = abstention.answerability(evidence)
        latest = generation.manifest.latest_date
        ends = latest if abstention.asks_what_is_to_come(question, latest) else None
        if not evidence.terms and (named := [i for i, _ in retrieved.releases if i in retrieved.named]):
            release = generation.releases.get(named[0])
            spans = extractive.opening(release, self.settings.sentences) if release else []
            confidence = 1.0
        elif not ends and confidence >= (self.settings.abstention_threshold if threshold is None else threshold):
            spans = extractive.compose(evidence, self.settings.sentences, to_quote)
        else:
            spans = []
        conflict = None
        if spans and not to_quote and not retrieved.order:  # a comparison, or "the latest", says which is meant
            conflict = find_conflict(evidence, spans, retrieved.found.periods, retrieved.named)
            spans = with_conflict(spans, conflict) if conflict else spans
        clock.lap("compose")
        quoted = extractive.lay_out(spans, retrieved.found.question.answer_type)
        sentences, citations = _checked(self._checker, quoted)
        clock.lap("check")
        writer, notices = extractive.WRITER, list[str]()
        if self._writer and sentences:
            chosen = choose_passages(retrieved, generation, spans)
            written = yield from self._writer.write(question, chosen)
            clock.lap("write")
            notices = written.notices
            if written.sentences:
                sentences, citations, writer = written.sentences, written.citations, self._writer.name
        shown = " ".join(sentence.marked for sentence in sentences).replace(" \n", "\n")
        yield Answer(
            question=question.text,
            answer=shown or self._nothing_found(question, evidence, retrieved, generation, ends),
            abstained=not sentences,
            confidence=round(confidence, 6),
            sentences=sentences,
            citations=citations,
            understood=Understood.of(retrieved),
            retrieved=[RetrievedRelease(release_id=i, score=round(score, 6)) for i, score in retrieved.releases],
            timings_ms=clock.timings(),
            provenance=self._provenance(generation, writer),
            notices=[*([conflict.notice] if conflict and sentences else []), *notices],
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

    def _nothing_found(
        self,
        question: Question,
        evidence: Evidence,
        retrieved: Retrieved,
        generation: Generation,
        ends: datetime.date | None,
    ) -> str:
        found = (generation.releases.get(release_id) for release_id, _ in retrieved.releases[:NEAREST])
        nearest = [release for release in found if release]
        searched = f"the {generation.manifest.releases:,} indexed releases"
        return abstention.abstention_text(question, evidence, nearest, searched, ends)

    def _aliases(self, name: str) -> list[str]:
        return aliases(name, self.generation())

    def _check(self, manifest: Manifest) -> None:
        if manifest.encoder != self._encoder.fingerprint or manifest.embedding_model != self.settings.embedding_model:
            raise StaleIndexError(
                f"the index was made with {manifest.embedding_model} ({manifest.encoder}), the settings say "
                f"{self.settings.embedding_model} ({self._encoder.fingerprint}); "
                "run: assistant index"
            )

    def _provenance(self, generation: Generation, writer: str) -> Provenance:
        chosen = self.settings.model_dump_json(include=ANSWERING)
        return Provenance(
            corpus=generation.manifest.corpus_hash,
            generation=generation.name,
            embedding_model=f"{generation.manifest.embedding_model} ({generation.manifest.encoder})",
            sentence_model=self._sentence_encoder.fingerprint,
            writer=writer,
            settings=hashlib.sha256(chosen.encode()).hexdigest()[:16],
        )


def _load_ranker(reranker: str) -> Ranker:
    """The fitted ranker, and a cross-encoder after it where one is set."""
    if not reranker:
        return FittedRanker()
    from assistant.ranking.cross_encoder import CrossEncoderRanker

    return CrossEncoderRanker(reranker, FittedRanker())


def _load_entailment(model: str) -> Entailment | None:
    """The model that may refuse what passed every other check, where one is set."""
    if not model:
        return None
    from assistant.citations.entailment import CrossEncoderEntailment

    return CrossEncoderEntailment(model)


def _checked(checker: Checker, quoted: Sequence[Quoted]) -> tuple[list[AnswerSentence], list[Citation]]:
    """Check every sentence; one that fails is not shown, nor is its citation."""
    sentences: list[AnswerSentence] = []
    citations: list[Citation] = []
    for quote in quoted:
        citation = cite(quote.release, quote.span, len(citations) + 1)
        verdict = checker.check(citation.quote, [(citation, quote.release)]).verdict
        if verdict is Verdict.VERBATIM:
            citations.append(citation)
            sentences.append(
                AnswerSentence(
                    text=citation.quote,
                    citations=[citation.marker],
                    verdict=verdict,
                    lead_in=quote.lead_in,
                    is_item=quote.is_item,
                )
            )
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
