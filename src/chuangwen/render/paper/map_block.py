"""A map in its frame: scene, neat line, north arrow, scale bar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from chuangwen.progress import Progress
from chuangwen.render import fonts
from chuangwen.render.content import LayerContent
from chuangwen.render.draw import draw
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.overlay import Overlay
from chuangwen.render.primitives import Item
from chuangwen.render.scene import Scene, build
from chuangwen.render.symbols import counted
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import MapPart

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Atlas, Page

_PRINT_DOTS = 600 / 25.4
_NORTH = 9.0  # mm
_INSET = 2.0  # mm from the frame to the arrow and the bar
_LEAST_TEXT = 6 / 72 * 25.4  # mm: six points
_BAR_SHARE = 0.32  # of the frame's width

Content = Callable[[], list[LayerContent]]


class MapBlock(Block):
    """The ground of `part` in a frame of `place`'s size; `content` is asked once, when the map is first needed. `text` mm, of the scale bar.

    `bar`, `north`: whether the scale bar and the arrow stand in the frame; `overlays` are drawn over it. `reserved`: more places, in mm of the frame, that
    labels keep free.
    """

    def __init__(
        self,
        atlas: Atlas,
        part: MapPart,
        place: Rect,
        content: Content,
        text: float,
        *,
        bar: bool = True,
        north: bool = True,
        overlays: Sequence[Overlay] = (),
        reserved: Sequence[Rect] = (),
    ) -> None:
        style = atlas.style
        self._content, self._text, self._bar, self._north = content, text, bar, north
        self._scene: Scene | None = None
        self._known: Scene | None = None
        self._overlays, self._reserved = overlays, reserved
        self._hidden: Collection[str] = ()
        self._pinned: Mapping[str, Mapping[str, tuple[float, float]]] = {}
        self.view = MapView(
            part.centre,
            part.denominator,
            place.width,
            place.height,
            _PRINT_DOTS,
            style.mono,
            halo=style.halo,
            rotation=part.rotation,
            text_floor=_LEAST_TEXT,
        )

    @cached_property
    def content(self) -> list[LayerContent]:
        """What it shows."""
        return [self._by_hand(one) for one in self._content()]

    def change(self, hidden: Collection[str], pinned: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
        """As it was changed by hand (`Sheet.hidden`, `Sheet.pinned`); before it is first looked at. Labels of an inset stay where the program puts them."""
        self._hidden, self._pinned = hidden, pinned
        for overlay in self._overlays:
            for inset in overlay.maps:
                inset.change(hidden, {})

    def _by_hand(self, one: LayerContent) -> LayerContent:
        layer = one.features.layer.id
        if layer not in self._hidden and layer not in self._pinned:
            return one
        return replace(one, visible=one.visible and layer not in self._hidden, pinned={**one.pinned, **self._pinned.get(layer, {})})

    @property
    def scene(self) -> Scene:
        """The map, thought out once: preview and paper draw the same."""
        self.prepare(Progress())
        assert self._scene is not None
        return self._scene

    def prepare(self, progress: Progress) -> None:
        """Think the map and its insets out, if that is still to be done. Raises `Cancelled` when `progress` is asked to stop."""
        if self._scene is None:
            self._scene = build(self.content, self.view, progress, [(one.x, one.y, one.right, one.bottom) for one in self.covered], self.between)
        for inset in self.insets:
            inset.prepare(progress)

    @property
    def between(self) -> Sequence[tuple[int, list[Item]]]:
        """(order, what is drawn among the layers and is no feature)."""
        return ()

    def forget(self) -> None:
        """Let go of what is drawn, here and in its insets; where the labels stand is still known."""
        if self._scene is not None:
            self._known = replace(self._scene, items=())
            self._scene = None
        self.__dict__.pop("content", None)
        for inset in self.insets:
            inset.forget()

    def recall(self, known: Iterator[Scene]) -> None:
        """Know of this map and its insets what another process found out of them (its `scenes`)."""
        self._known = next(known)
        for inset in self.insets:
            inset.recall(known)

    @property
    def is_known(self) -> bool:
        """Whether it was thought out before, here or in another process."""
        return self._scene is not None or self._known is not None

    @property
    def insets(self) -> list[MapBlock]:
        """Maps in the map."""
        return [inset for overlay in self._overlays for inset in overlay.maps]

    @cached_property
    def counts(self) -> Mapping[tuple[str, int], int]:
        """(layer id, number of the symbol) → features inside, for the legend; without thinking out the labels."""
        return {(one.layer.id, number): count for one in self.content if one.is_drawn(self.view) for number, count in counted(one, self.view).items()}

    @property
    def scenes(self) -> list[Scene]:
        """Its own scene and those of its insets; without what is drawn where that was let go of."""
        own = self._known if self._scene is None and self._known is not None else self.scene
        return [own, *(scene for inset in self.insets for scene in inset.scenes)]

    @property
    def covered(self) -> list[Rect]:
        """What lies over the map and no label may stand under, mm of the frame."""
        return [*self._furniture, *(box for _overlay, _before, boxes in self._over for box in boxes)]

    @cached_property
    def _furniture(self) -> list[Rect]:
        found = list(self._reserved)
        if self._north:
            found.append(furniture.north_place(self.view.width - _INSET, _INSET, _NORTH, self.view.rotation))
        if self._bar:
            found.append(furniture.bar_place(self.view, _INSET, self.view.height - _INSET, self.view.width * _BAR_SHARE, self._text))
        return found

    @cached_property
    def _over(self) -> list[tuple[Overlay, list[Rect], list[Rect]]]:
        """Each overlay, what was taken before it, and what it takes."""
        found = []
        taken = list(self._furniture)
        for overlay in self._overlays:
            boxes = overlay.boxes(self.view, taken)
            found.append((overlay, list(taken), boxes))
            taken += boxes
        return found

    def height(self, width: float) -> float:
        return self.view.height

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        painter.save()
        painter.translate(place.x, place.y)
        if not fonts.is_heard():
            draw(painter, self.scene, self.view)
        for overlay, taken, _boxes in self._over:
            overlay.draw(painter, self.view, taken, page)
        painter.restore()
        furniture.neat_line(painter, place)
        if self._north:
            furniture.north_arrow(painter, place.right - _INSET, place.y + _INSET, _NORTH, self.view.rotation)
        if self._bar:
            furniture.scale_bar(painter, self.view, place.x + _INSET, place.bottom - _INSET, place.width * _BAR_SHARE, self._text)
