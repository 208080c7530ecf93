"""Logs a stream without any SDK: with gRPC, protobuf by hand, and Arrow. `docs/protocol.md` has the same lines."""

import sys
import time
import uuid

import av
import grpc
import numpy as np
import pyarrow as pa


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """A field of protobuf: a whole number, or bytes (a message, a text)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


STORE = field(1, 1) + field(2, uuid.uuid4().hex.encode()) + field(3, field(1, b"my_logger"))


def chunk(entity, times, components):
    """Rows of an entity: columns of times and of components by their names. Without times they are static."""
    count = len(next(iter(components.values())))
    now = time.time_ns()
    ids = [now.to_bytes(8, "big") + row.to_bytes(8, "big") for row in range(count)]
    fields = [pa.field("rerun.controls.RowId", pa.binary(16), False, {"rerun:kind": "control"})]
    columns = [pa.array(ids, pa.binary(16))]
    for name, column in times.items():
        fields.append(pa.field(name, column.type, True, {"rerun:kind": "index", "rerun:index_name": name}))
        columns.append(column)
    for name, column in components.items():
        fields.append(pa.field(name, column.type, True, {"rerun:kind": "data", "rerun:component": name}))
        columns.append(column)
    schema = pa.schema(fields, {"rerun:entity_path": entity, "rerun:id": f"chunk_{uuid.uuid4().hex}"})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    payload = sink.getvalue().to_pybytes()
    # Not compressed, Arrow IPC.
    arrow = field(1, STORE) + field(2, 1) + field(3, len(payload)) + field(4, 1) + field(5, payload)
    return field(1, field(2, arrow))


def messages(samples):
    yield field(1, field(1, field(2, field(2, STORE))))
    codec = pa.array([[int.from_bytes(b"avc1", "big")]], pa.list_(pa.uint32()))
    yield chunk("/camera", {}, {"VideoStream:codec": codec})
    for number, sample in enumerate(samples):
        frame = pa.array([number], pa.int64())
        cell = pa.array([[list(sample)]], pa.list_(pa.list_(pa.uint8())))
        yield chunk("/camera", {"frame": frame}, {"VideoStream:sample": cell})


def log(samples, address="127.0.0.1:9876"):
    with grpc.insecure_channel(address) as channel:
        method = "/rerun.sdk_comms.v1alpha1.MessageProxyService/WriteMessages"
        channel.stream_unary(method)(messages(samples))


def samples(count):
    """A picture that becomes brighter, as H.264."""
    container = av.open("/dev/null", "w", format="h264")
    stream = container.add_stream("libx264", rate=10)
    stream.width, stream.height, stream.max_b_frames = 64, 48, 0
    for number in range(count):
        pixels = np.full((48, 64, 3), 5 * number, np.uint8)
        yield from map(bytes, stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
    yield from map(bytes, stream.encode())


log(samples(30), f"127.0.0.1:{sys.argv[1]}")
