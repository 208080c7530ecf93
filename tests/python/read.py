"""Reads clips and a recording: the times, the planes and the colours that FFmpeg has, tables, and a remuxed file."""

import hashlib
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pyarrow
import reelscope as rr


def ffmpeg_md5s(path):
    command = ["ffmpeg", "-v", "error", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.split()[-1] for line in lines if not line.startswith("#")]


def md5(frame):
    digest = hashlib.md5()
    for plane in frame.planes:
        digest.update(plane.tobytes())
    return digest.hexdigest()


clip, folder = Path(sys.argv[1]), Path(sys.argv[2])

# A video: every frame is the one that FFmpeg decodes.
file = rr.open(clip)
[recording] = file.recordings
[camera] = recording.entities
truth = ffmpeg_md5s(clip)
times = camera.times()
assert times.dtype == "timedelta64[ns]" and len(times) == len(truth) == 36, times
assert (np.diff(times) == np.timedelta64(40, "ms")).all()
native = list(camera.frames(native=True))
assert [md5(frame) for frame in native] == truth
assert native[0].pixel_format == "yuv420p" and [plane.shape for plane in native[0].planes] == [(120, 160), (60, 80), (60, 80)]

# By number, by time, in any order, at any size.
assert md5(camera.frame(-1, native=True)) == truth[-1]
assert md5(camera.frame(at=times[7], native=True)) == truth[7]
assert md5(camera.frame(at=0.2999, native=True)) == truth[7]
assert [frame.number for frame in camera.frames((0.4, 0.6))] == [10, 11, 12, 13, 14, 15]
assert [frame.number for frame in camera.frames(at=[1.0, 0.0, 0.5])] == [25, 0, 12]
image = camera.frame(0).image
assert image.shape == (120, 160, 3) and image.dtype == np.uint8
assert camera.frame(0, width=80).image.shape == (60, 80, 3)
# `ffmpeg -i CLIP -frames:v 1 -pix_fmt rgb24`, which interpolates chroma in another way: near is enough.
command = ["ffmpeg", "-v", "error", "-i", clip, "-frames:v", "1", "-sws_flags", "accurate_rnd+full_chroma_int", "-f", "rawvideo"]
rgb = subprocess.run([*command, "-pix_fmt", "rgb24", "-"], check=True, capture_output=True).stdout
rgb = np.frombuffer(rgb, np.uint8).reshape(120, 160, 3).astype(int)
assert np.abs(rgb - image).mean() < 2.0, np.abs(rgb - image).mean()
batches = list(camera.batches(16, width=40))
assert [len(batch.images) for batch in batches] == [16, 16, 4] and batches[0].images.shape == (16, 30, 40, 3)
assert batches[2].times[-1] == times[-1]

# Without encoding anew.
copy = folder / "copy.mp4"
assert camera.remux(copy) == 36 and ffmpeg_md5s(copy) == truth
assert camera.remux(copy, (0.4, 0.6), exact=True) == 6 and ffmpeg_md5s(copy) == truth[10:16]

# A recording that the package's own encoder made.
run = folder / "run.rrd"
with rr.RecordingStream("reader", recording_id="one") as logged:
    logged.save(run)
    with rr.VideoEncoder("camera", codec="h264", quality=10) as encoder:
        for number in range(20):
            rr.set_time("frame", sequence=2 * number)
            pixels = np.full((64, 96, 3), 10 * number, np.uint8)
            encoder.log(pixels)
            rr.log("speed", rr.Scalars(number / 2))
        assert encoder.engine == "libx264"
    assert encoder.left_out == 0 and encoder.latency > 0
    logged.flush()
opened = rr.open(run)
camera = opened["/camera"]
assert camera.codec == "h264" and (camera.width, camera.height) == (96, 64), camera
assert camera.timelines["frame"] == "sequence"
assert camera.times("frame").tolist() == list(range(0, 40, 2))
# The timeline that the program set is meant, although `log_time` has as many frames.
assert camera.times().tolist() == camera.times("frame").tolist()
for frame in camera.frames((10, 20), timeline="frame"):
    assert abs(int(frame.image.mean()) - 5 * int(frame.time)) <= 2, (frame.time, frame.image.mean())

# Pictures that the encoder has not given back yet are logged before a recording goes on elsewhere, or ends.
for end in ("disconnect", "finish"):
    under_way = folder / f"{end}.rrd"
    logged = rr.RecordingStream("reader", recording_id=end)
    logged.save(under_way)
    encoder = rr.VideoEncoder("camera", recording=logged)
    for number in range(20):
        logged.set_time("frame", sequence=number)
        encoder.log(np.full((64, 96, 3), 10 * number, np.uint8))
    getattr(logged, end)()
    assert rr.open(under_way)["/camera"].times("frame").tolist() == list(range(20)), end

# The best and the worst quality of VP8.
sizes = []
for quality in (0, 63):
    stored = folder / f"vp8-{quality}.rrd"
    logged = rr.RecordingStream("reader", recording_id=stored.stem)
    logged.save(stored)
    with rr.VideoEncoder("camera", codec="vp8", quality=quality, recording=logged) as encoder:
        for number in range(3):
            noise = np.random.default_rng(number).integers(0, 256, (64, 96, 3), np.uint8)
            encoder.log(noise)
    logged.finish()
    assert len(rr.open(stored)["/camera"].times()) == 3
    sizes.append(stored.stat().st_size)
assert sizes[0] > 1.5 * sizes[1], sizes

# Tables, without a copy.
[recording] = opened.recordings
reader = recording.query("frame", entities="/speed", range=(4, 12))
assert isinstance(reader, pyarrow.RecordBatchReader)
table = reader.read_all()
assert table.column("frame").to_pylist() == [4, 6, 8, 10, 12], table
[name] = [name for name in table.column_names if "Scalars:scalars" in name]
assert table.column(name).to_pylist() == [[1.0], [1.5], [2.0], [2.5], [3.0]]
late = recording.query("frame", entities="/speed", range=(30, None)).read_all()
assert late.column("frame").to_pylist() == [30, 32, 34, 36, 38], late
at = recording.query("frame", entities="/speed", at=[5], fill_latest_at=True).read_all()
assert at.column(name).to_pylist() == [[1.0]]

assert recording.query("frame", components="Scalars:scalars", range=(4, 4)).read_all().num_rows == 1
numbers = folder / "numbers.rrd"
with rr.RecordingStream("no pictures") as logged:
    logged.save(numbers)
    logged.log("battery", rr.Scalars(0.5), static=True)
    logged.flush()
[recorded] = rr.open(numbers).recordings
assert recorded.application_id == "no pictures" and recorded.entities == []
assert recorded.query(entities="/battery").read_all().num_rows == 1

# Without a cycle: decoders end with the last that knows the file.
with rr.open(clip) as short:
    short.entities[0].frame(0)
watched = weakref.ref(short._source)
del short
assert watched() is None

# Many files that are open do not keep as many decoders.
many = [rr.open(clip) for _ in range(20)]
for one in many:
    one.entities[0].frame(3)
tasks = Path("/proc/self/task").iterdir()
alive = {child for task in tasks for child in (task / "children").read_text().split()}
# Each has a second one that stands ready.
assert 0 < len(alive) <= 2 * 8, alive
assert md5(many[0].entities[0].frame(3, native=True)) == truth[3]
del many

# Mistakes.
for wrong, error, words in [
    (lambda: rr.open(folder / "nothing.mp4"), FileNotFoundError, "nothing.mp4"),
    (lambda: opened["/lidar"], KeyError, "only at /camera"),
    (lambda: camera.times("lap"), ValueError, "no timeline|on a timeline"),
    (lambda: camera.frame(99), IndexError, "there are 20"),
    (lambda: camera.frame(at=-1, timeline="frame"), IndexError, "its first one is at 0"),
    (lambda: recording.query("lap"), ValueError, "there is no timeline"),
    (lambda: recording.query("frame", components="speed"), ValueError, "no component"),
    (lambda: file.recordings[0].query(), ValueError, "is a video"),
    (lambda: file.entities[0].remux(clip), ValueError, "is the file that is read"),
    (lambda: file.entities[0].remux("/dev/null"), OSError, "a device"),
    (lambda: file.entities[0].frame(0, width=0), ValueError, "from 1 to 65535"),
    (lambda: rr.VideoEncoder("camera", quality=52), ValueError, "from 0, the best, to 51"),
    (lambda: rr.VideoEncoder("camera", hardware="nvnec"), ValueError, "one of auto, none, nvenc"),
    (lambda: rr.VideoEncoder("camera", ffmpeg=folder / "none"), RuntimeError, "FFmpeg"),
    (lambda: encoder.log(np.zeros((4, 4, 2), np.uint8)), ValueError, "values for each pixel"),
]:
    try:
        wrong()
    except error as raised:
        assert any(part in str(raised) for part in words.split("|")), raised
    else:
        raise AssertionError(f"no {error.__name__}")
print("read")
