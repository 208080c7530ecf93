"""Pictures as a video stream, encoded by FFmpeg."""

from __future__ import annotations

import atexit
import logging
import os
import weakref
from types import TracebackType
from typing import Any

from . import _native
from ._enums import ChannelDatatype, ColorModel, VideoCodec
from ._image import ColorModelLike, ImageLike, _pixels
from ._recording import Forked, RecordingStream, meant
from ._video import VideoCodecLike

_HARDWARE = ("auto", "none", "nvenc", "vaapi", "qsv", "videotoolbox")

_all: weakref.WeakSet[VideoEncoder] = weakref.WeakSet()


class VideoEncoder:
    """
    Logs pictures as a [`VideoStream`][reelscope.VideoStream].

    ```python
    encoder = rr.VideoEncoder("camera", codec="h264")
    for number, pixels in enumerate(camera):
        rr.set_time("frame", sequence=number)
        encoder.log(pixels)
    encoder.finish()
    ```

    What is left as it is suits someone who looks on live: no picture waits for a later one, and there is a keyframe
    every second. FFmpeg 5.1 or newer has to be there. What is under way when the program ends is logged first.
    """

    def __init__(
        self,
        entity_path: str,
        *,
        codec: VideoCodecLike = VideoCodec.H264,
        fps: float = 30.0,
        quality: int | None = None,
        bitrate: int | None = None,
        gop: int | None = None,
        preset: str | None = None,
        hardware: str = "auto",
        ten_bit: bool = False,
        drop_when_busy: bool = False,
        ffmpeg: str | os.PathLike[str] | None = None,
        recording: RecordingStream | None = None,
    ) -> None:
        """
        Find FFmpeg, and see that it can encode.

        Parameters
        ----------
        entity_path:
            Where the stream is logged.
        codec:
            How: H264, H265, AV1, VP8 or VP9.
        fps:
            Pictures in a second, about: bits are shared out by it.
        quality:
            The same quality throughout (CRF): 0 is best, 51 (H.264, H.265) or 63 worst.
        bitrate:
            In place of that, bits a second.
        gop:
            Pictures from one keyframe to the next; a second's worth if left out.
        preset:
            How fast against how small, in the encoder's own words.
        hardware:
            `auto` is what works on this machine, `none` software; or a name: nvenc, vaapi, qsv, videotoolbox.
        ten_bit:
            10 bits a value in place of 8.
        drop_when_busy:
            Whether pictures that come too fast are left out; otherwise `log` waits.
        ffmpeg:
            The FFmpeg; if left out the one of the variable `REELSCOPE_FFMPEG`, else the one on PATH.
        recording:
            The recording; if left out the one that is meant when a picture is logged.

        Raises
        ------
        RuntimeError
            If there is no FFmpeg, or it has no encoder of the codec.

        """
        codec = VideoCodec.of(codec)
        worst = 51 if codec in (VideoCodec.H264, VideoCodec.H265) else 63
        if not 0 <= (quality or 0) <= worst:
            raise ValueError(f"the quality of {codec.name} is a number from 0, the best, to {worst}, not {quality}")
        if hardware not in _HARDWARE:
            raise ValueError(f"the hardware is one of {', '.join(_HARDWARE)}, not {hardware!r}")
        if (gop is not None and gop < 1) or (bitrate is not None and bitrate < 1):
            raise ValueError("gop and bitrate are numbers from 1 on")
        self._recording = recording
        self._native: Any = _native.VideoEncoder(
            entity_path,
            int(codec),
            fps=float(fps),
            quality=quality,
            bitrate=bitrate,
            gop=gop,
            preset=preset,
            hardware=hardware,
            ten_bit=ten_bit,
            leave_out=drop_when_busy,
            ffmpeg=None if ffmpeg is None else os.fspath(ffmpeg),
        )
        _all.add(self)

    def log(self, image: ImageLike, color_model: ColorModelLike | None = None) -> None:
        """
        Log a picture at the times that this thread has now.

        Parameters
        ----------
        image:
            Rows × columns of lightness, or rows × columns × 3 or 4 values; `uint8`, or `uint16` for L and RGB.
        color_model:
            RGB and RGBA if left out; BGR and BGRA are others.

        """
        array = _pixels("a picture", image)
        values = 1 if array.ndim == 2 else array.shape[2]
        if color_model is None:
            color_model = {1: ColorModel.L, 3: ColorModel.RGB, 4: ColorModel.RGBA}.get(values, ColorModel.RGB)
        model = ColorModel.of(color_model)
        if model.num_channels != values:
            raise ValueError(f"{model.name} has {model.num_channels} values for each pixel, not {values}")
        bits = {ChannelDatatype.U8: 8, ChannelDatatype.U16: 16}.get(ChannelDatatype.from_np_dtype(array.dtype))
        if bits is None or (bits == 16 and model not in (ColorModel.L, ColorModel.RGB)):
            raise ValueError(f"pictures of {array.dtype} with the values {model.name} cannot be encoded")
        recording = meant(self._recording)
        stream = recording._stream
        if isinstance(stream, Forked):
            stream.complain()
        recording._encoders.add(self)
        self._native.log(stream, array.tobytes(), array.shape[1], array.shape[0], f"{model.name}{bits}")

    def finish(self) -> None:
        """Wait until all pictures are encoded and logged. More can be logged after that."""
        self._native.finish()

    @property
    def left_out(self) -> int:
        """Pictures that were left out because the encoder was busy."""
        return int(self._native.left_out)

    @property
    def latency(self) -> float:
        """How long the last sample took, from its picture to its row, in seconds."""
        return float(self._native.latency)

    @property
    def engine(self) -> str | None:
        """What encodes, by FFmpeg's name (`libx264`). `None` before the first picture and when it is finished."""
        engine: str | None = self._native.engine
        return engine

    @property
    def note(self) -> str | None:
        """Why it is not the hardware that was asked for."""
        note: str | None = self._native.note
        return note

    def __enter__(self) -> VideoEncoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.finish()


@atexit.register
def _finish_all() -> None:
    """Before the recordings end: they were registered earlier."""
    for encoder in list(_all):
        try:
            encoder.finish()
        except Exception as error:
            logging.getLogger("reelscope").error("not all pictures were encoded: %s", error)


def _forked() -> None:
    """The threads of the encoders stayed with the parent."""
    for encoder in list(_all):
        _native.leave_behind(encoder._native)
        encoder._native = Forked()
    _all.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
