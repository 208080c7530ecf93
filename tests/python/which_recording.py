"""Functions without a recording mean the one of the block, the task, the thread, or the program, in this order."""

import asyncio
import sys
import threading
from pathlib import Path

import reelscope as rr

FOLDER = Path(sys.argv[1])


def meant():
    return rr.get_application_id()


def blocks():
    with rr.RecordingStream("outer") as outer:
        assert meant() == "outer"
        with rr.RecordingStream("inner"):
            assert meant() == "inner"
        assert meant() == "outer"
        try:
            with rr.RecordingStream("failing"):
                raise KeyError
        except KeyError:
            pass
        assert meant() == "outer"
        # One named in the call comes before all.
        assert rr.get_application_id(recording=rr.RecordingStream("named")) == "named"
    assert meant() == "program"
    # A block does not end its recording.
    outer.log("still", rr.TextLog("open"))


def threads():
    seen = []

    def thread():
        seen.append(meant())
        rr.set_thread_local_data_recording(rr.RecordingStream("of the thread"))
        seen.append(meant())

    with rr.RecordingStream("of another thread"):
        worker = threading.Thread(target=thread)
        worker.start()
        worker.join()
        assert meant() == "of another thread"
    assert seen == ["program", "of the thread"], seen


def tasks():
    async def task(name, turn, others):
        with rr.RecordingStream(name):
            turn.set()
            await others.wait()
            assert meant() == name

    async def both():
        one, two = asyncio.Event(), asyncio.Event()
        await asyncio.gather(task("one", one, two), task("two", two, one))

    asyncio.run(both())
    assert meant() == "program"


@rr.thread_local_stream("decorated")
def decorated():
    return meant()


@rr.thread_local_stream("generator")
def steps():
    for _ in range(3):
        yield meant()


def generators():
    for inside in steps():
        assert (inside, meant()) == ("generator", "program")
    unfinished = steps()
    assert next(unfinished) == "generator"
    unfinished.close()
    assert meant() == "program"


def switched_off():
    off = rr.RecordingStream("off", default_enabled=False)
    off.save(FOLDER / "off.rrd")
    off.log("a", rr.TextLog("b"))
    off.finish()
    assert not off.is_enabled()


def main():
    rr.init("program", recording_id="run")
    assert (meant(), rr.get_recording_id()) == ("program", "run")
    for part in (blocks, threads, tasks, generators, switched_off):
        part()
    assert decorated() == "decorated"
    first = rr.set_global_data_recording(rr.RecordingStream("second"))
    assert meant() == "second" and first.get_application_id() == "program"


main()
