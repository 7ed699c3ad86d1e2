"""A part of the map as a picture for a document (an order shows where its issues are): drawn by the same code as the sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from chuangwen.domain.feature import Feature
from chuangwen.domain.geo import Extent
from chuangwen.errors import UserError
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import draw_highlight, mm_painter, on_image
from chuangwen.render.headless import start
from chuangwen.render.paper.layout import Laid
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.zone import outlined
from chuangwen.services.paper.frames import PAPERS, Rect
from chuangwen.services.paper.sheet import MapPart, Request, Sheet, fitting_scale, standard_scale
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_EDGE = 1.3  # mm: the outer line of the frame, which lies around the map
_FREE = 0.12  # of the frame, on each side of a feature
_CLOSEST = 2_000  # denominator: a single point is shown with its surroundings
_TEXT = 2.4  # mm, of the scale bar
_LARGEST = 1_000.0  # mm
_FINEST = 600


def map_picture(
    project: Project,
    about: Feature | tuple[float, float],
    width_mm: float,
    height_mm: float,
    denominator: float | None = None,
    *,
    dpi: int = 200,
    numbers: Mapping[str, str] | None = None,
    mono: bool = False,
) -> QImage:
    """The map around a feature or a place (easting, northing in metres of the project's CRS), `width_mm` × `height_mm` large with its frame.

    `denominator`: the N of 1:N; None: the standard scale that shows all of the feature, a point at 1:2 000. `numbers`: feature id → number in the
    document's table; of the layers that have numbers only those features are shown. Of the issues without numbers only the one that it is about. The
    feature has a bright rim; a zone its thick boundary, the others pale.
    Raises `UserError` for a feature without a place and for a size or fineness that cannot be drawn.
    """
    start()
    if not (min(width_mm, height_mm) > 2 * _EDGE and max(width_mm, height_mm) <= _LARGEST and 0 < dpi <= _FINEST):
        raise UserError(_("地图图片的大小 {width}×{height} 毫米、{dpi} 点每英寸不能用。").format(width=width_mm, height=height_mm, dpi=dpi))
    place = Rect(0, 0, width_mm, height_mm).inset(_EDGE)
    centre, wanted = _part(about, place)
    part = MapPart(centre, float(denominator) if denominator is not None else wanted)
    sheet = Sheet(product="zone", code="", name="", paper=PAPERS["A4"], landscape=False, maps=(part,))
    run = Atlas(project, Request("zone", mono=mono), [sheet], lambda _run, _sheet: {})
    block = MapBlock(run, part, place, lambda: _content(run, about, numbers or {}), _TEXT)
    image = on_image(width_mm, height_mm, dpi / 25.4)
    with mm_painter(image, dpi / 25.4) as painter:
        block.draw(painter, place, Page(run, sheet, 0, 1, Laid((), ())))
        if isinstance(about, Feature) and about.layer != "zone":
            painter.translate(place.x, place.y)
            draw_highlight(painter, block.content, {(about.layer, about.id)}, block.view)
    return image.convertToFormat(QImage.Format.Format_Grayscale8) if mono else image


def png(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file, its size on paper inside."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(content.data())


def _part(about: Feature | tuple[float, float], place: Rect) -> tuple[tuple[float, float], float]:
    """The middle of the ground to show, and the scale that shows all of it."""
    if not isinstance(about, Feature):
        return about, float(_CLOSEST)
    if about.geometry is None or about.geometry.is_empty:
        raise UserError(_("{code} 还没有位置，画不出地图。").format(code=about.code or about.name), hint=_("请先在图上定位。"))
    extent = Extent(*about.geometry.bounds)
    return extent.centre, standard_scale(max(fitting_scale(extent, place, _FREE), _CLOSEST))


def _content(run: Atlas, about: Feature | tuple[float, float], numbers: Mapping[str, str]) -> list[LayerContent]:
    found = []
    own = about.id if isinstance(about, Feature) else ""
    for layer in run.project.layers.on_paper():
        features = run.project.features(layer.id)
        one = LayerContent(features, run.flat(features))
        if layer.id == "zone" and own in features.index:
            one = LayerContent(outlined(features), faded=frozenset(features.ids) - {own})
        here = {row_id: number for row_id, number in numbers.items() if row_id in features.index}
        if here:
            one = replace(one, numbers=here, only=frozenset({*here, own} & features.index.keys()))
        elif layer.id == "issue":
            one = replace(one, only=frozenset({own} & features.index.keys()))
        found.append(one)
    return found
