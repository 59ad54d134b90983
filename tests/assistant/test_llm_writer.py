"""A language model writes, over a real socket: what of it is shown, what is put right, and what every fault ends in."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata, MockLLM

from assistant.answers.answer import Answer, Draft
from assistant.answers.prompt import SENTENCES
from assistant.answers.support import CARRIED
from assistant.citations.checking import Verdict
from assistant.engine import Assistant
from assistant.language_model import open_writing_model
from assistant.question import Turn
from assistant.settings import Settings, load_settings
from corpus.errors import SettingsError
from indexes.generation import Home
from tests.assistant.model_server import (
    ModelServer,
    model_server,
    never_ends,
    refuses,
    says,
    sends,
    stalls,
)

QUESTION = "Who is Choe Un Jong?"
KEY = "sk-very-secret-key"
WIFE = "Choe Un Jong is the wife of Choe Chol Min."
#: Of what is invented, nothing stands in any release of the starter corpus.
INVENTED = "Choe Un Jong won $4 million in the lottery of Monaco in 1987."


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def writing(server: ModelServer, starter_home: Home) -> Iterator[Assistant]:
    """An assistant whose model is the server."""
    settings = Settings(
        home=starter_home.folder, llm_url=server.url, llm_model="model-9", llm_api_key=KEY, llm_timeout=2.0
    )
    with Assistant(settings) as assistant:
        yield assistant


def number_of(server: ModelServer, words: str, assistant: Assistant) -> int:
    """The number of the passage that holds these words, as the model is given it."""
    server.says("NOT_IN_CORPUS")
    assistant.ask(QUESTION)
    passages = re.split(r"<passage (\d+)>", server.read())
    return next(int(n) for n, text in zip(passages[1::2], passages[2::2], strict=True) if words in text)


@pytest.fixture
def wife(server: ModelServer, writing: Assistant) -> str:
    """A true sentence with the marker of its passage."""
    return f"{WIFE[:-1]} [{number_of(server, WIFE, writing)}]."


def test_a_sentence_that_its_passage_carries_is_shown_with_the_exact_words_that_carry_it(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    server.says(f"Here is the answer:\n\n{wife}")
    answer = writing.ask(QUESTION)
    assert [(s.text, s.citations, s.verdict) for s in answer.sentences] == [(WIFE, [1], Verdict.VERBATIM)]
    assert answer.answer == f"{WIFE} [1]"
    (citation,) = answer.citations
    assert (citation.release_id, citation.quote) == ("jy1539", WIFE)
    assert answer.notices == []
    assert answer.provenance.writer == f"llm: model-9 @ 127.0.0.1:{server.server_port}"
    assert answer.timings_ms.write > 0
    assert len(server.requests) == 1


def test_the_model_is_given_question_history_and_passages_and_a_bound(server: ModelServer, writing: Assistant) -> None:
    server.says("NOT_IN_CORPUS")
    writing.ask("Under which executive order was she designated?", [Turn("user", QUESTION), Turn("assistant", WIFE)])
    read = server.read()
    assert "Under which executive order was she designated?" in read
    assert f"user: {QUESTION}\nassistant: {WIFE}" in read
    assert "Source: jy1539, June 15, 2023: Treasury Targets" in read
    assert read.count("</passage>") == 6
    request = server.requests[0]
    assert request["model"] == "model-9"
    assert request["temperature"] == 0
    assert request["max_tokens"] == 1024
    assert server.authorizations == [f"Bearer {KEY}"]


def test_a_sentence_that_fails_is_asked_for_again_once_with_the_reasons(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    server.says(INVENTED + " [1]", f"S1: {wife}")
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    assert answer.notices == []
    assert len(server.requests) == 2
    again = server.read(1)
    assert f"S1: {INVENTED}" in again
    assert re.search(r"What is wrong: \w+", again)
    assert "<passage 1>" in again


@pytest.mark.parametrize("repair", ["S1: DROP", "S1: Choe Un Jong was born in 1802 [1].", "I cannot do this.", ""])
def test_what_still_fails_is_left_out_and_told(server: ModelServer, writing: Assistant, wife: str, repair: str) -> None:
    server.says(f"{wife} {INVENTED} [1]", repair)
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    (notice,) = answer.notices
    assert notice.startswith("1 sentence was left out of what model-9")
    assert "1987" not in answer.model_dump_json()


def test_a_fault_while_sentences_are_put_right_leaves_those_that_stand(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    server.says(f"{wife} {INVENTED} [1]", refuses(500))
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    assert "500" in answer.notices[0]


@pytest.mark.parametrize("marker", ["", " [0]", " [7]", " [99]", " [1]"])
def test_where_nothing_stands_the_releases_are_quoted(
    server: ModelServer, writing: Assistant, starter: Assistant, marker: str
) -> None:
    server.says(INVENTED + marker)
    assert_quoted_instead(writing.ask(QUESTION), starter, "nothing that it wrote is carried")


def test_a_model_that_finds_no_answer_does_not_decide(
    server: ModelServer, writing: Assistant, starter: Assistant
) -> None:
    server.says("NOT_IN_CORPUS")
    assert_quoted_instead(writing.ask(QUESTION), starter, "found no answer in what it read")


def test_what_the_corpus_does_not_hold_is_not_asked_of_the_model(server: ModelServer, writing: Assistant) -> None:
    server.says("Jupiter has 95 moons [1].")
    answer = writing.ask("How many moons does Jupiter have?")
    assert answer.abstained
    assert server.requests == []
    assert answer.provenance.writer == "extractive"


def test_a_sentence_that_leans_on_one_that_is_left_out_is_left_out_with_it(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    """Next to another sentence its "She" would be somebody else."""
    server.says(f"{wife} {INVENTED} [1] She is the wife of Choe Chol Min [1].", "S1: DROP\nS2: DROP")
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    assert answer.notices[0].startswith("2 sentences were left out")


def test_the_same_sentence_again_is_shown_once(server: ModelServer, writing: Assistant, wife: str) -> None:
    server.says(f"{wife} {wife} {wife}")
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    assert answer.notices == []


def test_a_reply_cut_at_its_longest_loses_its_last_sentence(server: ModelServer, writing: Assistant, wife: str) -> None:
    server.says(says(f"{wife} Choe Un Jong is a national of", finish="length"))
    assert [s.text for s in writing.ask(QUESTION).sentences] == [WIFE]


FAULTS = {
    "401": (refuses(401, f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}'), "401"),
    "404": (refuses(404), "ASSISTANT_LLM_MODEL"),
    "429": (refuses(429, retry_after="600"), "too many requests"),
    "500": (refuses(500), "error 500"),
    "a redirect": (refuses(307, location="http://127.0.0.1:9/"), "307"),
    "silence": (stalls(), "2 seconds"),
    "silence in the middle": (stalls(f"{WIFE} [1] And "), "2 seconds"),
    "a stream that is cut": (says(f"{WIFE} [1] And", finish=None), "broke off"),
    "a web page": (sends(b"<html><body>Welcome</body></html>", "text/html"), "nothing that can be read"),
    "no events": (sends(b""), "nothing that can be read"),
    "an empty reply": (says(""), "nothing that can be read"),
    "thoughts only": (says("<think>Who is she? " + WIFE), "nothing that can be read"),
    "garbage": (sends(b"data: {nonsense\n\n"), "not OpenAI's protocol"),
    "another shape": (sends(b'data: {"choices": [{"delta": 7}]}\n\n'), "did not write"),
    "an error in the stream": (sends(f'data: {{"error": {{"message": "bad key {KEY}"}}}}\n\n'.encode()), "failed"),
    "no UTF-8": (sends(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'), "not"),
    "a word without end": (never_ends(lambda n: f"word{n} "), "wrote more than"),
    "a circle": (never_ends(lambda n: "The passage is:\n\n"), "again and again"),
    "comments without end": (never_ends(None), "broke off"),
    "what it was given": (says("<passage 1>\nSource: jy1539"), "repeats what it was given"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_the_quoted_answer_and_one_line(
    server: ModelServer,
    writing: Assistant,
    starter: Assistant,
    fault: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    script, told = FAULTS[fault]
    server.says(script)
    answer = writing.ask(QUESTION)
    assert_quoted_instead(answer, starter, told)
    assert KEY not in answer.model_dump_json()
    assert KEY not in caplog.text
    assert len(server.requests) == 1


def test_a_refused_connection(starter_home: Home, starter: Assistant) -> None:
    settings = Settings(home=starter_home.folder, llm_url="http://127.0.0.1:9/v1", llm_model="m", llm_api_key=KEY)
    with Assistant(settings) as assistant:
        assert_quoted_instead(assistant.ask(QUESTION), starter, "cannot be reached")


def test_half_an_emoji_and_what_steers_a_terminal_do_no_harm(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    server.says(
        sends(
            rb'data: {"choices": [{"delta": {"content": "\ud83d \u001b[31m \u202e"}, "finish_reason": "stop"}]}'
            + b"\n\n"
        )
    )
    writing.ask(QUESTION).model_dump_json().encode()
    server.says(says(f"\x1b[31m{wife}\x07 \u202e", size=1))
    answer = writing.ask(QUESTION)
    assert (answer.answer, answer.notices) == (f"{WIFE} [1]", [])


def test_more_sentences_than_an_answer_has_are_not_waited_for(
    server: ModelServer, writing: Assistant, wife: str
) -> None:
    numbered = (f"In {1900 + n} there was a ball of {n} guests [1]." for n in range(100))
    text = f"{wife} " + " ".join(numbered)
    server.says(never_ends(lambda n: text[n - 1 : n]), says("S1: DROP"))
    answer = writing.ask(QUESTION)
    assert [s.text for s in answer.sentences] == [WIFE]
    assert answer.notices[0].startswith(f"{SENTENCES - 1} sentences were left out")


def test_each_sentence_comes_as_soon_as_it_is_checked(server: ModelServer, writing: Assistant, wife: str) -> None:
    """The first is shown while the model is still at the second; what is shown stays."""
    server.says(stalls(f"{wife} Choe Un Jong is a"))
    updates = writing.stream(QUESTION)
    drafts = []
    for update in updates:
        drafts.append(update)
        if update.sentences:
            break
    assert isinstance(drafts[-1], Draft)
    assert [s.text for s in drafts[-1].sentences] == [WIFE]
    assert drafts[-1].citations[0].quote == WIFE
    updates.close()
    assert server.hung_up.wait(5), "a stop closes the connection"


def test_no_draft_holds_what_did_not_pass(server: ModelServer, writing: Assistant, wife: str) -> None:
    server.says(f"{wife} {INVENTED} [1] {WIFE.replace('wife', 'daughter')} [1]", "S1: DROP\nS2: DROP")
    *drafts, answer = writing.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert any(draft.sentences for draft in drafts)
    final = [s.text for s in answer.sentences]
    for draft in drafts:
        assert isinstance(draft, Draft)
        assert [s.text for s in draft.sentences] == final[: len(draft.sentences)]
        assert all(s.verdict in CARRIED for s in draft.sentences)
    assert max(draft.held for draft in drafts if isinstance(draft, Draft)) >= 1


def test_without_a_model_a_stream_is_one_answer(starter: Assistant) -> None:
    (answer,) = starter.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.provenance.writer == starter.writer == "extractive"
    assert answer.notices == []


class OneSentence(CustomLLM):
    """A model of a program's own."""

    said: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="ours", context_window=4000, num_output=200)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self.said)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        yield CompletionResponse(text=self.said, delta=self.said)


def test_a_program_brings_any_model_of_llamaindex(starter_home: Home) -> None:
    with Assistant(Settings(home=starter_home.folder), llm=OneSentence(said=WIFE)) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.answer == f"{WIFE} [1]"
    assert answer.provenance.writer == "llm: ours (OneSentence)"


def test_a_model_that_echoes_all_that_it_reads(starter_home: Home, starter: Assistant) -> None:
    with Assistant(Settings(home=starter_home.folder), llm=MockLLM()) as assistant:
        assert_quoted_instead(assistant.ask(QUESTION), starter, "did not write this answer")


def test_a_small_context_is_given_fewer_passages(server: ModelServer, starter_home: Home) -> None:
    server.says("NOT_IN_CORPUS")
    settings = Settings(home=starter_home.folder, llm_url=server.url, llm_model="m", llm_context_window=1024)
    with Assistant(settings) as assistant:
        assistant.ask(QUESTION)
        assert 0 <= sum(r["messages"][1]["content"].count("</passage>") for r in server.requests) < 3
        server.says("NOT_IN_CORPUS")
        answer = assistant.ask(QUESTION + " And tell me" + " all" * 900, threshold=0)
    assert server.requests == []
    assert "no room" in answer.notices[0]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"writer": "llm"}, "ASSISTANT_LLM_URL"),
        ({"llm_gguf": "nowhere.gguf"}, "there is no file nowhere.gguf"),
        ({"llm_url": "127.0.0.1:8080", "llm_model": "m"}, "no address of a server"),
    ],
)
def test_a_setting_that_cannot_be_is_told_when_the_assistant_is_opened(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        open_writing_model(load_settings(**settings))


@pytest.mark.parametrize(
    ("environment", "writer"),
    [
        ({}, None),
        ({"ASSISTANT_LLM_URL": "http://host:1/v1"}, None),
        ({"OPENAI_API_KEY": KEY}, None),
        ({"ASSISTANT_LLM_URL": "http://host:1/v1", "ASSISTANT_LLM_MODEL": "m"}, "m @ host:1"),
        ({"OPENAI_BASE_URL": "https://host/v1", "OPENAI_MODEL": "m", "OPENAI_API_KEY": KEY}, "m @ host"),
        ({"OPENAI_BASE_URL": "https://u:pw@host/v1", "OPENAI_MODEL": "m"}, "m @ host"),
        ({"ASSISTANT_LLM_URL": "http://h/v1", "ASSISTANT_LLM_MODEL": "m", "ASSISTANT_WRITER": "extractive"}, None),
    ],
)
def test_what_selects_a_model(environment: dict[str, str], writer: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    model = open_writing_model(load_settings())
    assert (model.name if model else None) == writer


def test_a_file_that_is_no_model(starter_home: Home, starter: Assistant, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    (tmp_path / "bad.gguf").write_bytes(b"no model")
    with Assistant(Settings(home=starter_home.folder, llm_gguf=tmp_path / "bad.gguf")) as assistant:
        assert_quoted_instead(assistant.ask(QUESTION), starter, "cannot run bad.gguf")


def assert_quoted_instead(answer: Answer, starter: Assistant, told: str) -> None:
    """The answer is the one without a model, and one line says why."""
    quoted = starter.ask(QUESTION)
    assert answer.answer == quoted.answer
    assert answer.sentences == quoted.sentences
    assert answer.citations == quoted.citations
    assert answer.provenance.writer == "extractive"
    (notice,) = answer.notices
    assert "\n" not in notice
    assert told in notice
