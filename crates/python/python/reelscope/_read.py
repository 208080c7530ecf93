"""Videos and recordings, read: exact frames as arrays, and what was logged as tables."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Union

import numpy as np
import numpy.typing as npt

from . import _native
from ._time import _all_nanos

if TYPE_CHECKING:
    import pyarrow  # type: ignore[import-untyped]

Path = Union[str, "os.PathLike[str]"]
Time = Any
"""A place on a timeline: of one that counts a whole number; else seconds (as `float` or `int`), or a type of its
own: `timedelta`, `numpy.timedelta64`, `datetime`, `numpy.datetime64`. What [`Entity.times`][] gives can be used."""

_DTYPES = {"sequence": "int64", "duration": "timedelta64[ns]", "timestamp": "datetime64[ns]"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Frame:
    """A frame of a video."""

    number: int
    """Its number on the timeline, from 0."""
    time: Any
    """When it is shown: a whole number, a `numpy.timedelta64` or a `numpy.datetime64`."""
    image: npt.NDArray[np.uint8] | None
    """Rows × columns × 3: red, green, blue, as the viewer shows it. `None` of a native frame."""
    planes: tuple[npt.NDArray[Any], ...] = ()
    """
    Of a native frame, its planes as they are in the video: rows × columns, or rows × columns × values. Of an `Image`
    whose values have a sign, or more than 16 bits, they are `float32`.
    """
    pixel_format: str = ""
    """Of a native frame, what the planes are, by FFmpeg's name: `yuv420p10le`."""


@dataclass(frozen=True)
class FrameBatch:
    """Frames of one size, as one array."""

    numbers: npt.NDArray[np.int64]
    """Their numbers on the timeline."""
    times: npt.NDArray[Any]
    """When they are shown."""
    images: npt.NDArray[np.uint8]
    """Frames × rows × columns × 3."""


# Streams that keep their decoders at once; a decoder is a process, as a rule.
_MOST_DECODERS = 8

_sources: weakref.WeakSet[_Source] = weakref.WeakSet()
# Those that have one, the one used last at the end.
_awake: dict[tuple[int, int, str | None], weakref.ref[_Source]] = {}


class _Source:
    """What entities and recordings of a file share: what is open of it."""

    def __init__(self, path: str, ffmpeg: str | None) -> None:
        self.path = path
        self.ffmpeg = ffmpeg
        self._opened: _native.Opened | None = None
        self._tables: _native.Tables | None = None
        self._frames: dict[tuple[int, str | None], _native.Frames] = {}
        _sources.add(self)

    def opened(self) -> _native.Opened:
        if self._opened is None:
            self._opened = _native.Opened(self.path)
        return self._opened

    def frames(self, stream: int, timeline: str | None) -> _native.Frames:
        key = (stream, timeline)
        if key not in self._frames:
            self._frames[key] = self.opened().frames(stream, timeline, self.ffmpeg)
        name = (id(self), stream, timeline)
        _awake.pop(name, None)
        _awake[name] = weakref.ref(self)
        while len(_awake) > _MOST_DECODERS:
            oldest = next(iter(_awake))
            source = _awake.pop(oldest)()
            frames = source._frames.get(oldest[1:]) if source else None
            if frames:
                frames.rest()
        return self._frames[key]

    def tables(self) -> _native.Tables:
        if not self.opened().is_recording:
            raise ValueError(f"{self.path} is a video: tables are made of recordings (.rrd)")
        if self._tables is None:
            self._tables = _native.Tables(self.path)
        return self._tables

    def close(self) -> None:
        """Ends decoders. Whoever asks again begins anew."""
        self._frames.clear()

    def leave_behind(self) -> None:
        """In the child of a fork: the threads stayed with the parent."""
        for native in (self._opened, *self._frames.values()):
            _native.leave_behind(native)
        self._opened, self._frames = None, {}


def _forked() -> None:
    for source in list(_sources):
        source.leave_behind()
    _awake.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Entity:
    """A stream of pictures in a file, and where it was logged."""

    def __init__(self, source: _Source, row: Any) -> None:
        """Made by [`open`][reelscope.open]."""
        self._source = source
        self._id, (self.application_id, self.recording_id), texts, size, timelines = row
        self.path, self.archetype, self.codec = texts
        self.width, self.height = size
        self.timelines: dict[str, str] = dict(timelines)
        """The timelines that it is on, and what they count: `sequence`, `duration` or `timestamp`."""
        self._times: dict[str | None, npt.NDArray[Any]] = {}

    def __repr__(self) -> str:
        return f"Entity({self.path!r}, {self.codec}, {self.width}×{self.height})"

    def _frames(self, timeline: str | None) -> _native.Frames:
        return self._source.frames(self._id, timeline)

    def _kind(self, timeline: str | None) -> str:
        letter = self.times(timeline).dtype.kind
        return {"i": "sequence", "m": "duration", "M": "timestamp"}[letter]

    def times(self, timeline: str | None = None) -> npt.NDArray[Any]:
        """
        When each frame is shown, from the first: `int64`, `timedelta64[ns]` or `datetime64[ns]`.

        Without a name it is the timeline that the program set; of several the one on which there are most frames.
        """
        if timeline not in self._times:
            frames = self._frames(timeline)
            self._times[timeline] = np.frombuffer(frames.times(), np.int64).view(_DTYPES[frames.kind])
        return self._times[timeline]

    def frame(
        self,
        number: int | None = None,
        *,
        at: Time | None = None,
        timeline: str | None = None,
        width: int | None = None,
        native: bool = False,
    ) -> Frame:
        """
        One frame: by its number (negative ones count from the end), or the one on screen at a time.

        Parameters
        ----------
        number:
            Its number.
        at:
            The time. Before the first frame it is an error.
        timeline:
            The name of the timeline that the number and the time are on.
        width:
            Columns of the image; as many as the video has if left out.
        native:
            Whether to give the planes as they were decoded, in place of red, green and blue.

        """
        if (number is None) == (at is None):
            raise ValueError("a frame is asked for by its number or by a time")
        if number is None:
            number = self._at(at, timeline)
        count = len(self.times(timeline))
        if -count <= number < 0:
            number += count
        return self._one(number, timeline, width, native)

    def frames(
        self,
        range: tuple[Time | None, Time | None] | None = None,
        *,
        at: Iterable[Time] | None = None,
        timeline: str | None = None,
        width: int | None = None,
        native: bool = False,
    ) -> Iterator[Frame]:
        """
        Frames, one after the other. While one is used, the next is decoded on a thread.

        Parameters
        ----------
        range:
            The frames from a time to another, both included; `None` is the start or the end.
        at:
            In place of that, times: of each, the frame that is on screen then.
        timeline:
            The name of the timeline.
        width:
            Columns of the images.
        native:
            As for [`frame`][reelscope.Entity.frame].

        """
        numbers = self._numbers(range, at, timeline)
        return _ahead(lambda number: self._one(number, timeline, width, native), numbers)

    def batches(
        self,
        size: int = 32,
        range: tuple[Time | None, Time | None] | None = None,
        *,
        at: Iterable[Time] | None = None,
        timeline: str | None = None,
        width: int | None = None,
    ) -> Iterator[FrameBatch]:
        """The same in arrays of up to `size` frames. Where the size of the pictures changes, a batch ends."""
        if size < 1:
            raise ValueError(f"a batch has one frame or more, not {size}")
        gathered: list[Frame] = []
        for frame in self.frames(range, at=at, timeline=timeline, width=width):
            if gathered and (len(gathered) == size or _image(gathered[0]).shape != _image(frame).shape):
                yield _batch(gathered)
                gathered = []
            gathered.append(frame)
        if gathered:
            yield _batch(gathered)

    def remux(
        self,
        output: Path,
        range: tuple[Time | None, Time | None] | None = None,
        *,
        timeline: str | None = None,
        exact: bool = False,
        fragmented: bool = False,
    ) -> int:
        """
        Write the stream into an MP4 file as it is coded, with every frame at its time; how many the file shows.

        Parameters
        ----------
        output:
            The file.
        range:
            The frames from a time to another, both included.
        timeline:
            The name of the timeline.
        exact:
            Whether the file shows nothing before the range. Otherwise it begins at the keyframe before.
        fragmented:
            Whether to write fragments, which can be played before the file is whole.

        """
        frames = None
        if range is not None:
            numbers = self._numbers(range, None, timeline)
            if not numbers:
                raise ValueError("there is no frame in the range")
            frames = (numbers[0], numbers[-1] + 1)
        return self._frames(timeline).remux(os.fspath(output), frames, exact, fragmented)

    def _numbers(
        self, range: tuple[Time | None, Time | None] | None, at: Iterable[Time] | None, timeline: str | None
    ) -> list[int]:
        if at is not None:
            if range is not None:
                raise ValueError("frames are asked for by a range or by times, not by both")
            return [self._at(time, timeline) for time in at]
        times = self.times(timeline).view(np.int64)
        kind = self._kind(timeline)
        start, end = range or (None, None)
        first = np.searchsorted(times, _number(kind, start, -(2**63)), "left")
        last = np.searchsorted(times, _number(kind, end, 2**63 - 1), "right")
        return list(np.arange(first, last).tolist())

    def _at(self, time: Time, timeline: str | None) -> int:
        times = self.times(timeline)
        number = np.searchsorted(times.view(np.int64), _number(self._kind(timeline), time), "right") - 1
        if number < 0:
            raise IndexError(f"{self.path} has no frame at {time} yet: its first one is at {times[0]}")
        return int(number)

    def _one(self, number: int, timeline: str | None, width: int | None, native: bool) -> Frame:
        frames, times = self._frames(timeline), self.times(timeline)
        if not 0 <= number < len(times):
            raise IndexError(f"{self.path} has no frame #{number}; there are {len(times)}, from #0")
        if width is not None and not 1 <= width <= 65_535:
            raise ValueError(f"an image has from 1 to 65535 columns, not {width}")
        if not native:
            data, columns, rows = frames.rgb(number, width)
            image = np.frombuffer(data, np.uint8).reshape(rows, columns, 3)
            return Frame(number, times[number], image)
        if width is not None:
            raise ValueError("native frames have the size that they have")
        name, is_float, planes = frames.planes(number)
        arrays = tuple(_plane(is_float, *plane) for plane in planes)
        return Frame(number, times[number], None, arrays, name)


class Recording:
    """One run of a program, or one video file."""

    def __init__(self, source: _Source, application_id: str, recording_id: str, entities: list[Entity]) -> None:
        """Made by [`open`][reelscope.open]."""
        self._source = source
        self.application_id = application_id
        self.recording_id = recording_id
        self.entities = entities
        """The streams of pictures in it."""

    def __repr__(self) -> str:
        return f"Recording({self.application_id!r}, {self.recording_id!r}, {self.entities!r})"

    def __getitem__(self, path: str) -> Entity:
        """The stream of pictures of an entity."""
        return _named(self.entities, path)

    def query(
        self,
        index: str | None = None,
        *,
        entities: Iterable[str] | str = (),
        components: Iterable[str] | str = (),
        range: tuple[Time | None, Time | None] | None = None,
        at: Iterable[Time] | None = None,
        fill_latest_at: bool = False,
    ) -> pyarrow.RecordBatchReader:
        """
        What was logged, as an Arrow table: a row for each time, a column for each component of each entity.

        Nothing is copied on the way. DuckDB, Polars, DataFusion and others take the reader as it is.

        Parameters
        ----------
        index:
            The timeline. Without one, it is what holds at all times, in one row.
        entities:
            Paths (`/camera`), with all below them (`/camera/**`); all of them if left out.
        components:
            Names (`VideoStream:sample`); all of them if left out.
        range:
            From a time to another, both included; `None` is the start or the end.
        at:
            At these times, in place of those at which something was logged.
        fill_latest_at:
            Whether a cell in which nothing was logged has what was logged last before.

        """
        try:
            import pyarrow
        except ImportError as error:
            raise ImportError("tables need pyarrow 15 or newer: pip install pyarrow") from error
        tables, name = self._source.tables(), self.recording_id
        kind = dict(tables.timelines(name)).get(index or "", "duration")
        table = tables.select(
            name,
            entities=[entities] if isinstance(entities, str) else list(entities),
            components=[components] if isinstance(components, str) else list(components),
            index=index,
            range=None if range is None else (_number(kind, range[0], -(2**63)), _number(kind, range[1], 2**63 - 1)),
            at=None if at is None else [_number(kind, time) for time in at],
            fill_latest_at=fill_latest_at,
        )
        return pyarrow.RecordBatchReader.from_stream(table)


class File:
    """An opened video or recording."""

    def __init__(self, path: Path, ffmpeg: Path | None) -> None:
        """Made by [`open`][reelscope.open]."""
        self.path = os.fsdecode(path)
        self._source = _Source(self.path, None if ffmpeg is None else os.fsdecode(ffmpeg))
        rows = self._source.opened().streams()
        self.entities: list[Entity] = [Entity(self._source, row) for row in rows]
        """The streams of pictures of all recordings in it."""

    def __repr__(self) -> str:
        return f"reelscope.open({self.path!r})"

    @property
    def warnings(self) -> list[str]:
        """What is wrong with the file but could be worked around."""
        return self._source.opened().warnings

    @property
    def recordings(self) -> list[Recording]:
        """The recordings in it. A video file counts as one."""
        runs: dict[tuple[str, str], list[Entity]] = {run: [] for run in self._source.opened().recordings()}
        for entity in self.entities:
            runs.setdefault((entity.application_id, entity.recording_id), []).append(entity)
        return [Recording(self._source, *run, entities) for run, entities in runs.items()]

    def __getitem__(self, path: str) -> Entity:
        """The stream of pictures of an entity; there may be one only in all recordings."""
        return _named(self.entities, path)

    def close(self) -> None:
        """End the decoders of all its streams. They begin anew when frames are asked for again."""
        self._source.close()

    def __enter__(self) -> File:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def open_file(path: Path, *, ffmpeg: Path | None = None) -> File:
    """
    Open a video or a recording (.rrd) to read its frames.

    ```python
    camera = reelscope.open("drive.rrd")["/camera"]
    for frame in camera.frames(range=(1.0, 2.5), width=640):
        print(frame.number, frame.time, frame.image.shape)
    ```

    Parameters
    ----------
    path:
        The file.
    ffmpeg:
        The FFmpeg that decodes; if left out the one of the variable `REELSCOPE_FFMPEG`, else the one on PATH.

    """
    return File(path, ffmpeg)


def _named(entities: list[Entity], path: str) -> Entity:
    found = [entity for entity in entities if entity.path.strip("/") == path.strip("/")]
    if found and len({(entity.application_id, entity.recording_id) for entity in found}) == 1:
        # How a video is shown that is referred to at its own path.
        found.sort(key=lambda entity: entity.archetype != "VideoFrameReference")
        return found[0]
    there = ", ".join(entity.path for entity in entities) or "none"
    if found:
        raise KeyError(f"{path} is in several recordings: choose one of them")
    raise KeyError(f"there are no pictures at {path}, only at {there}")


def _number(kind: str, time: Time | None, default: int = 0) -> int:
    return default if time is None else _all_nanos(kind, [time])[0]


def _plane(is_float: bool, data: bytes, rows: int, columns: int, values: int, size: int) -> npt.NDArray[Any]:
    array = np.frombuffer(data, np.dtype(f"<{'f' if is_float else 'u'}{size}"))
    return array.reshape((rows, columns) if values == 1 else (rows, columns, values))


def _image(frame: Frame) -> npt.NDArray[np.uint8]:
    assert frame.image is not None
    return frame.image


def _batch(frames: list[Frame]) -> FrameBatch:
    return FrameBatch(
        np.array([frame.number for frame in frames], np.int64),
        np.array([frame.time for frame in frames]),
        np.stack([_image(frame) for frame in frames]),
    )


def _ahead(work: Callable[[int], _T], numbers: list[int]) -> Iterator[_T]:
    """Does the work for each number, for one more than is asked for."""
    with ThreadPoolExecutor(1, "reelscope frames") as thread:
        coming = None
        for number in numbers:
            following = thread.submit(work, number)
            if coming is not None:
                yield coming.result()
            coming = following
        if coming is not None:
            yield coming.result()
