"""The video page's program for live streams, with our package: a bouncing ball, encoded as H.264, sample by sample."""

import av
import numpy as np
import reelscope as rr

import truth

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
    arguments = truth.parser(__doc__).parse_args()
    rr.init(APPLICATION)
    truth.connect(arguments)
    noted = truth.Truth(APPLICATION)

    container = av.open("/dev/null", "w", format="h264")
    stream = container.add_stream("libx264", rate=FPS)
    stream.width, stream.height, stream.max_b_frames = WIDTH, HEIGHT, 0

    rr.log("video_stream", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
    noted.note("/video_stream", {}, {"VideoStream:codec": truth.values()})
    samples = []

    def log(packets):
        for packet in packets:
            if packet.pts is None:
                continue
            seconds, data = float(packet.pts * packet.time_base), bytes(packet)
            rr.set_time("time", duration=seconds)
            rr.log("video_stream", rr.VideoStream.from_fields(sample=data))
            noted.note("/video_stream", {"time": round(1e9 * seconds)}, {"VideoStream:sample": truth.blob(data)})
            samples.append(data)

    for number in range(FPS * SECONDS):
        log(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="rgb24")))
    log(stream.encode())
    noted.stream("/video_stream", samples)
    noted.write(arguments)


main()
