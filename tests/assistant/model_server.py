"""A server that speaks OpenAI's protocol and says what a test has it say, on a real socket."""

import json
import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Says one reply.
Script = Callable[["Handler"], None]


class ModelServer(ThreadingHTTPServer):
    """Says its scripts in turn, the last one again and again; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: list[Script] = []
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def says(self, *replies: str | Script) -> "ModelServer":
        """What it says from now on: text in pieces, or a script."""
        self.scripts = [says(reply) if isinstance(reply, str) else reply for reply in replies]
        self.requests.clear()
        self.authorizations.clear()
        self.hung_up.clear()
        return self

    def read(self, request: int = 0) -> str:
        """What the model was given to read."""
        return "\n".join(message["content"] for message in self.requests[request]["messages"])

    def handle_error(self, *_: object) -> None:
        """The other side hung up."""
        self.hung_up.set()


class Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append(json.loads(body))
        self.server.authorizations.append(self.headers.get("Authorization", ""))
        number = len(self.server.requests) - 1
        self.server.scripts[min(number, len(self.server.scripts) - 1)](self)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def event(self, delta: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": delta}, "finish_reason": finish}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        self.raw(f"data: {json.dumps(chunk)}\n\n".encode())

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def wait_until_hung_up(self, seconds: float = 30.0) -> None:
        """Stall until the other side is gone."""
        if select.select([self.connection], [], [], seconds)[0]:
            self.server.hung_up.set()


def says(text: str, finish: str | None = "stop", size: int = 7) -> Script:
    """A reply in small pieces; without a finish, the stream breaks off."""

    def script(handler: Handler) -> None:
        handler.begin()
        for n in range(0, len(text), size):
            handler.event(text[n : n + size])
        if finish:
            handler.event("", finish)
            handler.raw(b"data: [DONE]\n\n")

    return script


def sends(data: bytes, kind: str = "text/event-stream") -> Script:
    """Bytes as they are."""

    def script(handler: Handler) -> None:
        handler.begin(kind=kind)
        handler.raw(data)

    return script


def refuses(status: int, body: str = "{}", **headers: str) -> Script:
    """An error."""

    def script(handler: Handler) -> None:
        handler.begin(status, "application/json", **headers)
        handler.raw(body.encode())

    return script


def stalls(text: str = "") -> Script:
    """A reply that stops halfway, the connection open."""

    def script(handler: Handler) -> None:
        handler.begin()
        if text:
            handler.event(text)
        handler.wait_until_hung_up()

    return script


def never_ends(piece: Callable[[int], str] | None) -> Script:
    """A reply without end; without pieces, one of comments that keep the connection alive."""

    def script(handler: Handler) -> None:
        handler.begin()
        number = 0
        while True:
            number += 1
            if piece:
                handler.event(piece(number))
            else:
                handler.raw(b": still here\n\n" * 50)

    return script


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A running server."""
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
