"""Between the values of a feature and what its row holds; and the same values as text of the change log."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.values import GEOMETRY, Scalar, Values
from chuangwen.errors import DataProblem
from chuangwen.store.geometry import from_blobs, to_blobs
from chuangwen.store.problems import damaged
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_log = logging.getLogger(__name__)
CHINA = dt.timezone(dt.timedelta(hours=8))
"""GeoPackage keeps times in UTC; ours are local, and China has one time zone."""

Stored = str | int | float | None
_TYPES = {"point": (0,), "line": (1, 5), "polygon": (3, 6)}
"""What a layer may hold, as shapely numbers the types of geometry."""


def to_stored(field: Field) -> Callable[[Any], Stored]:
    """How a value of `field` that is not None is written. Raises `DataProblem` for what no store can hold."""

    def refused(value: object) -> DataProblem:
        return DataProblem(_("{title}里的“{value}”无法保存。").format(title=field.title, value=value), hint=_("请改正后重试。"))

    def integer(value: Scalar) -> int:
        if not isinstance(value, int) or not -(2**63) <= value < 2**63:
            raise refused(value)
        return int(value)

    def real(value: Scalar) -> float:
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise refused(value)
        return float(value) + 0.0  # SQLite knows no negative zero

    def day(value: Scalar) -> str:
        if not isinstance(value, dt.date):
            raise refused(value)
        return (value.date() if isinstance(value, dt.datetime) else value).isoformat()

    def moment(value: Scalar) -> str:
        if not isinstance(value, dt.datetime):
            raise refused(value)
        try:
            utc = value.replace(tzinfo=CHINA).astimezone(dt.UTC)
        except OverflowError as error:
            raise refused(value) from error
        # Milliseconds, as GeoPackage writes them: GDAL reads finer times too, but says that they do not conform.
        return utc.replace(tzinfo=None).isoformat(timespec="microseconds" if utc.microsecond % 1000 else "milliseconds") + "Z"

    kinds: dict[str, Callable[[Any], Stored]] = {"integer": integer, "real": real, "boolean": lambda value: int(bool(value)), "date": day, "datetime": moment}
    return kinds.get(field.type, str)


def from_stored(field: Field) -> Callable[[Any], Scalar]:
    """How a value of `field` is read. What another program wrote there and is no such value reads as None."""
    kinds: dict[str, Callable[[Any], Scalar]] = {
        "integer": _read_integer,
        "real": _read_real,
        "boolean": _read_boolean,
        "date": _read_day,
        "datetime": _read_moment,
    }
    return kinds.get(field.type, _read_text)


def read_column(field: Field, values: Sequence[Any]) -> list[Scalar]:
    """A column of stored values as values."""
    read = from_stored(field)
    if set(map(type, values)) <= {_PLAIN.get(read), type(None)}:
        return list(values)
    return [read(value) for value in values]


def _read_text(value: Any) -> str | None:
    return value if isinstance(value, str) or value is None else None if isinstance(value, bytes) else str(value)


def _read_integer(value: Any) -> int | None:
    return value if isinstance(value, int) else int(value) if isinstance(value, float) and value.is_integer() else None


def _read_real(value: Any) -> float | None:
    return value if isinstance(value, float) else float(value) if isinstance(value, int) else None


def _read_boolean(value: Any) -> bool | None:
    return bool(value) if isinstance(value, int) else None


def _read_day(value: Any) -> dt.date | None:
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _read_moment(value: Any) -> dt.datetime | None:
    try:
        found = None if value is None else dt.datetime.fromisoformat(value)
        return None if found is None else (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(CHINA).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError):
        return None


def stored_columns(layer: Layer, rows: Sequence[Values], names: Iterable[str], srs: int) -> dict[str, list[Any]]:
    """The columns `names` of values as the table holds them: column → list of n. Raises `DataProblem` for what cannot be kept."""
    found: dict[str, list[Any]] = {}
    for name in names:
        if name == GEOMETRY:
            shapes = shapes_of(rows)
            _check_kind(layer, shapes)
            if layer.has_geometry:
                found["geom"] = to_blobs(shapes, srs)
            continue
        field, values = layer.field(name), column_of(rows, name)
        convert = to_stored(field)
        found[name] = values if convert is str and set(map(type, values)) <= _TEXT else [None if value is None else convert(value) for value in values]
    return found


def shapes_of(rows: Sequence[Values]) -> NDArray[np.object_]:
    """The geometries of rows, (n,); None where there is none."""
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = column_of(rows, GEOMETRY)
    return shapes


def column_of(rows: Sequence[Values], name: str) -> list[Any]:
    """The values of one name in many rows; None in a row that does not say it. An import's rows all say the same names: a third of the time."""
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name) for row in rows]


def _check_kind(layer: Layer, shapes: NDArray[np.object_]) -> None:
    types = shapely.get_type_id(shapes)
    allowed = _TYPES.get(layer.geometry, () if layer.geometry == "none" else range(8))
    if not np.isin(types, (-1, *allowed)).all():
        titles = {"point": _("点"), "line": _("线"), "polygon": _("面"), "none": _("没有图形的记录")}
        raise DataProblem(_("“{layer}”只能保存{kind}。").format(layer=layer.title, kind=titles.get(layer.geometry, layer.geometry)))


_TEXT = {str, type(None)}
_PLAIN: dict[Callable[[Any], Scalar], type] = {_read_text: str, _read_integer: int, _read_real: float}
"""Columns of nothing but these types are taken as they are."""


def values_of(layer: Layer, columns: Mapping[str, Sequence[Any]]) -> tuple[dict[str, list[Scalar]], NDArray[np.object_]]:
    """What stored columns say: field → list of n (None where the file does not have the field yet), geometry (n,)."""
    count = len(next(iter(columns.values()), ()))
    found: dict[str, list[Scalar]] = {}
    for field in layer.fields:
        values = columns.get(field.name)
        found[field.name] = [None] * count if values is None else read_column(field, values)
    if "geom" not in columns:
        return found, np.full(count, None, dtype=object)
    shapes = from_blobs(columns["geom"])
    broken = sum(blob is not None for blob in columns["geom"]) - int((shapely.get_type_id(shapes) >= 0).sum())
    if broken:
        _log.warning("%s: %d geometries cannot be read", layer.id, broken)
    return found, shapes


def same_value(field: Field, stored: Any, wanted: Stored) -> bool:
    """Whether a stored value means what we would write as `wanted`: another program may write the same moment in another form."""
    read = from_stored(field)
    return bool(stored == wanted or read(stored) == read(wanted))


def digest(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """Eight bytes that tell whether rows still are what was added.

    Over the filled columns by name, `fid` left out, so that neither a field declared later nor the order of columns changes anything.
    """
    found = blake2b(digest_size=8)
    for name in sorted(columns):
        values = columns[name]
        if name == "fid" or all(value is None for value in values):
            continue
        found.update(name.encode())
        if name == "geom":
            found.update(json.dumps([len(value) if isinstance(value, bytes) else -1 for value in values]).encode())
            found.update(b"".join(value if isinstance(value, bytes) else repr(value).encode() for value in values if value is not None))
        else:
            found.update(json.dumps(values, default=repr).encode())
    return found.digest()


def to_log(values: Values) -> str:
    """The touched columns as JSON. A geometry is kept beside it; its name says that it was touched."""
    return json.dumps({name: True if name == GEOMETRY else _tagged(value) for name, value in values.items()}, ensure_ascii=False, separators=(",", ":"))


def from_log(text: str | None, geometry: BaseGeometry | None) -> dict[str, Any] | None:
    """What `to_log` wrote, and the geometry kept beside it."""
    if text is None:
        return None
    try:
        return {name: geometry if name == GEOMETRY else _untagged(value) for name, value in json.loads(text).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged() from error


def _tagged(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dt.datetime.fromisoformat(value["datetime"]) if "datetime" in value else dt.date.fromisoformat(value["date"])
    return value
