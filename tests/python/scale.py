"""Asks a folder of Parquet files, exported from the recordings of `drives.py`, with DataFusion and with DuckDB."""

import io
import sys

import av
import duckdb
import pyarrow as pa
from datafusion import SessionContext

FOLDER = sys.argv[1]

# Recording, entity, rows.
COUNTS = [
    ("drive-0", "/car/front\\ camera", 10),
    ("drive-0", "/car/speed", 5),
    ("drive-1", "/car/front\\ camera", 20),
    ("drive-1", "/car/speed", 10),
    ("drive-2", "/car/front\\ camera", 30),
    ("drive-2", "/car/speed", 15),
]
# Recording, greatest speed, where it first was.
FASTEST = [("drive-0", 4.0, 8), ("drive-1", 9.0, 18), ("drive-2", 14.0, 28)]


def rows(batches):
    """The rows of Arrow's batches."""
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def with_datafusion():
    context = SessionContext()
    context.register_parquet(
        "drives",
        FOLDER,
        table_partition_cols=[(name, pa.string()) for name in ("recording", "timeline", "entity")],
    )
    counts = context.sql("""
        SELECT recording, entity, count(*) FROM drives
        WHERE timeline = 'frame' GROUP BY recording, entity ORDER BY recording, entity
    """)
    assert rows(counts.collect()) == COUNTS, counts
    fastest = context.sql("""
        SELECT recording, max("/car/speed:Scalars:scalars"[1]), max(frame) FROM drives
        WHERE timeline = 'frame' AND entity = '/car/speed' GROUP BY recording ORDER BY recording
    """)
    assert rows(fastest.collect()) == FASTEST, fastest
    names = context.sql("""SELECT "/car:name"[1] FROM drives WHERE timeline = 'static' AND entity = '/car'""")
    assert sorted(rows(names.collect())) == [("car 0",), ("car 1",), ("car 2",)], names


def with_duckdb():
    duckdb.sql(f"""
        CREATE VIEW drives AS
        SELECT * FROM read_parquet('{FOLDER}/**/*.parquet', hive_partitioning = true, union_by_name = true)
    """)
    counts = duckdb.sql("""
        SELECT recording, entity, count(*) FROM drives
        WHERE timeline = 'frame' GROUP BY ALL ORDER BY ALL
    """)
    assert counts.fetchall() == COUNTS, counts
    fastest = duckdb.sql("""
        SELECT recording, max("/car/speed:Scalars:scalars"[1]), max(frame) FROM drives
        WHERE timeline = 'frame' AND entity = '/car/speed' GROUP BY ALL ORDER BY ALL
    """)
    assert fastest.fetchall() == FASTEST, fastest
    # From a table back to frames.
    samples = duckdb.sql("""
        SELECT "/car/front\\ camera:VideoStream:sample"[1] FROM drives
        WHERE timeline = 'frame' AND recording = 'drive-2' AND entity LIKE '%camera' ORDER BY frame
    """)
    stream = b"".join(bytes(sample) for (sample,) in samples.fetchall())
    frames = list(av.open(io.BytesIO(stream), format="h264").decode(video=0))
    assert len(frames) == 30, len(frames)
    assert frames[29].to_ndarray(format="gray").mean() > frames[0].to_ndarray(format="gray").mean() + 100


with_datafusion()
with_duckdb()
