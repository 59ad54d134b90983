"""What a system is, and which there are."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from assistant.retrieval import Part
from assistant.settings import Settings
from corpus.errors import EvaluationError

#: Asked when a system is opened, so that no answer pays for what is made ready at the first question.
WARM_UP = "What did the Treasury announce?"


#: Begins the name of the assistant without a part of its retrieval.
WITHOUT = "without-"


class System(Protocol):
    """Answers one question at a time, in a process of its own."""

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        """The answer, with what was found and how long it took. Any error it raises is recorded for the question."""

    def provenance(self) -> dict[str, Any]:
        """What makes its answers repeatable: names, hashes, settings."""


class SystemName(StrEnum):
    """The systems that come with the program."""

    ASSISTANT = "assistant"
    BM25 = "bm25"
    DENSE = "dense"
    RRF = "rrf"
    LLAMAINDEX = "llamaindex"
    LLAMAINDEX_CITATIONS = "llamaindex-citations"

    @property
    def description(self) -> str:
        """What it is, in a line."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    SystemName.ASSISTANT: "the assistant as the settings have it",
    SystemName.BM25: "BM25 alone: the two best passages",
    SystemName.DENSE: "dense retrieval alone: the two best passages",
    SystemName.RRF: "reciprocal rank fusion of the two: its two best passages",
    SystemName.LLAMAINDEX: "LlamaIndex's default VectorStoreIndex, same model and chunks: its two best passages",
    SystemName.LLAMAINDEX_CITATIONS: "LlamaIndex's CitationQueryEngine with the language model of the settings",
}


def chosen_systems(names: Sequence[str], settings: Settings) -> list[str]:
    """The systems that are meant: names, files of recorded answers, ``all`` that can run here, or ``ablations``.

    Raises:
        EvaluationError: a name is none of these, or two files have the same name.
    """
    chosen: dict[str, None] = {}
    for name in names:
        if name == "all":
            chosen |= dict.fromkeys(
                s for s in SystemName if s is not SystemName.LLAMAINDEX_CITATIONS or settings.llm_url
            )
        elif name == "ablations":
            chosen |= dict.fromkeys([SystemName.ASSISTANT, *(f"{WITHOUT}{part}" for part in Part)])
        elif name in list(SystemName) or left_out(name) or Path(name).is_file():
            chosen[name] = None
        else:
            known = ", ".join(SystemName)
            parts = ", ".join(f"{WITHOUT}{part}" for part in Part)
            raise EvaluationError(
                f"{name} is neither a system ({known}, all; {parts}, ablations) nor a file of answers or a TREC run"
            )
    labels = [system_label(name) for name in chosen]
    if twice := {label for label in labels if labels.count(label) > 1}:
        raise EvaluationError(f"two systems would be called {', '.join(sorted(twice))}; rename a file")
    return list(chosen)


def system_label(name: str) -> str:
    """What a system is called in tables, and its folder: its name, or a file's name without its ending."""
    return name if is_known(name) else Path(name).stem


def is_known(name: str) -> bool:
    """Whether the system comes with the program."""
    return name in list(SystemName) or left_out(name) is not None


def left_out(name: str) -> Part | None:
    """The part of retrieval that the assistant is without in the system ``without-PART``; None for other systems."""
    part = name.removeprefix(WITHOUT)
    return Part(part) if name.startswith(WITHOUT) and part in list(Part) else None


def describe(name: str) -> str:
    """What a system is, in a line."""
    if part := left_out(name):
        return f"the assistant with {part} left out of retrieval"
    return SystemName(name).description if name in list(SystemName) else f"answers recorded in {name}"


def open_system(name: str, settings: Settings) -> System:
    """Make a system ready to answer.

    Raises:
        AssistantError: it cannot be opened; says why.
    """
    if name == SystemName.ASSISTANT:
        from assistant.evaluation.systems.current import CurrentAssistant

        return CurrentAssistant(settings)
    if part := left_out(name):
        from assistant.evaluation.systems.current import CurrentAssistant

        return CurrentAssistant(settings.model_copy(update={"without": (part,)}))
    if name in (SystemName.BM25, SystemName.DENSE, SystemName.RRF):
        from assistant.evaluation.systems.passages import PassageSystem

        return PassageSystem.searching(name, settings)
    if name == SystemName.LLAMAINDEX:
        from assistant.evaluation.systems.llamaindex import VectorStoreSystem

        return VectorStoreSystem(settings)
    if name == SystemName.LLAMAINDEX_CITATIONS:
        from assistant.evaluation.systems.llamaindex import CitationSystem

        return CitationSystem(settings)
    from assistant.evaluation.systems.recorded import RecordedSystem

    return RecordedSystem(Path(name))
