"""The department's site: every page is read, politely, and what fails on the way changes nothing in the end."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import chain, pairwise, repeat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from corpus.catalog import Catalog
from corpus.document import ProblemKind, Severity
from corpus.errors import SourceError
from corpus.release import DateSource, ReleaseKind
from corpus.sources.treasury_api import ATTEMPTS, DAY_FIELD, LISTING, TreasurySource
from corpus.sync import sync
from tests.treasury_site import FILTER, FIRST_DAY, JsonObject, Site, Trouble, item, items, path, serving, uuid


@pytest.fixture(autouse=True)
def plain_connections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy stands between, and no time goes into reading certificates that plain HTTP has no use for."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site, up until the test ends."""
    with serving() as site:
        yield site


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        yield catalog


def source(site: Site, catalog: Catalog, pause: float = 0.0, since: date | None = None) -> TreasurySource:
    return TreasurySource(pages=catalog, site=site.url, pause=pause, backoff=0.002, since=since)


def known(catalog: Catalog) -> dict[str, int]:
    """The number of the row that holds each document; a document that is read again gets another."""
    return {
        path: document.document_id
        for s in catalog.sources()
        for path, document in catalog.known_documents(s.source_id).items()
    }


@pytest.fixture
def undisturbed(site: Site, tmp_path: Path) -> Callable[[], str]:
    """The content of a catalog of its own after one sync of the site as it is."""

    def content_hash() -> str:
        with Catalog(tmp_path / "undisturbed.sqlite") as catalog:
            sync(catalog, source(site, catalog))
            site.asked.clear()
            return catalog.content_hash()

    return content_hash


# What the site holds


def test_an_item_becomes_a_release(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    report = sync(catalog, source(site, catalog))
    assert report.added == [path(1), path(2), path(3)]
    release = catalog.get("ab0002")
    assert release is not None
    assert (release.title, release.section, str(release.date)) == (
        "Treasury Names Harbor Vessel 2",
        "press-releases",
        "2020-01-03",
    )
    assert (release.date_source, release.kind) == (DateSource.PUBLISHER, ReleaseKind.RELEASE)
    assert release.url == "https://home.treasury.gov/news/press-releases/ab0002"
    assert release.path == path(2)
    assert release.text == (
        "Harbor Vessel 2 carried 1014 crates to Lagos.\n\nLina Okafor signed paper 26 of the Harbor network."
    )
    assert [release.text[start:end] for start, end in release.bold] == ["Harbor Vessel 2"]


def test_every_page_is_read(site: Site, catalog: Catalog) -> None:
    site.items = items(130)
    report = sync(catalog, source(site, catalog))
    assert list(catalog.hashes()) == [f"ab{number:04}" for number in range(1, 131)]
    assert (len(report.added), report.releases.added) == (130, 130)
    assert len(site.asked) == 3
    assert [(s.kind, s.location, s.documents) for s in catalog.sources()] == [("treasury", site.url, 130)]


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2024-02-09T02:30:00+00:00", "2024-02-08"),
        ("2024-02-09T02:30:00Z", "2024-02-08"),
        ("2024-07-02T03:59:00+00:00", "2024-07-01"),
        ("2024-07-02T04:01:00+00:00", "2024-07-02"),
        ("2024-02-08T22:30:00-05:00", "2024-02-08"),
        ("2024-02-09T00:00:00+00:00", "2024-02-09"),
        ("2024-02-09", "2024-02-09"),
    ],
)
def test_an_evening_in_washington_counts_as_that_day(site: Site, catalog: Catalog, published: str, day: str) -> None:
    site.items = [item(1, published=published)]
    sync(catalog, source(site, catalog))
    release = catalog.get("ab0001")
    assert release is not None
    assert (str(release.date), release.date_source) == (day, DateSource.PUBLISHER)


def test_an_item_listed_on_two_pages_is_one_document(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    site.items.insert(50, site.items[49])
    assert len(sync(catalog, source(site, catalog)).added) == len(catalog) == 60


@pytest.mark.parametrize(
    "malformed",
    [
        {"type": "node--news", "id": uuid(7)},
        {"type": "node--news", "id": uuid(7), "attributes": None},
        {"type": "node--news", "id": uuid(7), "attributes": {"title": None}},
        {"type": "node--news", "id": uuid(7), "attributes": {"title": "Untold", "field_news_body": "no object"}},
        {"type": "node--news", "id": uuid(7), "attributes": {"title": "Untold", DAY_FIELD: 7}},
    ],
)
def test_a_malformed_item_is_reported_and_the_rest_goes_on(site: Site, catalog: Catalog, malformed: JsonObject) -> None:
    site.items = [item(3), malformed, item(1)]
    report = sync(catalog, source(site, catalog))
    assert list(catalog.hashes()) == ["ab0001", "ab0003"]
    [(unread, reason)] = report.unread
    [problem] = catalog.problems([ProblemKind.UNREADABLE])
    assert (problem.path, problem.reason, problem.severity) == (unread, reason, Severity.UNREAD)
    again = sync(catalog, source(site, catalog))
    assert (again.anything, again.unchanged) == (False, 3)


def test_half_of_a_character_does_not_stop_the_rest(site: Site, catalog: Catalog) -> None:
    site.items = [item(2), item(1, body="<p>The seal \ud83d of Harbor Lines was broken in Lagos.</p>")]
    sync(catalog, source(site, catalog))
    assert "ab0002" in catalog.hashes()


# What changes


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_an_unchanged_site_sends_nothing_again(site: Site, catalog: Catalog, validator: str) -> None:
    site.items, site.validator = items(130), validator
    sync(catalog, source(site, catalog))
    before = catalog.content_hash(), known(catalog)
    site.asked.clear()
    report = sync(catalog, source(site, catalog))
    assert (report.unchanged, report.anything, report.unread) == (130, False, [])
    assert [asked.status for asked in site.asked] == [304] * 3
    assert (catalog.content_hash(), known(catalog)) == before


def test_a_changed_item_becomes_a_version_and_the_old_one_stays(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    sync(catalog, source(site, catalog))
    rows = known(catalog)
    site.items[10] = item(50, body="<p>Lina Okafor was taken off the list.</p>", title="Treasury Delists Lina Okafor")
    report = sync(catalog, source(site, catalog))
    assert (report.added, report.changed, report.removed, report.unchanged) == ([], [path(50)], [], 59)
    assert (report.releases.added, report.releases.changed, report.releases.removed) == (0, 1, 0)
    assert [(v.version, v.change, v.title) for v in catalog.history("ab0050")] == [
        (2, "changed", "Treasury Delists Lina Okafor"),
        (1, "added", "Treasury Names Harbor Vessel 50"),
    ]
    now, then = catalog.get("ab0050"), catalog.get("ab0050", version=1)
    assert now is not None
    assert now.text == "Lina Okafor was taken off the list."
    assert then is not None
    assert then.text.startswith("Harbor Vessel 50 carried")
    assert {p for p, row in known(catalog).items() if row != rows[p]} == {path(50)}


def test_a_record_that_changes_in_nothing_a_release_is_made_from_is_unchanged(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    sync(catalog, source(site, catalog))
    for listed in site.items:
        listed["attributes"]["changed"] = "2022-02-02T00:00:00+00:00"
    report = sync(catalog, source(site, catalog))
    assert (report.unchanged, report.anything) == (3, False)


@pytest.mark.parametrize("status", [404, 410, 403])
def test_an_item_that_is_gone_is_asked_for_leaves_and_stays_in_the_history(
    site: Site, catalog: Catalog, status: int
) -> None:
    site.items, site.gone = items(6), status
    sync(catalog, source(site, catalog))
    site.withdraw(3)
    site.asked.clear()
    report = sync(catalog, source(site, catalog))
    assert site.asked_by_id() == [(uuid(3), status)]
    assert (report.removed, report.releases.removed, report.unchanged) == ([path(3)], 1, 5)
    assert catalog.get("ab0003") is None
    assert len(catalog) == 5
    assert [(v.version, v.change) for v in catalog.history("ab0003")] == [(2, "removed"), (1, "added")]
    then = catalog.get("ab0003", version=1)
    assert then is not None
    assert then.text.startswith("Harbor Vessel 3 carried")
    site.asked.clear()
    sync(catalog, source(site, catalog))
    assert site.asked_by_id() == []


def test_an_item_that_comes_back_is_a_release_again(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    sync(catalog, source(site, catalog))
    before = catalog.content_hash()
    site.withdraw(3)
    sync(catalog, source(site, catalog))
    site.publish(item(3))
    assert sync(catalog, source(site, catalog)).added == [path(3)]
    assert catalog.content_hash() == before
    assert [v.change for v in catalog.history("ab0003")] == ["added", "removed", "added"]


def test_an_item_that_only_slipped_between_two_pages_stays(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    sync(catalog, source(site, catalog))
    before = catalog.content_hash()
    site.unlisted = {uuid(30)}
    site.asked.clear()
    report = sync(catalog, source(site, catalog))
    assert site.asked_by_id() == [(uuid(30), 200)]
    assert (report.removed, report.unchanged, catalog.content_hash()) == ([], 60, before)


def test_an_item_that_an_earlier_program_read_is_asked_for_too(site: Site, catalog: Catalog) -> None:
    site.items = items(4)
    sync(catalog, source(site, catalog))
    with sqlite3.connect(catalog.path) as db:
        db.execute("UPDATE document SET parser = parser - 1")
    db.close()
    site.withdraw(4)
    site.unlisted = {uuid(3)}
    report = sync(catalog, source(site, catalog))
    assert (report.removed, report.changed) == ([path(4)], [path(1), path(2), path(3)])
    assert all(d.current for d in catalog.known_documents(catalog.sources()[0].source_id).values())


def test_since_a_day_asks_for_no_more_and_takes_nothing_out(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    sync(catalog, source(site, catalog))
    site.withdraw(2)
    site.withdraw(59)
    site.publish(item(61))
    site.asked.clear()
    report = sync(catalog, source(site, catalog, since=FIRST_DAY + timedelta(58)))
    [asked] = site.asked
    query = parse_qs(urlsplit(asked.path).query)
    assert query["page[limit]"] == ["50"]
    assert {name: values for name, values in query.items() if name.startswith("filter")} == {
        f"{FILTER}[path]": [DAY_FIELD],
        f"{FILTER}[operator]": [">="],
        f"{FILTER}[value]": ["2020-02-28"],
    }
    assert (report.added, report.changed, report.removed, report.unchanged) == ([path(61)], [], [], 2)
    assert len(catalog) == 61


def test_a_dry_run_says_what_would_be_done_and_does_nothing(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    report = sync(catalog, source(site, catalog), dry_run=True)
    assert sorted(report.added) == [path(1), path(2), path(3)]
    assert (len(catalog), catalog.sources()) == (0, [])

    sync(catalog, source(site, catalog))
    before = catalog.content_hash(), known(catalog), catalog.sources()
    site.items[1] = item(2, body="<p>Harbor Lines sold 3 ships.</p>")
    site.withdraw(1)
    site.publish(item(4))
    report = sync(catalog, source(site, catalog), dry_run=True)
    assert (report.added, report.changed, report.removed, report.unchanged) == ([path(4)], [path(2)], [path(1)], 1)
    assert (catalog.content_hash(), known(catalog), catalog.sources()) == before


# What fails


@pytest.mark.parametrize("trouble", list(Trouble))
def test_failures_that_pass_change_nothing_in_the_end(
    site: Site, catalog: Catalog, undisturbed: Callable[[], str], trouble: Trouble
) -> None:
    site.items = items(110)
    expected = undisturbed()
    site.troubles = iter([trouble, trouble, None, trouble, None, trouble, trouble, None])
    report = sync(catalog, source(site, catalog))
    assert [asked.path for asked in site.asked] == [site.asked[number].path for number in (0, 0, 0, 3, 3, 5, 5, 5)]
    assert len({asked.path for asked in site.asked}) == 3
    assert (len(report.added), catalog.content_hash()) == (110, expected)


def test_a_failure_while_one_item_is_asked_for_does_not_take_it_out(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    sync(catalog, source(site, catalog))
    site.unlisted = {uuid(2)}
    site.asked.clear()
    site.troubles = iter([None, Trouble.ERROR, Trouble.CUT, Trouble.BUSY])
    assert sync(catalog, source(site, catalog)).removed == []
    assert [number for number, _ in site.asked_by_id()] == [uuid(2)] * 4
    assert len(catalog) == 3


@pytest.mark.parametrize("form", ["seconds", "a moment"])
def test_the_site_is_given_the_time_that_it_asks_for(site: Site, catalog: Catalog, form: str) -> None:
    site.items = items(3)
    now = datetime.now(UTC)
    moment = (now + timedelta(seconds=1.3)).replace(microsecond=0)  # written without fractions
    site.retry_after = "1" if form == "seconds" else format_datetime(moment, usegmt=True)
    site.troubles = iter([Trouble.BUSY])
    sync(catalog, source(site, catalog))
    first, second = site.asked
    least = 1.0 if form == "seconds" else (moment - now).total_seconds() - 0.2
    assert least <= second.at - first.at < 5
    assert len(catalog) == 3


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_site_that_fails_for_good_is_an_error_that_says_what_to_do(
    site: Site, catalog: Catalog, trouble: Trouble
) -> None:
    site.items = items(3)
    sync(catalog, source(site, catalog))
    before = catalog.content_hash()
    site.publish(item(4))
    site.asked.clear()
    site.troubles = repeat(trouble)
    with pytest.raises(SourceError) as raised:
        sync(catalog, source(site, catalog))
    assert f"{site.url}{LISTING}" in str(raised.value)
    assert "sync again later" in str(raised.value)
    assert len(site.asked) == ATTEMPTS
    assert (catalog.content_hash(), len(catalog)) == (before, 3)


def test_a_site_that_is_down_is_an_error_that_says_what_to_do(site: Site, catalog: Catalog) -> None:
    with serving() as closed:
        url = closed.url
    with pytest.raises(SourceError, match=rf"{url}.* cannot be reached: .*; sync again later"):
        sync(catalog, TreasurySource(pages=catalog, site=url, pause=0, backoff=0.002))


def test_after_a_failure_the_next_sync_goes_on_from_there(
    site: Site, catalog: Catalog, undisturbed: Callable[[], str]
) -> None:
    site.items = items(130)
    expected = undisturbed()
    site.troubles = chain([None] * 2, repeat(Trouble.ERROR))
    with pytest.raises(SourceError):
        sync(catalog, source(site, catalog))
    assert (len(catalog), list(catalog.hashes())) == (0, [])
    site.asked.clear()
    site.troubles = iter(())
    report = sync(catalog, source(site, catalog))
    assert [asked.status for asked in site.asked] == [304, 304, 200]
    assert (len(report.added), catalog.content_hash()) == (130, expected)


def test_what_was_read_before_a_failure_is_not_read_again(site: Site, catalog: Catalog) -> None:
    site.items = items(130)
    site.troubles = chain([None] * 2, repeat(Trouble.ERROR))
    with pytest.raises(SourceError):
        sync(catalog, source(site, catalog))
    rows = known(catalog)
    assert rows.keys() == {path(number) for number in range(31, 131)}
    site.troubles = iter(())
    report = sync(catalog, source(site, catalog))
    assert (report.unchanged, len(report.added)) == (100, 130)
    assert {p: row for p, row in known(catalog).items() if p in rows} == rows


def test_a_sync_that_is_stopped_goes_on_from_there(
    site: Site, catalog: Catalog, undisturbed: Callable[[], str]
) -> None:
    site.items = items(130)
    expected = undisturbed()

    @contextmanager
    def stopped_at_70(what: str, total: int) -> Iterator[Callable[[int], None]]:
        steps = iter(range(69))

        def advance(done: int) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        yield advance

    with pytest.raises(KeyboardInterrupt):
        sync(catalog, source(site, catalog), progress=stopped_at_70)
    rows = known(catalog)
    assert (len(catalog), len(rows)) == (0, 70)
    report = sync(catalog, source(site, catalog))
    assert (report.unchanged, len(report.added)) == (70, 130)
    assert {p: row for p, row in known(catalog).items() if p in rows} == rows
    assert catalog.content_hash() == expected


def test_an_item_that_is_gone_before_its_sync_was_finished_was_never_added(site: Site, catalog: Catalog) -> None:
    site.items = items(3)

    @contextmanager
    def stopped_at_once(what: str, total: int) -> Iterator[Callable[[int], None]]:
        def advance(done: int) -> None:
            raise KeyboardInterrupt

        yield advance

    with pytest.raises(KeyboardInterrupt):
        sync(catalog, source(site, catalog), progress=stopped_at_once)
    assert known(catalog).keys() == {path(3)}
    site.withdraw(3)
    report = sync(catalog, source(site, catalog))
    assert (report.added, report.removed) == ([path(1), path(2)], [])
    assert catalog.history("ab0003") == []


@pytest.mark.parametrize(
    "answer",
    [
        b"<!DOCTYPE html><html><body><h1>Harbor Lines</h1></body></html>",
        b'{"foo": 1}',
        b'{"data": {"type": "node--news"}}',
        b"[1, 2]",
        b"null",
        b"\xff\xfe\x00",
    ],
)
def test_a_site_that_is_no_json_api_is_refused(site: Site, catalog: Catalog, answer: bytes) -> None:
    site.answer = answer
    with pytest.raises(SourceError, match=rf"{site.url}{LISTING}"):
        sync(catalog, source(site, catalog))
    assert len(catalog) == 0


def test_a_site_without_such_a_listing_is_refused_at_once(site: Site, catalog: Catalog) -> None:
    site.down = 404
    with pytest.raises(SourceError, match=rf"{site.url}{LISTING}.* answers 404; is {site.url} the right site\?"):
        sync(catalog, source(site, catalog))
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"https://elsewhere.example{LISTING}?page[offset]=50",
        f"//elsewhere.example{LISTING}?page[offset]=50",
        f"https://127.0.0.1.elsewhere.example{LISTING}?page[offset]=50",
        f"https://127.0.0.1@elsewhere.example{LISTING}?page[offset]=50",
    ],
)
def test_a_listing_that_goes_on_at_another_site_is_not_followed(site: Site, catalog: Catalog, elsewhere: str) -> None:
    site.items, site.next_link = items(3), elsewhere
    with pytest.raises(SourceError, match="goes on at another site"):
        sync(catalog, source(site, catalog))
    assert len(site.asked) == 1
    assert len(catalog) == 0


@pytest.mark.parametrize("link", ["http://[elsewhere", f"{LISTING}\0?page[offset]=50", "mailto:news@elsewhere.example"])
def test_a_next_page_without_an_address_is_an_error(site: Site, catalog: Catalog, link: str) -> None:
    site.items, site.next_link = items(3), link
    with pytest.raises(SourceError, match=rf"{site.url}{LISTING}"):
        sync(catalog, source(site, catalog))


def test_a_listing_that_goes_in_a_circle_ends(site: Site, catalog: Catalog) -> None:
    site.items = items(3)
    site.next_link = f"{LISTING}?sort=-{DAY_FIELD}&page[limit]=2"
    sync(catalog, source(site, catalog))
    assert len(catalog) == 3
    assert len(site.asked) == 2


def test_redirections_without_end_are_an_error(site: Site, catalog: Catalog) -> None:
    site.moved_to = f"{LISTING}?again"
    with pytest.raises(SourceError, match=rf"{site.url}{LISTING}"):
        sync(catalog, source(site, catalog))


# Manners


def test_the_site_is_told_who_asks_and_for_what(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    site.unlisted = {uuid(30)}
    sync(catalog, source(site, catalog))
    assert {asked.headers["Accept"] for asked in site.asked} == {"application/vnd.api+json"}
    assert all(asked.headers["User-Agent"].startswith("treasury-assistant/") for asked in site.asked)
    first = parse_qs(urlsplit(site.asked[0].path).query)
    assert first == {"sort": [f"-{DAY_FIELD}"], "page[limit]": ["50"]}


def test_a_pause_is_kept_between_requests(site: Site, catalog: Catalog) -> None:
    site.items = items(110)
    sync(catalog, source(site, catalog))
    site.withdraw(110)
    site.troubles = iter([Trouble.ERROR])
    site.asked.clear()
    sync(catalog, source(site, catalog, pause=0.05))
    times = [asked.at for asked in site.asked]
    assert len(times) == 5  # one that fails, three pages, and the item that is gone
    assert min(gaps(times)) >= 0.05


def gaps(times: Iterable[float]) -> list[float]:
    times = list(times)
    return [later - earlier for earlier, later in pairwise(times)]


def test_without_a_memory_every_page_is_fetched_anew(site: Site, catalog: Catalog) -> None:
    site.items = items(60)
    for _ in range(2):
        sync(catalog, TreasurySource(site=site.url, pause=0, backoff=0.002))
    assert [asked.status for asked in site.asked] == [200] * 4
    assert len(catalog) == 60
