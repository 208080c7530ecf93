"""Many entities with many rows each."""

import numpy as np
import rerun as rr

import rig


def main():
    parser = rig.parser(__doc__)
    parser.add_argument("--entities", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=1000)
    arguments = parser.parse_args()
    recording = rig.Logger("reelscope_many", arguments)
    times = np.arange(arguments.rows)
    for number in range(arguments.entities):
        path = f"many/group{number % 10}/entity{number:04}"
        rr.send_columns(
            path,
            indexes=[rr.TimeColumn("frame", sequence=times)],
            # The value tells where it belongs.
            columns=rr.Scalars.columns(scalars=times + number * arguments.rows),
            recording=recording.stream,
        )
        recording.entity(path)["row_count"] = arguments.rows
    rig.write_truth(arguments.truth, recording)


main()
