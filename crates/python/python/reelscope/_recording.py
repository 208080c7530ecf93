"""Recordings: where rows go, and which recording is meant where none is named."""

from __future__ import annotations

import atexit
import contextlib
import contextvars
import logging
import os
import platform
import sys
import weakref
from collections.abc import Callable, Iterable, Sequence
from multiprocessing import util as multiprocessing_util
from types import TracebackType
from typing import Any, NoReturn
from uuid import UUID

from . import _native, _viewer
from ._archetype import AsComponents
from ._native import Component, ComponentColumn
from ._time import (
    Duration,
    TimeColumn,
    Timestamp,
    chosen,
    duration_nanos,
    sequence_number,
    timestamp_nanos,
)

DEFAULT_PORT = 9876
_SOURCE = f"Python {platform.python_version()}"
_PROPERTIES = "__properties"
_FOREVER = 1e38

_all: weakref.WeakSet[RecordingStream] = weakref.WeakSet()
_of_the_program: RecordingStream | None = None
# A new thread has an empty context: recordings chosen with `with` are those of one thread, or of one task.
_of_the_thread: contextvars.ContextVar[RecordingStream | None] = contextvars.ContextVar("recording", default=None)


class RecordingStream:
    """
    One run of a program as it logs.

    Rows can be logged from any thread, and each thread has times of its own. What is logged goes out in the
    background; at the end of the program the rest is sent first. Until [`connect_grpc`][], [`save`][] or [`spawn`][]
    say where to, up to 256 MiB are kept.

    In a `with` block it is the recording that all functions of the package mean:

    ```python
    with rr.RecordingStream("my_robot") as recording:
        recording.save("run.rrd")
        rr.log("camera", rr.Image(pixels))
    ```

    The connection of a process does not survive `os.fork` (and thus `multiprocessing` with its method `fork`): in the
    child call [`init`][reelscope.init] again, with the same `recording_id` if it is to log to the same recording.
    """

    def __init__(
        self,
        application_id: str,
        *,
        recording_id: str | UUID | None = None,
        make_default: bool = False,
        make_thread_default: bool = False,
        default_enabled: bool = True,
        send_properties: bool = True,
    ) -> None:
        """
        A recording that goes nowhere yet.

        Parameters
        ----------
        application_id:
            The name of the program.
        recording_id:
            The name of the run. Processes that give the same one log to one recording. Without this it is a new one.
        make_default:
            Whether it is the one that is meant where none is named.
        make_thread_default:
            The same for this thread alone.
        default_enabled:
            `False`: what is logged is dropped.
        send_properties:
            Is always so: the start of the recording is logged.

        """
        if not isinstance(application_id, str) or not application_id:
            raise TypeError(f"the application_id has to be a name, not {application_id!r}")
        self._enabled = default_enabled
        self._outer: list[contextvars.Token[RecordingStream | None]] = []
        # Those that have pictures of this recording under way.
        self._encoders: weakref.WeakSet[Any] = weakref.WeakSet()
        name = None if recording_id is None else str(recording_id)
        self._stream: Any = _native.Stream(application_id, name, _SOURCE)
        _all.add(self)
        if make_default:
            set_global_data_recording(self)
        if make_thread_default:
            set_thread_local_data_recording(self)

    def __enter__(self) -> RecordingStream:
        self._outer.append(_of_the_thread.set(self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _of_the_thread.reset(self._outer.pop())

    def __repr__(self) -> str:
        try:
            return f"RecordingStream({self._stream.application_id!r}, recording_id={self._stream.recording_id!r})"
        except RuntimeError:
            return "RecordingStream(<finished>)"

    def get_application_id(self) -> str:
        """The name of the program."""
        return str(self._stream.application_id)

    def get_recording_id(self) -> str:
        """The name of the run."""
        return str(self._stream.recording_id)

    def is_enabled(self) -> bool:
        """Whether what is logged is not dropped."""
        return self._enabled

    # Where it goes.

    def connect_grpc(self, url: str | None = None, *, default_blueprint: object = None) -> None:
        """
        Log to a viewer from now on, and to nothing else. What waits goes there first; the viewer may come later.

        Parameters
        ----------
        url:
            `rerun+http://HOST:PORT/proxy` or `HOST:PORT`. Without this it is this machine's port 9876.
        default_blueprint:
            Has no effect: reelscope lays out by itself.

        """
        self._stream.connect(url or f"127.0.0.1:{DEFAULT_PORT}")

    def save(self, path: str | os.PathLike[str], default_blueprint: object = None) -> None:
        """
        Write a recording file (`.rrd`) from now on, and do nothing else. What waits goes there first.

        Raises
        ------
        OSError
            If it cannot be written.

        """
        self._stream.save(os.fspath(path))

    def spawn(
        self,
        *,
        port: int = DEFAULT_PORT,
        connect: bool = True,
        memory_limit: str | None = None,
        hide_welcome_screen: bool = False,
        detach_process: bool = True,
        executable_path: str | os.PathLike[str] | None = None,
        default_blueprint: object = None,
    ) -> None:
        """
        Start the viewer unless one listens already, and log to it from now on.

        Parameters
        ----------
        port:
            Where the viewer listens.
        connect:
            `False`: start it, no more.
        memory_limit:
            How much the viewer may take: `4GiB`, `50%`.
        hide_welcome_screen:
            Has no effect: there is none.
        detach_process:
            Is always so: the viewer outlives the program.
        executable_path:
            The viewer, in place of the one that comes with the package.
        default_blueprint:
            Has no effect: reelscope lays out by itself.

        Raises
        ------
        FileNotFoundError
            If there is no viewer.

        """
        program = executable_path or _viewer.program()
        arguments = [] if memory_limit is None else ["--memory-limit", memory_limit]
        _native.spawn(port, os.fspath(program), arguments)
        if connect:
            self._stream.connect(f"127.0.0.1:{port}")

    def disconnect(self) -> None:
        """Send what waits, and keep what is logged from now on (up to 256 MiB) until it is said where to."""
        self._after_encoders(self._stream.disconnect)

    def flush(self, *, timeout_sec: float = _FOREVER, blocking: bool = True) -> None:
        """
        Wait until the viewer has received all that was logged so far, or until it is in the file.

        Parameters
        ----------
        timeout_sec:
            How long to wait. Without this, for as long as it takes.
        blocking:
            `False`: do not wait. What is logged goes out by itself.

        Raises
        ------
        TimeoutError
            If it takes longer.
        ConnectionError
            If it takes longer, because there is no connection.

        """
        if blocking:
            self._stream.flush(timeout_sec)

    def finish(self) -> None:
        """Send what is left, and end the recording: nothing can be logged to it any more."""
        _all.discard(self)
        self._after_encoders(self._stream.finish)

    def _after_encoders(self, end: Callable[[], None]) -> None:
        """One that fails keeps neither the others from finishing nor the recording from ending."""
        with contextlib.ExitStack() as ends:
            ends.callback(end)
            for encoder in list(self._encoders):
                ends.callback(encoder.finish)
        self._encoders.clear()

    # When it is.

    def set_time(
        self,
        timeline: str,
        *,
        sequence: int | None = None,
        duration: Duration | None = None,
        timestamp: Timestamp | None = None,
    ) -> None:
        """
        Set this thread's time on a timeline: what it logs from now on is there.

        Parameters
        ----------
        timeline:
            The name of the timeline. It has one kind of times, for ever.
        sequence:
            A whole number.
        duration:
            Seconds, a `timedelta` or a `numpy.timedelta64`, from whatever start.
        timestamp:
            Seconds since the Unix epoch, a `datetime` or a `numpy.datetime64`.

        """
        kind, value = chosen(timeline, sequence=sequence, duration=duration, timestamp=timestamp)
        if kind == "sequence":
            time = sequence_number(value)
        else:
            time = duration_nanos(value) if kind == "duration" else timestamp_nanos(value)
        self._stream.set_time(timeline, kind, time)

    def disable_timeline(self, timeline: str) -> None:
        """Take this thread off a timeline."""
        self._stream.disable_timeline(timeline)

    def reset_time(self) -> None:
        """Take this thread off all timelines."""
        self._stream.reset_time()

    # What it is.

    def log(
        self,
        entity_path: str | Sequence[object],
        entity: AsComponents | Iterable[Component],
        *extra: AsComponents | Iterable[Component],
        static: bool = False,
        strict: bool | None = None,
    ) -> None:
        """
        Log a row to an entity, at this thread's times.

        Waits while the viewer is too slow for what is logged (64 MiB on the way to it).

        Parameters
        ----------
        entity_path:
            Names between slashes, or a list of names.
        entity:
            What is logged: an archetype such as [`Image`][reelscope.Image].
        extra:
            More archetypes for the same row.
        static:
            Whether it holds at all times.
        strict:
            Has no effect: errors are always raised.

        """
        if not self._enabled:
            return
        components = [component for archetype in (entity, *extra) for component in _components(archetype)]
        self._stream.log(_path(entity_path), components, static)

    def send_columns(
        self,
        entity_path: str | Sequence[object],
        indexes: Iterable[TimeColumn],
        columns: Iterable[ComponentColumn],
        *,
        strict: bool | None = None,
    ) -> None:
        """
        Log many rows at once, at times of their own. All columns have as many rows.

        Parameters
        ----------
        entity_path:
            Names between slashes, or a list of names.
        indexes:
            The times, a column for each timeline. Without any, the rows hold at all times.
        columns:
            The values, as the method `columns` of an archetype makes them.
        strict:
            Has no effect: errors are always raised.

        Raises
        ------
        ValueError
            If the columns are not all of one length.

        """
        if self._enabled:
            times = [column._native() for column in indexes]
            self._stream.send_columns(_path(entity_path), times, list(columns))

    def send_blueprint(self, blueprint: object, *, make_active: bool = True, make_default: bool = True) -> None:
        """Has no effect: reelscope lays out by itself."""

    def send_recording_name(self, name: str) -> None:
        """Give the recording a name for people."""
        self.log(_PROPERTIES, [Component("RecordingInfo:name", "text", name)], static=True)

    def send_recording_start_time_nanos(self, nanos: int) -> None:
        """Say when the recording started, in nanoseconds since the Unix epoch."""
        self.log(_PROPERTIES, [Component("RecordingInfo:start_time", "i64", nanos)], static=True)

    def send_property(self, name: str, values: AsComponents | Iterable[Component]) -> None:
        """Log something that is true of the recording as a whole."""
        self.log([_PROPERTIES, name], values, static=True)


def _path(path: str | Sequence[object]) -> str:
    """A path as the native half takes it: in names of a list, slashes are part of the name."""
    return path if isinstance(path, str) else "/".join(escape_entity_path_part(str(part)) for part in path)


def escape_entity_path_part(part: str) -> str:
    """A name for a path in which slashes are no separators."""
    return part.replace("\\", "\\\\").replace("/", "\\/")


def _components(archetype: Any) -> Iterable[Component]:
    if isinstance(archetype, AsComponents):
        return archetype.as_components()
    if isinstance(archetype, Iterable) and not isinstance(archetype, (str, bytes)):
        components = list(archetype)
        if all(isinstance(component, Component) for component in components):
            return components
    raise TypeError(f"what is logged has to be an archetype such as reelscope.Image, not {type(archetype).__name__}")


# Which recording is meant.


def get_data_recording(recording: RecordingStream | None = None) -> RecordingStream | None:
    """The recording that is meant: this one, that of the `with` block or the thread, or that of the program."""
    if recording is not None:
        return recording
    return _of_the_thread.get() or _of_the_program


def meant(recording: RecordingStream | None) -> RecordingStream:
    """The same, where there has to be one."""
    found = get_data_recording(recording)
    if found is None:
        raise RuntimeError("there is no recording to log to: call reelscope.init first")
    return found


def set_global_data_recording(recording: RecordingStream | None) -> RecordingStream | None:
    """Set the recording of the program, and give the one before."""
    global _of_the_program
    before, _of_the_program = _of_the_program, recording
    return before


def get_global_data_recording() -> RecordingStream | None:
    """The recording of the program, which [`init`][reelscope.init] makes."""
    return _of_the_program


def set_thread_local_data_recording(recording: RecordingStream | None) -> RecordingStream | None:
    """Set the recording of this thread, and give the one before."""
    before = _of_the_thread.get()
    _of_the_thread.set(recording)
    return before


def get_thread_local_data_recording() -> RecordingStream | None:
    """The recording of this thread, if it has one of its own."""
    return _of_the_thread.get()


# Ends: nothing is lost when the program is over, and nothing hangs in the child of a fork.


def _finish_all() -> None:
    for recording in list(_all):
        try:
            recording.finish()
        except Exception as error:
            logging.getLogger("reelscope").error("not all that was logged has arrived: %s", error)


class Forked:
    """In place of a recording or an encoder whose threads stayed with the parent."""

    def __getattr__(self, name: str) -> Any:
        self.complain()

    def complain(self) -> NoReturn:
        """Say what to do."""
        raise RuntimeError("this recording belongs to the process before os.fork(): call reelscope.init again")


def _forked() -> None:
    for recording in list(_all):
        _native.leave_behind(recording._stream)
        recording._stream = Forked()
        recording._encoders.clear()
    _all.clear()


def _finish_at_exit(_: object = None) -> None:
    multiprocessing_util.Finalize(None, _finish_all, exitpriority=0)


atexit.register(_finish_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
# Children of multiprocessing end without atexit, and forget after a fork what was to be done at their end.
_finish_at_exit()
multiprocessing_util.register_after_fork(sys.modules[__name__], _finish_at_exit)
