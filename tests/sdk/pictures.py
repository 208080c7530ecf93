"""Pictures with a frame counter burnt in, and encoders for them: eight blocks, block k white if bit k is 1."""

import os
from fractions import Fraction

import av
import numpy as np

os.environ.setdefault("SVT_LOG", "1")  # Its encoder greets otherwise.

WIDTH, HEIGHT = 160, 120
BITS, BLOCK, MARGIN = 8, 16, 8

ENCODERS = {
    "h264": ("libx264", {"preset": "veryfast"}),
    "h265": ("libx265", {"preset": "ultrafast", "x265-params": "log-level=error:pools=1"}),
    # Faster presets leave small changes of a picture out.
    "av1": ("libsvtav1", {"preset": "8", "crf": "18", "svtav1-params": "pred-struct=1"}),
    "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "8"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
}


def picture(number, shift=0):
    """Frame `number` as RGB, different for each `shift`."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red = (x + 3 * number + 40 * shift) % 256
    green = (y * 2 + number + 90 * shift) % 256
    pixels = np.stack([red, green, (x + y + 70 * shift) % 256], axis=-1).astype(np.uint8)
    pixels[: MARGIN + BLOCK + MARGIN, : 2 * MARGIN + BITS * BLOCK] = 0
    for bit in range(BITS):
        if number >> bit & 1:
            left = MARGIN + bit * BLOCK
            pixels[MARGIN : MARGIN + BLOCK, left : left + BLOCK] = 255
    return pixels


def counter():
    """Where the counter is, in the words of the tests."""
    return {"bits": BITS, "block": BLOCK, "margin": MARGIN}


def encode(codec, count, gop=15, b_frames=0, first=0, shift=0, rate=30):
    """Samples as the encoder gives them, in decode order: their bytes, the number of their frame, if one can start there."""
    name, options = ENCODERS[codec]
    encoder = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = Fraction(rate, 1), Fraction(1, rate)
    encoder.gop_size, encoder.thread_count = gop, 1
    options = dict(options)
    if codec == "h264":
        options |= {"bf": str(b_frames), "sc_threshold": "0"}
    if codec == "h265":
        options["x265-params"] += f":bframes={b_frames}:scenecut=0:open-gop=0:keyint={gop}:min-keyint={gop}"
    if codec in ("vp8", "vp9"):
        options |= {"lag-in-frames": "0", "auto-alt-ref": "0"}
    encoder.options = options
    samples = []

    def keep(coded):
        samples.extend((bytes(sample), int(sample.pts), bool(sample.is_keyframe)) for sample in coded)

    for number in range(first, first + count):
        frame = av.VideoFrame.from_ndarray(picture(number, shift), format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, encoder.time_base
        keep(encoder.encode(frame))
    keep(encoder.encode(None))
    return samples
