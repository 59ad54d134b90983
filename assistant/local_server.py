"""A GGUF file behind llama.cpp's own server, in this process and on the loopback address only."""

import secrets
import threading
from pathlib import Path
from typing import Any

from corpus.errors import LanguageModelError


class LocalServer:
    """Started at the first question, stopped with the assistant. Only who knows its key is answered."""

    def __init__(self, file: Path, context_window: int) -> None:
        self._file = file
        self._context_window = context_window
        self._key = secrets.token_urlsafe(24)
        self._server: Any = None
        self._lock = threading.Lock()

    def start(self) -> tuple[str, str]:
        """Start it, where it does not run yet: its address and its key.

        Raises:
            LanguageModelError: the file is no model that llama.cpp can run.
        """
        import xllamacpp

        with self._lock:
            if self._server is None:
                parameters = xllamacpp.CommonParams()
                parameters.model.path = str(self._file)
                parameters.n_ctx = self._context_window
                parameters.n_parallel = 1  # slots share the context
                parameters.port = 0
                parameters.api_keys = [self._key]
                parameters.ui = False
                parameters.endpoint_slots = False
                parameters.verbosity = 0
                try:
                    self._server = xllamacpp.Server(parameters)
                except RuntimeError as error:
                    raise LanguageModelError(f"llama.cpp cannot run {self._file.name}") from error
            return f"{self._server.listening_address}/v1", self._key

    def close(self) -> None:
        """Stop it; a later ``start`` starts it anew."""
        with self._lock:
            self._server = None
