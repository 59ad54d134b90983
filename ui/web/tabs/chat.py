"""The chat: questions, cited answers as they are made, and the conversation kept on the server."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.answers.answer import Answer, Draft
from assistant.retrieval import Part
from corpus.errors import AssistantError
from ui.history.feedback import Reason
from ui.history.stored import StoredTurn, TurnState, history_of
from ui.web.desk import QUIET, Desk, user_of
from ui.web.filters_panel import FiltersPanel
from ui.web.reader_pane import ReaderPane
from ui.web.rendering.answer import draft_markdown, messages
from ui.web.rendering.understood import chips

#: Example questions, each with the release that answers it: only those that the index can answer are shown.
EXAMPLES = (
    ("Which executive order was Choe Un Jong designated under, and why?", "jy1539"),
    ("Why was Tornado Cash sanctioned?", "jy0916"),
    ("Who is Dan Gertler?", "sm0243"),
    ("What does the Capital Purchase Program do?", "hp1207"),
)
GREETING = (
    "### Ask about sanctions, economic policy or speeches\n"
    "Every sentence of an answer is quoted from a release or checked against it, and its marker opens the release at "
    "the words that carry it. Where the corpus holds no answer, you are told so. Press / to ask."
)
#: Empties the box when its question is kept, and not before; what has been typed meanwhile stays.
_TAKEN = "(text, asked) => text === asked ? '' : text"
#: Seconds between two looks at an answer that another page is still waiting for.
LOOK_AGAIN = 1.5


class ChatTab:
    """Two steps a question: it is kept and shown at once, then answered. The server's copy is the truth."""

    def __init__(self, desk: Desk, reader: ReaderPane) -> None:
        self._desk = desk
        self._reader = reader
        self._filters = FiltersPanel(desk)
        self.conversation: gr.State
        self.chatbot: gr.Chatbot

    def build(self) -> None:
        """Make the components."""
        known = (text for text, release_id in EXAMPLES if self._desk.assistant.release(release_id))
        examples: list[Any] = [{"text": text} for text in known]
        self.conversation = gr.State(None)
        self._turn = gr.State(None)
        self.chatbot = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            height="100%",
            latex_delimiters=[],
            allow_tags=False,
            buttons=[],
            layout="panel",
            editable="user",
            group_consecutive_messages=False,
            feedback_options=tuple(map(_asked_as, Reason)),
            placeholder=GREETING,
            examples=examples or None,
        )
        self._chips = gr.CheckboxGroup(
            [],
            elem_id="understood",
            label="Understood; take one out to ask without it",
            visible=False,
        )
        self.question = gr.Textbox(
            placeholder="Ask a question about the releases",
            label="Question",
            show_label=False,
            lines=1,
            max_lines=6,
            elem_id="question",
            submit_btn=True,
            stop_btn=False,
        )
        self._asked = gr.Textbox(visible=False)
        self._filters.build()
        self._waiting = gr.Timer(LOOK_AGAIN, active=False)

    def wire(self, listed: Callable[..., str], inputs: Sequence[Any], history: gr.HTML) -> None:
        """Connect them, once the reader and the list of conversations are there.

        Args:
            listed: makes the list of conversations, which changes with every question.
            inputs: what it makes it from.
            history: where it is shown.
        """
        begun = [self.question, self.chatbot, self.conversation, self._turn, self._asked]
        filters = self._filters.inputs
        starts = [
            self.question.submit(self.begin, [self.question, self.conversation, *filters], begun, **QUIET),
            self.chatbot.example_select(self.begin_example, [self.conversation, *filters], begun, **QUIET),
            self.chatbot.retry(self.begin_again, self.conversation, begun, **QUIET),
            self.chatbot.edit(self.begin_edited, self.conversation, begun, **QUIET),
            self._chips.input(self.begin_without, [self._chips, self.conversation], begun, **QUIET),
        ]
        shown = [self.chatbot, self._chips, self._reader.sources, self._reader.release]
        answering = []
        for start in starts:
            start.success(None, [self.question, self._asked], self.question, js=_TAKEN, **QUIET)
            answer = start.success(
                self.answer, [self.conversation, self._turn], shown, concurrency_limit=8, concurrency_id="ask", **QUIET
            )
            answering.append(answer)
            answer.then(self.settled, None, self.question, **QUIET).then(listed, inputs, history, **QUIET)
        self.question.stop(
            self.stop, [self.conversation, self._turn], [self.question, self.chatbot], cancels=answering, **QUIET
        )
        self.chatbot.clear(self.clear, None, self.opened, **QUIET).then(listed, inputs, history, **QUIET)
        self.chatbot.like(self.judge, self.conversation, None, **QUIET)
        self.chatbot.select(self.look_at, self.conversation, [self._chips, self._reader.sources], **QUIET)
        self._waiting.tick(self.look_again, self.conversation, [self._waiting, *shown], **QUIET)

    @property
    def opened(self) -> list[Any]:
        """What opening a conversation sets: see ``open``."""
        return [self.conversation, self._waiting, self.chatbot, self._chips, self._reader.sources, self._reader.release]

    # --- asking ---

    def begin(self, text: str, conversation: str | None, request: gr.Request, *filters: Any) -> tuple[Any, ...]:
        """Keep a question and show it, before it is answered."""
        if not text.strip():
            raise gr.Error("Type a question first.", print_exception=False, duration=4)
        try:
            options = self._filters.options(*filters)
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return self._begun(user_of(request), conversation, text, options)

    def begin_example(
        self, event: gr.SelectData, conversation: str | None, request: gr.Request, *filters: Any
    ) -> tuple[Any, ...]:
        """Ask one of the examples."""
        return self.begin(str(event.value["text"]), conversation, request, *filters)

    def begin_again(self, event: gr.RetryData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """Ask a question again as it was asked; what came after it goes."""
        turn = self._turn_at(user_of(request), conversation, event.index)
        return self._replaced(user_of(request), turn, turn.question, turn.options)

    def begin_edited(self, event: gr.EditData, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """Ask a question in other words; what came after it goes."""
        turn = self._turn_at(user_of(request), conversation, event.index)
        options = {name: value for name, value in turn.options.items() if name not in ("without", "chips")}
        return self._replaced(user_of(request), turn, str(event.value), options)

    def begin_without(self, kept: list[str], conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """Ask the last question again, without what was taken out of what was understood."""
        turn = self._desk.conversations.turns(user_of(request), conversation)[-1]
        known = _chips(turn)
        options = {**turn.options, "without": sorted(known.keys() - set(kept)), "chips": known}
        return self._replaced(user_of(request), turn, turn.question, options)

    def answer(self, conversation: str, turn_id: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer the question that was begun: drafts as a language model writes, then the checked answer."""
        conversations, user = self._desk.conversations, user_of(request)
        turns = conversations.turns(user, conversation)
        at = next((n for n, turn in enumerate(turns) if turn.id == turn_id), None)
        if at is None:  # taken out by another page of the same user
            return
        shown = messages(turns)
        finished = False
        try:
            for made in self._stream(turns[at], turns[:at]):
                if isinstance(made, Draft):
                    shown[2 * at + 1]["content"] = draft_markdown(made)
                    yield shown, gr.skip(), gr.skip(), gr.skip()
                else:
                    conversations.finish(turn_id, made)
                    finished = True
        except AssistantError as error:
            conversations.fail(turn_id, str(error))
            finished = True
        finally:
            if not finished:  # the page was closed, or the answer stopped
                conversations.stop(turn_id)
        yield self._shown(user, conversations.turns(user, conversation))

    def stop(self, conversation: str, turn_id: str, request: gr.Request) -> tuple[Any, Any]:
        """Stop the answer that is being made."""
        self._desk.conversations.stop(turn_id)
        return self.settled(), messages(self._desk.conversations.turns(user_of(request), conversation))

    def settled(self) -> Any:
        """The box for the next question."""
        return gr.Textbox(submit_btn=True, stop_btn=False)

    # --- looking ---

    def open(self, conversation: str | None, turn_id: str | None, user: str) -> tuple[Any, ...]:
        """A conversation as it is kept, at one of its answers: values for ``opened``."""
        turns = self._desk.conversations.turns(user, conversation) if conversation else []
        if turn_id and all(turn.id != turn_id for turn in turns):  # asked anew since: it is shown by itself
            turn = self._desk.conversations.turn(user, turn_id)
            conversation, turns = None, [turn] if turn else []
        running = any(turn.state is TurnState.RUNNING for turn in turns)
        return conversation, gr.Timer(active=running), *self._shown(user, turns, turn_id)

    def clear(self) -> tuple[Any, ...]:
        """An empty conversation; the one before stays in the list."""
        return self.open(None, None, "")

    def look_again(self, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """Whether an answer that was under way when the page was opened is there."""
        return self.open(conversation, None, user_of(request))[1:]

    def look_at(self, event: gr.SelectData, conversation: str, request: gr.Request) -> tuple[Any, Any]:
        """The sources of the answer that was chosen."""
        turn = self._turn_at(user_of(request), conversation, event.index)
        return self._chips_of(turn), self._reader.show(turn.answer)[0]

    def judge(self, event: gr.LikeData, conversation: str, request: gr.Request) -> None:
        """Keep what somebody thinks of an answer."""
        turn = self._turn_at(user_of(request), conversation, event.index)
        reason = next((r for r in Reason if event.liked == (True if r is Reason.GOOD else r.label)), None)
        if reason is None:
            self._desk.feedback.take_back(user_of(request), turn.id)
        elif reason is not self._desk.feedback.of(user_of(request), [turn.id]).get(turn.id):  # Gradio tells it twice
            self._desk.feedback.give(user_of(request), turn.id, reason)
            gr.Info(f"Kept: {reason.label.lower()}.", duration=3)

    def _stream(self, turn: StoredTurn, before: list[StoredTurn]) -> Iterator[Draft | Answer]:
        without = [Part(part) for part in turn.options.get("without", [])]
        condition = self._filters.condition(turn.options)
        yield from self._desk.assistant.stream(turn.question, history_of(before), condition, without=without)

    def _begun(self, user: str, conversation: str | None, text: str, options: dict[str, Any]) -> tuple[Any, ...]:
        turn = self._desk.conversations.ask(user, conversation, text, options)
        shown = messages(self._desk.conversations.turns(user, turn.conversation_id))
        return gr.Textbox(submit_btn=False, stop_btn=True), shown, turn.conversation_id, turn.id, text

    def _replaced(self, user: str, turn: StoredTurn, text: str, options: dict[str, Any]) -> tuple[Any, ...]:
        self._desk.conversations.cut(user, turn.conversation_id, turn.id)
        return self._begun(user, turn.conversation_id, text, options)

    def _turn_at(self, user: str, conversation: str | None, index: Any) -> StoredTurn:
        """The turn that a message belongs to; there are two messages a turn."""
        number = int(index[0] if isinstance(index, (list, tuple)) else index) // 2
        turns: list[StoredTurn] = self._desk.conversations.turns(user, conversation) if conversation else []
        if not 0 <= number < len(turns):
            raise gr.Error("This conversation has changed elsewhere; reload the page.", print_exception=False)
        return turns[number]

    def _shown(self, user: str, turns: list[StoredTurn], turn_id: str | None = None) -> tuple[Any, ...]:
        """Messages, chips, sources and the reader, of one turn or else of the last."""
        turn = next((turn for turn in turns if turn.id == turn_id), turns[-1] if turns else None)
        given = self._desk.feedback.of(user, [turn.id for turn in turns])
        judged = [_asked_as(given[turn.id]) if turn.id in given else None for turn in turns]
        chat = gr.Chatbot(value=messages(turns), feedback_value=judged)
        return chat, self._chips_of(turn), *self._reader.show(turn.answer if turn else None)

    def _chips_of(self, turn: StoredTurn | None) -> Any:
        known = _chips(turn) if turn else {}
        left_out = turn.options.get("without", []) if turn else []
        return gr.CheckboxGroup(
            choices=[(label, part) for part, label in known.items()],
            value=[part for part in known if part not in left_out],
            visible=bool(known),
        )


def _asked_as(reason: Reason) -> str:
    """What Gradio is told of a reason: it draws a thumb for "Like", and lists the others under a flag."""
    return "Like" if reason is Reason.GOOD else reason.label


def _chips(turn: StoredTurn) -> dict[str, str]:
    """What was read from a question, by the part of retrieval it goes to; what was taken out among it."""
    read = chips(turn.answer.understood) if turn.answer else []
    return {**turn.options.get("chips", {}), **{chip.part.value: chip.label for chip in read}}
