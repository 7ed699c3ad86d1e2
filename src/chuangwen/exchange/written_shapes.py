"""Shapes that stand in a column of a list: WKT (POINT (116.3 40)), EWKT with its SRID, or the hexadecimal WKB that PostGIS exports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WKT = re.compile(
    r"^\s*(?:SRID\s*=\s*(?P<srid>\d+)\s*;)?\s*(?P<text>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b.*|GEOMETRYCOLLECTION\b.*)$", re.IGNORECASE | re.DOTALL
)
_WKB = re.compile(r"^(?:00|01)[0-9A-Fa-f]{40,}$")
_WORDS = frozenset({"wkt", "geom", "geometry", "the_geom", "shape", "thegeom", "wkt_geom", "几何", "图形", "空间数据"})
_LOOK = 200  # values


def shape_words(layer: Layer) -> frozenset[str]:
    """Headers that such a column has, for a layer that has places."""
    return _WORDS if layer.has_geometry else frozenset()


def with_shapes(incoming: Incoming) -> Incoming:
    """The list with the shapes of its first such column, which is no column of values then; unchanged where it has none, or shapes already."""
    if incoming.geometry is not None:
        return incoming
    column = next((one for one in incoming.columns if _holds_shapes(one.values)), None)
    if column is None:
        return incoming
    geometry, srid = _read(column.values)
    unread = [at for at, value in enumerate(column.values) if value not in (None, "") and geometry[at] is None]
    notes = [Repaired(incoming.rows[at], _("“{title}”中的图形读不懂，按未定位处理").format(title=column.title)) for at in unread]
    return replace(
        incoming,
        columns=tuple(one for one in incoming.columns if one is not column),
        geometry=geometry,
        declared_crs=f"EPSG:{srid}" if srid else "",
        repaired=(*incoming.repaired, *notes),
        warnings=(*incoming.warnings, _("图形取自“{title}”列。").format(title=column.title)),
    )


def _holds_shapes(values: Sequence[Scalar]) -> bool:
    given = [value for value in values[:_LOOK] if value not in (None, "")]
    return bool(given) and 2 * sum(isinstance(value, str) and bool(_WKT.match(value) or _WKB.match(value)) for value in given) > len(given)


def _read(values: Sequence[Scalar]) -> tuple[NDArray[np.object_], int]:
    import shapely

    found = np.full(len(values), None, dtype=object)
    srid = 0
    for at, value in enumerate(values):
        if not isinstance(value, str):
            continue
        written = _WKT.match(value)
        if written:
            found[at] = shapely.from_wkt(written["text"], on_invalid="ignore")
            srid = srid or int(written["srid"] or 0)
        elif _WKB.match(value):
            found[at] = shapely.from_wkb(value, on_invalid="ignore")
            srid = srid or (int(shapely.get_srid(found[at])) if found[at] is not None else 0)
    return shapely.force_2d(found), max(srid, 0)
