"""The functions of the package: each does what the method of the same name does to the recording that is meant."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from ._archetype import AsComponents
from ._native import Component, ComponentColumn
from ._recording import DEFAULT_PORT, RecordingStream, get_data_recording, meant
from ._time import Duration, TimeColumn, Timestamp

_F = TypeVar("_F", bound=Callable[..., Any])


def init(
    application_id: str,
    *,
    recording_id: str | UUID | None = None,
    spawn: bool = False,
    init_logging: bool = True,
    default_enabled: bool = True,
    strict: bool | None = None,
    default_blueprint: object = None,
    send_properties: bool = True,
) -> None:
    """
    Begin a recording: the one that is meant where none is named.

    Parameters
    ----------
    application_id:
        The name of the program.
    recording_id:
        The name of the run. Processes that give the same one log to one recording. Without this it is a new one.
    spawn:
        Whether to start the viewer and log to it, as [`spawn`][reelscope.spawn] does.
    init_logging:
        Has no effect.
    default_enabled:
        `False`: what is logged is dropped.
    strict:
        Has no effect: errors are always raised.
    default_blueprint:
        Has no effect: reelscope lays out by itself.
    send_properties:
        Is always so: the start of the recording is logged.

    """
    recording = RecordingStream(
        application_id,
        recording_id=recording_id,
        make_default=True,
        default_enabled=default_enabled,
        send_properties=send_properties,
    )
    if spawn:
        recording.spawn()


def connect_grpc(
    url: str | None = None, *, default_blueprint: object = None, recording: RecordingStream | None = None
) -> None:
    """Log to a viewer from now on: see [`RecordingStream.connect_grpc`][reelscope.RecordingStream.connect_grpc]."""
    meant(recording).connect_grpc(url)


def save(
    path: str | os.PathLike[str], default_blueprint: object = None, recording: RecordingStream | None = None
) -> None:
    """Write a recording file from now on: see [`RecordingStream.save`][reelscope.RecordingStream.save]."""
    meant(recording).save(path)


def spawn(
    *,
    port: int = DEFAULT_PORT,
    connect: bool = True,
    memory_limit: str | None = None,
    hide_welcome_screen: bool = False,
    detach_process: bool = True,
    executable_path: str | os.PathLike[str] | None = None,
    default_blueprint: object = None,
    recording: RecordingStream | None = None,
) -> None:
    """Start the viewer unless one listens, and log to it: see [`RecordingStream.spawn`][reelscope.RecordingStream.spawn]."""
    meant(recording).spawn(port=port, connect=connect, memory_limit=memory_limit, executable_path=executable_path)


def disconnect(recording: RecordingStream | None = None) -> None:
    """Keep what is logged until it is said where to: see [`RecordingStream.disconnect`][reelscope.RecordingStream.disconnect]."""
    meant(recording).disconnect()


def flush(*, timeout_sec: float = 1e38, recording: RecordingStream | None = None) -> None:
    """Wait until all is received: see [`RecordingStream.flush`][reelscope.RecordingStream.flush]."""
    meant(recording).flush(timeout_sec=timeout_sec)


def set_time(
    timeline: str,
    *,
    recording: RecordingStream | None = None,
    sequence: int | None = None,
    duration: Duration | None = None,
    timestamp: Timestamp | None = None,
) -> None:
    """Set this thread's time: see [`RecordingStream.set_time`][reelscope.RecordingStream.set_time]."""
    meant(recording).set_time(timeline, sequence=sequence, duration=duration, timestamp=timestamp)


def disable_timeline(timeline: str, recording: RecordingStream | None = None) -> None:
    """Take this thread off a timeline."""
    meant(recording).disable_timeline(timeline)


def reset_time(recording: RecordingStream | None = None) -> None:
    """Take this thread off all timelines."""
    meant(recording).reset_time()


def log(
    entity_path: str | Sequence[object],
    entity: AsComponents | Iterable[Component],
    *extra: AsComponents | Iterable[Component],
    static: bool = False,
    recording: RecordingStream | None = None,
    strict: bool | None = None,
) -> None:
    """Log a row to an entity: see [`RecordingStream.log`][reelscope.RecordingStream.log]."""
    meant(recording).log(entity_path, entity, *extra, static=static)


def send_columns(
    entity_path: str | Sequence[object],
    indexes: Iterable[TimeColumn],
    columns: Iterable[ComponentColumn],
    *,
    recording: RecordingStream | None = None,
    strict: bool | None = None,
) -> None:
    """Log many rows at once: see [`RecordingStream.send_columns`][reelscope.RecordingStream.send_columns]."""
    meant(recording).send_columns(entity_path, indexes, columns)


def send_blueprint(
    blueprint: object,
    *,
    make_active: bool = True,
    make_default: bool = True,
    recording: RecordingStream | None = None,
) -> None:
    """Has no effect: reelscope lays out by itself."""


def send_recording_name(name: str, recording: RecordingStream | None = None) -> None:
    """Give the recording a name for people."""
    meant(recording).send_recording_name(name)


def send_recording_start_time_nanos(nanos: int, recording: RecordingStream | None = None) -> None:
    """Say when the recording started, in nanoseconds since the Unix epoch."""
    meant(recording).send_recording_start_time_nanos(nanos)


def send_property(
    name: str, values: AsComponents | Iterable[Component], recording: RecordingStream | None = None
) -> None:
    """Log something that is true of the recording as a whole."""
    meant(recording).send_property(name, values)


def get_application_id(recording: RecordingStream | None = None) -> str | None:
    """The name of the program, if there is a recording."""
    found = get_data_recording(recording)
    return None if found is None else found.get_application_id()


def get_recording_id(recording: RecordingStream | None = None) -> str | None:
    """The name of the run, if there is a recording."""
    found = get_data_recording(recording)
    return None if found is None else found.get_recording_id()


def is_enabled(recording: RecordingStream | None = None) -> bool:
    """Whether there is a recording, and what is logged is not dropped."""
    found = get_data_recording(recording)
    return found is not None and found.is_enabled()


def thread_local_stream(application_id: str) -> Callable[[_F], _F]:
    """Decorate a function or a generator: each call logs to a recording of its own."""

    def decorated(function: _F) -> _F:
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def between(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
                # The recording is meant in the function's own steps, and not where its values are used.
                recording = RecordingStream(application_id)
                steps = function(*args, **kwargs)
                sent = None
                while True:
                    with recording:
                        try:
                            value = steps.send(sent)
                        except StopIteration as end:
                            return end.value
                    try:
                        sent = yield value
                    except BaseException:
                        with recording:
                            steps.close()
                        raise

            return between  # type: ignore[return-value]

        @functools.wraps(function)
        def with_recording(*args: Any, **kwargs: Any) -> Any:
            with RecordingStream(application_id):
                return function(*args, **kwargs)

        return with_recording  # type: ignore[return-value]

    return decorated
