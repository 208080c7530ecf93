"""Video: streams of samples, whole files, and which frame of a file is shown when."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Union

import numpy as np
import numpy.typing as npt

from . import _native
from ._archetype import Archetype, BytesLike, all_as_bytes, as_bytes, as_integers
from ._enums import VideoCodec
from ._native import ComponentColumn

VideoCodecLike = Union[VideoCodec, str, int]


class VideoStream(Archetype):
    """
    A video as samples, one for each row: log the codec once, best as static, and then each sample as it comes.

    A sample is what an encoder gives for one frame (an access unit). The time of its row is its presentation time;
    samples with B-frames are logged in the order in which they come from the encoder.
    """

    _NAME = "VideoStream"
    _KINDS = {"codec": "u32", "sample": "blob", "is_keyframe": "bool", "opacity": "f32", "draw_order": "f32"}

    def __init__(
        self,
        codec: VideoCodecLike,
        *,
        sample: BytesLike | None = None,
        is_keyframe: bool | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> None:
        """
        The codec, and maybe a sample in the same row.

        Parameters
        ----------
        codec:
            How samples are coded: a [`VideoCodec`][reelscope.VideoCodec], or its name.
        sample:
            One access unit. `bytes` are not copied.
        is_keyframe:
            Whether decoding can start here. The viewer looks for itself.
        opacity:
            How opaque it is drawn, from 0 to 1.
        draw_order:
            Greater is nearer.

        """
        self._components = []
        self._add(
            codec=VideoCodec.of(codec),
            sample=None if sample is None else as_bytes("VideoStream:sample", sample),
            is_keyframe=is_keyframe,
            opacity=opacity,
            draw_order=draw_order,
        )

    @classmethod
    def from_fields(
        cls,
        *,
        clear_unset: bool = False,
        codec: VideoCodecLike | None = None,
        sample: BytesLike | None = None,
        is_keyframe: bool | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> VideoStream:
        """Some of the fields: `VideoStream.from_fields(sample=…)` is what is logged for each sample."""
        return cls._partial(
            clear_unset,
            codec=None if codec is None else VideoCodec.of(codec),
            sample=None if sample is None else as_bytes("VideoStream:sample", sample),
            is_keyframe=is_keyframe,
            opacity=opacity,
            draw_order=draw_order,
        )

    @classmethod
    def columns(
        cls,
        *,
        codec: Iterable[VideoCodecLike] | None = None,
        sample: Iterable[BytesLike] | None = None,
        is_keyframe: Iterable[bool] | None = None,
        opacity: Iterable[float] | None = None,
        draw_order: Iterable[float] | None = None,
    ) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]."""
        return cls._columns(
            codec=None if codec is None else [VideoCodec.of(one) for one in codec],
            sample=all_as_bytes("VideoStream:sample", sample),
            is_keyframe=is_keyframe,
            opacity=opacity,
            draw_order=draw_order,
        )


class AssetVideo(Archetype):
    """A whole video file. [`VideoFrameReference`][reelscope.VideoFrameReference] says when which frame is shown."""

    _NAME = "AssetVideo"
    _KINDS = {"blob": "blob", "media_type": "text"}

    def __init__(
        self,
        *,
        path: str | os.PathLike[str] | None = None,
        contents: BytesLike | None = None,
        media_type: str | None = None,
    ) -> None:
        """
        A video file, by its path or its bytes.

        Parameters
        ----------
        path:
            Where the file is. It is read at once.
        contents:
            Its bytes.
        media_type:
            What it is, such as `video/mp4`. Without this it follows from the first bytes.

        """
        self._contents = file_contents("AssetVideo", path, contents)
        self._components = _native.asset_video(self._contents, media_type)

    def read_frame_timestamps_nanos(self) -> npt.NDArray[np.int64]:
        """
        The presentation times of all frames in nanoseconds from the start, rising.

        Raises
        ------
        ValueError
            If this is no video that can be read.

        """
        return np.array(_native.frame_timestamps(self._contents), dtype=np.int64)


class VideoFrameReference(Archetype):
    """The frame of a video that is shown at the time of the row."""

    _NAME = "VideoFrameReference"
    _KINDS = {"timestamp": "i64", "video_reference": "text", "opacity": "f32", "draw_order": "f32"}

    def __init__(
        self,
        timestamp: int | np.timedelta64 | None = None,
        *,
        seconds: float | None = None,
        nanoseconds: int | None = None,
        video_reference: str | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> None:
        """
        A reference. Exactly one of `timestamp`, `seconds` and `nanoseconds` is given.

        Parameters
        ----------
        timestamp:
            Nanoseconds from the start of the video, or a `numpy.timedelta64`.
        seconds:
            Seconds from the start of the video.
        nanoseconds:
            Nanoseconds from the start of the video.
        video_reference:
            The path of the entity that has the video; without this, the entity that the reference is logged to.
        opacity:
            How opaque it is drawn, from 0 to 1.
        draw_order:
            Greater is nearer.

        """
        if sum(given is not None for given in (timestamp, seconds, nanoseconds)) != 1:
            raise ValueError("a VideoFrameReference has exactly one of timestamp, seconds and nanoseconds")
        if seconds is not None:
            nanoseconds = round(1e9 * seconds)
        elif isinstance(timestamp, np.timedelta64):
            nanoseconds = int(timestamp.astype("timedelta64[ns]").astype(np.int64))
        elif timestamp is not None:
            nanoseconds = timestamp
        self._components = []
        self._add(
            timestamp=nanoseconds, video_reference=video_reference, opacity=opacity, draw_order=draw_order
        )

    @classmethod
    def from_fields(
        cls,
        *,
        clear_unset: bool = False,
        timestamp: int | None = None,
        video_reference: str | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> VideoFrameReference:
        """Some of the fields."""
        return cls._partial(
            clear_unset,
            timestamp=timestamp,
            video_reference=video_reference,
            opacity=opacity,
            draw_order=draw_order,
        )

    @classmethod
    def columns(
        cls,
        *,
        timestamp: npt.ArrayLike | None = None,
        video_reference: Iterable[str] | None = None,
        opacity: Iterable[float] | None = None,
        draw_order: Iterable[float] | None = None,
    ) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]; `timestamp` in nanoseconds."""
        return cls._columns(
            timestamp=None if timestamp is None else as_integers("timestamps in nanoseconds", timestamp),
            video_reference=video_reference,
            opacity=opacity,
            draw_order=draw_order,
        )

    @classmethod
    def columns_nanos(cls, nanoseconds: npt.ArrayLike) -> list[ComponentColumn]:
        """Columns of references to the frames at so many nanoseconds from the start of the video."""
        return cls.columns(timestamp=nanoseconds)

    @classmethod
    def columns_millis(cls, milliseconds: npt.ArrayLike) -> list[ComponentColumn]:
        """The same in milliseconds."""
        return cls.columns(timestamp=np.rint(1e6 * np.asarray(milliseconds, dtype=np.float64)).astype(np.int64))

    @classmethod
    def columns_secs(cls, seconds: npt.ArrayLike) -> list[ComponentColumn]:
        """The same in seconds."""
        return cls.columns(timestamp=np.rint(1e9 * np.asarray(seconds, dtype=np.float64)).astype(np.int64))

    @classmethod
    def columns_seconds(cls, seconds: npt.ArrayLike) -> list[ComponentColumn]:
        """The same as `columns_secs`, by its older name."""
        return cls.columns_secs(seconds)


def file_contents(what: str, path: str | os.PathLike[str] | None, contents: object) -> bytes:
    """The bytes of a file that is given in one of two ways."""
    if (path is None) == (contents is None):
        raise ValueError(f"{what} has exactly one of path and contents")
    if path is not None:
        return Path(path).read_bytes()
    return as_bytes(f"the contents of {what}", contents)  # type: ignore[arg-type]
