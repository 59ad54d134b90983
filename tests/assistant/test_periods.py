"""What a question says of time, read from its words."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.periods import Period, Precision, nearest, periods
from assistant.question import Turn, parse_question
from assistant.retrieval import question_periods

AS_OF = datetime.date(2025, 6, 30)


def spans(named: list[Period]) -> list[str]:
    return [str(p.start) if p.start == p.end else f"{p.start} to {p.end}" for p in named]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("What was announced on June 15, 2023?", "2023-06-15"),
        ("the 15 June 2023 action", "2023-06-15"),
        ("on Sept. 22nd, 2000", "2000-09-22"),
        ("on the 3rd of May 2011", "2011-05-03"),
        ("as of 2019-08-05", "2019-08-05"),
        ("in August 2012", "2012-08-01 to 2012-08-31"),
        ("in Feb 2024", "2024-02-01 to 2024-02-29"),
        ("April-June 2023 borrowing", "2023-04-01 to 2023-06-30"),
        ("between March and May 2020", "2020-03-01 to 2020-05-31"),
        ("in the summer of 2019", "2019-06-01 to 2019-08-31"),
        ("winter 2019", "2019-12-01 to 2020-02-29"),
        ("in the third quarter of 2021", "2021-07-01 to 2021-09-30"),
        ("Q1 2010 refunding", "2010-01-01 to 2010-03-31"),
        ("by late 2008", "2008-09-01 to 2008-12-31"),
        ("at the end of January 2020", "2020-01-20 to 2020-01-31"),
        ("late Feb 2008", "2008-02-20 to 2008-02-29"),
        ("in mid-February 2008", "2008-02-10 to 2008-02-20"),
        ("by mid-February 2008", "2008-02-01 to 2008-02-29"),
        ("as of the end of June 2024", "2024-06-01 to 2024-06-30"),
        ("the beginning of May 2001", "2001-05-01 to 2001-05-10"),
        ("the FY 1998 budget", "1997-02-01 to 1998-09-30"),
        ("in fiscal year 2004", "2003-02-01 to 2004-09-30"),
        ("in 2008", "2008-01-01 to 2008-12-31"),
        ("from 2010 to 2012", "2010-01-01 to 2012-12-31"),
        ("2010-2012", "2010-01-01 to 2012-12-31"),
        ("since 2022", "2022-01-01 to 2025-06-30"),
        ("since March 2024", "2024-03-01 to 2025-06-30"),
        ("last year", "2024-01-01 to 2024-12-31"),
        ("this year", "2025-01-01 to 2025-06-30"),
        ("last month", "2025-05-01 to 2025-05-31"),
        ("in 2025", "2025-01-01 to 2025-06-30"),
    ],
)
def test_a_period_in_every_way_that_people_write_it(text: str, span: str) -> None:
    assert spans(periods(text, AS_OF)) == [span]


@pytest.mark.parametrize(
    "text",
    [
        "Who is Choe Chol Min?",
        "on February 31, 2020 00",
        "how much is $2,010 or 2010.5 percent",
        "in 2031",
        "Executive Order 13382",
        "may it be so",
        "",
    ],
)
def test_what_names_no_period(text: str) -> None:
    assert [period.words for period in periods(text, AS_OF) if period.precision is not Precision.YEAR] == []
    assert all(period.words == "2020" for period in periods(text, AS_OF))


def test_several_periods_stand_in_order_and_none_is_read_twice() -> None:
    found = periods("Compare June 15, 2023 with 2019, and with January 2020.", AS_OF)
    assert [(period.words, period.precision) for period in found] == [
        ("June 15, 2023", Precision.DAY),
        ("2019", Precision.YEAR),
        ("January 2020", Precision.MONTH),
    ]


@given(st.text(max_size=80), st.dates(datetime.date(1995, 1, 1), datetime.date(2030, 1, 1)))
def test_any_text_is_read_and_no_period_lies_in_the_future(text: str, as_of: datetime.date) -> None:
    for period in periods(text, as_of):
        assert period.start <= period.end <= as_of
        assert period.words in text


@given(st.dates(datetime.date(1995, 1, 1), AS_OF))
def test_every_day_is_read_as_itself(day: datetime.date) -> None:
    for text in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", day.isoformat()):
        (period,) = periods(f"What was announced on {text}?", AS_OF)
        assert (period.start, period.end) == (day, day)


def test_the_nearest_period_and_its_distance() -> None:
    early = Period(datetime.date(2010, 1, 1), datetime.date(2010, 1, 31), Precision.MONTH, "January 2010")
    late = Period(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31), Precision.YEAR, "2020")
    assert nearest([early, late], datetime.date(2010, 2, 3)) == early
    assert early.distance(datetime.date(2010, 2, 3)) == 3
    assert late.distance(datetime.date(2020, 5, 5)) == 0
    assert nearest([], datetime.date(2010, 2, 3)) is None


def test_a_follow_up_is_of_the_time_that_was_spoken_of_last() -> None:
    history = (
        Turn("user", "What did OFAC do in March 2011?"),
        Turn("assistant", "On March 9, 2011 it named two ships."),
    )
    assert spans(question_periods(parse_question("And who owns them?", history), AS_OF)) == ["2011-03-09"]
    (own,) = question_periods(parse_question("And in 2015?", history), AS_OF)
    assert own.words == "2015"
