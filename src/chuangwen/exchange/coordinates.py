"""Coordinates written in the cells of a list: two columns or one, degrees, degrees-minutes-seconds, metres or WKT, to points in the file's own system."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import Scalar, half_width, is_empty
from chuangwen.exchange.incoming import Column
from chuangwen.exchange.matching import BOTH, EAST, LAT, LON, NORTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

_MINUTE, _SECOND = r"[\u2032'分’‘]", r"(?:[\u2033\"秒”“]|''|\u2032\u2032)"
_ANGLE = re.compile(rf"^(?P<d>\d{{1,3}})\s*[°º˚度]\s*(?:(?P<m>\d{{1,2}}(?:\.\d+)?)\s*{_MINUTE}?\s*)?(?:(?P<s>\d{{1,2}}(?:\.\d+)?)\s*{_SECOND}?)?$")
_SPACED = re.compile(r"^(?P<d>\d{1,3})[\s:：-](?P<m>\d{1,2})[\s:：-](?P<s>\d{1,2}(?:\.\d+)?)$")
_LABEL = r"(?:东经|北纬|经度|纬度|[东北]坐标|longitude|latitude|lng|lon|lat|[东北经纬ENXY])"
_BEFORE, _AFTER = re.compile(rf"^{_LABEL}\s*[:：=]?\s*", re.IGNORECASE), re.compile(r"(?:\s*(?:[EN东北度°º˚米]|m))+$", re.IGNORECASE)
_ONE = rf"(?:{_LABEL}\s*[:：=]?\s*)?-?\d[\d.]*(?:\s*[°º˚度]\s*(?:\d[\d.]*\s*{_MINUTE}\s*)?(?:\d[\d.]*\s*{_SECOND})?)?(?:\s*[EN东北](?![A-Z\d]))?"
_PAIR = re.compile(rf"^({_ONE})(?:\s*[,，;；、/|\s]\s*|(?<=[EN东北\u2033\"秒”])\s*)({_ONE})$", re.IGNORECASE)
_NORTH_FIRST = re.compile(r"^(?:北|纬|lat|N)|[N北]$", re.IGNORECASE)
_WKT = re.compile(r"^(?:SRID=\d+;)?\s*POINT\s*(?:ZM?|M)?\s*\(\s*(?P<x>[-+\d.eE]+)\s+(?P<y>[-+\d.eE]+)[^)]*\)$", re.IGNORECASE)
_NO_PLACE = ("无", "暂无", "不详", "待定", "未知", "空")


def points_of(columns: Sequence[Column], roles: Mapping[str, str]) -> tuple[Points, dict[int, str]]:
    """Points (n, 2) in the file's system, easting or longitude first as the headers say, nan where there are none; and
    position → text of the cells that cannot be read.

    The axes may still be swapped: `crs.find` sees that by the numbers.
    """
    by_title = {column.title: column.values for column in columns}
    if BOTH in roles:
        sources = [by_title[roles[BOTH]]]
        points = np.array([_pair(cell) for cell in sources[0]], dtype=np.float64).reshape(-1, 2)
    else:
        sources = [by_title[roles[role]] for role in ((LON, LAT) if LON in roles else (EAST, NORTH))]
        points = np.column_stack([_numbers(values) for values in sources])
    unread = {}
    for position in np.flatnonzero(~np.isfinite(points).all(axis=1)).tolist():
        points[position] = np.nan
        if text := ", ".join(text for values in sources if (text := _shown(values[position]))):
            unread[position] = text
    return points, unread


def number(cell: Scalar) -> float | None:
    """A coordinate: a number, a text like ` 116．32`, `116.36E`, degrees with minutes and seconds; None for anything else."""
    if isinstance(cell, bool) or cell is None:
        return None
    with suppress(ValueError, TypeError, OverflowError):  # most are plain
        return float(cell)  # type: ignore[arg-type]
    text = half_width(str(cell)).strip("'‘’` \t\r\n\u00a0")
    bare = _BEFORE.sub("", text, count=1)
    plain = re.sub(r"\s*[EN东北]$", "", bare, flags=re.IGNORECASE)
    angle = _ANGLE.match(plain) or _SPACED.match(plain)
    if angle:
        minutes, seconds = float(angle["m"] or 0), float(angle["s"] or 0)
        return float(angle["d"]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None
    try:
        return float(_AFTER.sub("", bare, count=1).replace(",", "").replace(" ", ""))
    except ValueError:
        return None


def _numbers(values: Sequence[Scalar]) -> NDArray[np.float64]:
    """A column, nan for what is no number: at C speed where all cells are plain ones."""
    if bool in (kinds := set(map(type, values))) or not kinds <= {int, float, str, type(None)}:
        return _each(values)
    try:
        return np.array(values if str not in kinds else [value or None for value in values], dtype=np.float64)
    except (ValueError, OverflowError):
        return _each(values)


def _each(values: Sequence[Scalar]) -> NDArray[np.float64]:
    return np.array([np.nan if (found := number(value)) is None else found for value in values], dtype=np.float64)


def _pair(cell: Scalar) -> tuple[float, float]:
    """Both numbers of a cell, longitude or easting first where it says which is which; nan where there are not just two."""
    text = "" if cell is None else str(cell)
    with suppress(ValueError):  # most are plain
        first, second = text.split(",")
        return float(first), float(second)
    text = half_width(text).strip()
    if point := _WKT.match(text):
        return float(point["x"]), float(point["y"])
    pair = _PAIR.match(re.sub(r"[\"']?(lng|lon|lat)[\"']?(?=\s*:)", r"\1", text.strip("()[]{}【】 "), flags=re.IGNORECASE))
    if pair is None:
        return np.nan, np.nan
    x, y = number(pair[1]), number(pair[2])
    if x is None or y is None:
        return np.nan, np.nan
    return (y, x) if _NORTH_FIRST.search(pair[1]) and not _NORTH_FIRST.search(pair[2]) else (x, y)


def _shown(cell: Scalar) -> str:
    text = "" if cell is None or cell != cell else str(cell).strip()
    return "" if is_empty(text) or text in _NO_PLACE else text
