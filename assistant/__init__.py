"""From a question to an answer whose every sentence is cited and checked.

>>> from assistant import Assistant
>>> with Assistant.open() as assistant:  # doctest: +SKIP
...     answer = assistant.ask("Why was Tornado Cash sanctioned?")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answers.answer import Answer, AnswerSentence
    from assistant.citations.checking import Checked, Checker, Reason, Verdict
    from assistant.citations.citation import Citation
    from assistant.engine import Assistant
    from assistant.question import Turn
    from assistant.search import SearchResult
    from assistant.settings import Settings, load_settings
    from indexes.filters import SearchFilter

#: Where each public name is defined; it is imported when it is first asked for.
_PLACES = {
    "Answer": "assistant.answers.answer",
    "AnswerSentence": "assistant.answers.answer",
    "Assistant": "assistant.engine",
    "Checked": "assistant.citations.checking",
    "Checker": "assistant.citations.checking",
    "Citation": "assistant.citations.citation",
    "Reason": "assistant.citations.checking",
    "SearchFilter": "indexes.filters",
    "SearchResult": "assistant.search",
    "Settings": "assistant.settings",
    "Turn": "assistant.question",
    "Verdict": "assistant.citations.checking",
    "load_settings": "assistant.settings",
}

__all__ = [
    "Answer",
    "AnswerSentence",
    "Assistant",
    "Checked",
    "Checker",
    "Citation",
    "Reason",
    "SearchFilter",
    "SearchResult",
    "Settings",
    "Turn",
    "Verdict",
    "load_settings",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return __all__
