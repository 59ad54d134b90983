"""Settings: from the environment (prefix ``ASSISTANT_``), else ``settings.toml`` in the home, else as below."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.answers.abstention import THRESHOLD
from assistant.retrieval import Part
from corpus.errors import SettingsError
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.hybrid import DENSE_WEIGHT

#: The settings that an answer depends on.
ANSWERING = {
    "embedding_model",
    "dense_weight",
    "reranker",
    "without",
    "sentences",
    "abstention_threshold",
    "nli",
    "llm_context_window",
}


class WriterName(StrEnum):
    """Who writes answers: sentences of releases are put together, or a language model writes and is checked."""

    EXTRACTIVE = "extractive"
    LLM = "llm"


def _default_home() -> Path:
    return Path(os.environ.get("ASSISTANT_HOME") or platformdirs.user_data_dir("treasury-assistant", appauthor=False))


class Settings(BaseSettings):
    """What can be set. Every field is also an environment variable: ``ASSISTANT_PORT``, ..."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="forbid", frozen=True, populate_by_name=True)

    home: Path = Field(default_factory=_default_home, description="folder of all data")
    embedding_model: str = Field(DEFAULT_MODEL, description="the default, or what sentence-transformers can load")
    dense_weight: float = Field(DENSE_WEIGHT, ge=0, le=1, description="share of dense retrieval; 0 is BM25 alone")
    reranker: str = Field("", description="a cross-encoder that sentence-transformers can load; empty: none")
    without: tuple[Part, ...] = Field((), description="parts of retrieval that are left out, to measure what they earn")
    nli: str = Field(
        "", description="an entailment cross-encoder that sentence-transformers can load, which may refuse a sentence"
    )
    sentences: int = Field(
        4, ge=1, le=10, description="sentences of an answer, or of each part or release that a question asks for"
    )
    abstention_threshold: float = Field(THRESHOLD, ge=0, le=1, description="how likely an answer must be to be given")
    llm_url: str = Field(
        "",
        validation_alias=AliasChoices("ASSISTANT_LLM_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
        description="an OpenAI-compatible server, such as http://127.0.0.1:8080/v1",
    )
    llm_model: str = Field(
        "",
        validation_alias=AliasChoices("ASSISTANT_LLM_MODEL", "OPENAI_MODEL"),
        description="its model, which then writes the answers; evaluation has the LlamaIndex citation engine with it",
    )
    llm_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("ASSISTANT_LLM_API_KEY", "OPENAI_API_KEY"),
        description="its key, where it wants one",
    )
    llm_gguf: Path | None = Field(None, description="a GGUF file whose model writes the answers, without a server")
    llm_context_window: int = Field(4096, ge=1024, description="tokens that the model reads and writes, together")
    llm_timeout: float = Field(120.0, gt=0, le=3600, description="seconds that a reply of the model may take")
    writer: WriterName | None = Field(
        None, description="extractive or llm; not set: the language model where one is set, else extractive"
    )
    judge_model: str = Field("", description="the server's model that judges answers in an evaluation; empty: none")
    host: str = Field(
        "127.0.0.1",
        validation_alias=AliasChoices("ASSISTANT_HOST", "GRADIO_SERVER_NAME"),
        description="address that the chat is served on",
    )
    port: int = Field(
        7860,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("ASSISTANT_PORT", "GRADIO_SERVER_PORT"),
        description="port that the chat is served on; 0 takes any free one",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file; ``.env`` files and secrets are not read."""
        file = TomlConfigSettingsSource(settings_cls, _default_home() / "settings.toml")
        return init_settings, env_settings, file


def load_settings(**overrides: Any) -> Settings:
    """Read the settings; arguments that are None are left to the environment and the file.

    Raises:
        SettingsError: a value is out of its range, or a name is unknown.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"the setting {name} ({'ASSISTANT_' + name.upper()}): {first['msg'].lower()}, got {first['input']!r}"
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise SettingsError(f"{_default_home() / 'settings.toml'}: {error}") from error
