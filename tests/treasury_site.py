"""The department's site in small: a real server that answers in the form of its JSON:API, well or badly."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from corpus.sources.treasury_api import DAY_FIELD, LISTING

FILTER = f"filter[{DAY_FIELD}][condition]"
FIRST_DAY = date(2020, 1, 1)

JsonObject = dict[str, Any]


class Trouble(StrEnum):
    """What can go wrong with one request."""

    BUSY = "429"
    ERROR = "500"
    CUT = "the connection ends in the middle"
    BROKEN = "the JSON ends in the middle"
    GARBLED = "the compression is broken"


@dataclass(frozen=True)
class Asked:
    """A request as the site saw it, and what it was answered."""

    at: float
    path: str
    headers: Mapping[str, str]
    status: int


@dataclass
class Site:
    """The department's site in small: what it holds, newest first, and how it behaves."""

    url: str
    items: list[JsonObject] = field(default_factory=list)
    #: Answered by themselves, but in no listing: they shifted from one page to another while it was read.
    unlisted: set[str] = field(default_factory=set)
    gone: int = 404
    #: What goes wrong with the next requests, in order.
    troubles: Iterator[Trouble | None] = field(default_factory=lambda: iter(()))
    retry_after: str = "0"
    #: What unchanged pages are known by.
    validator: str = "ETag"
    #: Stand in for what a listing really answers.
    answer: bytes | None = None
    next_link: str | None = None
    moved_to: str | None = None
    down: int = 0
    asked: list[Asked] = field(default_factory=list)

    def publish(self, *items: JsonObject) -> None:
        """Put items at the top."""
        self.items[:0] = items

    def withdraw(self, number: int) -> None:
        self.items = [item for item in self.items if item["id"] != uuid(number)]

    def listings(self) -> list[Asked]:
        """The requests for pages of the listing."""
        return [asked for asked in self.asked if urlsplit(asked.path).path == LISTING]

    def asked_by_id(self) -> list[tuple[str, int]]:
        """The items that were asked for by themselves, and the answers."""
        return [(a.path.rsplit("/", 1)[-1], a.status) for a in self.asked if urlsplit(a.path).path != LISTING]

    def page(self, query: Mapping[str, list[str]]) -> tuple[int, JsonObject]:
        """A page of the listing in the form of JSON:API."""
        if query.get("sort") != [f"-{DAY_FIELD}"]:
            return 400, {"errors": [{"title": "Bad Request", "status": "400"}]}
        limit, offset = (
            int(query.get(name, [default])[0]) for name, default in (("page[limit]", 50), ("page[offset]", 0))
        )
        listed = [item for item in self.items if item["id"] not in self.unlisted]
        if f"{FILTER}[value]" in query:
            assert query[f"{FILTER}[path]"] == [DAY_FIELD]
            assert query[f"{FILTER}[operator]"] == [">="]
            since = query[f"{FILTER}[value]"][0]
            listed = [item for item in listed if item["attributes"][DAY_FIELD] >= since]
        page: JsonObject = {"jsonapi": {"version": "1.0"}, "data": listed[offset : offset + limit], "links": {}}
        if self.next_link:
            page["links"]["next"] = {"href": self.next_link}
        elif offset + limit < len(listed):
            following = {name: values[0] for name, values in query.items()} | {"page[offset]": str(offset + limit)}
            page["links"]["next"] = {"href": f"{self.url}{LISTING}?{urlencode(following)}"}
        return 200, page

    def content(self, path: str) -> tuple[int, bytes]:
        """The status and body of an undisturbed answer."""
        parts = urlsplit(path)
        if parts.path == LISTING:
            if self.answer is not None or self.down:
                return self.down or 200, self.answer or b""
            status, answer = self.page(parse_qs(parts.query))
        else:
            found = [item for item in self.items if parts.path == f"{LISTING}/{item['id']}"]
            status, answer = (200, {"data": found[0]}) if found else (self.gone, {"errors": [{"title": "Not here"}]})
        return status, json.dumps(answer).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for the ``Site`` that its server carries."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        at, site = time.monotonic(), self.server.site
        trouble = next(site.troubles, None)
        status, body = site.content(self.path)
        headers: dict[str, str] = {"Content-Type": "application/vnd.api+json"}
        if site.moved_to:
            status, headers["Location"] = 302, site.moved_to
        elif trouble is Trouble.BUSY:
            status, headers["Retry-After"] = 429, site.retry_after
        elif trouble is Trouble.ERROR:
            status = 500
        elif trouble is Trouble.BROKEN:
            body = body[: len(body) // 2]
        elif trouble is Trouble.GARBLED:
            headers["Content-Encoding"] = "gzip"
        elif status == 200 and not trouble:
            digest = hashlib.sha256(body).hexdigest()
            # As a date, every content has a moment of its own.
            modified = format_datetime(datetime.fromtimestamp(int(digest[:7], 16), UTC), usegmt=True)
            headers[site.validator] = f'"{digest[:16]}"' if site.validator == "ETag" else modified
            condition = "If-None-Match" if site.validator == "ETag" else "If-Modified-Since"
            if self.headers.get(condition) == headers[site.validator]:
                status, body = 304, b""
        site.asked.append(Asked(at, self.path, dict(self.headers), status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if trouble is Trouble.CUT:
            body, self.close_connection = body[: len(body) // 2], True
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    site: Site


@contextmanager
def serving() -> Iterator[Site]:
    """An empty site, up until the context ends."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.site = Site(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.site
        finally:
            server.shutdown()
            thread.join()


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def path(number: int) -> str:
    """Where an item lies within the source."""
    return f"{uuid(number)}.jsonapi"


def item(number: int, body: str = "", published: str = "", title: str = "") -> JsonObject:
    """A news item; each says something of its own, and is published a day after the one before."""
    day = FIRST_DAY + timedelta(number)
    made_up = (
        f"<p><strong>Harbor Vessel {number}</strong> carried {1000 + 7 * number} crates to Lagos.</p>"
        f"<p>Lina Okafor signed paper {13 * number} of the Harbor network.</p>"
    )
    return {
        "type": "node--news",
        "id": uuid(number),
        "attributes": {
            "title": title or f"Treasury Names Harbor Vessel {number}",
            DAY_FIELD: published or f"{day}T10:00:00-05:00",
            "field_news_body": {"value": body or made_up, "format": "full_html"},
            "path": {"alias": f"/news/press-releases/ab{number:04}", "langcode": "en"},
            "changed": "2021-01-01T00:00:00+00:00",
        },
    }


def items(count: int) -> list[JsonObject]:
    """Items from ``count`` down to 1, newest first."""
    return [item(number) for number in range(count, 0, -1)]
