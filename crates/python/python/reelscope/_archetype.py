"""What all archetypes have in common: they are rows of components, whole or in part, or columns of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any, ClassVar, Protocol, Union, runtime_checkable

import numpy as np
import numpy.typing as npt

from ._native import Component, ComponentColumn

if TYPE_CHECKING:
    from typing_extensions import Self

BytesLike = Union[bytes, bytearray, memoryview, "npt.NDArray[np.uint8]"]
"""What bytes can be given as."""


@runtime_checkable
class AsComponents(Protocol):
    """Whatever can be logged."""

    def as_components(self) -> Sequence[Component]:
        """The components of one row."""
        ...


class Archetype:
    """Components that belong together."""

    _NAME: ClassVar[str]
    _KINDS: ClassVar[dict[str, str]]
    """The fields, and the kinds of their values as the native half names them."""

    _components: list[Component]

    def as_components(self) -> Sequence[Component]:
        """The components of one row."""
        return self._components

    def _add(self, **fields: Any) -> None:
        """Adds those fields that have a value."""
        for field, value in fields.items():
            if value is not None:
                self._components.append(Component(f"{self._NAME}:{field}", self._KINDS[field], value))

    @classmethod
    def _partial(cls, clear_unset: bool = False, **fields: Any) -> Self:
        """A row that has some of the fields only."""
        if clear_unset:
            raise NotImplementedError("clear_unset is not supported: log a reelscope.Clear before")
        row = cls.__new__(cls)
        row._components = []
        row._add(**fields)
        return row

    @classmethod
    def _columns(cls, **fields: Iterable[Any] | None) -> list[ComponentColumn]:
        """Columns of those fields that have values."""
        given = ((field, values) for field, values in fields.items() if values is not None)
        return [ComponentColumn(f"{cls._NAME}:{field}", cls._KINDS[field], values) for field, values in given]

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}({', '.join(repr(component).removeprefix(f'{self._NAME}:') for component in self._components)})"


def as_bytes(what: str, data: BytesLike | IO[bytes]) -> bytes:
    """Bytes that nobody changes: `bytes` are taken as they are, all else is copied once."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, np.ndarray):
        if data.dtype != np.uint8:
            raise TypeError(f"{what} has to be bytes or an array of uint8, not of {data.dtype}")
        return data.tobytes()
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    if hasattr(data, "read"):
        return as_bytes(what, data.read())
    raise TypeError(f"{what} has to be bytes, not {type(data).__name__}")


def all_as_bytes(what: str, blobs: Iterable[BytesLike] | None) -> list[bytes] | None:
    """The same for each row of a column."""
    return None if blobs is None else [as_bytes(what, blob) for blob in blobs]


def as_integers(what: str, values: npt.ArrayLike) -> list[int]:
    """Whole numbers, each for a row."""
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise TypeError(f"{what} have to be whole numbers, not {array.dtype}")
    return [int(value) for value in array.ravel().tolist()]
