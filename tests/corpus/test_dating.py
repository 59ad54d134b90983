"""When a release was published: what is believed, what is not, and what is said about it."""

import datetime

import pytest

from corpus.dating import Claim, Dating, Series, calendar_day, day_in_id, establish, in_words, month_of_page_id
from corpus.release import DateConfidence, DateSource

D = datetime.date
FRONT, LETTER, NAME = DateSource.FRONT_MATTER, DateSource.LETTERHEAD, DateSource.FILE_NAME
HIGH, MEDIUM, LOW, NONE = DateConfidence.HIGH, DateConfidence.MEDIUM, DateConfidence.LOW, DateConfidence.NONE

#: A series of 400 releases, two a day from January 1, 2004 on, and a later one that was running on the crawl's day.
SERIES = Series(
    [(f"js{n}", D(2004, 1, 1) + datetime.timedelta(n // 2)) for n in range(1, 401)]
    + [(f"sb{n:04}", D(2025, 11, 1) + datetime.timedelta(n)) for n in range(1, 60)]
)
NO_SERIES = Series([])


def dated(release_id: str, *claims: tuple[DateSource, D], series: Series = SERIES) -> Dating:
    return establish(release_id, [Claim(day, source) for source, day in claims], series)


def test_a_stated_day_that_fits_is_believed() -> None:
    assert dated("js100", (FRONT, D(2004, 2, 20))) == Dating(D(2004, 2, 20), FRONT, HIGH)


def test_a_stated_day_of_an_id_without_series_is_believed() -> None:
    assert dated("a-story", (FRONT, D(2019, 2, 20))) == Dating(D(2019, 2, 20), FRONT, HIGH)


@pytest.mark.parametrize(
    ("day", "release_id", "believed"),
    [
        (D(2025, 12, 23), "js100", False),
        (D(2025, 12, 23), "sb0052", True),
        (D(2021, 7, 9), "a-featured-story", False),
        (D(2021, 7, 9), "jy0266", True),
    ],
)
def test_the_day_of_a_crawl_is_believed_only_for_ids_then_running(day: D, release_id: str, believed: bool) -> None:
    found = dated(release_id, (FRONT, day))
    assert (found.day == day) is believed
    assert bool(found.suspect) is not believed


def test_the_day_of_another_copy_takes_the_place_of_a_crawl_day() -> None:
    found = dated("js100", (FRONT, D(2025, 12, 23)), (FRONT, D(2004, 2, 20)))
    assert (found.day, found.confidence, found.suspect) == (
        D(2004, 2, 20),
        HIGH,
        "2025-12-23 is the day of a crawl of the site",
    )


def test_a_letterhead_takes_the_place_of_a_day_years_off() -> None:
    found = dated("js100", (FRONT, D(2021, 6, 17)), (LETTER, D(2004, 2, 21)))
    assert (found.day, found.source, found.confidence) == (D(2004, 2, 21), LETTER, MEDIUM)
    assert found.suspect == "stated as 2021-06-17, but the ids next to it are of 2004-02-18 to 2004-02-22"


def test_a_letterhead_that_disagrees_by_weeks_is_believed_and_said() -> None:
    found = dated("js100", (FRONT, D(2004, 1, 20)), (LETTER, D(2004, 2, 20)))
    assert (found.day, found.source) == (D(2004, 2, 20), LETTER)
    assert found.suspect == "stated as 2004-01-20, but the letterhead says 2004-02-20"


def test_a_letterhead_some_days_off_changes_nothing() -> None:
    assert dated("js100", (FRONT, D(2004, 2, 20)), (LETTER, D(2004, 2, 18))) == Dating(D(2004, 2, 20), FRONT, HIGH)


def test_a_letterhead_that_does_not_fit_the_series_is_no_witness() -> None:
    found = dated("js100", (FRONT, D(2004, 2, 20)), (LETTER, D(1999, 2, 20)))
    assert (found.day, found.source) == (D(2004, 2, 20), FRONT)


def test_the_file_name_helps_where_nothing_better_does() -> None:
    found = dated("js100", (FRONT, D(2025, 12, 23)), (NAME, D(2004, 2, 19)))
    assert (found.day, found.source, found.confidence) == (D(2004, 2, 19), NAME, MEDIUM)


def test_an_incredible_day_gives_way_to_the_neighbours_and_is_only_rough() -> None:
    found = dated("js100", (FRONT, D(1980, 10, 1)))
    assert (found.source, found.confidence) == (DateSource.ID_SERIES, LOW)
    assert abs(found.day - D(2004, 2, 20)) < datetime.timedelta(5)  # type: ignore[operator]


def test_a_day_some_months_off_stays_and_is_doubtful() -> None:
    found = dated("js100", (FRONT, D(2004, 8, 20)))
    assert (found.day, found.confidence) == (D(2004, 8, 20), MEDIUM)
    assert "ids next to it" in found.suspect


def test_a_crawl_day_with_nothing_else_is_no_day() -> None:
    found = dated("a-story", (FRONT, D(2021, 7, 9)), (NAME, D(2021, 7, 9)))
    assert (found.day, found.source, found.confidence) == (None, DateSource.UNKNOWN, NONE)


def test_nothing_stated_is_no_day_and_not_suspect() -> None:
    assert dated("article") == Dating(None, DateSource.UNKNOWN, NONE)


def test_some_wrong_days_do_not_lead_a_series_astray() -> None:
    members = [(f"js{n}", D(2004, 1, 1) + datetime.timedelta(n)) for n in range(1, 100)]
    wrong = Series([*members[:48], ("js49", D(2021, 1, 1)), ("js50", D(2021, 1, 1)), *members[50:]])
    for series in (wrong, Series(members)):
        before, after = series.period("js51") or (D.min, D.max)
        assert D(2004, 2, 14) <= before < after <= D(2004, 2, 28)


def test_few_ids_with_one_prefix_are_no_series() -> None:
    assert Series([(f"xy{n}", D(2004, 1, n)) for n in range(1, 29)]).period("xy3") is None


def test_an_id_beyond_the_ends_of_its_series_has_the_neighbours_of_one_side() -> None:
    assert SERIES.period("js1") == (D(2004, 1, 3), D(2004, 1, 3))
    assert dated("js900", (FRONT, D(2004, 7, 25))).confidence is HIGH


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2023-06-15", "2023-06-15"),
        ("2023-06-15T22:30:00-04:00", "2023-06-15"),
        ("2023-01-15T23:59:00-05:00", "2023-01-15"),
        ("2023-06-16T02:30:00Z", "2023-06-15"),
        ("2023-06-16T02:30:00+00:00", "2023-06-15"),
        ("2023-01-16T04:59:00+00:00", "2023-01-15"),
        ("2023-01-16T05:00:00+00:00", "2023-01-16"),
        ("2023-06-16T00:00:00Z", "2023-06-16"),
        (" 2023-06-15T10:00:00 ", "2023-06-15"),
    ],
)
def test_a_moment_is_the_day_that_it_was_in_washington(stated: str, day: str) -> None:
    assert calendar_day(stated).isoformat() == day


@pytest.mark.parametrize("stated", ["June 1", "2023-13-01", "", "20230", "2023-02-30"])
def test_what_is_no_timestamp_is_refused(stated: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        calendar_day(stated)


@pytest.mark.parametrize(
    ("release_id", "day"),
    [("09062016", "2016-09-06"), ("tg06062011", "2011-06-06"), ("06272013.1", "2013-06-27"), ("js1501", None)],
)
def test_some_ids_are_days(release_id: str, day: str | None) -> None:
    found = day_in_id(release_id)
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("release_id", "month"),
    [("20037218552221297", D(2003, 7, 15)), ("20031115121", None), ("js1501", None), ("20020", None)],
)
def test_the_month_of_a_page_number_where_it_leaves_no_doubt(release_id: str, month: D | None) -> None:
    assert month_of_page_id(release_id) == month


@pytest.mark.parametrize(
    ("day", "confidence", "words"),
    [
        (D(2023, 6, 15), HIGH, "June 15, 2023"),
        (D(2023, 6, 15), MEDIUM, "June 15, 2023"),
        (D(2023, 6, 15), LOW, "about June 2023"),
        (None, NONE, "date unknown"),
    ],
)
def test_a_rough_day_is_never_told_as_an_exact_one(day: D | None, confidence: DateConfidence, words: str) -> None:
    assert in_words(day, confidence) == words
