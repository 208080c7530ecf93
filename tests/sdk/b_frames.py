"""Streams with B-frames: samples are logged in decode order, each at the time at which its frame is shown."""

import numpy as np

import pictures
import rig


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--count", type=int, default=45)
    arguments = parser.parse_args()
    recording = rig.Logger("reelscope_b_frames", arguments)
    for codec in ("h264", "h265"):
        if rig.codec_name(codec) is None:
            continue
        path = f"b_frames/{codec}"
        samples = pictures.encode(codec, arguments.count, b_frames=2)
        numbers = [number for _, number, _ in samples]
        assert numbers != sorted(numbers), "the encoder made no B-frames"
        recording.codec(path, codec)
        for data, number, _ in samples:
            recording.at(frame=number, time=np.timedelta64(number * 1_000_000_000 // 30, "ns"))
            recording.sample(path, data)
        counted = {"counter": pictures.counter(), "numbers": sorted(numbers)}
        recording.stream_file(path, codec, [data for data, _, _ in samples], **counted)
    rig.write_truth(arguments.truth, recording)


main()
