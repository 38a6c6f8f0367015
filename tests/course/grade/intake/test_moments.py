"""A time is read as the person meant it who wrote it, or not at all."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grade.intake.moments import read_moment

EVENING = datetime(2026, 1, 31, 22, 30)
SUMMER = datetime(2026, 7, 31, 22, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31 22:30:00",
        "2026-01-31 22:30:00.000000 UTC",
        "2026-01-31 22:30 GMT",
        "20260131T223000Z",
        "2026-01-31 23:30:00 CET",
        "Sat Jan 31 23:30:00 CET 2026",
        "Sat, 31 Jan 2026 23:30:00 +0100",
        "2026-01-31 23:30:00 +01:00",
        "2026-01-31 23:30 +01",
        "2026-01-31 23:30 UTC+1",
        "2026-01-31 23:30 GMT+01:00",
        "2026-01-31 23:30 Europe/Berlin",
        "2026-01-31 14:30 US/Pacific",
        "2026-01-31 14:30 PST",
        "2026-01-31 5:30 pm EST",
        "Feb 1 2026 7:30 JST",
    ],
)
def test_a_winters_evening_is_read(text):
    assert read_moment(text) == EVENING


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-01 00:30 CEST",
        "2026-08-01 00:30 Europe/Berlin",
        "2026-07-31 23:30 CET",  # written in Algiers, or by a clock that forgot summer
        "2026-07-31 23:30 BST",
        "2026-07-31 15:30 America/Los_Angeles",
        "2026-07-31 15:30 PDT",
    ],
)
def test_a_summers_evening_is_read(text):
    assert read_moment(text) == SUMMER


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-01-31 23:30 IST", "IST can mean several times"),
        ("2026-01-31 23:30 XYZ", "XYZ is no zone of that day"),
        ("2026-01-31 23:30 CEST", "CEST is no zone of that day"),
        ("2026-01-31 23:30 Mars/Base", "there is no time zone 'Mars/Base'"),
        ("12:30", "no whole date"),
        ("2026", "no whole date"),
        ("", "does not contain a date"),
        ("0001-01-01 00:00 +2359", "out of range"),
    ],
)
def test_what_is_no_moment_is_refused_with_the_reason(text, why):
    with pytest.raises(ValueError, match=why):
        read_moment(text)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_a_value_error(text):
    with suppress(ValueError):
        assert read_moment(text).tzinfo is None
