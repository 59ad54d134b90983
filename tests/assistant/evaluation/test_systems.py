"""The systems that can be named, and what the assistant is without a part of its retrieval."""

from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.evaluation.questions import EvaluationQuestion, QuestionType
from assistant.evaluation.systems.current import CurrentAssistant
from assistant.evaluation.systems.system import SystemName, chosen_systems, describe, open_system, system_label
from assistant.question import Turn, parse_question
from assistant.retrieval import Part, retrieve
from assistant.settings import Settings
from corpus.errors import EvaluationError
from indexes.generation import Home

SETTINGS = Settings(home=Path("nowhere"))


def test_all_is_what_can_run_here() -> None:
    four = ["assistant", "bm25", "dense", "rrf", "llamaindex"]
    assert chosen_systems(["all"], SETTINGS) == four
    served = Settings(home=Path("nowhere"), llm_url="http://127.0.0.1:1/v1")
    assert chosen_systems(["all"], served) == [*four, "llamaindex-citations"]


def test_ablations_are_the_assistant_and_it_without_each_part() -> None:
    assert chosen_systems(["ablations"], SETTINGS) == ["assistant", *(f"without-{part}" for part in Part)]
    for part in Part:
        assert system_label(f"without-{part}") == f"without-{part}"
        assert str(part) in describe(f"without-{part}")


@pytest.mark.parametrize("name", ["without-luck", "bm26", "without-"])
def test_what_is_no_system_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(EvaluationError, match=rf"{name} is neither a system \(assistant, bm25, .*without-ranking"):
        chosen_systems([name], SETTINGS)


def test_every_system_says_what_it_is() -> None:
    assert len({describe(name) for name in SystemName}) == len(SystemName)
    assert describe("theirs.jsonl") == "answers recorded in theirs.jsonl"


def test_a_system_without_a_part_says_so_in_its_provenance(starter_home: Home) -> None:
    system = open_system("without-ranking", Settings(home=starter_home.folder))
    assert isinstance(system, CurrentAssistant)
    assert system.provenance()["settings"]["without"] == ["ranking"]
    question = EvaluationQuestion(id="w-1", question="Why was Tornado Cash sanctioned?", type=QuestionType.REASON)
    assert system.answer(question).ranked[0] == "jy0916"


#: A question to which the part makes a difference.
QUESTIONS = dict.fromkeys(Part, "Which bank was designated in January 2007?") | {
    Part.ORDER: "What do the first sanctions over Iran say?",
    Part.NAMES: "Which sanctions did Irann get?",
    Part.IDS: "What does jy0916 say of January 2007?",
}


@pytest.mark.parametrize("part", list(Part))
def test_retrieval_does_without_any_part(starter: Assistant, part: Part) -> None:
    question = parse_question(QUESTIONS[part], [Turn("user", "And over Iran?")])
    generation = starter.generation()
    retrieved = retrieve(question, generation, starter.encoder, without=(part,))
    whole = retrieve(question, generation, starter.encoder)
    assert retrieved.releases
    assert retrieved.releases != whole.releases
    assert bool(retrieved.found.periods) is (part not in (Part.PERIODS, Part.ORDER, Part.NAMES))
    if part in (Part.DENSE, Part.LEXICAL):
        assert all((hit.dense if part is Part.DENSE else hit.lexical) is None for hit in retrieved.hits)
