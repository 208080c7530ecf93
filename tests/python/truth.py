"""Where the programs log to, and the truth that they write down: in the shape of `tests/src/logged.rs`."""

import argparse
import hashlib
import json
import os

import reelscope as rr


def parser(about):
    """The arguments that every program has."""
    arguments = argparse.ArgumentParser(description=about)
    target = arguments.add_mutually_exclusive_group(required=True)
    target.add_argument("--port", type=int, help="log to this port of this machine")
    target.add_argument("--spawn", type=int, metavar="PORT", help="as with --port, and start a viewer there first")
    target.add_argument("--save", help="write this recording file")
    arguments.add_argument("--truth", help="write down here, as JSON, what was logged")
    return arguments


def connect(arguments):
    """Says where everything goes."""
    if arguments.save:
        rr.save(arguments.save)
    elif arguments.spawn:
        rr.spawn(port=arguments.spawn)
    else:
        rr.connect_grpc(f"rerun+http://127.0.0.1:{arguments.port}/proxy")


def blob(data):
    """What is noted of bytes."""
    return {"count": 1, "bytes": len(data), "md5": hashlib.md5(data).hexdigest()}


def values(count=1):
    """What is noted of everything else."""
    return {"count": count}


class Truth:
    """What was logged to the recording of the program."""

    def __init__(self, application_id):
        self.application_id = application_id
        self.entities = {}

    def note(self, path, times, cells):
        """A row; without times it is static."""
        fresh = {"rows": [], "static": []}
        entity = self.entities.setdefault(path, fresh)
        entity["rows" if times else "static"].append({"times": times, "cells": cells})

    def stream(self, path, samples):
        """What FFmpeg is to decode to find out which frames there are."""
        self.entities[path] |= {"codec": "h264", "samples": samples}

    def write(self, arguments):
        """Writes all of it down, and the streams beside it."""
        if not arguments.truth:
            return
        for entity in self.entities.values():
            if samples := entity.pop("samples", None):
                entity["stream"] = "stream.h264"
                with open(os.path.join(os.path.dirname(arguments.truth), entity["stream"]), "wb") as file:
                    file.write(b"".join(samples))
        recording = {
            "application_id": self.application_id,
            "recording_id": rr.get_recording_id(),
            "entities": self.entities,
        }
        with open(arguments.truth, "w", encoding="utf-8") as file:
            json.dump({"recordings": [recording]}, file)
