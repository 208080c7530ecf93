"""A program and its children log, and end without a word: all rows are in their files."""

import multiprocessing
import os
import sys
from pathlib import Path

import reelscope as rr


def log(folder, name):
    """A thousand rows, in a file with this name."""
    rr.init("ends", recording_id="shared")
    rr.save(Path(folder) / f"{name}.rrd")
    for row in range(1000):
        rr.log("rows", rr.Scalars(row))


def in_a_child(folder, name):
    """The parent's recording is none of the child's, which says so and does not hang."""
    if rr.get_global_data_recording() is not None:
        try:
            rr.log("rows", rr.Scalars(-1))
        except RuntimeError as error:
            assert "call reelscope.init again" in str(error), error
        else:
            raise AssertionError("the parent's recording took a row of the child")
    log(folder, name)


def main():
    folder = sys.argv[1]
    log(folder, "parent")
    child = os.fork()
    if child == 0:
        in_a_child(folder, "fork")
        sys.exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    for method in ("fork", "spawn"):
        process = multiprocessing.get_context(method).Process(
            target=in_a_child, args=(folder, f"multiprocessing-{method}")
        )
        process.start()
        process.join()
        assert process.exitcode == 0, process.exitcode


if __name__ == "__main__":
    main()
