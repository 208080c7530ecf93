"""Three recordings in a folder, each with a camera and a speed: what many recordings are tried with."""

import sys
from pathlib import Path

import av
import numpy as np
import reelscope as rr

FPS = 10


def samples(count):
    """A picture that becomes brighter, as H.264."""
    container = av.open("/dev/null", "w", format="h264")
    stream = container.add_stream("libx264", rate=FPS)
    stream.width, stream.height, stream.max_b_frames = 64, 48, 0
    for number in range(count):
        pixels = np.full((48, 64, 3), 5 * number, np.uint8)
        yield from stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24"))
    yield from stream.encode()


def drive(number, file):
    """A drive of `number` + 1 seconds."""
    recording = rr.RecordingStream("drives", recording_id=f"drive-{number}")
    recording.save(file)
    recording.log("car", rr.AnyValues(name=f"car {number}"), static=True)
    recording.log("car/front camera", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
    for frame, sample in enumerate(samples(FPS * (number + 1))):
        recording.set_time("frame", sequence=frame)
        recording.set_time("time", duration=frame / FPS)
        recording.log("car/front camera", rr.VideoStream.from_fields(sample=bytes(sample)))
        if frame % 2 == 0:
            recording.log("car/speed", rr.Scalars(frame / 2))
    recording.disconnect()


for number in range(3):
    drive(number, Path(sys.argv[1]) / f"drive-{number}.rrd")
