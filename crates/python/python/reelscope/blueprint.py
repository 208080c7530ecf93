"""
Blueprints of Rerun's viewer, so that programs that make them run unchanged.

They say how that viewer arranges its panels; reelscope takes them, and keeps its own arrangement.
"""

from __future__ import annotations

from typing import Any


class Part:
    """A part of a blueprint: a view, a container, a panel. What it is made of is not looked at."""

    def __init__(self, *contents: Any, **settings: Any) -> None:
        """Anything."""


def __getattr__(name: str) -> type[Part]:
    if not name[:1].isupper():
        raise AttributeError(f"reelscope.blueprint has no {name}")
    return type(name, (Part,), {"__doc__": "A part of a blueprint, which is not looked at."})
