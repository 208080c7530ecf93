"""Times as programs have them, made the nanoseconds that are logged."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, Union

import numpy as np
import numpy.typing as npt

Duration = Union[int, float, timedelta, np.timedelta64]
"""Seconds, or a type that says itself what it is."""
Timestamp = Union[int, float, datetime, np.datetime64]
"""Seconds since the Unix epoch, or a type that says itself what it is. A `datetime` without a zone is in UTC."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
# Seconds since the epoch beyond this are in the year 5138: they are milliseconds by mistake.
_LATEST_SECONDS = 1e11
# Nanoseconds of more seconds do not fit into 64 bits.
_MOST_SECONDS = 9.2e9


def duration_nanos(duration: Duration) -> int:
    """Nanoseconds of a duration."""
    if isinstance(duration, np.timedelta64):
        return int(duration.astype("timedelta64[ns]").astype(np.int64))
    if isinstance(duration, timedelta):
        return 1000 * (duration // _MICROSECOND)
    return _seconds("a duration", duration, "a timedelta or a numpy.timedelta64")


def timestamp_nanos(timestamp: Timestamp) -> int:
    """Nanoseconds since the Unix epoch of a moment."""
    if isinstance(timestamp, np.datetime64):
        return int(timestamp.astype("datetime64[ns]").astype(np.int64))
    if isinstance(timestamp, datetime):
        moment = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=timezone.utc)
        return 1000 * ((moment - _EPOCH) // _MICROSECOND)
    nanos = _seconds("a timestamp", timestamp, "a datetime or a numpy.datetime64")
    if timestamp > _LATEST_SECONDS:
        raise ValueError(f"a timestamp is in seconds since the Unix epoch; {timestamp} is too large for that")
    return nanos


def sequence_number(number: int) -> int:
    """A place on a timeline that counts."""
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool):
        return int(number)
    raise TypeError(f"a sequence has whole numbers, not {type(number).__name__}")


def _seconds(what: str, value: Any, others: str) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return 1_000_000_000 * int(value)
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            raise ValueError(f"{what} is a number of seconds, not {value}")
        # Apart: a float has no room for the nanoseconds of a whole epoch.
        whole = math.floor(value)
        return 1_000_000_000 * whole + round(1e9 * (float(value) - whole))
    raise TypeError(f"{what} is a number of seconds, {others}, not {type(value).__name__}")


def chosen(timeline: str, **given: Any) -> tuple[str, Any]:
    """The one kind of time that is given, with its value."""
    kinds = [(kind, value) for kind, value in given.items() if value is not None]
    if len(kinds) != 1:
        raise ValueError(f"the timeline {timeline!r} needs exactly one of sequence, duration and timestamp")
    return kinds[0]


class TimeColumn:
    """The times of many rows on one timeline, for [`send_columns`][reelscope.send_columns]."""

    def __init__(
        self,
        timeline: str,
        *,
        sequence: Iterable[int] | None = None,
        duration: Iterable[Duration] | npt.NDArray[Any] | None = None,
        timestamp: Iterable[Timestamp] | npt.NDArray[Any] | None = None,
    ) -> None:
        """
        A time for each row. They need not rise.

        Parameters
        ----------
        timeline:
            The name of the timeline.
        sequence:
            Whole numbers.
        duration:
            Seconds, `timedelta` or `numpy.timedelta64`.
        timestamp:
            Seconds since the Unix epoch, `datetime` or `numpy.datetime64`.

        """
        self.timeline = timeline
        self._kind, values = chosen(timeline, sequence=sequence, duration=duration, timestamp=timestamp)
        self._times = _all_nanos(self._kind, values)

    def timeline_name(self) -> str:
        """The name of the timeline."""
        return self.timeline

    def __len__(self) -> int:
        return len(self._times)

    def _native(self) -> tuple[str, str, list[int]]:
        return self.timeline, self._kind, self._times


def _all_nanos(kind: str, values: Any) -> list[int]:
    if isinstance(values, np.ndarray) and values.ndim == 1:
        quick = _array_nanos(kind, values)
        if quick is not None:
            return [int(value) for value in quick.tolist()]
    one = {"sequence": sequence_number, "duration": duration_nanos, "timestamp": timestamp_nanos}[kind]
    return [one(value) for value in values]


def _array_nanos(kind: str, values: npt.NDArray[Any]) -> npt.NDArray[np.int64] | None:
    """The whole array at once, if it is of a type for which that is the same as value by value."""
    letter = values.dtype.kind
    if kind == "sequence":
        return values.astype(np.int64) if letter in "iu" else None
    if letter == {"duration": "m", "timestamp": "M"}[kind]:
        unit = {"m": "timedelta64[ns]", "M": "datetime64[ns]"}[letter]
        return values.astype(unit).astype(np.int64)
    # What is not finite or too large is told value by value.
    if letter == "f" and (np.abs(values) < _MOST_SECONDS).all():
        seconds = values.astype(np.float64)
        whole = np.floor(seconds)
        return 1_000_000_000 * whole.astype(np.int64) + np.rint(1e9 * (seconds - whole)).astype(np.int64)
    return None
