"""A layer read record by record through fiona, where the whole cannot be read: one bad record does not cost the rest, and is named (facts.md 14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.values import Scalar
from chuangwen.exchange.gdal import fiona
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MOST_LOST = 1000  # in a row: then the rest of the file is gone, not single records


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
    package = fiona()
    broken = _broken()
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    if layer is not None:
        options["layer"] = layer
    try:
        with package.open(path, **options) as source:
            found = Records([str(name) for name in source.schema["properties"]], _crs(source))
            _read(source, found, broken)
    except broken:
        return None
    return found if found.rows else None


def _broken() -> tuple[type[Exception], ...]:
    """What fiona and its GDAL raise of a broken file or record."""
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError

    return (FionaError, CPLE_BaseError, ValueError, LookupError, TypeError, ArithmeticError, OSError, AttributeError)


def _read(source: Any, found: Records, broken: tuple[type[Exception], ...]) -> None:
    """By number where the driver can, else one after the other up to the first that breaks."""
    count = _count(source)
    if count is None:
        for row, record in enumerate(_until_broken(source, found, broken), 1):
            _take(record, row, found, broken)
        return
    missing = 0
    first = 1 if source.driver == "GPKG" else 0
    for number in range(count):
        try:
            record = source[number + first]
        except broken:
            record = None
        if record is None:
            found.lost[number + 1] = _("这条记录已损坏，无法读取")
            missing += 1
            if missing > _MOST_LOST:
                break
            continue
        missing = 0
        _take(record, number + 1, found, broken)


def _until_broken(source: Any, found: Records, broken: tuple[type[Exception], ...]) -> Any:
    number = 0
    records = iter(source)
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except broken:
            found.lost[number + 1] = _("从这条记录起文件已损坏，后面的无法读取")
            return
        number += 1
        yield record


def _take(record: Any, row: int, found: Records, broken: tuple[type[Exception], ...]) -> None:
    from shapely import GEOSException
    from shapely.geometry import shape

    try:
        geometry = shape(record.geometry) if record.geometry is not None else None
    except (*broken, GEOSException):
        found.lost[row] = _("图形已损坏，无法读取")
        return
    found.rows.append(row)
    found.shapes.append(geometry)
    found.values.append({name: _plain(value) for name, value in record.properties.items()})


def _count(source: Any) -> int | None:
    """How many records, where they can be asked for by number."""
    if source.driver not in ("ESRI Shapefile", "GPKG", "MapInfo File", "OpenFileGDB"):
        return None
    try:
        return len(source)
    except (TypeError, ValueError):
        return None


def _crs(source: Any) -> str:
    return str(source.crs_wkt or "")


def _plain(value: Any) -> Scalar:
    import datetime as dt

    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, dt.date) else str(value)
