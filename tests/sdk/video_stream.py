"""The video page's program for live streams: draws a bouncing ball, encodes H.264 without B-frames, logs each sample."""

import av
import numpy as np
import rerun as rr

import rig

FPS, SECONDS = 30, 4
WIDTH, HEIGHT, RADIUS = 480, 320, 30
APPLICATION = "rerun_example_video_stream_synthetic"


def picture(number):
    """A ball that moves up and down once a second."""
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[..., 1], pixels[..., 2] = 100 * y // HEIGHT, 200 * y // HEIGHT
    middle = HEIGHT // 2 + 80 * np.sin(2 * np.pi * number / FPS)
    pixels[(x - WIDTH // 2) ** 2 + (y - middle) ** 2 < RADIUS**2] = (255, 200, 0)
    return pixels


def main():
    arguments = rig.parser(__doc__).parse_args()
    # As the page has it: one global recording, its times in seconds as floats.
    rr.init(APPLICATION, recording_id=arguments.recording_id)
    recording = rig.Logger(APPLICATION, arguments, stream=rr.get_global_data_recording())
    recording.connect(arguments)

    container = av.open("/dev/null", "w", format="h264")
    stream = container.add_stream("libx264", rate=FPS)
    stream.width, stream.height, stream.max_b_frames = WIDTH, HEIGHT, 0

    rr.log("video_stream", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
    recording.note("video_stream", {}, {"VideoStream:codec": {"count": 1}}, static=True)

    samples = []

    def log(coded):
        for sample in coded:
            if sample.pts is None:
                continue
            seconds, data = float(sample.pts * sample.time_base), bytes(sample)
            recording.pace()
            rr.set_time("time", duration=seconds)
            archetype = rr.VideoStream.from_fields(sample=data)
            rr.log("video_stream", archetype)
            # The bytes that the encoder gave; what the SDK made of them is what is tested.
            cell = {"count": 1, "bytes": len(data), "md5": rig.hashlib.md5(data).hexdigest()}
            recording.note("video_stream", {"time": round(seconds * 1e9)}, {"VideoStream:sample": cell})
            samples.append(data)

    for number in range(FPS * SECONDS):
        log(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
    log(stream.encode())
    recording.stream_file("video_stream", "h264", samples)
    rig.write_truth(arguments.truth, recording)


main()
