"""When something was handed in, as people, nbgrader and systems write a time.

A time without a zone is UTC, as nbgrader takes it. A zone is an offset (+0200), a place
(Europe/Berlin), or a short name (CET), which counts where it can mean only one thing.
nbgrader reads a zone that it doesn't know as UTC: hours too early or too late.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser

# The short names of mail (RFC 5322, 4.3): there they are North America's.
MAIL = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
MAIL |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
ZERO = ("UTC", "GMT", "Z", "UT")
PLACE = re.compile(r"\s([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)$")  # Europe/Berlin


def read_moment(text: str) -> datetime:
    """The moment that a text names, in UTC and without a zone, as the gradebook has it.

    Raises:
        ValueError: it names none, or its zone is unknown or can mean several.
    """
    text = re.sub(r"\s*(?:UTC|GMT)?(?=[+-]\d\d?(?::?\d\d)?$)", "", text.strip())
    place = PLACE.search(text)
    try:
        moment = _parsed(text[: place.start()] if place else text)
        if place:
            moment = moment.replace(tzinfo=_of_place(place[1]))
        elif (name := _short_name(moment)) is not None:
            moment = moment.replace(tzinfo=_of_short_name(name, moment))
        if moment.tzinfo is None:
            return moment
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"{text!r} is out of range") from error


def _parsed(text: str) -> datetime:
    """What `dateutil` reads, which would take today's for a part that is missing."""
    days = (datetime(1972, 1, 1), datetime(2001, 2, 2))
    moment, other = (parser.parse(text, default=day, tzinfos=_zone) for day in days)
    if moment != other:
        raise ValueError(f"{text!r} is no whole date")
    return moment


def _zone(name: str | None, offset_s: int | None) -> timezone | None:
    """What `dateutil` puts beside a time: for a short name a place-holder."""
    if offset_s is not None:
        return timezone(timedelta(seconds=offset_s))
    if name is None:
        return None
    if name in ZERO:
        return UTC
    return timezone(timedelta(0), name)


def _short_name(moment: datetime) -> str | None:
    zone = moment.tzinfo
    is_placeholder = type(zone) is timezone and zone is not UTC
    name = zone.tzname(None) if is_placeholder else "UTC"
    return None if name.startswith("UTC") else name


def _of_place(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def _of_short_name(name: str, moment: datetime) -> timezone:
    """The offset that all places have whose clocks show this name on that day."""
    name = name.upper()
    if name in MAIL:
        return timezone(timedelta(hours=MAIL[name]))
    local = moment.replace(tzinfo=None)
    offsets = set()
    for place in zoneinfo.available_timezones():
        there = local.replace(tzinfo=zoneinfo.ZoneInfo(place))
        if there.tzname() == name:
            offsets.add(there.utcoffset())
    if len(offsets) != 1:
        how = "can mean several times" if offsets else "is no zone of that day"
        raise ValueError(f"{name} {how}")
    return timezone(offsets.pop())
