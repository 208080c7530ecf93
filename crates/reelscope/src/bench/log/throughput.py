"""Logs with a Python package that has the stock SDK's API. Arguments: module, load, address, calls, bytes."""

import importlib
import json
import sys
import time

import numpy as np

module, load, address, calls, size = sys.argv[1:]
calls, size = int(calls), int(size)
rr = importlib.import_module(module)
rr.init("bench")
rr.connect_grpc(f"rerun+http://{address}/proxy")
rr.set_time("frame", sequence=-1)
if load == "pictures":
    pixels = np.random.default_rng(1).integers(0, 256, (1080, 1920, 3), dtype=np.uint8)

    def one():
        return rr.Image(pixels)
else:
    sample = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8).tobytes()
    rr.log("camera", rr.VideoStream(codec=rr.VideoCodec.H264), static=True)

    def one():
        return rr.VideoStream.from_fields(sample=sample)

start = time.perf_counter()
for number in range(calls):
    rr.set_time("frame", sequence=number)
    rr.log("camera", one())
called = time.perf_counter()
rr.disconnect()
done = time.perf_counter()
print(json.dumps({"call_s": called - start, "all_s": done - start}))
