"""
Twelve cameras at once, each encoded on its own.

    python examples/python/twelve_cameras.py
"""

import argparse

import numpy as np
import reelscope as rr

WIDTH, HEIGHT = 160, 120


def picture(camera: int, number: int) -> np.ndarray:
    """A field of the camera's own colour in which a bar moves to the right."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[:] = (20 * camera, 255 - 20 * camera, 120)
    left = (3 * number + 12 * camera) % WIDTH
    pixels[:, left : left + 12] = 255
    return pixels


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--frames", type=int, default=150)
rr.script_add_args(parser)
args = parser.parse_args()
rr.script_setup(args, "reelscope_example_twelve_cameras")

cameras = [rr.VideoEncoder(f"rig/camera_{number:02}", codec="h264", hardware="none") for number in range(12)]
for number in range(args.frames):
    rr.set_time("frame", sequence=number)
    for camera, encoder in enumerate(cameras):
        encoder.log(picture(camera, number))
for encoder in cameras:
    encoder.finish()
