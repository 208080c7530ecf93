"""The child of a fork reads on; what an encoder of the parent had to do is not the child's."""

import os
import sys
from pathlib import Path

import numpy as np
import reelscope as rr

clip, folder = Path(sys.argv[1]), Path(sys.argv[2])
camera = rr.open(clip).entities[0]
planes = camera.frame(3, native=True).planes
camera.frame(0, native=True)
recording = rr.RecordingStream("forks")
recording.save(folder / "run.rrd")
encoder = rr.VideoEncoder("camera", recording=recording)
encoder.log(np.zeros((16, 16, 3), np.uint8))

child = os.fork()
if child == 0:
    again = camera.frame(3, native=True).planes
    assert all((ours == theirs).all() for ours, theirs in zip(again, planes))
    try:
        encoder.log(np.zeros((16, 16, 3), np.uint8))
    except RuntimeError as error:
        assert "os.fork" in str(error), error
        sys.exit(7)
    sys.exit(1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
encoder.log(np.zeros((16, 16, 3), np.uint8))
encoder.finish()
recording.flush()
assert len(rr.open(folder / "run.rrd")["camera"].times()) == 2
print("read")
