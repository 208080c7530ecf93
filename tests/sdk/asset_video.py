"""The video page's program for whole files: logs an MP4 file once, and a reference for each of its frames."""

import hashlib

import rerun as rr

import rig

APPLICATION = "rerun_example_asset_video_auto_frames"


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--asset-last", action="store_true", help="log the references before what they refer to")
    parser.add_argument("clip", help="an MP4 file")
    arguments = parser.parse_args()
    rr.init(APPLICATION, recording_id=arguments.recording_id)
    recording = rig.Logger(APPLICATION, arguments, stream=rr.get_global_data_recording())
    recording.connect(arguments)

    asset = rr.AssetVideo(path=arguments.clip)
    if not arguments.asset_last:
        rr.log("video", asset, static=True)
    times = asset.read_frame_timestamps_nanos()
    rr.send_columns(
        "video",
        indexes=[rr.TimeColumn("video_time", duration=1e-9 * times)],
        columns=rr.VideoFrameReference.columns_nanos(times),
    )
    if arguments.asset_last:
        rr.log("video", asset, static=True)

    with open(arguments.clip, "rb") as file:
        data = file.read()
    blob = {"count": 1, "bytes": len(data), "md5": hashlib.md5(data).hexdigest()}
    cells = {"AssetVideo:blob": blob, "AssetVideo:media_type": {"count": 1}}
    recording.note("video", {}, cells, static=True)
    for time in times:
        recording.note("video", {"video_time": int(time)}, {"VideoFrameReference:timestamp": {"count": 1}})
    recording.entity("video")["ordered"] = False
    rig.write_truth(arguments.truth, recording)


main()
