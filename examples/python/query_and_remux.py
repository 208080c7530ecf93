"""
What is in a recording: its streams, its numbers as a table, a frame as an array, and a stream as an MP4 file.

    pip install pyarrow
    python examples/python/robot.py --save robot.rrd
    python examples/python/query_and_remux.py robot.rrd
"""

import argparse

import reelscope as rr

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("recording")
parser.add_argument("--entity", default="/robot/front")
parser.add_argument("--output", default="front.mp4")
args = parser.parse_args()

file = rr.open(args.recording)
for recording in file.recordings:
    print(f"{recording.application_id}, {recording.recording_id}")
    for entity in recording.entities:
        timelines = ", ".join(entity.timelines)
        print(f"  {entity.path}: {entity.codec}, {entity.width}×{entity.height}, on {timelines}")

[recording] = file.recordings
table = recording.query("frame", entities="/robot/battery", range=(0, 99)).read_all()
print(f"{table.num_rows} rows: {', '.join(table.column_names)}")

camera = file[args.entity]
middle = camera.times()[len(camera.times()) // 2]
image = camera.frame(at=middle).image
print(f"at {middle}: {image.shape[1]}×{image.shape[0]}, its mean colour {image.mean(axis=(0, 1)).round()}")
frames = camera.remux(args.output)
print(f"{args.output}: {frames} frames")
