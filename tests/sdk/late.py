"""Samples that arrive late: single ones of a GOP, and a whole GOP, are logged into the past."""

import pictures
import rig

GOP = 15


def main():
    arguments = rig.parser(__doc__).parse_args()
    recording = rig.Logger("reelscope_late", arguments)
    samples = pictures.encode("h264", 4 * GOP, gop=GOP)
    recording.codec("camera", "h264")
    # GOP 0 lacks three samples, GOP 1 is missing, GOP 2 and 3 are whole; then come those that were missing.
    late = [4, 5, 11, *range(GOP, 2 * GOP)]
    on_time = [index for index in range(len(samples)) if index not in late]
    for index in on_time + late:
        data, number, _ = samples[index]
        recording.at(frame=number)
        recording.sample("camera", data)
    counted = {"counter": pictures.counter(), "numbers": [number for _, number, _ in samples]}
    recording.stream_file("camera", "h264", [data for data, _, _ in samples], **counted)
    rig.write_truth(arguments.truth, recording)


main()
