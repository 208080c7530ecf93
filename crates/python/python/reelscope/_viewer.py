"""The viewer that comes with the package: where it is, and the command `reelscope` that starts it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NAME = "reelscope.exe" if os.name == "nt" else "reelscope"
_VARIABLE = "REELSCOPE_VIEWER"
_MISSING = (
    f"the viewer `{_NAME}` was not found: install a wheel that has it, or install it so that it is on PATH, "
    f"or say where it is with the variable {_VARIABLE}"
)


def program(name: str = _NAME) -> Path:
    """
    The viewer: the one that the variable `REELSCOPE_VIEWER` names, the one in this package, or one on `PATH`.

    Raises
    ------
    FileNotFoundError
        If there is none.

    """
    if chosen := os.environ.get(_VARIABLE):
        return Path(chosen)
    inside = Path(__file__).parent / "_bin" / name
    if inside.is_file():
        return inside
    for folder in os.get_exec_path():
        found = Path(folder) / name
        if found.is_file() and os.access(found, os.X_OK) and not _is_script(found):
            return found
    raise FileNotFoundError(_MISSING)


def _is_script(path: Path) -> bool:
    """Whether it is a command that a Python package brought, such as our own, and not the viewer itself."""
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def main() -> None:
    """Starts the viewer in place of this process."""
    try:
        path = program()
    except FileNotFoundError as error:
        sys.exit(f"reelscope: {error}")
    arguments = [str(path), *sys.argv[1:]]
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.call(arguments))
    os.execv(path, arguments)
