"""The protocol's numbers by their names. Wherever one of these is wanted, its name as a `str` will do."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from typing_extensions import Self


class _Named(IntEnum):
    """Numbers that are found by their names, in upper or lower case."""

    @classmethod
    def of(cls, value: str | int) -> Self:
        """The one with this name or number."""
        return cls(value)  # type: ignore[arg-type]

    @classmethod
    def _missing_(cls, value: object) -> Self:
        if isinstance(value, str):
            for member in cls:
                if member.name.lower() == value.lower():
                    return member
        names = ", ".join(member.name for member in cls)
        raise ValueError(f"{value!r} is no {cls.__name__}; there are {names}")


class VideoCodec(_Named):
    """How the samples of a [`VideoStream`][reelscope.VideoStream] are coded."""

    AV1 = 0x61763031
    """AV1, low-overhead OBUs."""
    H264 = 0x61766331
    """ITU-T H.264, in the byte stream format of its Annex B."""
    H265 = 0x68657631
    """ITU-T H.265, in the byte stream format of its Annex B."""
    VP8 = 0x76703038
    """VP8, whole frames."""
    VP9 = 0x76703039
    """VP9, whole frames or superframes."""


class ColorModel(_Named):
    """Which values a pixel has, one after the other."""

    L = 1
    """Lightness alone."""
    RGB = 2
    RGBA = 3
    BGR = 4
    BGRA = 5

    @property
    def num_channels(self) -> int:
        """Values of a pixel."""
        return {"L": 1, "RGB": 3, "RGBA": 4, "BGR": 3, "BGRA": 4}[self.name]


class ChannelDatatype(_Named):
    """The type of each value of a pixel."""

    U8 = 6
    I8 = 7
    U16 = 8
    I16 = 9
    U32 = 10
    I32 = 11
    U64 = 12
    I64 = 13
    F16 = 33
    F32 = 34
    F64 = 35

    @staticmethod
    def from_np_dtype(dtype: Any) -> ChannelDatatype:
        """
        The one of a type of numpy's.

        Raises
        ------
        ValueError
            If it is no number that a pixel can have.

        """
        dtype = np.dtype(dtype)
        letter = {"u": "U", "i": "I", "f": "F"}.get(dtype.kind)
        name = f"{letter}{8 * dtype.itemsize}"
        if name not in ChannelDatatype.__members__:
            raise ValueError(f"pixels cannot be of the type {dtype}; make them uint8, uint16, float32, …")
        return ChannelDatatype[name]


class PixelFormat(_Named):
    """Layouts of pixels that have a name of their own."""

    Y_U_V12_LimitedRange = 20
    """Planar 4:2:0, limited range (I420)."""
    NV12 = 26
    """A plane of luma, one of interleaved chroma, 4:2:0, limited range."""
    YUY2 = 27
    """Y0 U Y1 V, 4:2:2, limited range."""
    Y8_FullRange = 30
    """Luma alone, full range."""
    Y_U_V24_LimitedRange = 39
    """Planar 4:4:4, limited range."""
    Y_U_V24_FullRange = 40
    """Planar 4:4:4, full range."""
    Y8_LimitedRange = 41
    """Luma alone, limited range."""
    Y_U_V12_FullRange = 44
    """Planar 4:2:0, full range."""
    Y_U_V16_LimitedRange = 49
    """Planar 4:2:2, limited range."""
    Y_U_V16_FullRange = 50
    """Planar 4:2:2, full range."""
    BayerRGGB8 = 128
    """What a sensor saw behind a mosaic of filters: red, green; green, blue."""
    BayerBGGR8 = 129
    """Blue, green; green, red."""
    BayerGBRG8 = 130
    """Green, blue; red, green."""
    BayerGRBG8 = 131
    """Green, red; blue, green."""


class TextLogLevel:
    """How much a line of text matters. Any other `str` will do as well."""

    CRITICAL = "CRITICAL"
    ERROR = "ERROR"
    WARN = "WARN"
    INFO = "INFO"
    DEBUG = "DEBUG"
    TRACE = "TRACE"
