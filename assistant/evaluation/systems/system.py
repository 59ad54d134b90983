"""What a system is, and which there are."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from assistant.settings import Settings
from corpus.errors import EvaluationError

#: Asked when a system is opened, so that no answer pays for what is made ready at the first question.
WARM_UP = "What did the Treasury announce?"


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
    """The systems that are meant: names, files of recorded answers, or ``all`` that can run here.

    Raises:
        EvaluationError: a name is none of these, or two files have the same name.
    """
    chosen: dict[str, None] = {}
    for name in names:
        if name == "all":
            chosen |= dict.fromkeys(
                s for s in SystemName if s is not SystemName.LLAMAINDEX_CITATIONS or settings.llm_url
            )
        elif name in list(SystemName) or Path(name).is_file():
            chosen[name] = None
        else:
            known = ", ".join(SystemName)
            raise EvaluationError(f"{name} is neither a system ({known}, all) nor a file of answers or a TREC run")
    labels = [system_label(name) for name in chosen]
    if twice := {label for label in labels if labels.count(label) > 1}:
        raise EvaluationError(f"two systems would be called {', '.join(sorted(twice))}; rename a file")
    return list(chosen)


def system_label(name: str) -> str:
    """What a system is called in tables, and its folder: its name, or a file's name without its ending."""
    return name if name in list(SystemName) else Path(name).stem


def open_system(name: str, settings: Settings) -> System:
    """Make a system ready to answer.

    Raises:
        AssistantError: it cannot be opened; says why.
    """
    if name == SystemName.ASSISTANT:
        from assistant.evaluation.systems.current import CurrentAssistant

        return CurrentAssistant(settings)
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
