"""A new project from what a user types."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.geo import is_project_epsg
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.text import _

UNDECIDED = 0
"""In place of an EPSG code: the CRS is chosen from the first data that is imported (design.md, decision 4)."""


def create_project(path: Path, title: str, crs: str, arrival: str | None, actor: str) -> Project:
    """Make a project file. `crs` is `auto` or `EPSG:4534`–`EPSG:4554`. Raises `UserError` for what cannot be used."""
    epsg = UNDECIDED if crs == "auto" else _epsg(crs)
    if path.suffix != ".gpkg":
        raise UserError(_("项目文件名应以 .gpkg 结尾：{path}。").format(path=path.name))
    try:
        day = dt.date.fromisoformat(arrival) if arrival else None
    except ValueError:
        raise UserError(_("进驻日“{text}”应写成 2024-06-24 的样子。").format(text=arrival)) from None
    return Project.create(path, Campaign(title=title, arrival=day), epsg, actor)


def _epsg(text: str) -> int:
    digits = text.upper().removeprefix("EPSG:")
    if not digits.isdigit() or not is_project_epsg(int(digits)):
        raise UserError(_("项目坐标系“{crs}”不可用。").format(crs=text), hint=_("请用 CGCS2000 三度带（不带带号）：EPSG:4534–EPSG:4554，或 auto。"))
    return int(digits)
