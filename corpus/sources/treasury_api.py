"""The department's live site, by its JSON:API (Drupal): pages of news items, newest first.

Polite: one request at a time and ``pause`` seconds between two, a user agent that says who asks, conditional requests
(a page that did not change is not sent again), ``Retry-After`` obeyed, growing waits after failures. An item that the
whole listing no longer names is asked for by itself before it counts as gone: a listing can shift while it is read.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from corpus.document import Problem, ProblemKind
from corpus.errors import SourceError
from corpus.loaders import ITEM
from corpus.reading import Found
from corpus.sources import Gone, Listed, Refused

if TYPE_CHECKING:
    import httpx

SITE = "https://home.treasury.gov"
LISTING = "/jsonapi/node/news"
ITEMS_A_PAGE = 50
DAY_FIELD = "field_news_publication_date"
#: Attempts at one request, and the longest wait between two, in seconds: of our own, and asked for by the site.
ATTEMPTS = 6
LONGEST_WAIT = 120.0
LONGEST_ASKED = 900.0
TIMEOUT = 60.0
#: What is kept of an item: what the document is made from.
ATTRIBUTES = ("title", DAY_FIELD, "field_news_body", "path")


class Pages(Protocol):
    """Remembers pages between syncs."""

    def page(self, url: str) -> tuple[str, str, bytes] | None:
        """A page as it was last fetched: its ETag, when it was last modified, and its body."""

    def keep_page(self, url: str, etag: str, last_modified: str, body: bytes) -> None:
        """Remember a page."""


class _TryAgainError(SourceError):
    """A request failed in a way that may pass; ``after`` is how long the server asks to wait, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(reason)


@dataclass(slots=True)
class TreasurySource:
    """The news items of the site: all of them, or those published since a day."""

    pages: Pages | None = None
    since: date | None = None
    site: str = SITE
    pause: float = 1.0
    backoff: float = 1.0
    cursor: str = ""
    _last: float = 0.0
    kind: ClassVar[str] = "treasury"
    lists_all: ClassVar[bool] = False
    streams: ClassVar[bool] = True

    @property
    def location(self) -> str:
        """The site's address."""
        return self.site

    def listing(self, known: Mapping[str, str], cursor: str) -> Iterator[Listed]:
        """All items, page by page, and then what became of the known ones that no page named.

        Raises:
            SourceError: the site cannot be reached, or answers in another form than expected.
        """
        import httpx

        self.cursor = datetime.now(UTC).isoformat(timespec="seconds")
        agent = f"treasury-assistant/{version('treasury-assistant')} (news archive sync; one request at a time)"
        headers = {"Accept": "application/vnd.api+json", "User-Agent": agent}
        with httpx.Client(headers=headers, timeout=TIMEOUT, event_hooks={"request": [self._stay]}) as client:
            seen: set[str] = set()
            for item in self._items(client):
                listed = _listed(item)
                seen.add(listed.path)
                yield listed
            if self.since is None:
                for path in sorted(known.keys() - seen):
                    yield self._asked_for(client, path)

    def _items(self, client: "httpx.Client") -> Iterator[Any]:
        query = {"sort": f"-{DAY_FIELD}", "page[limit]": str(ITEMS_A_PAGE)}
        if self.since:
            condition = f"filter[{DAY_FIELD}][condition]"
            query |= {
                f"{condition}[path]": DAY_FIELD,
                f"{condition}[operator]": ">=",
                f"{condition}[value]": self.since.isoformat(),
            }
        url: str | None = f"{urljoin(self.site, LISTING)}?{urlencode(query)}"
        fetched: set[str] = set()
        while url and url not in fetched:
            fetched.add(url)
            page = self._get(client, url)
            if not isinstance(page, dict) or not isinstance(page.get("data"), list):
                raise SourceError(f"{url} is no page of a JSON:API; is {self.site} the right site?")
            yield from page["data"]
            url = self._next(url, page)

    def _next(self, url: str, page: dict[str, Any]) -> str | None:
        """The address of the next page."""
        link = (page.get("links") or {}).get("next")
        href = link.get("href") if isinstance(link, dict) else link
        if not href:
            return None
        try:
            # Behind a proxy, a site may write its links with another scheme or port.
            following, here = urlsplit(urljoin(url, str(href))), urlsplit(url)
            if following.hostname != here.hostname:
                raise SourceError(f"{url} goes on at another site, {href}; not followed")
            return following._replace(scheme=here.scheme, netloc=here.netloc).geturl()
        except ValueError as error:
            raise SourceError(f"{url} goes on at {href!r}, which is no address") from error

    def _stay(self, request: "httpx.Request") -> None:
        """No request ever goes to another host, redirected or not."""
        if request.url.host != urlsplit(self.site).hostname:
            raise SourceError(f"{self.site} leads to another site, {request.url}; not followed")

    def _asked_for(self, client: "httpx.Client", path: str) -> Listed:
        """What became of an item that no page named."""
        url = urljoin(self.site, f"{LISTING}/{path.removesuffix(ITEM)}")
        found = self._get(client, url, may_be_gone=True)
        return Gone(path) if found is None else _listed(found.get("data") if isinstance(found, dict) else found)

    def _get(self, client: "httpx.Client", url: str, may_be_gone: bool = False) -> Any:
        """The JSON at an address; None where it is gone and may be."""
        for attempt in Retrying(
            retry=retry_if_exception_type(_TryAgainError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            reraise=True,
        ):
            with attempt:
                return self._request(client, url, may_be_gone)
        raise AssertionError("unreachable: Retrying ends by returning or raising")

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.after if isinstance(error, _TryAgainError) else None
        grown = wait_random_exponential(self.backoff, LONGEST_WAIT)(state)
        return max(asked, 0.0) if asked is not None else grown

    def _request(self, client: "httpx.Client", url: str, may_be_gone: bool) -> Any:
        import httpx

        time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
        kept = None if self.pages is None else self.pages.page(url)
        headers = {}
        if kept:
            etag, modified, _ = kept
            headers = {
                name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value
            }
        try:
            response = client.get(url, headers=headers, follow_redirects=True)
        except (httpx.TransportError, httpx.DecodingError) as error:
            failed = "reached" if isinstance(error, httpx.TransportError) else "read"
            reason = f"{url} cannot be {failed}: {error or type(error).__name__}; sync again later"
            raise _TryAgainError(reason) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"{url} cannot be read: {error}; is {self.site} the right site?") from error
        finally:
            self._last = time.monotonic()
        if kept and response.status_code == httpx.codes.NOT_MODIFIED:
            return json.loads(kept[2])
        # Drupal forbids what is unpublished; a firewall that forbids everything answers in another format.
        of_api = "json" in response.headers.get("Content-Type", "")
        if may_be_gone and (response.status_code in (404, 410) or (response.status_code == 403 and of_api)):
            return None
        if response.status_code in (408, 425, 429) or response.status_code >= 500:
            after = _seconds(response.headers.get("Retry-After", ""))
            if after is not None and after > LONGEST_ASKED:
                raise SourceError(f"{url} asks to wait {after:,.0f} seconds; sync again after that")
            raise _TryAgainError(f"{url} answers {response.status_code} again and again; sync again later", after)
        if response.status_code != httpx.codes.OK:
            raise SourceError(f"{url} answers {response.status_code}; is {self.site} the right site?")
        try:
            page = json.loads(response.content)
        except ValueError as error:
            raise _TryAgainError(f"{url} answers with broken JSON: {error}; sync again later") from error
        etag, modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
        if self.pages is not None and (etag or modified):
            self.pages.keep_page(url, etag, modified, response.content)
        return page


def _listed(item: Any) -> Listed:
    """An item as a document; its token is a hash of what the document is made from."""
    try:
        path = f"{item['id']}{ITEM}"
        attributes = {name: item["attributes"].get(name) for name in ATTRIBUTES}
    except (KeyError, TypeError, AttributeError):
        text = json.dumps(item, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Refused(f"{name}{ITEM}", name, Problem(ProblemKind.UNREADABLE, f"is no news item: {text[:80]}"))
    data = json.dumps({"attributes": attributes}, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Found(path, hashlib.sha256(data).hexdigest()[:32], data)


def _seconds(retry_after: str) -> float | None:
    """How long ``Retry-After`` asks to wait: seconds, or a moment."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
