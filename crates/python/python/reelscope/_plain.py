"""What is logged beside pictures: text, numbers, values of one's own, and that something is gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ._archetype import Archetype
from ._native import Component, ComponentColumn


class Clear(Archetype):
    """From the time of the row on, nothing that was logged to the entity before is there."""

    _NAME = "Clear"
    _KINDS = {"is_recursive": "bool"}

    def __init__(self, *, recursive: bool) -> None:
        """The entity alone, or all below it as well."""
        self._components = []
        self._add(is_recursive=recursive)

    @staticmethod
    def flat() -> Clear:
        """The entity alone."""
        return Clear(recursive=False)

    @staticmethod
    def recursive() -> Clear:
        """The entity and all below it."""
        return Clear(recursive=True)


class TextLog(Archetype):
    """A line of text."""

    _NAME = "TextLog"
    _KINDS = {"text": "text", "level": "text"}

    def __init__(self, text: str, *, level: str | None = None) -> None:
        """
        A line.

        Parameters
        ----------
        text:
            What it says.
        level:
            How much it matters: one of [`TextLogLevel`][reelscope.TextLogLevel], or any other.

        """
        self._components = []
        self._add(text=text, level=level)


class Scalars(Archetype):
    """Numbers over time."""

    _NAME = "Scalars"
    _KINDS = {"scalars": "f64s"}

    def __init__(self, scalars: npt.ArrayLike) -> None:
        """One number, or several."""
        self._components = []
        self._add(scalars=_numbers(scalars))

    @classmethod
    def columns(cls, *, scalars: npt.ArrayLike) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]: a number for each row."""
        return [ComponentColumn("Scalars:scalars", "f64", _numbers(scalars))]


def _numbers(values: npt.ArrayLike) -> list[float]:
    try:
        numbers: list[float] = np.asarray(values, dtype=np.float64).ravel().tolist()
    except (TypeError, ValueError):
        raise TypeError(f"Scalars have to be numbers, not {values!r}") from None
    return numbers


class AnyValues:
    """
    Values that no archetype has, each under a name of your own.

    Example
    -------
    ```python
    rr.log("camera", rr.AnyValues(exposure=0.02, gains=[1.0, 2.0], serial="A1"))
    ```

    """

    def __init__(self, drop_untyped_nones: bool = True, **values: Any) -> None:
        """
        Numbers, texts, truths, bytes, or lists and arrays of them. Whole numbers get 64 bits and the others too; arrays
        lose their shape.

        Parameters
        ----------
        drop_untyped_nones:
            Is always so: `None` says nothing of a type, and is left out.
        values:
            The values by their names.

        """
        given = ((name, value) for name, value in values.items() if value is not None)
        self._components = [Component(name, *_kind_and_value(name, value)) for name, value in given]

    def as_components(self) -> list[Component]:
        """The components of one row."""
        return self._components

    @classmethod
    def columns(cls, **values: Iterable[Any]) -> list[ComponentColumn]:
        """Columns for [`send_columns`][reelscope.send_columns]: a value for each row."""
        columns = []
        for name, column in values.items():
            rows = [_kind_and_value(name, value) for value in column]
            kinds = {kind for kind, _ in rows} or {"f64s"}
            if len(kinds) > 1:
                raise TypeError(f"the values of {name} are not all of one type")
            columns.append(ComponentColumn(name, kinds.pop(), [value for _, value in rows]))
        return columns


def _kind_and_value(name: str, value: Any) -> tuple[str, Any]:
    """What the native half calls values of this type, and the value as it takes it."""
    if isinstance(value, (bytes, bytearray)):
        return "blob", bytes(value)
    array = np.atleast_1d(np.asarray(value))
    kind = {"b": "bools", "i": "i64s", "u": "i64s", "f": "f64s", "U": "texts"}.get(array.dtype.kind)
    if kind is None:
        raise TypeError(f"{name} has to be numbers, texts, truths or bytes, not {type(value).__name__}")
    return kind, array.ravel().tolist()
