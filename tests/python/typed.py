"""Calls for a type checker. It is never run; what is marked with `ignore` has to be found."""

import datetime

import numpy as np
import numpy.typing as npt
import reelscope as rr

pixels: npt.NDArray[np.uint8] = np.zeros((8, 16, 3), np.uint8)

rr.init("typed", recording_id="run", spawn=False)
rr.set_time("frame", sequence=1)
rr.set_time("when", timestamp=datetime.datetime.now())
rr.log("camera", rr.Image(pixels), rr.TextLog("beside it", level=rr.TextLogLevel.INFO))
rr.log("camera", rr.Image(pixels, "BGR").compress(jpeg_quality=80), static=True)
rr.log("stream", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
rr.log("stream", rr.VideoStream.from_fields(sample=b"sample"))

video = rr.AssetVideo(path="video.mp4")
nanos: npt.NDArray[np.int64] = video.read_frame_timestamps_nanos()
rr.send_columns(
    "video",
    indexes=[rr.TimeColumn("video_time", duration=1e-9 * nanos)],
    columns=rr.VideoFrameReference.columns_nanos(nanos),
)
with rr.RecordingStream("other") as recording:
    recording.save("other.rrd")
    name: str = recording.get_recording_id()

frame: rr.Frame = rr.open("video.mp4").entities[0].frame(0)

rr.log("camera", "words and no archetype")  # type: ignore[arg-type]
rr.VideoStream(codec=1.5)  # type: ignore[arg-type]
rr.Points3D([[1, 2, 3]])  # type: ignore[attr-defined]
rr.set_time("frame", number=1)  # type: ignore[call-arg]
