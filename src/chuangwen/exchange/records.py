"""A layer read record by record through fiona, where the whole cannot be read: one bad record does not cost the rest, and is named (facts.md 14)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.values import Scalar
from chuangwen.exchange.gdal import fiona
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_DRIVERS = {
    ".shp": "ESRI Shapefile",
    ".dbf": "ESRI Shapefile",
    ".gpkg": "GPKG",
    ".gdb": "OpenFileGDB",
    ".dxf": "DXF",
    ".tab": "MapInfo File",
    ".mif": "MapInfo File",
    ".fgb": "FlatGeobuf",
}
_FIRST = {"ESRI Shapefile": 0, "GPKG": 1, "FlatGeobuf": 0}
"""Drivers that give a record by its number, and the first one."""
_MOST_LOST = 1000  # in a row: then the rest of the file is gone, not single records

Broken = tuple[type[Exception], ...]


@dataclass
class Records:
    """What could be read: `values` and `shapes` a record, `rows` from 1; `lost`: row → why it could not."""

    names: list[str]
    crs: str = ""
    rows: list[int] = field(default_factory=list)
    values: list[dict[str, Scalar]] = field(default_factory=list)
    shapes: list[BaseGeometry | None] = field(default_factory=list)
    lost: dict[int, str] = field(default_factory=dict)


def read_records(path: Path, layer: str | None = None, encoding: str | None = None) -> Records | None:
    """The records of a layer that can be read. None where the file cannot be opened at all, or no record can be read."""
    driver = _DRIVERS.get(path.suffix.lower())
    if driver is None:
        return None
    broken = _broken()
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    if layer is not None:
        options["layer"] = layer
    try:
        with fiona() as package, package.open(path, driver=driver, **options) as source:
            found = Records([str(name) for name in source.schema["properties"]], str(source.crs_wkt or ""))
            _read(source, found, broken)
    except broken:
        return None
    return found if found.rows else None


def _broken() -> Broken:
    """What fiona, its GDAL and shapely raise of a broken file or record."""
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError
    from shapely.errors import ShapelyError

    ours = (ValueError, LookupError, TypeError, ArithmeticError, OSError, AttributeError, MemoryError, SystemError)
    return (FionaError, CPLE_BaseError, ShapelyError, *ours)


def _read(source: Any, found: Records, broken: Broken) -> None:
    """One after the other up to the first that breaks; then by number, where the driver can."""
    first = _FIRST.get(source.driver)
    number = (first or 0) - 1
    stopped = False
    for record in _until_broken(source, broken):
        if record is None:
            stopped = True
            break
        number = int(record.id) if first is not None else number + 1
        _take(record, number + 1 - (first or 0), found, broken)
    total = _count(source, broken)
    if first is not None and total > _known(found):
        number = _by_number(source, found, number + 1, total, broken)
    row = number + 2 - (first or 0)
    missing = total - _known(found)
    if missing > _MOST_LOST:
        found.lost[row] = _("从这条记录起文件已损坏：文件说还有 {count} 条，都读不出").format(count=missing)
    elif missing > 0:
        found.lost |= dict.fromkeys(range(row, row + missing), _("文件在此之前中断，这条记录读不出"))
    elif stopped and not found.lost:
        found.lost[row] = _("从这条记录起文件已损坏，后面的无法读取")


def _known(found: Records) -> int:
    return len(found.rows) + len(found.lost)


def _by_number(source: Any, found: Records, number: int, total: int, broken: Broken) -> int:
    """The records from `number` on, over the bad ones; the last number that gave one."""
    lost: dict[int, str] = {}
    last = number - 1
    while _known(found) + len(lost) < total and number - last <= _MOST_LOST:
        row = number + 1 - _FIRST[source.driver]
        try:
            record = source[number]
        except broken:
            record = None
        if record is None:
            lost[row] = _("这条记录已损坏，无法读取")
        else:
            _take(record, row, found, broken)
            found.lost |= lost
            lost.clear()
            last = number
        number += 1
    return last


def _until_broken(source: Any, broken: Broken) -> Iterator[Any]:
    """The records in turn; None in the place of the first that cannot be read."""
    records = iter(source)
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except broken:
            record = None
        yield record
        if record is None:
            return


def _take(record: Any, row: int, found: Records, broken: Broken) -> None:
    from shapely.geometry import shape

    try:
        geometry = shape(record.geometry) if record.geometry is not None else None
    except broken:
        found.lost[row] = _("图形已损坏，无法读取")
        return
    found.rows.append(row)
    found.shapes.append(geometry)
    found.values.append({name: _plain(value) for name, value in record.properties.items()})


def _count(source: Any, broken: Broken) -> int:
    """How many records the file says that it has; 0 where it does not say."""
    if source.driver not in (*_FIRST, "OpenFileGDB"):
        return 0
    try:
        return len(source)
    except broken:
        return 0


def _plain(value: Any) -> Scalar:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, dt.date) else str(value)
