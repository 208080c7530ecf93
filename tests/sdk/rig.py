"""What the programs share: where they log to, and the truth that they write down.

A `Logger` hands everything on to the stock SDK and notes what it handed on: for each row its times, and for each
component the number of values and, if it is a blob, the MD5 of its bytes. `read_back.py` prints the same shape.
"""

import argparse
import hashlib
import json
import os
import struct
import time

import numpy as np
import pyarrow as pa
import rerun as rr

VERSION = tuple(int(part) for part in rr.__version__.split(".")[:2])

# File name endings of raw streams that FFmpeg opens by content; the codecs without start codes need a container.
ENDINGS = {"h264": "h264", "h265": "h265", "av1": "ivf", "vp8": "ivf", "vp9": "ivf", "jpeg": "mjpeg"}
FOURCC = {"av1": b"AV01", "vp8": b"VP80", "vp9": b"VP90"}


def parser(about):
    """The arguments that every program has."""
    arguments = argparse.ArgumentParser(description=about)
    target = arguments.add_mutually_exclusive_group(required=True)
    target.add_argument("--url", help="log to this address: rerun+http://HOST:PORT/proxy")
    target.add_argument("--port", type=int, help="log to this port of this machine")
    target.add_argument("--spawn", type=int, metavar="PORT", help="as with --port, by way of the SDK's own spawn()")
    target.add_argument("--save", help="write this recording file instead")
    arguments.add_argument("--truth", help="write down here, as JSON, what was handed to the SDK")
    arguments.add_argument("--recording-id")
    arguments.add_argument("--rate", type=float, help="log this many times a second instead of as fast as possible")
    return arguments


def codec_name(codec):
    """The SDK's name of a codec that the SDK may be too old to have."""
    return getattr(rr.VideoCodec, codec.upper(), None)


def instances(array):
    """What is noted of one cell: how many values, and the MD5 of the bytes of a blob."""
    cell = {"count": len(array)}
    kind = array.type
    if len(array) == 1 and array.is_valid()[0].as_py():
        value = array[0]
        if pa.types.is_list(kind) and pa.types.is_uint8(kind.value_type):
            values = value.values
            data = values.to_numpy(zero_copy_only=True).tobytes()
            cell |= {"bytes": len(data), "md5": hashlib.md5(data).hexdigest()}
        elif pa.types.is_binary(kind):
            data = value.as_py()
            cell |= {"bytes": len(data), "md5": hashlib.md5(data).hexdigest()}
    return cell


def normal_path(path):
    """The path as it is sent: escaped, and with a slash in front."""
    if isinstance(path, list):
        parts = [rr.escape_entity_path_part(part) if hasattr(rr, "escape_entity_path_part") else part for part in path]
        path = "/".join(parts)
    return "/" + "/".join(part for part in path.split("/") if part)


class Logger:
    """One recording."""

    def __init__(self, application_id, arguments, recording_id=None, stream=None):
        self.application_id = application_id
        recording_id = recording_id or arguments.recording_id
        self.stream = stream or rr.RecordingStream(application_id, recording_id=recording_id)
        self.recording_id = str(rr.get_recording_id(self.stream))
        self.rate = arguments.rate
        self.times = {}
        self.entities = {}
        self.streams = {}
        self.started = None
        self.turns = 0
        if stream is None:
            self.connect(arguments)

    def connect(self, arguments):
        """Says where everything goes."""
        if arguments.save:
            rr.save(arguments.save, recording=self.stream)
        elif arguments.spawn:
            rr.spawn(port=arguments.spawn, recording=self.stream)
        else:
            url = arguments.url or f"rerun+http://127.0.0.1:{arguments.port}/proxy"
            rr.connect_grpc(url, recording=self.stream)

    def at(self, **times):
        """Sets what time it is: an int is a number in a sequence, numpy's types are what they say."""
        for timeline, value in times.items():
            if isinstance(value, np.timedelta64):
                rr.set_time(timeline, duration=value, recording=self.stream)
                value = int(value.astype("timedelta64[ns]").astype(np.int64))
            elif isinstance(value, np.datetime64):
                rr.set_time(timeline, timestamp=value, recording=self.stream)
                value = int(value.astype("datetime64[ns]").astype(np.int64))
            else:
                rr.set_time(timeline, sequence=value, recording=self.stream)
            self.times[timeline] = value
        self.pace()

    def pace(self):
        """Waits until it is this call's turn."""
        if not self.rate:
            return
        now = time.monotonic()
        self.started = self.started or now
        time.sleep(max(0.0, self.started + self.turns / self.rate - now))
        self.turns += 1

    def reset_times(self):
        """Forgets all times."""
        rr.reset_time(recording=self.stream)
        self.times = {}

    def log(self, path, *archetypes, static=False):
        """One row."""
        cells = {}
        for archetype in archetypes:
            for batch in archetype.as_component_batches():
                cells[batch.component_descriptor().component] = instances(batch.as_arrow_array())
        rr.log(path, *archetypes, static=static, recording=self.stream)
        self.note(path, {} if static else dict(self.times), cells, static)

    def note(self, path, times, cells, static=False):
        """Writes down a row that was handed to the SDK."""
        entity = self.entity(path)
        if static:
            entity["static"].append({"times": {}, "cells": cells})
        else:
            entity["rows"].append({"times": times, "cells": cells})

    def entity(self, path):
        """All that is known of an entity."""
        fresh = {"codec": None, "ordered": True, "rows": [], "static": [], "row_count": None}
        return self.entities.setdefault(normal_path(path), fresh)

    def columns(self, path, times, name, values, columns):
        """Many rows in one call; `times` are numbers of the sequence `name`, `values` are the cells."""
        rr.send_columns(path, [rr.TimeColumn(name, sequence=times)], columns, recording=self.stream)
        self.entity(path)["ordered"] = False
        for row, now in enumerate(times):
            self.note(path, {name: int(now)}, {component: cells[row] for component, cells in values.items()})

    def sample(self, path, data, **more):
        """One sample of a video stream, at the times that were set."""
        self.log(path, rr.VideoStream.from_fields(sample=data, **more))

    def codec(self, path, codec):
        """States the codec of a stream, for all time."""
        self.log(path, rr.VideoStream(codec=codec_name(codec)), static=True)
        self.entity(path)["codec"] = codec

    def stream_file(self, path, codec, samples, **more):
        """What FFmpeg is to decode to find out which frames there are: these samples, in this order."""
        self.entity(path)["codec"] = codec
        self.streams[normal_path(path)] = (codec, list(samples), more)

    def flush(self):
        """Returns when everything was handed to the operating system, as far as the SDK knows."""
        if VERSION < (0, 30):
            self.stream.flush(blocking=True)
        else:
            self.stream.flush()

    def truth(self, folder):
        """All that was handed to the SDK. The streams go to `folder`."""
        for number, (path, (codec, samples, more)) in enumerate(self.streams.items()):
            name = f"{self.recording_id}-{number}.{ENDINGS[codec]}"
            with open(os.path.join(folder, name), "wb") as file:
                write_stream(file, codec, samples)
            self.entities[path] |= {"stream": name, **more}
        return {
            "application_id": self.application_id,
            "recording_id": self.recording_id,
            "entities": self.entities,
        }


def write_stream(file, codec, samples):
    """The samples as a stream that FFmpeg can open: one after the other, or as IVF."""
    if codec not in FOURCC:
        file.write(b"".join(samples))
        return
    file.write(struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, FOURCC[codec], 0, 0, 30, 1, len(samples), 0))
    for number, sample in enumerate(samples):
        file.write(struct.pack("<IQ", len(sample), number) + sample)


def write_truth(path, *loggers, **more):
    """Writes down the truth of these recordings, all at once."""
    if not path:
        return
    folder = os.path.dirname(os.path.abspath(path))
    recordings = [logger.truth(folder) for logger in loggers]
    truth = {"sdk": rr.__version__, "recordings": recordings, **more}
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(truth, file)
    os.replace(path + ".part", path)
