"""
A live camera: read with PyAV, encoded and logged with one line, with a word on how late its samples are.

    pip install av
    python examples/python/live_camera.py /dev/video0
    python examples/python/live_camera.py testsrc2=size=640x480:rate=30 --format lavfi
"""

import argparse
import time

import av
import reelscope as rr

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("source")
parser.add_argument("--format", default="v4l2", help="What FFmpeg calls the source: v4l2, avfoundation, lavfi")
parser.add_argument("--codec", default="h264")
parser.add_argument("--frames", type=int, default=None)
rr.script_add_args(parser)
args = parser.parse_args()
rr.script_setup(args, "reelscope_example_live_camera")

encoder = rr.VideoEncoder("camera", codec=args.codec, drop_when_busy=True)
start = time.monotonic()
with av.open(args.source, format=args.format) as camera:
    for number, frame in enumerate(camera.decode(video=0)):
        if number == args.frames:
            break
        rr.set_time("frame", sequence=number)
        rr.set_time("captured", timestamp=time.time())
        encoder.log(frame.to_ndarray(format="rgb24"))
        if number % 30 == 29:
            rate = (number + 1) / (time.monotonic() - start)
            latency = 1_000 * encoder.latency
            rr.log("camera/latency", rr.Scalars(latency))
            print(f"{rate:5.1f} fps, {latency:6.1f} ms late, {encoder.left_out} left out, by {encoder.engine}")
encoder.finish()
