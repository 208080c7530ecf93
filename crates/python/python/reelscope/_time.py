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
        return int(_numpy_nanos("a duration", np.asarray(duration)))
    if isinstance(duration, timedelta):
        return 1000 * (duration // _MICROSECOND)
    return _seconds("a duration", duration, "a timedelta or a numpy.timedelta64")


def timestamp_nanos(timestamp: Timestamp) -> int:
    """Nanoseconds since the Unix epoch of a moment."""
    if isinstance(timestamp, np.datetime64):
        return int(_numpy_nanos("a timestamp", np.asarray(timestamp)))
    if isinstance(timestamp, datetime):
        moment = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=timezone.utc)
        return 1000 * ((moment - _EPOCH) // _MICROSECOND)
    if isinstance(timestamp, (int, float, np.number)) and timestamp > _LATEST_SECONDS:
        raise ValueError(f"a timestamp is in seconds since the Unix epoch; {timestamp} is too large for that")
    return _seconds("a timestamp", timestamp, "a datetime or a numpy.datetime64")


def sequence_number(number: int) -> int:
    """A place on a timeline that counts."""
    if isinstance(number, (int, np.integer)) and not isinstance(number, bool):
        return _in_64_bits("a sequence number", int(number))
    raise TypeError(f"a sequence has whole numbers, not {type(number).__name__}")


def _seconds(what: str, value: Any, others: str) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return _in_64_bits(f"{what}, in nanoseconds,", 1_000_000_000 * int(value))
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            raise ValueError(f"{what} is a number of seconds, not {value}")
        # Apart: a float has no room for the nanoseconds of a whole epoch.
        whole = math.floor(value)
        nanos = 1_000_000_000 * whole + round(1e9 * (float(value) - whole))
        return _in_64_bits(f"{what}, in nanoseconds,", nanos)
    raise TypeError(f"{what} is a number of seconds, {others}, not {type(value).__name__}")


def _in_64_bits(what: str, number: int) -> int:
    if -(2**63) <= number < 2**63:
        return number
    raise OverflowError(f"{what} has to fit into 64 bits; {number} does not")


def _numpy_nanos(what: str, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Nanoseconds of `timedelta64` or `datetime64`, which NumPy itself would let overflow."""
    if np.isnat(values).any():
        raise ValueError(f"{what} is a time, not NaT")
    nanos = values.astype(f"{values.dtype.kind}8[ns]")
    is_finer = np.datetime_data(values.dtype)[0] in ("ps", "fs", "as")
    if not is_finer and (nanos.astype(values.dtype) != values).any():
        raise OverflowError(f"{what}, in nanoseconds, has to fit into 64 bits; {values.max()} does not")
    return nanos.astype(np.int64)


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
        # Unsigned ones may be too large.
        return values.astype(np.int64) if letter == "i" else None
    if letter == {"duration": "m", "timestamp": "M"}[kind]:
        return _numpy_nanos(f"a {kind}", values)
    # What is not finite or too large is told value by value.
    if letter == "f" and (np.abs(values) < _MOST_SECONDS).all():
        seconds = values.astype(np.float64)
        whole = np.floor(seconds)
        return 1_000_000_000 * whole.astype(np.int64) + np.rint(1e9 * (seconds - whole)).astype(np.int64)
    return None
