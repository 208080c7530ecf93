"""
A video file, and which of its frames is shown when: here at half its speed.

    python examples/python/asset_video.py assets/demo.mp4
"""

import argparse

import reelscope as rr

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("file")
rr.script_add_args(parser)
args = parser.parse_args()
rr.script_setup(args, "reelscope_example_asset_video")

video = rr.AssetVideo(path=args.file)
rr.log("video", video, static=True)
times = video.read_frame_timestamps_nanos()
rr.send_columns(
    "video",
    indexes=[rr.TimeColumn("time", duration=2e-9 * times)],
    columns=rr.VideoFrameReference.columns_nanos(times),
)
