"""The writer with a language model: whatever it writes, only what its sources carry is shown."""

import itertools
import re
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.answers.answer import AnswerSentence, Draft
from assistant.answers.markers import WrittenSentence, declines, read_repairs, read_reply
from assistant.answers.prompt import (
    INSTRUCTIONS,
    PASSAGE_TAG,
    REPAIR,
    SENTENCES,
    Failed,
    Passage,
    repair_prompt,
    writing_prompt,
)
from assistant.answers.support import Judged, in_order, judge
from assistant.citations.checking import Checker
from assistant.citations.citation import Citation, cite
from assistant.language_model import LanguageModel
from assistant.question import Question
from corpus.errors import LanguageModelError
from corpus.release import Span

#: Characters that are read between two drafts that hold nothing new.
PROGRESS = 80
_ENDS = re.compile(r"[.!?:\]\n】]")


@dataclass(frozen=True, slots=True)
class Written:
    """What is left of a model's answer; without sentences, the releases are quoted instead."""

    sentences: list[AnswerSentence]
    citations: list[Citation]
    notices: list[str]


class LanguageModelWriter:
    """Has a model write from passages, checks each sentence, and has those that fail put right once."""

    def __init__(self, model: LanguageModel, checker: Checker) -> None:
        self._model = model
        self._checker = checker

    @property
    def name(self) -> str:
        """What provenance tells of it."""
        return f"llm: {self._model.name}"

    def close(self) -> None:
        """Stop what runs for the model."""
        self._model.close()

    def write(self, question: Question, passages: Sequence[Passage]) -> Generator[Draft, None, Written]:
        """Write an answer. Closing the generator stops the model.

        Args:
            question: with the turns before it.
            passages: best first; the answer cites these and no others.

        Returns:
            What passed the check. A model that fails, says that there is no answer, or writes nothing that passes,
            leaves a notice and no sentences.
        """
        prompt, count = writing_prompt(question, passages, self._model.room)
        if not count:
            return self._nothing("the question leaves it no room to read passages in")
        passages = passages[:count]
        judgements: dict[WrittenSentence, Judged] = {}

        def judged(written: Sequence[WrittenSentence]) -> list[Judged]:
            for sentence in written:
                if sentence not in judgements:
                    judgements[sentence] = judge(sentence.text, sentence.numbers, passages, self._checker)
            return in_order([judgements[sentence] for sentence in written])

        try:
            reply, whole = yield from self._read(prompt, count, judged)
        except LanguageModelError as error:
            return self._nothing(str(error))
        written = _distinct(read_reply(reply, count, ended=whole))[:SENTENCES]
        if not written and declines(reply):
            return self._nothing("it found no answer in what it read", nearest=True)
        if not written:
            return self._nothing("it wrote nothing that can be read as an answer")

        sentences = judged(written)
        failing = [n for n, sentence in enumerate(sentences) if not sentence.carried]
        versions = [[sentence] for sentence in written]
        fault = ""
        if failing:
            yield _draft(sentences, len(reply))
            try:
                repairs = self._put_right([(written[n], sentences[n]) for n in failing], passages)
            except LanguageModelError as error:
                repairs, fault = {}, f"; asked to put this right, it failed: {error}"
            for n, repaired in repairs.items():
                versions[failing[n]] = repaired
        return self._written(versions, judged, fault)

    def _read(
        self, prompt: str, passages: int, judged: Callable[[Sequence[WrittenSentence]], list[Judged]]
    ) -> Generator[Draft, None, tuple[str, bool]]:
        """Read the model's reply, with a draft as it grows: the reply, and whether its last sentence is whole."""
        reply, told = "", 0
        shown: list[Judged] = []
        with closing(self._model.reply(INSTRUCTIONS, prompt)) as pieces:
            yield _draft([], 0)
            while True:
                try:
                    piece = next(pieces)
                except StopIteration as end:
                    return reply, bool(end.value)
                reply += piece
                if PASSAGE_TAG in reply:
                    raise LanguageModelError("it repeats what it was given to read")
                if _ENDS.search(piece):
                    written = _distinct(read_reply(reply, passages, ended=False))
                    sentences = judged(written[:SENTENCES])
                    if sentences != shown:
                        shown, told = sentences, len(reply)
                        yield _draft(shown, told)
                    if len(written) > SENTENCES:
                        return reply, False
                if len(reply) >= told + PROGRESS:
                    told = len(reply)
                    yield _draft(shown, told)

    def _put_right(
        self, failing: Sequence[tuple[WrittenSentence, Judged]], passages: Sequence[Passage]
    ) -> dict[int, list[WrittenSentence]]:
        """Ask the model once for all sentences that fail, each with what is wrong with it."""
        failed = [Failed(w.text, w.numbers, tuple(map(str, judged.checked.reasons))) for w, judged in failing]
        prompt = repair_prompt(failed, passages, self._model.room)
        with closing(self._model.reply(REPAIR, prompt)) as pieces:
            reply = "".join(pieces)
        return {} if PASSAGE_TAG in reply else read_repairs(reply, len(failed), len(passages))

    def _written(
        self,
        versions: Sequence[Sequence[WrittenSentence]],
        judged: Callable[[Sequence[WrittenSentence]], list[Judged]],
        fault: str,
    ) -> Written:
        """The sentences that are carried, numbered anew; a sentence of which no version is has been left out."""
        origins = {sentence: n for n, version in reversed(list(enumerate(versions))) for sentence in version}
        distinct = _distinct([sentence for version in versions for sentence in version])
        kept = [(origins[w], j) for w, j in zip(distinct, judged(distinct), strict=True) if j.carried][:SENTENCES]
        if not kept:
            return self._nothing(f"nothing that it wrote is carried by its sources{fault}")
        sentences, citations = _numbered([judged for _, judged in kept])
        left_out = len(versions) - len({origin for origin, _ in kept})
        notices = []
        if left_out:
            were = "1 sentence was" if left_out == 1 else f"{left_out} sentences were"
            do = "its source does not carry it" if left_out == 1 else "their sources do not carry them"
            notices = [f"{were} left out of what {self._model.name} wrote: {do}{fault}."]
        return Written(sentences, citations, notices)

    def _nothing(self, reason: str, *, nearest: bool = False) -> Written:
        instead = "These sentences of releases come nearest" if nearest else "The releases are quoted instead"
        return Written([], [], [f"{self._model.name} did not write this answer: {reason}. {instead}."])


def _numbered(judged: Sequence[Judged]) -> tuple[list[AnswerSentence], list[Citation]]:
    """Sentences with markers, and the citations that they lead to, in order of their first use."""
    markers: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []
    sentences: list[AnswerSentence] = []
    for sentence in judged:
        for release, span in sentence.cited:
            if (release.release_id, span) not in markers:
                markers[release.release_id, span] = len(citations) + 1
                citations.append(cite(release, span, len(citations) + 1))
        sentences.append(
            AnswerSentence(
                text=sentence.text,
                citations=[markers[release.release_id, span] for release, span in sentence.cited],
                verdict=sentence.checked.verdict,
                reasons=list(map(str, sentence.checked.reasons)),
            )
        )
    return sentences, citations


def _draft(judged: Sequence[Judged], written: int) -> Draft:
    """What may be shown: the sentences before the first that fails."""
    shown = list(itertools.takewhile(lambda sentence: sentence.carried, judged))
    return Draft(*_numbered(shown), held=len(judged) - len(shown), written=written)


def _distinct(written: Sequence[WrittenSentence]) -> list[WrittenSentence]:
    """The sentences, each once: a model may say the same again and again."""
    seen: dict[str, WrittenSentence] = {}
    for sentence in written:
        seen.setdefault(" ".join(re.findall(r"\w+", sentence.text.lower())), sentence)
    return list(seen.values())
