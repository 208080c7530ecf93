"""Arguments that programs which log have in common."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from uuid import UUID

from ._recording import RecordingStream


def script_add_args(parser: ArgumentParser) -> None:
    """Add the arguments that say where a program logs to."""
    parser.add_argument("--headless", action="store_true", help="Don't show GUI")
    parser.add_argument("--connect", action="store_true", help="Log to a viewer that is open")
    parser.add_argument("--url", default=None, help="Where that viewer listens: rerun+http://HOST:PORT/proxy")
    parser.add_argument("--save", default=None, help="Write this recording file (.rrd)")


def script_setup(
    args: Namespace,
    application_id: str,
    *,
    recording_id: str | UUID | None = None,
    default_blueprint: object = None,
) -> RecordingStream:
    """
    Begin a recording that goes where the arguments say: to a viewer, into a file, or by default to a new viewer.

    Parameters
    ----------
    args:
        What `parser.parse_args()` gave.
    application_id:
        The name of the program.
    recording_id:
        The name of the run. Without this it is a new one.
    default_blueprint:
        Has no effect: reelscope lays out by itself.

    """
    recording = RecordingStream(application_id, recording_id=recording_id, make_default=True)
    if args.connect:
        recording.connect_grpc(args.url)
    elif args.save is not None:
        recording.save(args.save)
    elif not args.headless:
        recording.spawn()
    return recording


def script_teardown(args: Namespace) -> None:
    """Nothing is left to be done: what was logged is sent at the end of the program."""
