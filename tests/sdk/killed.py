"""A logger that dies in the middle of its work, without a word. Another run can continue the same recording."""

import os
import signal
import time

import pictures
import rig

GOP = 15


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--first", type=int, default=0, help="number of the first sample, at the start of a GOP")
    parser.add_argument("--count", type=int, default=30, help="samples to log before the end")
    parser.add_argument("--end", choices=["exit", "vanish", "kill", "wait"], default="kill")
    parser.add_argument("--settle", type=float, default=1.0, help="seconds between the last sample and the end")
    arguments = parser.parse_args()
    assert arguments.first % GOP == 0
    recording = rig.Logger("reelscope_killed", arguments)
    samples = pictures.encode("h264", arguments.count, gop=GOP, first=arguments.first)
    recording.codec("camera", "h264")
    for data, number, _ in samples:
        recording.at(frame=number)
        recording.sample("camera", data)
    counted = {"counter": pictures.counter(), "numbers": [number for _, number, _ in samples]}
    recording.stream_file("camera", "h264", [data for data, _, _ in samples], **counted)
    recording.flush()
    # What was flushed still has to get through the socket.
    time.sleep(arguments.settle)
    rig.write_truth(arguments.truth, recording)
    if arguments.end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if arguments.end == "vanish":
        os._exit(3)
    if arguments.end == "wait":
        # For a recorder that dies first: this one goes on, whatever becomes of what it logs.
        for number in range(100):
            recording.at(frame=arguments.first + arguments.count + number)
            recording.sample("camera", b"lost")
            time.sleep(0.05)


main()
