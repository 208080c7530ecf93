"""Cameras that log at once: one for each way to log pictures that this SDK and PyAV have."""

import io

import rerun as rr
from PIL import Image

import pictures
import rig

ALL = ["jpeg", "raw", "h264", "h265", "av1", "vp8", "vp9"]


def kinds():
    """Those of `ALL` that this SDK can log."""
    return [kind for kind in ALL if kind in ("jpeg", "raw") or rig.codec_name(kind) is not None]


def camera(recording, number, kind, count):
    """Prepares a camera: its path, and for each time a function that logs that frame."""
    path = f"cameras/{kind}{number}"
    if kind == "raw":
        return path, [lambda n=n: recording.log(path, rr.Image(pictures.picture(n, number))) for n in range(count)]
    if kind == "jpeg":
        files = [io.BytesIO() for _ in range(count)]
        for n, file in enumerate(files):
            Image.fromarray(pictures.picture(n, number)).save(file, "JPEG", quality=90)
        files = [file.getvalue() for file in files]
        recording.stream_file(path, "jpeg", files)

        def log_file(n):
            recording.log(path, rr.EncodedImage(contents=files[n], media_type="image/jpeg"))

        return path, [lambda n=n: log_file(n) for n in range(count)]
    samples = pictures.encode(kind, count, shift=number)
    assert [at for _, at, _ in samples] == list(range(count)), "a camera has no B-frames"
    recording.codec(path, kind)
    recording.stream_file(path, kind, [data for data, _, _ in samples])
    return path, [lambda n=n: recording.sample(path, samples[n][0]) for n in range(count)]


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--count", type=int, default=45, help="frames of each camera")
    parser.add_argument("--cameras", type=int, help="how many; by default one of each kind")
    parser.add_argument("--kinds", help="these only, with commas between them")
    arguments = parser.parse_args()
    available = kinds()
    if arguments.kinds:
        available = [kind for kind in arguments.kinds.split(",") if kind in available]
    recording = rig.Logger("reelscope_cameras", arguments)
    # Without a time, so that it is nowhere on the timelines.
    cameras = []
    for number in range(arguments.cameras or len(available)):
        cameras.append(camera(recording, number, available[number % len(available)], arguments.count))
    for n in range(arguments.count):
        recording.at(frame=n)
        for _, steps in cameras:
            steps[n]()
    for path, _ in cameras:
        recording.entity(path)["counter"] = pictures.counter()
        recording.entity(path)["numbers"] = list(range(arguments.count))
    rig.write_truth(arguments.truth, recording)


main()
