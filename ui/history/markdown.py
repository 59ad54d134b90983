"""A conversation in Markdown: what was asked, what was answered, and the source of every sentence."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.answers.answer import Answer, AnswerSentence
from assistant.briefing.markdown import escaped, without_lead
from assistant.citations.checking import Verdict
from assistant.citations.citation import Citation, shown_title
from corpus.dating import in_words
from ui.history.stored import Conversation, StoredTurn, TurnState
from ui.wording import digest_note

_PASSED = (Verdict.VERBATIM, Verdict.SUPPORTED)


def as_markdown(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """The whole conversation."""
    return "\n".join(_lines(conversation, turns)) + "\n"


def _lines(conversation: Conversation, turns: Sequence[StoredTurn]) -> Iterator[str]:
    yield from (f"# {escaped(conversation.title)}", "")
    for turn in turns:
        yield from (f"## {escaped(turn.question)}", "")
        asked_with = "; ".join(f"{name}: {_plain(value)}" for name, value in turn.options.items() if value)
        asked = f"Asked {in_words(turn.asked.date())}, {turn.asked:%H:%M} UTC"
        yield from (f"*{escaped(f'{asked}, with {asked_with}' if asked_with else asked)}*", "")
        if turn.answer:
            yield from _answer(turn.answer)
        else:
            yield from (f"*{escaped(_without_answer(turn))}*", "")


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _without_answer(turn: StoredTurn) -> str:
    if turn.state is TurnState.FAILED:
        return f"Not answered: {turn.error}"
    return "Stopped before it was answered." if turn.state is TurnState.STOPPED else "Not answered yet."


def _answer(answer: Answer) -> Iterator[str]:
    if answer.abstained:
        yield from (f"**Not in the corpus.** {escaped(without_lead(answer.answer))}", "")
    else:
        for is_item, together in groupby(answer.sentences, key=lambda sentence: sentence.is_item):
            shown = [_sentence(sentence) for sentence in together]
            yield from (*(f"- {sentence}" for sentence in shown), "") if is_item else (" ".join(shown), "")
    for notice in answer.notices:
        yield from (f"*Note: {escaped(notice)}*", "")
    if answer.citations:
        yield from ("Sources:", "")
        yield from (f"- {_source(citation)}" for citation in answer.citations)
        yield ""


def _sentence(sentence: AnswerSentence) -> str:
    lead_in = f"*{escaped(sentence.lead_in)}* " if sentence.lead_in else ""
    markers = "".join(f" [{marker}]" for marker in sentence.citations)
    doubt = ""
    if sentence.verdict not in _PASSED:
        said = f"{sentence.verdict}: {'; '.join(sentence.reasons)}" if sentence.reasons else sentence.verdict
        doubt = f" **[{escaped(said)}]**"
    return f"{lead_in}{escaped(sentence.text)}{markers}{doubt}"


def _source(citation: Citation) -> str:
    day = in_words(citation.date, citation.date_confidence)
    url = f" <{citation.url}>" if citation.url else ""
    note = f" {escaped(digest_note(citation))}" if digest_note(citation) else ""
    named = f"{escaped(citation.release_id)}, {escaped(shown_title(citation))}, {escaped(day)}"
    return f"[{citation.marker}] {named}: “{escaped(citation.quote)}”{url}{note}"
