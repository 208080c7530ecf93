"""Reads a recording file with the stock SDK's own reader (0.41) and prints what is in it, in the shape of the truth."""

import argparse
import json
import warnings

import numpy as np
import pyarrow as pa

import rig


def rows_of(chunk):
    """The rows of a chunk: their row ids, times and cells."""
    batch = chunk.to_record_batch()
    ids, times, cells = None, {}, {}
    for field, column in zip(batch.schema, batch.columns, strict=True):
        metadata = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        kind = metadata.get("rerun:kind")
        if kind == "control":
            ids = [bytes(value.as_py()).hex() for value in column]
        elif kind == "index":
            times[metadata["rerun:index_name"]] = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
        else:
            cells[metadata.get("rerun:component", field.name)] = column
    for row, row_id in enumerate(ids):
        now = {name: int(values[row]) for name, values in times.items()}
        here = {name: rig.instances(column[row].values) for name, column in cells.items() if column[row].is_valid}
        yield row_id, {"times": now, "cells": here}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--counts", action="store_true", help="the numbers of rows only")
    arguments = parser.parse_args()
    from rerun.chunk import RrdReader

    reader = RrdReader(arguments.file)
    recordings = []
    for store in reader.recordings():
        entities = {}
        for chunk in reader.stream(store=store):
            entity = entities.setdefault(str(chunk.entity_path), {"rows": [], "static": []})
            kind = "static" if chunk.is_static else "rows"
            entity[kind] += [None] * chunk.num_rows if arguments.counts else rows_of(chunk)
        if arguments.counts:
            entities = {path: {kind: len(rows) for kind, rows in entity.items()} for path, entity in entities.items()}
        else:
            for entity in entities.values():
                # By their ids the rows are in the order in which they were logged.
                for kind in ("rows", "static"):
                    entity[kind] = [row for _, row in sorted(entity[kind], key=lambda pair: pair[0])]
        recordings.append(
            {"application_id": store.application_id, "recording_id": store.recording_id, "entities": entities}
        )
    print(json.dumps({"recordings": recordings}))


main()
