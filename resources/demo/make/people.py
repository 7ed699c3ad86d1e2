"""Persons and phones, plainly invented: 某某01, 13800000001."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A name and a mobile number that belong together."""

    name: str
    phone: str


class People:
    """Hands out persons one after another, never the same twice."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> Person:
        """The next person."""
        self._count += 1
        return Person(f"某某{self._count:02d}", f"1380000{self._count:04d}")
