"""Holds tables that reelscope made of a recording (Arrow IPC streams) against those that the stock SDK's own dataframe
queries (0.24) give. Prints how many were held."""

import argparse
import json
import sys

import pyarrow as pa
import rerun.dataframe as rd


def stock(recording, question):
    view = recording.view(index=question["index"], contents=question["contents"])
    if question["range"] is not None:
        first, last = question["range"]
        kind = question["kind"]
        name = {"sequence": "filter_range_sequence"}.get(kind, "filter_range_nanos")
        view = getattr(view, name)(first, last)
    if question["at"] is not None:
        values = pa.array(question["at"], pa.int64())
        view = view.using_index_values(values)
    if question["fill"]:
        view = view.fill_latest_at()
    return view.select().read_all()


def difference(ours, theirs):
    """What is not the same, in words; None if nothing."""
    # The stock SDK has an order of its own for paths.
    missing, added = set(theirs.column_names) - set(ours.column_names), set(ours.column_names) - set(theirs.column_names)
    if missing or added:
        return f"columns {missing} are missing, {added} are too many"
    if ours.num_rows != theirs.num_rows:
        return f"{ours.num_rows} rows, not {theirs.num_rows}"
    for name in ours.column_names:
        one, other = ours.schema.field(name), theirs.schema.field(name)
        if one.type != other.type or one.metadata != other.metadata:
            return f"{name} is {one} {one.metadata}, not {other} {other.metadata}"
        mine, stocks = ours.column(name).combine_chunks(), theirs.column(name).combine_chunks()
        for row in range(len(mine)):
            if mine[row] != stocks[row]:
                return f"{name} in row {row}: {str(mine[row])[:80]}, not {str(stocks[row])[:80]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("questions", help="JSON: a list of questions with the names of our tables")
    arguments = parser.parse_args()
    recording = rd.load_recording(arguments.file)
    with open(arguments.questions) as file:
        questions = json.load(file)
    for question in questions:
        theirs = stock(recording, question)
        with pa.ipc.open_stream(question["table"]) as reader:
            ours = reader.read_all()
        found = difference(ours, theirs)
        if found:
            sys.exit(f"{question}: {found}")
    print(len(questions))


main()
