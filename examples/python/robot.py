"""
A robot's log: cameras with a codec each, a raw picture and a JPEG now and then, numbers and text.

    python examples/python/robot.py
"""

import argparse

import numpy as np
import reelscope as rr

RATE = 20


def scene(number: int, width: int, height: int) -> np.ndarray:
    """Stripes that move to the left."""
    x = np.arange(width) + 2 * number
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = 4 * x % 256, x % 256, 90
    return pixels


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--frames", type=int, default=200)
rr.script_add_args(parser)
args = parser.parse_args()
rr.script_setup(args, "reelscope_example_robot")

front = rr.VideoEncoder("robot/front", codec="h264", fps=RATE)
rear = rr.VideoEncoder("robot/rear", codec="vp9", fps=RATE)
thermal = rr.VideoEncoder("robot/thermal", codec="av1", fps=RATE, quality=20)
for number in range(args.frames):
    rr.set_time("frame", sequence=number)
    rr.set_time("time", duration=number / RATE)
    front.log(scene(number, 320, 240))
    rear.log(scene(-number, 320, 240))
    thermal.log(scene(number, 160, 120)[..., 0])
    charge = 100 - 0.05 * number
    rr.log("robot/battery", rr.Scalars(charge))
    if number % RATE == 0:
        rr.log("robot/map", rr.Image(scene(number, 64, 64)))
        rr.log("robot/snapshot", rr.Image(scene(number, 320, 240)).compress(jpeg_quality=80))
        rr.log("robot/log", rr.TextLog(f"battery at {charge:.1f} %", level="INFO"))
for encoder in (front, rear, thermal):
    encoder.finish()
