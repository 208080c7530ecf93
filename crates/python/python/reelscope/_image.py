"""Pictures: raw pixels, files, depths, classes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import IO, Any, NamedTuple, Union

import numpy as np
import numpy.typing as npt

from . import _native
from ._archetype import Archetype, BytesLike, all_as_bytes, as_bytes
from ._enums import ChannelDatatype, ColorModel, PixelFormat
from ._native import ComponentColumn
from ._video import file_contents

ImageLike = npt.ArrayLike
ColorModelLike = Union[ColorModel, str, int]
PixelFormatLike = Union[PixelFormat, str, int]

_BY_CHANNELS = {1: ColorModel.L, 3: ColorModel.RGB, 4: ColorModel.RGBA}


def _pixels(what: str, image: ImageLike) -> npt.NDArray[Any]:
    """Rows, columns and maybe channels, in the byte order of the protocol."""
    try:
        array = np.asarray(image.numpy(force=True))  # type: ignore[union-attr]  # A tensor, maybe of a GPU.
    except AttributeError:
        array = np.asarray(image)
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    while array.ndim > 2 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim not in (2, 3):
        raise ValueError(f"{what} has rows and columns of pixels, not the shape {np.shape(image)}")
    ChannelDatatype.from_np_dtype(array.dtype)
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _single_valued(what: str, image: ImageLike) -> tuple[bytes, int, int, int]:
    """Bytes, width, height and type of pixels with one value each."""
    array = _pixels(what, image)
    if array.ndim != 2:
        raise ValueError(f"{what} has one value for each pixel, not the shape {np.shape(image)}")
    height, width = array.shape
    return array.tobytes(), width, height, ChannelDatatype.from_np_dtype(array.dtype)


class _Interleaved(NamedTuple):
    """Pixels as the native half takes them."""

    buffer: bytes
    width: int
    height: int
    color_model: ColorModel
    datatype: ChannelDatatype


class Image(Archetype):
    """
    A picture as raw pixels.

    Example
    -------
    ```python
    rr.log("camera", rr.Image(pixels))                                # H×W, H×W×3 or H×W×4
    rr.log("camera", rr.Image(pixels, "BGR").compress())              # as a JPEG file
    rr.log("camera", rr.Image(bytes=data, width=640, height=480, pixel_format="NV12"))
    ```

    """

    _NAME = "Image"
    _KINDS = {"buffer": "blob", "opacity": "f32", "draw_order": "f32"}

    def __init__(
        self,
        image: ImageLike | None = None,
        color_model: ColorModelLike | None = None,
        *,
        pixel_format: PixelFormatLike | None = None,
        datatype: ChannelDatatype | npt.DTypeLike | None = None,
        bytes: BytesLike | None = None,
        width: int | None = None,
        height: int | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> None:
        """
        Pixels as an array, or as bytes with all that is to be known of them.

        Parameters
        ----------
        image:
            An array of rows, columns and channels, of any integer or float type. It is copied once.
        color_model:
            What the channels are. Without this one is lightness, three are RGB, and four RGBA.
        pixel_format:
            The layout of `bytes`, if it is one with a name of its own.
        datatype:
            The type of the values in `bytes`, together with `color_model`.
        bytes:
            Pixels without padding, in place of `image`. `bytes` are not copied.
        width:
            Pixels in a row of `bytes`.
        height:
            Rows of `bytes`.
        opacity:
            How opaque it is drawn, from 0 to 1.
        draw_order:
            Greater is nearer.

        Raises
        ------
        ValueError
            If there are more or fewer bytes or channels than the format has.

        """
        if (image is None) == (bytes is None):
            raise ValueError("an Image has exactly one of image and bytes")
        self._opacity, self._draw_order = opacity, draw_order
        self._interleaved: _Interleaved | None = None
        if image is not None:
            if pixel_format is not None:
                raise ValueError("an array has a color_model; a pixel_format is that of bytes")
            self._interleaved = _interleaved(image, color_model)
            wanted = (width, height, None if datatype is None else _datatype(datatype))
            there = (self._interleaved.width, self._interleaved.height, self._interleaved.datatype)
            if any(want is not None and want != have for want, have in zip(wanted, there)):
                raise ValueError(f"the array has the width, height and type {there}, not {wanted}")
        elif bytes is not None:
            if width is None or height is None:
                raise ValueError("bytes of an Image need width and height")
            data = as_bytes("the bytes of an Image", bytes)
            if pixel_format is None:
                if color_model is None or datatype is None:
                    raise ValueError("bytes of an Image need a pixel_format, or color_model and datatype")
                self._interleaved = _Interleaved(
                    data, width, height, ColorModel.of(color_model), _datatype(datatype)
                )
            elif color_model is not None or datatype is not None:
                raise ValueError("a pixel_format has no color_model or datatype")
            else:
                layout = PixelFormat.of(pixel_format)
                self._components = _native.image(data, width, height, pixel_format=layout)
        if self._interleaved is not None:
            data, width, height, model, values = self._interleaved
            self._components = _native.image(data, width, height, color_model=model, datatype=values)
        self._add(opacity=opacity, draw_order=draw_order)

    def compress(self, jpeg_quality: int = 95) -> EncodedImage:
        """
        The picture as a JPEG file. Other threads run on meanwhile.

        Parameters
        ----------
        jpeg_quality:
            From 1 to 100. 95 is hard to tell from the picture.

        Raises
        ------
        ValueError
            If a JPEG file cannot hold it: its values have to be of 8 bits, and not in a `pixel_format`.

        """
        if not 1 <= jpeg_quality <= 100:
            raise ValueError(f"the quality of a JPEG file is from 1 to 100, not {jpeg_quality}")
        if self._interleaved is None:
            raise ValueError("this picture cannot be compressed as JPEG: it has to have a colour model")
        contents = _native.compress(*self._interleaved, jpeg_quality)
        return EncodedImage(contents=contents, opacity=self._opacity, draw_order=self._draw_order)

    @classmethod
    def from_fields(
        cls,
        *,
        clear_unset: bool = False,
        buffer: BytesLike | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> Image:
        """Some of the fields; a `buffer` has the format that was logged before."""
        buffer = None if buffer is None else as_bytes("Image:buffer", buffer)
        row = cls._partial(clear_unset, buffer=buffer, opacity=opacity, draw_order=draw_order)
        row._opacity, row._draw_order, row._interleaved = opacity, draw_order, None
        return row

    @classmethod
    def columns(
        cls,
        *,
        buffer: Iterable[BytesLike] | None = None,
        opacity: Iterable[float] | None = None,
        draw_order: Iterable[float] | None = None,
    ) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]; the format is logged before, best as static."""
        return cls._columns(buffer=all_as_bytes("Image:buffer", buffer), opacity=opacity, draw_order=draw_order)


def _interleaved(image: ImageLike, color_model: ColorModelLike | None) -> _Interleaved:
    array = _pixels("an Image", image)
    height, width = array.shape[:2]
    channels = 1 if array.ndim == 2 else array.shape[2]
    if color_model is None and channels not in _BY_CHANNELS:
        raise ValueError(f"a pixel of an Image has 1, 3 or 4 values, not {channels}")
    model = _BY_CHANNELS[channels] if color_model is None else ColorModel.of(color_model)
    if model.num_channels != channels:
        raise ValueError(f"pixels of the colour model {model.name} have {model.num_channels} values each, not {channels}")
    return _Interleaved(array.tobytes(), width, height, model, ChannelDatatype.from_np_dtype(array.dtype))


def _datatype(datatype: ChannelDatatype | npt.DTypeLike) -> ChannelDatatype:
    is_name = isinstance(datatype, str) and datatype.upper() in ChannelDatatype.__members__
    if is_name or isinstance(datatype, int):
        return ChannelDatatype.of(datatype)  # type: ignore[arg-type]
    return ChannelDatatype.from_np_dtype(datatype)


class EncodedImage(Archetype):
    """A picture as a file: JPEG, PNG, WebP, BMP, TIFF, GIF."""

    _NAME = "EncodedImage"
    _KINDS = {"blob": "blob", "media_type": "text", "opacity": "f32", "draw_order": "f32"}

    def __init__(
        self,
        *,
        path: str | os.PathLike[str] | None = None,
        contents: BytesLike | IO[bytes] | None = None,
        media_type: str | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> None:
        """
        A file, by its path or its bytes.

        Parameters
        ----------
        path:
            Where the file is. It is read at once.
        contents:
            Its bytes, or an open file with them.
        media_type:
            What it is, such as `image/jpeg`. Without this it follows from the first bytes.
        opacity:
            How opaque it is drawn, from 0 to 1.
        draw_order:
            Greater is nearer.

        """
        self.blob: bytes | None = file_contents("EncodedImage", path, contents)
        """The bytes of the file."""
        self._components = _native.encoded_image(self.blob, media_type)
        self._add(opacity=opacity, draw_order=draw_order)

    @classmethod
    def from_fields(
        cls,
        *,
        clear_unset: bool = False,
        blob: BytesLike | None = None,
        media_type: str | None = None,
        opacity: float | None = None,
        draw_order: float | None = None,
    ) -> EncodedImage:
        """Some of the fields."""
        given = None if blob is None else as_bytes("EncodedImage:blob", blob)
        row = cls._partial(clear_unset, blob=given, media_type=media_type, opacity=opacity, draw_order=draw_order)
        row.blob = given
        return row

    @classmethod
    def columns(
        cls,
        *,
        blob: Iterable[BytesLike] | None = None,
        media_type: Iterable[str] | None = None,
        opacity: Iterable[float] | None = None,
        draw_order: Iterable[float] | None = None,
    ) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]."""
        blobs = all_as_bytes("EncodedImage:blob", blob)
        return cls._columns(blob=blobs, media_type=media_type, opacity=opacity, draw_order=draw_order)


class DepthImage(Archetype):
    """A picture whose values are distances."""

    _NAME = "DepthImage"
    _KINDS = {"meter": "f32", "draw_order": "f32"}

    def __init__(self, image: ImageLike, *, meter: float | None = None, draw_order: float | None = None) -> None:
        """
        Distances.

        Parameters
        ----------
        image:
            An array of rows and columns, of any integer or float type. It is copied once.
        meter:
            How much of the values is a metre: 1000 if they are millimetres.
        draw_order:
            Greater is nearer.

        """
        self._components = _native.depth_image(*_single_valued("a DepthImage", image))
        self._add(meter=meter, draw_order=draw_order)


class SegmentationImage(Archetype):
    """A picture whose values are numbers of classes."""

    _NAME = "SegmentationImage"
    _KINDS = {"opacity": "f32", "draw_order": "f32"}

    def __init__(self, image: ImageLike, *, opacity: float | None = None, draw_order: float | None = None) -> None:
        """
        Classes.

        Parameters
        ----------
        image:
            An array of rows and columns, of any integer type. It is copied once.
        opacity:
            How opaque it is drawn, from 0 to 1.
        draw_order:
            Greater is nearer.

        """
        self._components = _native.segmentation_image(*_single_valued("a SegmentationImage", image))
        self._add(opacity=opacity, draw_order=draw_order)
