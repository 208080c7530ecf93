"""A logger that starts in the middle of a GOP: nothing can be decoded before the first keyframe that it sends."""

import pictures
import rig


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--codec", default="h264")
    parser.add_argument("--skip", type=int, default=7, help="samples of the first GOP that nobody logged")
    arguments = parser.parse_args()
    recording = rig.Logger("reelscope_mid_gop", arguments)
    samples = pictures.encode(arguments.codec, 45)[arguments.skip :]
    recording.codec("camera", arguments.codec)
    for data, number, _ in samples:
        recording.at(frame=number)
        recording.sample("camera", data)
    first = next(index for index, (_, _, keyframe) in enumerate(samples) if keyframe)
    shown = samples[first:]
    counted = {"counter": pictures.counter(), "numbers": [number for _, number, _ in shown]}
    recording.stream_file("camera", arguments.codec, [data for data, _, _ in shown], **counted)
    rig.write_truth(arguments.truth, recording)


main()
