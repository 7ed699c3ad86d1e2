"""Between the values of a feature and what its row holds; and the same values as text of the change log."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from chuangwen.domain.layer import Field
from chuangwen.domain.values import GEOMETRY, Scalar, Values
from chuangwen.errors import DataProblem
from chuangwen.store.geometry import from_blob, to_blob
from chuangwen.text import _

CHINA = dt.timedelta(hours=8)
"""GeoPackage keeps times in UTC; ours are local, and China has one time zone."""

Stored = str | int | float | None


def to_stored(field: Field) -> Callable[[Scalar], Stored]:
    """How a value of `field` is written. Raises `DataProblem` for what no store can hold."""
    if field.type == "integer":
        return _integer
    if field.type == "real":
        return _real
    if field.type == "boolean":
        return lambda value: None if value is None else int(bool(value))
    if field.type == "date":
        return lambda value: None if value is None else _day(value).isoformat()
    if field.type == "datetime":
        return lambda value: None if value is None else _moment(value)
    return lambda value: None if value is None else str(value)


def from_stored(field: Field) -> Callable[[Any], Scalar] | None:
    """How a value of `field` is read; None where it is the same. What another program wrote and cannot be read stays text."""
    if field.type == "boolean":
        return lambda value: None if value is None else bool(value)
    if field.type == "date":
        return _read_day
    if field.type == "datetime":
        return _read_moment
    return None


def _integer(value: Scalar) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise DataProblem(_("{value} 不是可以保存的整数。").format(value=value))
    return int(value)


def _real(value: Scalar) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise DataProblem(_("{value} 不是可以保存的数字。").format(value=value))
    return float(value)


def _day(value: Scalar) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise DataProblem(_("{value} 不是日期。").format(value=value))


def _moment(value: Scalar) -> str:
    if not isinstance(value, dt.datetime):
        raise DataProblem(_("{value} 不是时间。").format(value=value))
    return f"{(value - CHINA).isoformat(timespec='microseconds')}Z"


def _read_day(value: Any) -> Scalar:
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return str(value)


def _read_moment(value: Any) -> Scalar:
    try:
        return None if value is None else dt.datetime.fromisoformat(value).replace(tzinfo=None) + CHINA
    except (TypeError, ValueError, OverflowError):
        return str(value)


def digest(columns: Sequence[str], row: Sequence[Any]) -> bytes:
    """Eight bytes that tell whether a row still is what was added.

    Over its filled columns by name (`fid` left out), so that neither a field declared later nor the order of columns changes anything.
    """
    filled = sorted([(name, value) for name, value in zip(columns, row, strict=True) if value is not None and name not in ("fid", "geom")])
    found = blake2b(repr(filled).encode("utf-8", "surrogatepass"), digest_size=8)
    if "geom" in columns:
        found.update(row[columns.index("geom")] or b"")
    return found.digest()


def to_log(values: Values | None, srs: int) -> tuple[str | None, bytes | None]:
    """The touched columns as JSON, and the geometry beside it."""
    if values is None:
        return None, None
    plain = {name: True if name == GEOMETRY else _tagged(value) for name, value in values.items()}
    geometry = values.get(GEOMETRY)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")), to_blob(geometry, srs)


def from_log(text: str | None, blob: bytes | None) -> dict[str, Any] | None:
    """What `to_log` wrote."""
    if text is None:
        return None
    return {name: from_blob(blob) if name == GEOMETRY else _untagged(value) for name, value in json.loads(text).items()}


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
