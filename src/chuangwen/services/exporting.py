"""Export: a layer of the project to a file, private fields included unless it is for the public."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.layer import Layer
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.exporting import LISTS, write
from chuangwen.exchange.outgoing import Export, Written
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the user may say. `crs`: '' or EPSG:N. `like`: a list of the sender's, whose columns and order the new list takes. See `exporting.Export`."""

    crs: str = ""
    encoding: str = "auto"
    like: Path | None = None
    chinese_names: bool = False
    public: bool = False


def run_export(project: Project, layer: Layer, path: Path, options: ExportOptions | None = None, features: Features | None = None) -> Written:
    """Write a layer, or just `features` of it (what the table shows), to `path`. Raises `UserError` with cause and remedy."""
    options = options or ExportOptions()
    if path.resolve() == project.path.resolve():
        raise UserError(_("不能覆盖项目文件本身。"), hint=_("请换一个文件名。"))
    title = f"{project.campaign.title} {layer.title}".strip()
    export = Export(
        features if features is not None else project.features(layer.id),
        project.epsg,
        _wanted(options.crs),
        options.encoding,
        title,
        _columns_of(options.like, layer, path) if options.like is not None else (),
        options.chinese_names,
        options.public,
    )
    return write(export, path)


def _columns_of(like: Path, layer: Layer, path: Path) -> tuple[tuple[str, str], ...]:
    """The columns of the sender's own list: (its title, our field or '')."""
    from chuangwen.exchange.incoming import SECTION, SHEET
    from chuangwen.exchange.matching import known_words, match
    from chuangwen.exchange.workbooks import read_workbook

    if path.suffix.lower() not in LISTS:
        raise UserError(_("只有 xlsx 和 csv 能按来表的格式导出。"), hint=_("请换一个文件名。"))
    incoming = read_workbook(like, known_words(layer))
    columns = [column for column in incoming.columns if column.kind not in (SECTION, SHEET)]
    matches = match(columns, layer)
    if not matches.fields:
        raise DataProblem(_("{file} 的表头和“{layer}”没有一列对得上。").format(file=like.name, layer=layer.title), hint=_("请换一份来表。"))
    return tuple((column.title, matches.fields.get(column.title, "")) for column in columns)


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
