"""The language model of the settings, where there is one: any server that speaks OpenAI's protocol."""

from typing import TYPE_CHECKING

from assistant.settings import Settings
from corpus.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

#: Seconds that one reply may take, and how often a request is tried.
TIMEOUT = 120.0
TRIES = 2


def open_language_model(settings: Settings, model: str) -> "LLM":
    """A model of the server as a LlamaIndex ``LLM``, at temperature 0 so that it repeats itself.

    Raises:
        SettingsError: no server or model is set, or the package that talks to it is not installed.
    """
    if not settings.llm_url or not model:
        raise SettingsError("no language model is set; set ASSISTANT_LLM_URL and ASSISTANT_LLM_MODEL")
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise SettingsError("a language model needs: pip install 'treasury-assistant[llm]'") from error
    model_of_server: LLM = OpenAILike(
        model=model,
        api_base=settings.llm_url,
        api_key=settings.llm_api_key.get_secret_value() or "none",
        is_chat_model=True,
        temperature=0.0,
        timeout=TIMEOUT,
        max_retries=TRIES,
    )
    return model_of_server
