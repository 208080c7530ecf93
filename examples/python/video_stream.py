"""
A drawn video, encoded with PyAV and logged sample by sample while it is made.

    pip install av
    python examples/python/video_stream.py
"""

import argparse

import av
import numpy as np
import reelscope as rr

FPS = 30
WIDTH, HEIGHT, RADIUS = 480, 320, 30


def picture(number: int) -> np.ndarray:
    """A ball that moves up and down once a second."""
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[..., 1], pixels[..., 2] = 100 * y // HEIGHT, 200 * y // HEIGHT
    middle = HEIGHT // 2 + 80 * np.sin(2 * np.pi * number / FPS)
    pixels[(x - WIDTH // 2) ** 2 + (y - middle) ** 2 < RADIUS**2] = (255, 200, 0)
    return pixels


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--frames", type=int, default=120)
rr.script_add_args(parser)
args = parser.parse_args()
rr.script_setup(args, "reelscope_example_video_stream")

container = av.open("/dev/null", "w", format="h264")
stream = container.add_stream("libx264", rate=FPS)
stream.width, stream.height = WIDTH, HEIGHT

rr.log("video", rr.VideoStream(codec="h264"), static=True)


def log(packets: list[av.Packet]) -> None:
    """B-frames come in decode order, each with the time at which it is shown."""
    for packet in packets:
        if packet.pts is not None:
            rr.set_time("time", duration=float(packet.pts * packet.time_base))
            rr.log("video", rr.VideoStream.from_fields(sample=bytes(packet)))


for number in range(args.frames):
    log(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
log(stream.encode())
