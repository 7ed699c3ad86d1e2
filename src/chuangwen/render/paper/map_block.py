"""A map in its frame: scene, neat line, north arrow, scale bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.progress import Progress
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import draw
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import Block
from chuangwen.render.scene import Scene, build
from chuangwen.render.symbols import counted
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MapPart

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Atlas, Page

_PRINT_DOTS = 600 / 25.4
_NORTH = 9.0  # mm
_BAR_SHARE = 0.32  # of the frame's width

Content = Callable[[], list[LayerContent]]


class MapBlock(Block):
    """The ground of `part` in a frame of `place`'s size; `content` is asked once, when the map is first needed. `text` mm, of the scale bar.

    `bar`, `north`: whether the scale bar and the arrow stand in the frame.
    """

    def __init__(self, atlas: Atlas, part: MapPart, place: Rect, content: Content, text: float, *, bar: bool = True, north: bool = True) -> None:
        style = atlas.style
        self._content, self._text, self._bar, self._north = content, text, bar, north
        self._scene: Scene | None = None
        self.view = MapView(part.centre, part.denominator, place.width, place.height, _PRINT_DOTS, style.mono, halo=style.halo)

    @cached_property
    def content(self) -> list[LayerContent]:
        """What it shows."""
        return self._content()

    @property
    def scene(self) -> Scene:
        """The map, thought out once: preview and paper draw the same."""
        if self._scene is None:
            self._scene = build(self.content, self.view)
        return self._scene

    def prepare(self, progress: Progress) -> None:
        """Think the map out, if that is still to be done. Raises `Cancelled` when `progress` is asked to stop."""
        if self._scene is None:
            self._scene = build(self.content, self.view, progress)

    def forget(self) -> None:
        """Let go of what was thought out."""
        self._scene = None

    @cached_property
    def counts(self) -> Mapping[tuple[str, int], int]:
        """(layer id, number of the symbol) → features inside, for the legend; without thinking out the labels."""
        return {(one.layer.id, number): count for one in self.content if one.is_drawn(self.view) for number, count in counted(one, self.view).items()}

    def height(self, width: float) -> float:
        return self.view.height

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        painter.save()
        painter.translate(place.x, place.y)
        draw(painter, self.scene, self.view)
        painter.restore()
        furniture.neat_line(painter, place)
        if self._north:
            furniture.north_arrow(painter, place.right - 2.0, place.y + 2.0, _NORTH)
        if self._bar:
            furniture.scale_bar(painter, self.view, place.x + 2.0, place.bottom - 2.0, place.width * _BAR_SHARE, self._text)
