"""The map as a picture file, from the command line or a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.geo import Extent
from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange.whole_file import whole_file
from chuangwen.render.draw import draw, mm_painter, on_image
from chuangwen.render.headless import start
from chuangwen.render.scene import LayerContent, build
from chuangwen.render.view import MapView
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

DOTS_PER_MM = 96 / 25.4


def write_picture(project: Project, path: Path, extent: tuple[float, ...] | None, width_px: int, height_px: int) -> None:
    """Draw `extent` (metres, project CRS; None: all there is) into a picture of the given size. Raises `UserError`, `FileProblem`."""
    start()
    content = [LayerContent(project.features(layer.id)) for layer in project.layers.drawn() if layer.visible]
    shown = Extent(*extent) if extent else whole(content)
    if shown is None:
        raise UserError(_("项目里还没有可以画的内容。"), hint=_("请先导入网格边界或点位。"))
    view = MapView.showing(shown, width_px / DOTS_PER_MM, height_px / DOTS_PER_MM, DOTS_PER_MM)
    image = on_image(view.width, view.height, DOTS_PER_MM)
    with mm_painter(image, DOTS_PER_MM) as painter:
        draw(painter, build(content, view), view)
    with whole_file(path) as part:
        if not image.save(str(part), (path.suffix.lstrip(".") or "png").upper()):  # type: ignore[call-overload]
            raise FileProblem(_("无法写入 {file}。").format(file=path), hint=_("请检查文件夹是否存在、是否可写，扩展名是否为 png 或 jpg。"))


def whole(content: list[LayerContent]) -> Extent | None:
    """The extent of all features, None where nothing has a place."""
    from chuangwen.domain.geo import extent_of

    found = None
    for one in content:
        extent = extent_of(one.features.bounds)
        if extent is not None:
            found = extent if found is None else found.joined(extent)
    return found
