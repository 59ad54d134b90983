"""The assistant as the settings have it."""

from typing import Any

from assistant.engine import Assistant
from assistant.evaluation.questions import EvaluationQuestion
from assistant.evaluation.record import AnswerRecord
from assistant.evaluation.systems.index import index_provenance
from assistant.evaluation.systems.system import WARM_UP
from assistant.settings import ANSWERING, Settings
from corpus.errors import StaleIndexError


class CurrentAssistant:
    """Asks the assistant; where it abstains, also for what it would have said, so that its risk can be measured."""

    def __init__(self, settings: Settings) -> None:
        self._assistant = Assistant(settings)
        self._assistant.ask(WARM_UP)
        self._generation = self._assistant.generation().name

    def answer(self, question: EvaluationQuestion) -> AnswerRecord:
        """The answer, and the one withheld."""
        answer = self._assistant.ask(question.question, question.turns)
        withheld = None
        if answer.abstained:
            forced = self._assistant.ask(question.question, question.turns, threshold=0)
            withheld = None if forced.abstained else AnswerRecord.of(forced, question.id)
        if answer.provenance.generation != self._generation:
            raise StaleIndexError("the index was replaced while the run went on; begin again with --fresh")
        return AnswerRecord.of(answer, question.id, withheld)

    def provenance(self) -> dict[str, Any]:
        """The index, and the settings that answers depend on."""
        return {
            **index_provenance(self._assistant.generation(), self._assistant.encoder),
            "writer": self._assistant.writer,
            "settings": self._assistant.settings.model_dump(mode="json", include=ANSWERING),
        }
