"""Chance, but the same chance every time.

Each topic draws from its own stream, so that a change to the buildings does not reshuffle the issues. Streams come from
a checksum of the topic's name, never from `hash()` (it differs from run to run) or the clock.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_SEED = 20240603  # the day on which the demo office's data stand
T = TypeVar("T")


def stream(topic: str) -> np.random.Generator:
    """The random stream of one topic."""
    return np.random.default_rng([_SEED, zlib.crc32(topic.encode("utf-8"))])


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of the choices, kept as the Python object it is (numpy would turn a str into numpy.str_)."""
    return choices[int(rng.integers(len(choices)))]


def shuffled(rng: np.random.Generator, items: Sequence[T]) -> list[T]:
    """The items in random order."""
    return [items[int(i)] for i in rng.permutation(len(items))]
