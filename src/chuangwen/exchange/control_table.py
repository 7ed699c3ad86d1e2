"""Control points as an office notes them: a small table of 点名, 原X, 原Y and where they really are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.geo import GEOGRAPHIC
from chuangwen.domain.layer import folded
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange import crs
from chuangwen.exchange.control_points import LIMIT_M, Fit, fit
from chuangwen.exchange.coordinates import number
from chuangwen.exchange.doubts import Unanswered
from chuangwen.exchange.sheets import Sheet, read_book
from chuangwen.exchange.source_crs import Home
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.coordinate_ranges import Points

_WORDS = {
    "name": ("点名", "点号", "名称", "name"),
    "x": ("原x", "图上x", "图x", "x0", "源x"),
    "y": ("原y", "图上y", "图y", "y0", "源y"),
    "lon": ("目标经度", "经度", "lon"),
    "lat": ("目标纬度", "纬度", "lat"),
    "east": ("目标x", "实地x", "东坐标", "x1"),
    "north": ("目标y", "实地y", "北坐标", "y1"),
}


def fit_from_file(path: Path, epsg: int, limit: float = LIMIT_M) -> Fit:
    """The fit to EPSG `epsg` from a csv or xlsx: 点名 (may be missing), 原X, 原Y, and 目标经度, 目标纬度 or 目标X, 目标Y in metres of the project.

    Raises `FileProblem`, `DataProblem` with what is missing, or what `fit` says of the points.
    """
    if not path.is_file():
        raise FileProblem(_("找不到控制点文件 {path}。").format(path=path), hint=_("请核对文件名和文件夹。"))
    sheet = read_book(path).sheets[0]
    columns = _columns(sheet)
    degrees = "lon" in columns and "lat" in columns
    needed = ("x", "y", "lon", "lat") if degrees else ("x", "y", "east", "north")
    if any(one not in columns for one in needed):
        raise DataProblem(
            _("控制点文件 {file} 缺少列。").format(file=path.name), hint=_("要有：点名、原X、原Y，以及 目标经度、目标纬度（或 目标X、目标Y，项目坐标，米）。")
        )
    names, rows = [], []
    for line, cells in enumerate(sheet.cells[1:], 2):
        if not any(cell is not None for cell in cells):
            continue
        values = [number(cells[columns[one]]) if columns[one] < len(cells) else None for one in needed]
        if any(value is None for value in values):
            raise DataProblem(_("控制点文件 {file} 第 {row} 行的坐标读不懂。").format(file=path.name, row=line), hint=_("请改正后再试。"))
        name = cells[columns["name"]] if "name" in columns and columns["name"] < len(cells) else None
        names.append(str(name) if name is not None else _("第 {row} 行").format(row=line))
        rows.append(values)
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return fit(names, table[:, :2], _targets(table[:, 2:], epsg, path, degrees=degrees), epsg, limit=limit)


def _targets(points: Points, epsg: int, path: Path, *, degrees: bool) -> Points:
    """In EPSG `epsg`, whichever axis stands first (surveyors call north X), with or without a zone prefix."""
    try:
        found = crs.find(f"EPSG:{GEOGRAPHIC if degrees else epsg}", points, Home(epsg))
    except Unanswered as error:
        raise DataProblem(
            _("控制点文件 {file} 的目标坐标不像项目坐标（EPSG:{epsg}），也不像经纬度。").format(file=path.name, epsg=epsg), hint=_("请核对目标坐标。")
        ) from error
    return found.to(points, epsg)


def _columns(sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, cell in enumerate(sheet.cells[0] if sheet.cells else []):
        word = folded(str(cell)) if cell is not None else ""
        role = next((role for role, words in _WORDS.items() if word in words), None)
        if role:
            found.setdefault(role, position)
    return found
