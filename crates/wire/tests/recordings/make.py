"""Writes the recording beside this file with the installed version of the SDK (package `rerun-sdk`).

For each version: python -m venv v && v/bin/pip install rerun-sdk==0.41.0 && v/bin/python make.py
"""

import numpy as np
import rerun as rr

version = rr.__version__
rr.init("reelscope_stock", recording_id="stock-" + version)
rr.save(f"v{version}.rrd")

rr.log("camera", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)
for frame in range(3):
    rr.set_time("frame", sequence=frame)
    rr.set_time("video", duration=frame / 4)
    # Not a picture: the number of the frame, so many times.
    rr.log("camera", rr.VideoStream.from_fields(sample=bytes([frame]) * (frame + 1)))

rr.log("file", rr.AssetVideo(contents=b"not a video", media_type="video/mp4"), static=True)
rr.log("file", rr.VideoFrameReference(seconds=1.5, video_reference="other/file"))
rr.log(r"a\ b/image", rr.Image(np.arange(12, dtype=np.uint8).reshape(2, 2, 3)))
rr.log(r"a\ b", rr.Clear(recursive=True))
rr.log("file", rr.VideoFrameReference.from_fields(clear_unset=True))
