"""One of everything that can be logged: archetypes, pixel formats, datatypes, times, clears, odd paths, two recordings."""

import io
import threading

import numpy as np
import pyarrow as pa
import rerun as rr
from PIL import Image

import rig

WIDTH, HEIGHT = 16, 8
PLANES = {"Y_U_V12": 1.5, "Y_U_V16": 2, "Y_U_V24": 3, "NV12": 1.5, "YUY2": 2, "Y8": 1, "Bayer": 1}
DATATYPES = "uint8 int8 uint16 int16 uint32 int32 uint64 int64 float16 float32 float64".split()
MODELS = {"L": 1, "RGB": 3, "RGBA": 4, "BGR": 3, "BGRA": 4}


def has(*names):
    """Whether this SDK has all of these."""
    return all(hasattr(rr, name) for name in names)


def ramp(channels=1, dtype=np.uint8):
    """Pixels that differ from each other."""
    shape = (HEIGHT, WIDTH) if channels == 1 else (HEIGHT, WIDTH, channels)
    return (np.arange(np.prod(shape)) % 120).astype(dtype).reshape(shape)


def file_of(pixels, kind, **options):
    """An image file in memory."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def images(recording):
    """Every pixel format, colour model and datatype; files of every kind; depth and classes."""
    for pixel_format in rr.PixelFormat:
        size = next(size for name, size in PLANES.items() if pixel_format.name.startswith(name))
        data = bytes(i % 251 for i in range(int(WIDTH * HEIGHT * size)))
        image = rr.Image(bytes=data, width=WIDTH, height=HEIGHT, pixel_format=pixel_format)
        recording.log(f"image/format/{pixel_format.name}", image)
    for model, channels in MODELS.items():
        for dtype in DATATYPES:
            image = rr.Image(ramp(channels, dtype), color_model=model)
            recording.log(f"image/{model}/{dtype}", image)
    recording.log("image/no_pixels", rr.Image(bytes=b"", width=WIDTH, height=HEIGHT, color_model="RGB", datatype="U8"))
    recording.log("image/too_short", rr.Image(bytes=b"123", width=WIDTH, height=HEIGHT, color_model="RGB", datatype="U8"))
    recording.log("image/see_through", rr.Image(ramp(3), opacity=0.5, draw_order=3.0))

    rgb = ramp(3)
    files = {
        "jpeg": (file_of(rgb, "JPEG"), "image/jpeg"),
        "png": (file_of(rgb, "PNG"), "image/png"),
        "png16": (file_of(ramp(1, np.uint16), "PNG"), "image/png"),
        "webp": (file_of(rgb, "WEBP", lossless=True), "image/webp"),
        "bmp": (file_of(rgb, "BMP"), "image/bmp"),
        "tiff": (file_of(rgb, "TIFF"), "image/tiff"),
        "gif": (file_of(rgb, "GIF"), "image/gif"),
    }
    for name, (data, media_type) in files.items():
        recording.log(f"file/{name}", rr.EncodedImage(contents=data, media_type=media_type))
        recording.log(f"file/{name}/unnamed", rr.EncodedImage.from_fields(blob=data))
    recording.log("file/wrong_name", rr.EncodedImage(contents=files["png"][0], media_type="image/jpeg"))
    recording.log("file/none", rr.EncodedImage(contents=b"no picture", media_type="image/png"))

    recording.log("depth/u16", rr.DepthImage(ramp(1, np.uint16), meter=1000.0))
    recording.log("depth/f32", rr.DepthImage(ramp(1, np.float32), meter=1.0, colormap="viridis"))
    recording.log("classes", rr.SegmentationImage(ramp(1)))
    recording.log("/", rr.AnnotationContext([(1, "one", (255, 0, 0)), (2, "two")]), static=True)
    if has("EncodedDepthImage"):
        recording.log("depth/png", rr.EncodedDepthImage(blob=files["png16"][0], media_type="image/png"))


def videos(recording):
    """Every codec, static and not; references with and without a name, before and after what they refer to."""
    for codec in rr.VideoCodec:
        recording.log(f"stream/{codec.name}", rr.VideoStream(codec=codec), static=True)
        recording.log(f"stream/{codec.name}", rr.VideoStream.from_fields(sample=b"no video"))
    recording.log("stream/both", rr.VideoStream(codec=rr.VideoCodec.H264, sample=b"\0\0\0\1\x67abc", draw_order=-5.0))
    recording.log("stream/empty", rr.VideoStream(codec=rr.VideoCodec.H264, sample=b""))
    if rig.VERSION >= (0, 36):
        recording.log("stream/keyframe", rr.VideoStream(codec=rr.VideoCodec.H264, sample=b"x", is_keyframe=True))
    recording.log("reference/other", rr.VideoFrameReference(nanoseconds=123_456_789, video_reference="asset/temporal"))
    recording.log("asset/static", rr.AssetVideo(contents=b"no video either", media_type="video/mp4"), static=True)
    recording.log("asset/temporal", rr.AssetVideo(contents=b"nor this", media_type="video/mp4"))
    recording.log("asset/static", rr.VideoFrameReference(seconds=0.5))


def not_video(recording):
    """What a viewer of video keeps and lists, no more."""
    recording.log("text/info", rr.TextLog("hello", level=rr.TextLogLevel.INFO, color=(1, 2, 3)))
    recording.log("text/none", rr.TextLog(""))
    recording.log("text/document", rr.TextDocument("# title", media_type="text/markdown"))
    recording.log("plot/one", rr.Scalars(1.5))
    recording.log("plot/three", rr.Scalars([1.0, 2.0, 3.0]))
    recording.log("plot/three", rr.SeriesLines(names=["a", "b", "c"]), static=True)
    recording.log("plot/bars", rr.BarChart([8, 4, 0]))
    recording.log("points", rr.Points3D([[1, 2, 3], [4, 5, 6]], colors=[255, 0, 0], radii=[0.1, 0.2]))
    recording.log("points/flat", rr.Points2D([[1, 2]], labels=["left"]))
    recording.log("boxes", rr.Boxes3D(half_sizes=[[1, 1, 1]]), rr.TextLog("two archetypes in one row"))
    recording.log("pinhole", rr.Pinhole(focal_length=3, width=3, height=3))
    recording.log("transform", rr.Transform3D.from_fields(translation=[1, 2, 3]))
    recording.log("mesh", rr.Mesh3D(vertex_positions=[[0, 0, 0], [1, 0, 0], [0, 1, 0]]))
    recording.log("tensor", rr.Tensor(np.zeros((2, 3, 4), np.uint8)))
    recording.log("graph", rr.GraphNodes(["a", "b"]), rr.GraphEdges([("a", "b")]))
    recording.log("world", rr.ViewCoordinates.RIGHT_HAND_Y_UP, static=True)
    recording.log("any", rr.AnyValues(numbers=[1, 2, 3], text="words", data=b"\0\1\2", flag=True, nothing=[]))
    if has("DynamicArchetype"):
        recording.log("any/archetype", rr.DynamicArchetype("Mine", components={"q": [1.0], "w": "x"}))


def clears(recording):
    """Everything that takes something away."""
    recording.log("clear/flat", rr.Clear(recursive=False))
    recording.log("clear/tree", rr.Clear(recursive=True))
    recording.log("clear/static", rr.Clear(recursive=False), static=True)
    # A cell with no value in it is not the same as no cell.
    recording.log("clear/fields", rr.Image(ramp(3)))
    recording.log("clear/fields", rr.Image.from_fields(clear_unset=True))
    recording.log("clear/fields", rr.Image.from_fields(opacity=0.1))


def paths(recording):
    """Paths that need care."""
    for path in ("with spaces/and-dash", "ünï/日本", "dots.and_more/1", "world//double/", "/leading"):
        parts = [part for part in path.split("/") if part]
        recording.log(parts, rr.TextLog(path))
    recording.log(["slash/inside", "tab\there", "brackets[0]", "100%"], rr.TextLog("escaped"))
    recording.log("/", rr.TextLog("root"))


def times(recording):
    """All kinds of times, in any order, and none at all."""
    for number in (5, 3, 4, 3, -2):
        recording.at(frame=number)
        recording.log("time/back_and_forth", rr.Scalars(float(number)))
    recording.reset_times()
    recording.at(only_here=1)
    recording.log("time/back_and_forth", rr.Scalars(0.5))
    recording.reset_times()
    recording.log("time/none", rr.Scalars(0.0))
    recording.at(far=2**62)
    recording.log("time/far", rr.Scalars(0.0))
    recording.reset_times()
    recording.at(before=np.timedelta64(-1, "ns"), old=np.datetime64("1960-01-01T00:00:00.000000001"))
    recording.log("time/before", rr.Scalars(0.0))
    recording.reset_times()


class Nullable:
    """A column of samples some of which are not there, `None`, and some of which are no samples, `[]`."""

    def __init__(self, cells):
        self.descriptor = rr.ComponentDescriptor(
            "VideoStream:sample",
            archetype="rerun.archetypes.VideoStream",
            component_type="rerun.components.VideoSample",
        )
        child = pa.field("item", pa.uint8(), nullable=False)
        values = [None if cell is None else [list(data) for data in cell] for cell in cells]
        self.array = pa.array(values, pa.list_(pa.field("item", pa.list_(child))))

    def component_descriptor(self):
        return self.descriptor

    def as_arrow_array(self):
        return self.array


def cell_of(data):
    """What is noted of a cell with this blob."""
    return rig.instances(pa.array([list(data)], pa.list_(pa.uint8())))


def columns(recording):
    """Whole columns at once, also unsorted ones, ones with holes, and several values to a row."""
    samples = [b"aaa", b"bb", b"c"]
    cells = {"VideoStream:sample": [cell_of(data) for data in samples]}
    recording.columns("columns/unsorted", [30, 10, 20], "frame", cells, rr.VideoStream.columns(sample=samples))
    partition = rr.Scalars.columns(scalars=[1, 2, 3, 4, 5, 6]).partition([3, 0, 3])
    cells = {"Scalars:scalars": [{"count": 3}, {"count": 0}, {"count": 3}]}
    recording.columns("columns/partition", [0, 1, 2], "frame", cells, partition)
    cells = {"VideoStream:sample": [cell_of(b"one"), None, {"count": 0}, cell_of(b"four")]}
    nullable = Nullable([[b"one"], None, [], [b"four"]])
    recording.columns("columns/holes", [1, 2, 3, 4], "frame", cells, [nullable])
    rr.send_columns(
        "columns/static", [], rr.EncodedImage.columns(blob=[b"x"], media_type=["image/png"]), recording=recording.stream
    )
    cells = {"EncodedImage:blob": cell_of(b"x"), "EncodedImage:media_type": {"count": 1}}
    recording.note("columns/static", {}, cells, static=True)


def threads(recording):
    """Several threads into one entity."""

    def run(number):
        for row in range(20):
            rr.set_time("frame", sequence=row, recording=recording.stream)
            data = b"%d-%d" % (number, row)
            rr.log("threads", rr.VideoStream.from_fields(sample=data), recording=recording.stream)

    workers = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for number in range(3):
        for row in range(20):
            recording.note("threads", {"frame": row}, {"VideoStream:sample": cell_of(b"%d-%d" % (number, row))})
    recording.entity("threads")["ordered"] = False


def properties(recording):
    """What is said of the recording itself."""
    rr.send_recording_name("one of everything", recording=recording.stream)
    rr.send_property("camera", rr.AnyValues(serial="A1", rate=30), recording=recording.stream)


def main():
    arguments = rig.parser(__doc__).parse_args()
    first = rig.Logger("reelscope_everything", arguments)
    logged = [first]
    if not arguments.save:
        second = rig.Logger("reelscope_everything", arguments, recording_id=f"{first.recording_id}-second")
        logged.append(second)
    first.at(
        frame=7,
        time=np.timedelta64(1_500_000_000, "ns"),
        stamp=np.datetime64("2023-11-14T22:13:20.250000000"),
    )
    for part in (images, videos, not_video, clears, paths, times, columns, threads, properties):
        part(first)
    for recording in logged[1:]:
        recording.at(frame=1)
        recording.log("only/here", rr.Scalars(2.0))
        recording.log("stream/both", rr.VideoStream(codec=rr.VideoCodec.H264, sample=b"another recording"))
    rig.write_truth(arguments.truth, *logged)


main()
