"""The video page's program for video files, with our package: the file as a whole, and a reference to each frame."""

from pathlib import Path

import reelscope as rr

import truth

APPLICATION = "rerun_example_asset_video_auto_frames"


def main():
    parser = truth.parser(__doc__)
    parser.add_argument("clip")
    arguments = parser.parse_args()
    rr.init(APPLICATION)
    truth.connect(arguments)
    noted = truth.Truth(APPLICATION)

    video_asset = rr.AssetVideo(path=arguments.clip)
    rr.log("video", video_asset, static=True)
    cells = {
        "AssetVideo:blob": truth.blob(Path(arguments.clip).read_bytes()),
        "AssetVideo:media_type": truth.values(),
    }
    noted.note("/video", {}, cells)

    frame_timestamps_ns = video_asset.read_frame_timestamps_nanos()
    rr.send_columns(
        "video",
        # As the page has it: seconds as floats, which come out as the nanoseconds that they were.
        indexes=[rr.TimeColumn("video_time", duration=1e-9 * frame_timestamps_ns)],
        columns=rr.VideoFrameReference.columns_nanos(frame_timestamps_ns),
    )
    for nanos in frame_timestamps_ns:
        noted.note("/video", {"video_time": int(nanos)}, {"VideoFrameReference:timestamp": truth.values()})
    noted.write(arguments)


main()
