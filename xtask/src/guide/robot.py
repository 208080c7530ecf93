"""Logs two slow cameras and a battery to a viewer: `robot.py PORT FOLDER`."""

import sys
import time

import av
import rerun as rr

FPS = 8


def samples(path):
    """The access units of a raw stream."""
    with av.open(path) as video:
        return [bytes(packet) for packet in video.demux() if packet.size]


def main():
    port, folder = sys.argv[1:]
    rr.init("robot")
    rr.connect_grpc(f"rerun+http://127.0.0.1:{port}/proxy")
    cameras = {f"robot/{side}": samples(f"{folder}/{side}.h264") for side in ("left", "right")}
    for path in cameras:
        rr.log(path, rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
    start = time.monotonic()
    for frame in range(30 * FPS):
        rr.set_time("frame", sequence=frame)
        rr.set_time("time", duration=frame / FPS)
        for path, units in cameras.items():
            rr.log(path, rr.VideoStream.from_fields(sample=units[frame % len(units)]))
        if frame % FPS == 0:
            rr.log("robot/battery", rr.Scalars(100 - frame / FPS))
        time.sleep(max(0, start + frame / FPS - time.monotonic()))


main()
