"""Export: a layer of the project to a file, private fields included; public profiles are another matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.layer import Layer
from chuangwen.errors import UserError
from chuangwen.exchange.exporting import Export, write
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.services.project import Project


def run_export(project: Project, layer: Layer, path: Path, crs: str = "", encoding: str = "gbk", features: Features | None = None) -> int:
    """Write a layer, or just `features` of it (what the table shows), to `path`; how many. `crs`: '' or EPSG:N. Raises `UserError` with cause and remedy."""
    if path.resolve() == project.path.resolve():
        raise UserError(_("不能覆盖项目文件本身。"), hint=_("请换一个文件名。"))
    title = f"{project.campaign.title} {layer.title}".strip()
    return write(Export(features if features is not None else project.features(layer.id), project.epsg, _wanted(crs), encoding, title), path)


def _wanted(crs: str) -> int:
    """The EPSG code of the user's word, 0 for none."""
    if not crs:
        return 0
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        code = int(crs.upper().removeprefix("EPSG:"))
        CRS.from_epsg(code)
    except (ValueError, CRSError):
        raise UserError(_("不认识坐标系“{crs}”。").format(crs=crs), hint=_("请写成 EPSG:4490、EPSG:4548 的样子。")) from None
    return code
