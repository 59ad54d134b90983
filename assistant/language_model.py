"""Language models: a server that speaks OpenAI's protocol, a GGUF file, or one that a program brings.

Each is a LlamaIndex ``LLM``. ``LanguageModel`` adds what a writer of answers needs: a name to tell, bounds on what it
reads and writes, and faults in a line.
"""

import importlib.util
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.settings import Settings, WriterName
from corpus.errors import LanguageModelError, SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from assistant.local_server import LocalServer

#: Seconds that one reply may take, and how often a request is tried, where a model judges or is compared with.
TIMEOUT = 120.0
TRIES = 2

#: Tokens of one reply: a quarter of the context, within these bounds.
SHORTEST_REPLY = 256
LONGEST_REPLY = 4_096
#: A reply that ends in so many characters, for the so-manieth time, goes round in circles.
CIRCLE = 60
CIRCLES = 6
#: Characters that a token of English has at least, on the average of a paragraph with names and numbers.
CHARACTERS_A_TOKEN = 3


class LanguageModel:
    """A language model that writes. Nothing is loaded before the first reply; safe to share between threads."""

    def __init__(
        self,
        name: str,
        context_window: int,
        seconds: float,
        open_llm: "Callable[[], AbstractContextManager[LLM]]",
        server: "LocalServer | None" = None,
    ) -> None:
        """Describe a model, and say how it is opened.

        Args:
            name: what provenance and notices call it; holds no key.
            context_window: tokens that it reads and writes, together.
            seconds: that one reply may take.
            open_llm: gives what speaks to it, for one reply; leaving the context hangs up.
            server: that runs in this process for it, and is stopped with it.
        """
        self.name = name
        self._context_window = context_window
        self._seconds = seconds
        self._open_llm = open_llm
        self._server = server

    @property
    def reply_tokens(self) -> int:
        """Tokens that a reply may have."""
        return reply_tokens(self._context_window)

    @property
    def room(self) -> int:
        """Characters that it can be given to read."""
        return max(0, self._context_window - self.reply_tokens) * CHARACTERS_A_TOKEN

    def reply(self, instructions: str, prompt: str) -> Generator[str, None, bool]:
        """The pieces of a reply, as they come; closing the generator closes the connection.

        Returns:
            Whether the reply is whole: False where it was cut at the longest reply.

        Raises:
            LanguageModelError: the model cannot be reached, breaks off, does not end, or what it sends is no reply.
        """
        deadline = time.monotonic() + self._seconds
        most = 2 * self.reply_tokens * CHARACTERS_A_TOKEN
        written, speaks_openai, finish = "", False, None
        try:
            with self._open_llm() as llm:
                for part in _stream(llm, instructions, prompt):
                    choices = getattr(part.raw, "choices", None)
                    if choices:
                        speaks_openai = True
                        finish = choices[0].finish_reason or finish
                    piece = part.delta or ""
                    written += piece
                    if len(written) > most:
                        raise LanguageModelError(f"it wrote more than {most:,} characters")
                    if piece and len(written) > CIRCLE * CIRCLES and written.count(written[-CIRCLE:]) >= CIRCLES:
                        raise LanguageModelError("it says the same again and again")
                    if time.monotonic() > deadline:
                        raise LanguageModelError(f"it did not come to an end within {self._seconds:,.0f} seconds")
                    yield piece
        except LanguageModelError:
            raise
        except Exception as error:  # whatever the model's library raises
            raise LanguageModelError(_told(error, self._seconds)) from error
        if speaks_openai and finish is None:
            raise LanguageModelError("its reply broke off")
        return finish != "length"

    def close(self) -> None:
        """Stop the server that runs for it, where one does."""
        if self._server:
            self._server.close()


def reply_tokens(context_window: int) -> int:
    """Tokens of a context that are kept for the reply."""
    return min(max(context_window // 4, SHORTEST_REPLY), LONGEST_REPLY)


def open_writing_model(settings: Settings, llm: "LLM | None" = None) -> LanguageModel | None:
    """The model that writes answers; None where sentences of releases do.

    One that a program brings comes before a GGUF file, and that before a server.

    Raises:
        SettingsError: a model is to write and none is set, its file is missing, or a package that it needs.
    """
    if settings.writer is WriterName.EXTRACTIVE:
        return None
    if llm is not None:
        brought = llm
        name = f"{llm.metadata.model_name} ({type(llm).__name__})"
        return LanguageModel(name, llm.metadata.context_window, settings.llm_timeout, lambda: nullcontext(brought))
    if settings.llm_gguf:
        return _local_model(settings)
    if settings.llm_url and settings.llm_model:
        return _served_model(settings)
    if settings.writer is WriterName.LLM:
        raise SettingsError(
            "a language model is to write, but none is set; "
            "set ASSISTANT_LLM_URL and ASSISTANT_LLM_MODEL, or ASSISTANT_LLM_GGUF"
        )
    return None


def open_language_model(settings: Settings, model: str) -> "LLM":
    """A model of the server as a LlamaIndex ``LLM``, at temperature 0 so that it repeats itself.

    Raises:
        SettingsError: no server or model is set, or the package that talks to it is not installed.
    """
    if not settings.llm_url or not model:
        raise SettingsError("no language model is set; set ASSISTANT_LLM_URL and ASSISTANT_LLM_MODEL")
    return _openai_like(
        model=model,
        api_base=settings.llm_url,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout=TIMEOUT,
        max_retries=TRIES,
    )


def _served_model(settings: Settings) -> LanguageModel:
    """The model of the settings' server. It is asked once: an answer that waits is worse than a quoted one."""
    _require("llama_index.llms.openai_like", "llm")
    address = urlsplit(settings.llm_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError(
            f"the setting llm_url (ASSISTANT_LLM_URL): no address of a server, such as http://127.0.0.1:8080/v1: "
            f"{settings.llm_url!r}"
        )
    host = address.hostname + (f":{address.port}" if address.port else "")

    def open_llm() -> "AbstractContextManager[LLM]":
        key = settings.llm_api_key.get_secret_value()
        return _writing_llm(settings, settings.llm_model, settings.llm_url, key, trust_env=True)

    name = f"{settings.llm_model} @ {host}"
    return LanguageModel(name, settings.llm_context_window, settings.llm_timeout, open_llm)


def _local_model(settings: Settings) -> LanguageModel:
    """The model of a GGUF file, behind a server of llama.cpp in this process."""
    from assistant.local_server import LocalServer

    file = settings.llm_gguf
    assert file is not None  # noqa: S101 - the caller has looked
    _require("xllamacpp", "gguf")
    _require("llama_index.llms.openai_like", "gguf")
    if not file.is_file():
        raise SettingsError(f"the setting llm_gguf (ASSISTANT_LLM_GGUF): there is no file {file}")
    server = LocalServer(file, settings.llm_context_window)

    def open_llm() -> "AbstractContextManager[LLM]":
        address, key = server.start()
        return _writing_llm(settings, file.stem, address, key, trust_env=False)

    name = f"{file.stem} (GGUF)"
    return LanguageModel(name, settings.llm_context_window, settings.llm_timeout, open_llm, server)


@contextmanager
def _writing_llm(settings: Settings, model: str, address: str, key: str, *, trust_env: bool) -> "Iterator[LLM]":
    from assistant.bounded_http import bounded_client

    tokens = reply_tokens(settings.llm_context_window)
    with bounded_client(settings.llm_timeout, tokens, trust_env=trust_env) as client:
        yield _openai_like(
            model=model,
            api_base=address,
            api_key=key,
            timeout=settings.llm_timeout,
            max_retries=0,
            max_tokens=tokens,
            context_window=settings.llm_context_window,
            http_client=client,
        )


def _stream(llm: "LLM", instructions: str, prompt: str) -> Any:
    from llama_index.core.llms import ChatMessage, MessageRole

    return llm.stream_chat(
        [
            ChatMessage(role=MessageRole.SYSTEM, content=instructions),
            ChatMessage(role=MessageRole.USER, content=prompt),
        ]
    )


def _openai_like(api_key: str, **arguments: Any) -> "LLM":
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise SettingsError("a language model needs: pip install 'treasury-assistant[llm]'") from error
    model: LLM = OpenAILike(api_key=api_key or "none", is_chat_model=True, temperature=0.0, **arguments)
    return model


def _require(module: str, extra: str) -> None:
    """See that an optional package is installed, without loading it."""
    parent = module.split(".", maxsplit=1)[0]
    if not importlib.util.find_spec(parent) or not importlib.util.find_spec(module):
        raise SettingsError(f"a language model needs: pip install 'treasury-assistant[{extra}]'")


def _told(error: BaseException, seconds: float) -> str:
    """What went wrong, in words; never those of the server, which may repeat the key."""
    import httpx

    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return f"it answers with the error {status}{_HINTS.get(status, '')}"
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    for cause in causes:
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout):
            return "its server cannot be reached"
        if isinstance(cause, httpx.TimeoutException | TimeoutError):
            return f"it did not come to an end within {seconds:,.0f} seconds"
        if isinstance(cause, httpx.TransportError):
            return "its reply broke off"
        if isinstance(cause, LanguageModelError):
            return str(cause)
    if isinstance(error, UnicodeDecodeError):
        return "what it sent is not UTF-8"
    if isinstance(error, ValueError | TypeError | AttributeError | LookupError):
        return "what it sent is not OpenAI's protocol"
    return f"it failed ({type(error).__name__})"


_HINTS = {
    400: " (bad request: is its context smaller than ASSISTANT_LLM_CONTEXT_WINDOW?)",
    401: " (unauthorized: see ASSISTANT_LLM_API_KEY)",
    403: " (forbidden: see ASSISTANT_LLM_API_KEY)",
    404: " (not found: see ASSISTANT_LLM_URL and ASSISTANT_LLM_MODEL)",
    429: " (too many requests, or no credit)",
}
