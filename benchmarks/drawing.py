"""Drawing 100,000 areas and 20,000 points by status, 1920 × 1080."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.scale import content, qgis
from benchmarks.table import Row, median_of

WIDTH, HEIGHT = 1920, 1080
_WIDE_M = {"whole": None, "district": 38_400.0, "zone": 6_400.0, "street": 960.0}
_SAYS = {"whole": "≤ 1/3 QGIS", "district": "≤ QGIS", "zone": "≤ QGIS", "street": "≤ QGIS, ≤ 20 ms"}
_SMALLEST = 1.0  # mm: what the canvas asks for when a layer has very many areas


def drawing() -> list[Row]:
    """One row a scale: a scene made from prepared geometry and painted on an image, as the canvas does for a sharp frame."""
    from chuangwen.domain.geo import Extent
    from chuangwen.render.draw import image_of
    from chuangwen.render.headless import start
    from chuangwen.render.scene import build
    from chuangwen.render.view import SCREEN_DOTS_PER_MM, MapView

    start()
    layers = content()
    if not layers:
        return []
    whole = Extent(*(float(limit) for limit in (*layers[0].features.bounds[:, :2].min(axis=0), *layers[0].features.bounds[:, 2:].max(axis=0))))
    rows = []
    for name, wide in _WIDE_M.items():
        x, y = whole.centre
        extent = whole if wide is None else Extent(x - wide / 2, y - wide * 9 / 32, x + wide / 2, y + wide * 9 / 32)
        view = MapView.showing(extent, WIDTH / SCREEN_DOTS_PER_MM, HEIGHT / SCREEN_DOTS_PER_MM, margin=0.0)
        for smallest in (_SMALLEST, 0.0) if name == "whole" else (_SMALLEST,):
            asked = replace(view, min_feature=smallest)

            def frame(asked: MapView = asked) -> object:
                return image_of(build(layers, asked), asked)

            note = "every outline exact" if smallest == 0 else ""
            rows.append(Row(f"draw {name}" + (", no dots" if note else ""), median_of(frame, 5), _SAYS[name], qgis().get(f"draw_{name}"), note))
    return rows


def panning() -> list[Row]:
    """The next frame while dragging: the cached picture painted at another place."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QImage, QPainter

    from chuangwen.render.headless import start

    start()
    picture, window = (QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32) for _ in range(2))
    picture.fill(0xFFFFFF)

    def pan() -> None:
        painter = QPainter(window)
        painter.fillRect(window.rect(), 0xFFFFFF)
        painter.drawImage(QPoint(37, 21), picture)
        painter.end()

    def zoom() -> None:
        painter = QPainter(window)
        painter.fillRect(window.rect(), 0xFFFFFF)
        painter.scale(1.25, 1.25)
        painter.drawImage(QPoint(-200, -100), picture)
        painter.end()

    return [Row("pan, cached picture", median_of(pan, 20), "≤ 16 ms", None, ""), Row("wheel zoom, cached picture", median_of(zoom, 20), "≤ 16 ms", None, "")]
