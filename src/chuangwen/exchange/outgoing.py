"""What goes out: the features of a layer and how they are wanted, and what every writer needs (the mirror of `incoming`)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.exchange.source_crs import project_crs

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEGREES = 4326
"""What RFC 7946 and KML ask for; CGCS2000 is the same within centimetres."""
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Export:
    """What to write.

    `features` of one layer in EPSG `epsg`; `wanted_epsg`: 0 for the project's, or what the format demands. `encoding` of shapefiles and csv: auto (GBK unless
    it cannot hold a character), gbk, utf-8. `titles`: columns of a list in somebody else's order and words, (title, field name or '' for an empty column).
    `chinese_names`: field names of a shapefile are the titles. `degrees`: whether a list says where its points are; not for who may not know it exactly.
    What the reader may see was settled before (`domain.audience.disclosed`).
    """

    features: Features
    epsg: int
    wanted_epsg: int = 0
    encoding: str = "auto"
    title: str = ""
    titles: tuple[tuple[str, str], ...] = ()
    chinese_names: bool = False
    degrees: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """How many features were written, and what the user must know of the file."""

    count: int
    notes: tuple[str, ...] = ()


def safe(cell: str) -> str:
    """`cell` so that a spreadsheet shows it and runs nothing: text that begins like a formula gets an apostrophe in front. Plain numbers stay."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) and not _NUMBER.match(cell) else cell


def placed(export: Export, target: int) -> NDArray[np.object_]:
    """The shapes (n,) in EPSG `target`."""
    if target == export.epsg:
        return export.features.geometry
    source = project_crs(export.epsg)
    return np.asarray(shapely.transform(export.features.geometry, lambda points: source.to(points, target)), dtype=object)


def write_table(path: Path, rows: Sequence[Sequence[str]], codec: str = "utf-8-sig") -> None:
    """A csv file."""
    path.write_bytes(table_text(rows).encode(codec))


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """The text of a csv file, lines ended as Excel does."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
