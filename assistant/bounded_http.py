"""An HTTP client for servers that may stall or never end: bounded in time and in bytes, however they answer."""

import time
from collections.abc import Iterator

import httpx

#: Seconds to reach a server.
CONNECT = 5.0
#: Bytes of a reply for a token: an event of OpenAI's protocol has some 300 around the few of a token.
BYTES_A_TOKEN = 1_500
LEAST_BYTES = 200_000


def bounded_client(seconds: float, tokens: int, *, trust_env: bool) -> httpx.Client:
    """A client whose replies end in time. Redirects are not followed: they would carry the request elsewhere.

    Args:
        seconds: that a reply may take, from its first byte to its last.
        tokens: that a reply may have; bounds its bytes.
        trust_env: whether the proxies of the environment are used.
    """
    most = max(LEAST_BYTES, tokens * BYTES_A_TOKEN)

    def connect_soon(request: httpx.Request) -> None:
        timeouts = request.extensions.get("timeout", {})
        request.extensions["timeout"] = {**timeouts, "connect": min(CONNECT, seconds)}

    def bound(response: httpx.Response) -> None:
        response.stream = _Bounded(response.stream, time.monotonic() + seconds, most)

    return httpx.Client(
        timeout=seconds,
        event_hooks={"request": [connect_soon], "response": [bound]},
        trust_env=trust_env,
        follow_redirects=False,
    )


class _Bounded(httpx.SyncByteStream):
    """A reply's bytes, as long as there are not too many and it is not too late."""

    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream, deadline: float, most: int) -> None:
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - the client is a synchronous one
        self._stream = stream
        self._deadline = deadline
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for part in self._stream:
            read += len(part)
            if time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("the reply does not end")
            if read > self._most:
                raise httpx.ReadError("the reply is too long")
            yield part

    def close(self) -> None:
        self._stream.close()
