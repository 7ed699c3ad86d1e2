"""Coordinates written in the cells of a list: two columns or one, degrees, degrees-minutes-seconds or metres, to points in the file's own system."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import Scalar, half_width, is_empty
from chuangwen.exchange.incoming import Column
from chuangwen.exchange.matching import BOTH, EAST, LAT, LON, NORTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ANGLE = re.compile(r"^(?P<d>\d{1,3})\s*[°度]\s*(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*[\u2032'分’])?\s*(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\u2033\"秒”]|'')?)?$")
_LETTERS = re.compile(r"[EeNnSsWw东西南北经纬度:：\s'‘’`]")
_BETWEEN = re.compile(r"[,，;；、\s]+")


def points_of(columns: Sequence[Column], roles: Mapping[str, str]) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Points (n, 2) in the file's system, easting or longitude first as the headers say, nan where there are none; and
    position → text of the cells that cannot be read.

    The axes may still be swapped: `crs.find` sees that by the numbers.
    """
    by_title = {column.title: column.values for column in columns}
    if BOTH in roles:
        cells = by_title[roles[BOTH]]
        pairs = [_pair(cell) for cell in cells]
        texts = [_shown(cell) for cell in cells]
    else:
        first, second = (by_title[roles[role]] for role in ((LON, LAT) if LON in roles else (EAST, NORTH)))
        pairs = [(number(x), number(y)) for x, y in zip(first, second, strict=True)]
        texts = [", ".join(text for cell in pair if (text := _shown(cell))) for pair in zip(first, second, strict=True)]
    points = np.array([(np.nan, np.nan) if x is None or y is None else (x, y) for x, y in pairs], dtype=np.float64).reshape(-1, 2)
    unread = {position: text for position, text in enumerate(texts) if text and np.isnan(points[position]).any()}
    return points, unread


def number(cell: Scalar) -> float | None:
    """A coordinate: a number, a text like ` 116．32`, `116.36E`, degrees with minutes and seconds; None for anything else."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return float(cell)
    text = half_width(str(cell)).strip()
    bare = re.sub(r"^[东西南北]经|^[东西南北]纬|^[东西南北]|[EeNn]$", "", text.strip("'‘’` ")).strip()
    angle = _ANGLE.match(bare)
    if angle:
        minutes, seconds = float(angle["m"] or 0), float(angle["s"] or 0)
        return float(angle["d"]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None
    try:
        return float(_LETTERS.sub("", bare).replace(",", ""))
    except ValueError:
        return None


def _pair(cell: Scalar) -> tuple[float | None, float | None]:
    parts = [part for part in _BETWEEN.split(half_width(str(cell or "")).strip().strip("()[]")) if part]
    return (number(parts[0]), number(parts[1])) if len(parts) == 2 else (None, None)


def _shown(cell: Scalar) -> str:
    text = "" if cell is None else str(cell).strip()
    return "" if is_empty(text) or text in ("无", "暂无", "不详") else text
