"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, and back to WGS 84 (domain.md 7.4, facts.md 12).

The formulas are the widely published ones (eviltransform); they stand for the secret official ones to some 1–5 m. The inverses iterate until they reproduce
the formula, where the usual one-step subtraction errs by up to 4 m.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_A = 6378245.0
_EE = 0.00669342162296594323
_X_PI = np.pi * 3000.0 / 180.0
_ROUNDS = 10  # reproduces the forward formula to 1e-8 m


def to_gcj02(points: Points) -> Points:
    """WGS 84 degrees (n, 2), longitude first → GCJ-02. Points outside China stay."""
    return np.where(_in_china(points), points + _offset(points), points)


def from_gcj02(points: Points) -> Points:
    """GCJ-02 → WGS 84 degrees."""
    return _inverse(points, to_gcj02)


def to_bd09(points: Points) -> Points:
    """WGS 84 → BD-09 (Baidu) degrees."""
    gcj = to_gcj02(points)
    x, y = gcj[:, 0], gcj[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _X_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _X_PI)
    return np.where(_in_china(points), np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006]), points)


def from_bd09(points: Points) -> Points:
    """BD-09 → WGS 84 degrees."""
    return _inverse(points, to_bd09)


def _inverse(points: Points, forward: Callable[[Points], Points]) -> Points:
    found = np.array(points, dtype=np.float64)
    for _round in range(_ROUNDS):
        found = found + (points - forward(found))
    return found


def _in_china(points: Points) -> NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return np.asarray(((x >= 72.004) & (x <= 137.8347) & (y >= 0.8293) & (y <= 55.8271))[:, None])


def _offset(points: Points) -> Points:
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (ripple + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi) + 160.0 * np.sin(y / 12.0 * np.pi)) * 2.0 / 3.0
    north = north + 320.0 * np.sin(y * np.pi / 30.0) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (ripple + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east = east + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(points[:, 1])
    magic = 1 - _EE * np.sin(latitude) ** 2
    curve = np.sqrt(magic)
    return np.column_stack([np.degrees(east / (_A / curve * np.cos(latitude))), np.degrees(north / (_A * (1 - _EE) / (magic * curve)))])
