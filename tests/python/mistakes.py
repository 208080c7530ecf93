"""Every mistake is an exception of the right kind, and its words say what is wrong."""

import socket
import sys
from pathlib import Path

import numpy as np
import reelscope as rr
import reelscope.blueprint as rrb

FOLDER = Path(sys.argv[1])
U8 = np.zeros((4, 6, 3), np.uint8)


def mistake(kind, words, call):
    """Fails unless `call` raises this, with these words."""
    try:
        call()
    except kind as error:
        assert words in str(error), f"{error!r} does not say: {words}"
    else:
        raise AssertionError(f"nothing was raised: {words}")


def without_a_recording():
    mistake(RuntimeError, "call reelscope.init first", lambda: rr.log("a", rr.TextLog("b")))
    mistake(RuntimeError, "call reelscope.init first", lambda: rr.set_time("a", sequence=1))
    assert rr.get_recording_id() is None and not rr.is_enabled()


def names():
    mistake(AttributeError, "reelscope has no Points3D. What it logs: Image, EncodedImage", lambda: rr.Points3D)
    assert not hasattr(rr, "Points3D")
    mistake(ValueError, "'h266' is no VideoCodec; there are AV1, H264, H265, VP8, VP9", lambda: rr.VideoStream("h266"))
    mistake(TypeError, "has to be a name", lambda: rr.init(5))


def pictures():
    mistake(ValueError, "pixel_format is that of bytes", lambda: rr.Image(U8, pixel_format="NV12"))
    mistake(ValueError, "the width, height and type (6, 4", lambda: rr.Image(U8, width=5))
    mistake(ValueError, "1, 3 or 4 values, not 2", lambda: rr.Image(U8[..., :2]))
    mistake(ValueError, "RGBA have 4 values each, not 3", lambda: rr.Image(U8, "RGBA"))
    mistake(ValueError, "not the shape (4,)", lambda: rr.Image(U8[:, 0, 0]))
    mistake(ValueError, "pixels cannot be of the type complex128", lambda: rr.Image(np.zeros((2, 2), complex)))
    mistake(ValueError, "pixels cannot be of the type bool", lambda: rr.Image(np.zeros((2, 2), bool)))
    mistake(ValueError, "exactly one of image and bytes", lambda: rr.Image())
    mistake(ValueError, "need width and height", lambda: rr.Image(bytes=b"", pixel_format="NV12"))
    nv12 = {"width": 4, "height": 2, "pixel_format": "NV12"}
    mistake(ValueError, "Nv12 has 12 bytes, not 3", lambda: rr.Image(bytes=b"123", **nv12))
    mistake(ValueError, "no color_model or datatype", lambda: rr.Image(bytes=bytes(12), color_model="L", **nv12))
    mistake(ValueError, "unsigned with 8 bits", lambda: rr.Image(U8.astype(np.uint16)).compress())
    mistake(ValueError, "a colour model", lambda: rr.Image(bytes=bytes(12), **nv12).compress())
    mistake(ValueError, "from 1 to 100, not 0", lambda: rr.Image(U8).compress(0))
    mistake(ValueError, "one value for each pixel", lambda: rr.DepthImage(U8))
    mistake(TypeError, "bytes or an array of uint8, not of float64", lambda: rr.EncodedImage(contents=np.zeros(3)))


def videos():
    mistake(TypeError, "VideoStream:sample has to be bytes, not str", lambda: rr.VideoStream("h264", sample="x"))
    mistake(TypeError, "VideoStream:opacity has to be a number", lambda: rr.VideoStream("h264", opacity="x"))
    mistake(ValueError, "exactly one of path and contents", rr.AssetVideo)
    mistake(FileNotFoundError, "no.mp4", lambda: rr.AssetVideo(path=FOLDER / "no.mp4"))
    mistake(ValueError, "no video file that can be read", rr.AssetVideo(contents=b"x").read_frame_timestamps_nanos)
    mistake(ValueError, "exactly one of timestamp, seconds and nanoseconds", rr.VideoFrameReference)
    mistake(TypeError, "whole numbers, not float64", lambda: rr.VideoFrameReference.columns_nanos([0.5]))
    mistake(NotImplementedError, "log a reelscope.Clear", lambda: rr.VideoStream.from_fields(clear_unset=True))


def times():
    mistake(ValueError, "exactly one of sequence, duration and timestamp", lambda: rr.set_time("a"))
    mistake(ValueError, "exactly one of", lambda: rr.set_time("a", sequence=1, duration=1))
    mistake(TypeError, "whole numbers, not float", lambda: rr.set_time("a", sequence=1.5))
    mistake(TypeError, "not str", lambda: rr.set_time("a", duration="1 s"))
    mistake(ValueError, "not nan", lambda: rr.set_time("a", duration=float("nan")))
    mistake(ValueError, "in seconds since the Unix epoch", lambda: rr.set_time("a", timestamp=1_700_000_000_000))
    with rr.RecordingStream("kinds"):
        rr.set_time("lap", sequence=1)
        rr.log("a", rr.Scalars(1.0))
        rr.set_time("lap", duration=1.0)
        mistake(ValueError, "“lap” is a sequence", lambda: rr.log("a", rr.Scalars(2.0)))
        rr.disable_timeline("lap")
        rr.set_time("", sequence=1)
        mistake(ValueError, "has no name", lambda: rr.log("a", rr.Scalars(2.0)))
    mistake(OverflowError, "64 bits", lambda: rr.set_time("a", sequence=2**64))
    mistake(OverflowError, "64 bits", lambda: rr.set_time("a", duration=2**40))
    far = np.datetime64("9000-01-01")
    mistake(OverflowError, "64 bits", lambda: rr.set_time("a", timestamp=far))
    mistake(OverflowError, "64 bits", lambda: rr.TimeColumn("a", timestamp=np.array(["2026-01-01", far], "M8[D]")))
    mistake(ValueError, "not NaT", lambda: rr.set_time("a", duration=np.timedelta64("NaT")))
    mistake(ValueError, "not NaT", lambda: rr.TimeColumn("a", timestamp=np.array(["2026-01-01", "NaT"], "M8[s]")))


def rows():
    for nothing in (5, "words", U8, [1, 2]):
        mistake(TypeError, "has to be an archetype such as reelscope.Image", lambda: rr.log("a", nothing))
    mistake(TypeError, "has to be numbers, texts, truths or bytes, not object", lambda: rr.AnyValues(a=object()))
    mistake(TypeError, "Scalars have to be numbers", lambda: rr.Scalars("a"))
    times, columns = [rr.TimeColumn("a", sequence=[1, 2])], rr.VideoFrameReference.columns_nanos([1, 2, 3])
    mistake(ValueError, "has 3 rows, the others 2", lambda: rr.send_columns("a", times, columns))


def twice():
    both = rr.Scalars(1.0), rr.Scalars(2.0)
    mistake(ValueError, "“Scalars:scalars” stands there twice", lambda: rr.log("a", *both))
    times = [rr.TimeColumn("i", sequence=[1, 2])]
    columns = rr.Scalars.columns(scalars=[1, 2])
    mistake(ValueError, "twice", lambda: rr.send_columns("a", times, [*columns, *columns]))
    mistake(ValueError, "“i” stands there twice", lambda: rr.send_columns("a", times * 2, columns))


def places():
    mistake(ValueError, "without TLS", lambda: rr.connect_grpc("rerun+https://127.0.0.1:9876/proxy"))
    mistake(ValueError, "from 1 to 65535", lambda: rr.connect_grpc("rerun+http://127.0.0.1:99999/proxy"))
    mistake(RuntimeError, "ended at once", lambda: rr.spawn(port=free_port(), executable_path="/bin/false"))
    mistake(FileNotFoundError, "nowhere/a.rrd", lambda: rr.save(FOLDER / "nowhere" / "a.rrd"))
    mistake(IsADirectoryError, str(FOLDER), lambda: rr.save(FOLDER))
    mistake(ValueError, "no address", lambda: rr.connect_grpc("no address"))
    mistake(FileNotFoundError, "no/viewer", lambda: rr.spawn(port=free_port(), executable_path="no/viewer"))
    with rr.RecordingStream("nobody listens") as recording:
        recording.connect_grpc(f"127.0.0.1:{free_port()}")
        recording.log("a", rr.TextLog("b"))
        mistake(OSError, "", lambda: recording.flush(timeout_sec=0.5))
        mistake(ValueError, "0 s or more", lambda: recording.flush(timeout_sec=-1))
        mistake(OSError, "", recording.finish)
        mistake(RuntimeError, "the recording is finished", lambda: recording.log("a", rr.TextLog("b")))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main():
    without_a_recording()
    names()
    rr.init("mistakes")
    for part in (pictures, videos, times, rows, twice, places):
        part()
    # Blueprints are of another viewer, and no mistake.
    view = rrb.Spatial2DView(origin="/camera", name="camera")
    rr.send_blueprint(rrb.Blueprint(rrb.Horizontal(view), rrb.TimePanel(state="collapsed"), collapse_panels=True))
    # All went wrong, but nothing is in the way of what is right.
    rr.save(FOLDER / "right.rrd")
    rr.log("a", rr.Image(U8))
    rr.flush(timeout_sec=10)


main()
