"""Every archetype, type of array, way to give bytes, and kind of time."""

import io
from datetime import datetime, timedelta, timezone
from pathlib import Path

import av
import numpy as np
import reelscope as rr

import truth

WIDTH, HEIGHT = 16, 8
APPLICATION = "reelscope_everything"
DATATYPES = "uint8 int8 uint16 int16 uint32 int32 uint64 int64 float16 float32 float64".split()
PLANES = {"Y_U_V12": 1.5, "Y_U_V16": 2, "Y_U_V24": 3, "NV12": 1.5, "YUY2": 2, "Y8": 1, "Bayer": 1}
PNG = b"\x89PNG\r\n\x1a\n and so on"


def ramp(channels=1, dtype=np.uint8):
    """Pixels that differ from each other."""
    shape = (HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels)
    return (np.arange(np.prod(shape)) % 120).astype(dtype).reshape(shape)


class Logger:
    """Logs, and notes what it logged."""

    def __init__(self):
        self.noted = truth.Truth(APPLICATION)
        self.times = {}

    def log(self, path, archetype, static=False, **cells):
        """A row; the names of cells are without the archetype's."""
        rr.log(path, archetype, static=static)
        name = type(archetype).__name__
        cells = {f"{name}:{field}": cell for field, cell in cells.items()}
        self.noted.note(f"/{path}", {} if static else dict(self.times), cells)

    def image(self, path, image, data, **more):
        """A raw picture."""
        self.log(path, image, buffer=truth.blob(data), format=truth.values(), **more)


def images(logger):
    for model, channels in {"L": 1, "RGB": 3, "RGBA": 4, "BGR": 3, "BGRA": 4}.items():
        for dtype in DATATYPES:
            pixels = ramp(channels, dtype)
            logger.image(f"image/{model}/{dtype}", rr.Image(pixels, model), pixels.tobytes())
    for layout in rr.PixelFormat:
        size = next(size for name, size in PLANES.items() if layout.name.startswith(name))
        data = bytes(i % 251 for i in range(int(WIDTH * HEIGHT * size)))
        image = rr.Image(bytes=data, width=WIDTH, height=HEIGHT, pixel_format=layout)
        logger.image(f"layout/{layout.name}", image, data)
    pixels = ramp(3)
    see_through = rr.Image(pixels, opacity=0.5, draw_order=3)
    logger.image("see_through", see_through, pixels.tobytes(), opacity=truth.values(), draw_order=truth.values())
    # Whatever the array's strides and byte order, its pixels go row by row, the least byte first.
    turned, reversed_bytes = pixels[::-1, ::2], ramp(1, ">u2")
    logger.image("turned", rr.Image(turned), np.ascontiguousarray(turned).tobytes())
    logger.image("big_endian", rr.Image(reversed_bytes), reversed_bytes.astype("<u2").tobytes())
    logger.image("one_channel", rr.Image(ramp()[..., np.newaxis]), ramp().tobytes())
    given = rr.Image(bytes=bytearray(pixels), width=WIDTH, height=HEIGHT, color_model="rgb", datatype=np.uint8)
    logger.image("bytes", given, pixels.tobytes())
    logger.image("depth", rr.DepthImage(ramp(1, np.uint16), meter=1000), ramp(1, np.uint16).tobytes(), meter=truth.values())
    logger.image("classes", rr.SegmentationImage(ramp()), ramp().tobytes())


def files(logger, folder):
    (folder / "picture.png").write_bytes(PNG)
    cells = {"blob": truth.blob(PNG), "media_type": truth.values()}
    logger.log("file/path", rr.EncodedImage(path=folder / "picture.png"), **cells)
    logger.log("file/contents", rr.EncodedImage(contents=PNG, media_type="image/png"), **cells)
    logger.log("file/array", rr.EncodedImage(contents=np.frombuffer(PNG, np.uint8)), **cells)
    logger.log("file/open", rr.EncodedImage(contents=io.BytesIO(PNG)), **cells)
    logger.log("file/unknown", rr.EncodedImage(contents=b"what?"), blob=truth.blob(b"what?"))


def jpegs(logger):
    """JPEG files are those of the picture, as another decoder reads them, in every colour model."""
    y, x = np.mgrid[0:48, 0:64]
    rgb = np.stack([4 * x, 5 * y, 2 * (x + y)], axis=-1).astype(np.uint8)
    alpha = np.full((48, 64, 1), 255, np.uint8)
    ways = {
        "RGB": rgb,
        "BGR": rgb[..., ::-1],
        "RGBA": np.concatenate([rgb, alpha], axis=-1),
        "BGRA": np.concatenate([rgb[..., ::-1], alpha], axis=-1),
        "L": rgb[..., 0],
    }
    for model, pixels in ways.items():
        image = rr.Image(pixels, model, opacity=0.5).compress(jpeg_quality=95)
        cells = {"blob": truth.blob(image.blob), "media_type": truth.values(), "opacity": truth.values()}
        logger.log(f"jpeg/{model}", image, **cells)
        [frame] = av.CodecContext.create("mjpeg", "r").decode(av.Packet(image.blob))
        expected = pixels if model == "L" else rgb
        decoded = frame.to_ndarray(format="gray" if model == "L" else "rgb24")
        # The decoder's own range for grey is that of JPEG, 0 to 255.
        error = np.abs(decoded.astype(int) - expected).mean()
        assert error < 3, f"{model} is off by {error}"
    small, large = (len(rr.Image(rgb).compress(jpeg_quality=quality).blob) for quality in (20, 95))
    assert small < large


def videos(logger):
    for codec in rr.VideoCodec:
        logger.log(f"stream/{codec.name}", rr.VideoStream(codec), static=True, codec=truth.values())
        logger.log(f"stream/{codec.name}", rr.VideoStream.from_fields(sample=b"no video"), sample=truth.blob(b"no video"))
    every = rr.VideoStream("h264", sample=memoryview(b"x"), is_keyframe=True, opacity=0.5, draw_order=-1)
    names = ("codec", "is_keyframe", "opacity", "draw_order")
    logger.log("stream/every", every, sample=truth.blob(b"x"), **{name: truth.values() for name in names})
    reference = {"timestamp": truth.values()}
    logger.log("reference/seconds", rr.VideoFrameReference(seconds=0.5), **reference)
    logger.log("reference/nanos", rr.VideoFrameReference(nanoseconds=5), **reference)
    logger.log("reference/numpy", rr.VideoFrameReference(np.timedelta64(5, "ms")), **reference)
    named = rr.VideoFrameReference(5, video_reference="video")
    logger.log("reference/named", named, video_reference=truth.values(), **reference)
    asset = rr.AssetVideo(contents=b"no video", media_type="video/mp4")
    logger.log("asset", asset, static=True, blob=truth.blob(b"no video"), media_type=truth.values())


def not_video(logger):
    logger.log("text", rr.TextLog("hello", level=rr.TextLogLevel.WARN), text=truth.values(), level=truth.values())
    logger.log("plot/one", rr.Scalars(1.5), scalars=truth.values())
    logger.log("plot/three", rr.Scalars(np.arange(3)), scalars=truth.values(3))
    logger.log("clear/flat", rr.Clear(recursive=False), is_recursive=truth.values())
    logger.log("clear/all", rr.Clear.recursive(), is_recursive=truth.values())
    mine = rr.AnyValues(numbers=[1, 2, 3], text="words", data=b"\0\1", flag=True, floats=np.float32([1]), nothing=None)
    rr.log("any", mine)
    cells = {"numbers": 3, "text": 1, "flag": 1, "floats": 1}
    cells = {name: truth.values(count) for name, count in cells.items()} | {"data": truth.blob(b"\0\1")}
    logger.noted.note("/any", dict(logger.times), cells)
    rr.log("several", rr.Scalars(1), rr.TextLog("in one row"))
    cells = {"Scalars:scalars": truth.values(), "TextLog:text": truth.values()}
    logger.noted.note("/several", dict(logger.times), cells)
    rr.log(["a b", "c/d", 5], rr.Scalars(1))
    logger.noted.note("/a\\ b/c\\/d/5", dict(logger.times), {"Scalars:scalars": truth.values()})


def times(logger):
    """Every way to say a time, and what it has to come out as."""
    moment = datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=timezone.utc)
    east = moment.astimezone(timezone(timedelta(hours=5)))
    quarter_past = 1_700_000_000_250_000_000
    ways = [
        ({"sequence": np.int32(7)}, 7),
        ({"sequence": -(2**40)}, -(2**40)),
        ({"duration": 2}, 2_000_000_000),
        ({"duration": 1.5}, 1_500_000_000),
        ({"duration": np.float32(0.5)}, 500_000_000),
        ({"duration": timedelta(days=-1, microseconds=1)}, -86_399_999_999_000),
        ({"duration": np.timedelta64(33, "ms")}, 33_000_000),
        ({"timestamp": 1_700_000_000.25}, quarter_past),
        ({"timestamp": moment}, quarter_past),
        ({"timestamp": east}, quarter_past),
        ({"timestamp": moment.replace(tzinfo=None)}, quarter_past),
        ({"timestamp": np.datetime64("1960-01-01T00:00:00.000000001")}, -315_619_199_999_999_999),
    ]
    for number, (way, nanos) in enumerate(ways):
        rr.reset_time()
        rr.set_time(f"way{number}", **way)
        logger.times = {f"way{number}": nanos}
        logger.log("times", rr.Scalars(number), scalars=truth.values())
    rr.set_time("gone", sequence=1)
    rr.disable_timeline("gone")
    logger.log("times", rr.Scalars(-1), scalars=truth.values())


def columns(logger):
    """Whole columns: lists and arrays are the same."""
    moments = np.array([3, 1, 2], "datetime64[s]")
    samples = [b"aaa", b"bb", b"c"]
    indexes = [
        rr.TimeColumn("frame", sequence=[30, 10, 20]),
        rr.TimeColumn("took", duration=[0.5, timedelta(seconds=1), np.timedelta64(2, "s")]),
        rr.TimeColumn("when", timestamp=moments),
    ]
    rr.send_columns("columns", indexes, rr.VideoStream.columns(sample=samples, is_keyframe=[True, False, False]))
    rows = zip([30, 10, 20], [500_000_000, 1_000_000_000, 2_000_000_000], [3, 1, 2], samples, strict=True)
    for frame, took, seconds, sample in rows:
        now = {"frame": frame, "took": took, "when": seconds * 1_000_000_000}
        cells = {"VideoStream:sample": truth.blob(sample), "VideoStream:is_keyframe": truth.values()}
        logger.noted.note("/columns", now, cells)
    rr.send_columns("columns/static", [], rr.EncodedImage.columns(blob=[PNG], media_type=["image/png"]))
    cells = {"EncodedImage:blob": truth.blob(PNG), "EncodedImage:media_type": truth.values()}
    logger.noted.note("/columns/static", {}, cells)
    steps = np.array([0.1, 0.7])
    rr.send_columns("columns/any", [rr.TimeColumn("took", duration=steps)], rr.AnyValues.columns(many=[[1, 2], [3]]))
    logger.noted.note("/columns/any", {"took": 100_000_000}, {"many": truth.values(2)})
    logger.noted.note("/columns/any", {"took": 700_000_000}, {"many": truth.values()})


def main():
    arguments = truth.parser(__doc__).parse_args()
    rr.init(APPLICATION, recording_id="everything")
    truth.connect(arguments)
    logger = Logger()
    for name, way, nanos in (("frame", {"sequence": 3}, 3), ("took", {"duration": 0.25}, 250_000_000)):
        rr.set_time(name, **way)
        logger.times[name] = nanos
    images(logger)
    files(logger, Path(arguments.truth).parent)
    jpegs(logger)
    videos(logger)
    not_video(logger)
    times(logger)
    columns(logger)
    rr.send_recording_name("everything")
    rr.send_property("camera", rr.AnyValues(serial="A1"))
    rr.send_blueprint("whatever")
    logger.noted.write(arguments)


main()
