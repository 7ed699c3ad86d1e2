"""Looks at the maps of a run: numbers and names that found no place, subjects not shown whole, colours that a printer turns into pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from PySide6.QtGui import QColor
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.layer import Layers
from chuangwen.render.labels import LabelFault
from chuangwen.render.paper.findings import Finding, key, on_page, some, subject_of, where
from chuangwen.render.paper.page import Page
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Stamps
from chuangwen.render.scene import Scene
from chuangwen.services.paper.defects import ERROR, NOTE, WARNING, called
from chuangwen.text import _

_SEEN = 0.5  # metres: that much outside a frame is rounding

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is remembered of a page's maps: they themselves are let go of in a long run."""

    page: Page
    written: frozenset[Key]
    crowded: tuple[LabelFault, ...]
    unplaced: tuple[LabelFault, ...]
    frames: tuple[BaseGeometry, ...]


class MapCheck:
    """Asked page by page; the sheets of one subject are judged together, at the end."""

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._seen: list[_Seen] = []

    def of(self, page: Page, printer: bool) -> Iterator[Finding]:
        """What is wrong on this page alone."""
        blocks = [block for _place, block in page.map_blocks]
        scenes = [block.scenes for block in blocks]
        written = {(label.layer, row_id) for group in scenes for scene in group for label in scene.labels for row_id in (label.members or (label.id,))}
        crowded = tuple(fault for group in scenes for fault in _crowded(group))
        unplaced = tuple(fault for group in scenes for fault in group[0].unplaced)
        self._seen.append(_Seen(page, frozenset(written), crowded, unplaced, tuple(block.view.frame for block in blocks)))
        if printer and (any(_glassy(scene) for group in scenes for scene in group) or any(block.view.halo == "marker" for block in blocks)):
            words = _("{where}用了半透明颜色，打印机会把整页变成图片，又慢又糊：请把图层颜色改成不透明，或先存 PDF 再打印。").format(where=where(page))
            yield on_page(WARNING, "alpha", words, page)

    def summed(self) -> Iterator[Finding]:
        """What is wrong with the maps of each subject, then of the base map."""
        together: dict[tuple[str, Key | None], list[_Seen]] = {}
        for seen in self._seen:
            together.setdefault((seen.page.sheet.code, subject_of(seen.page.sheet)), []).append(seen)
        for group in together.values():
            if any(seen.frames for seen in group):
                yield from _missing(group)
                yield from _cut_off(group)
        for seen in self._seen:
            yield from self._names(seen)
        yield from self._base()

    def _names(self, seen: _Seen) -> Iterator[Finding]:
        page, own = seen.page, subject_of(seen.page.sheet)
        if seen.crowded:
            words = _("{where}的图上太挤，{texts} 与别的字重叠：请换更大的纸或比例尺，或在预览里把它移开。").format(
                where=where(page), texts=some([one.text for one in seen.crowded])
            )
            yield on_page(WARNING, "crowded", words, page, self._known(seen.crowded[0]))
        others = []
        for fault in seen.unplaced:
            if (fault.layer, fault.id) == own:
                words = _("{where}的图上写不下它自己的名字“{text}”：请换更大的纸或比例尺。").format(where=where(page), text=fault.text)
                yield on_page(WARNING, "unplaced", words, page, own)
            elif not self._is_base(fault) and (fault.layer, fault.id) not in seen.written:
                others.append(fault)
        if others:
            words = _("{where}的图上有 {count} 个名称写不下：{texts}。").format(where=where(page), count=len(others), texts=some([one.text for one in others]))
            yield on_page(NOTE, "unplaced", words, page, self._known(others[0]))

    def _is_base(self, fault: LabelFault) -> bool:
        """Of the base map, whose names matter less; layers made for a sheet alone (街道界, page outlines) are not."""
        return fault.layer in self._layers and self._layers[fault.layer].kind != "subject"

    def _known(self, fault: LabelFault) -> Key | None:
        return (fault.layer, fault.id) if fault.layer in self._layers else None

    def _base(self) -> Iterator[Finding]:
        found = {(fault.layer, fault.text): (seen.page, fault) for seen in reversed(self._seen) for fault in reversed(seen.unplaced) if self._is_base(fault)}
        if found:
            page, fault = list(found.values())[-1]
            words = _("底图上有 {count} 个路名、楼名等写不下：{texts}。").format(count=len(found), texts=some([text for _layer, text in reversed(found)]))
            yield on_page(NOTE, "unplaced", words, page, (fault.layer, fault.id))


def _crowded(group: Sequence[Scene]) -> Iterator[LabelFault]:
    """Of a map and its insets: what is written across another label and nowhere clearly."""
    covered = [{(one.layer, one.id) for one in scene.crowded} for scene in group]
    clear = {(label.layer, label.id) for scene, bad in zip(group, covered, strict=True) for label in scene.labels if (label.layer, label.id) not in bad}
    yield from (fault for scene in group for fault in scene.crowded if (fault.layer, fault.id) not in clear)


def _missing(group: Sequence[_Seen]) -> Iterator[Finding]:
    """Numbers of the tables that are on none of the maps."""
    written = frozenset[Key]().union(*(seen.written for seen in group))
    told: set[Key] = set()
    for seen in group:
        for rows in seen.page.sheet.rows.values():
            for row in rows:
                if row.number and key(row.feature) not in written | told:
                    told.add(key(row.feature))
                    words = _("{where}的表里有 {number}（{code}），图上没有：请换更大的纸或比例尺。").format(
                        where=where(seen.page), number=row.number, code=called(row.feature)
                    )
                    yield on_page(ERROR, "number_missing", words, seen.page, key(row.feature))


def _cut_off(group: Sequence[_Seen]) -> Iterator[Finding]:
    """A subject that its maps do not show whole."""
    page = group[0].page
    subject = page.sheet.subject
    if subject is None or subject.geometry is None or subject.geometry.is_empty:
        return
    seen = shapely.union_all([frame for one in group for frame in one.frames]).buffer(_SEEN)
    if not seen.covers(subject.geometry):
        words = _("{where}的地图没有把 {code} 画全：请改用更小的比例尺（更大的数）或更大的纸，或在预览里恢复图幅位置。").format(
            where=where(page), code=called(subject)
        )
        yield on_page(WARNING, "cut_off", words, page, key(subject))


def _glassy(scene: Scene) -> bool:
    """Whether something is half-transparent: a Windows printer driver turns the page into a picture (facts.md 5)."""
    return any(QColor(colour).alpha() not in (0, 255) for colour in {colour for item in scene.items for colour in _colours(item) if colour})


def _colours(item: Item) -> tuple[str, ...]:
    if isinstance(item, Shapes):
        return item.fill, _pen(item.pen)
    if isinstance(item, Stamps):
        return item.mark.fill, _pen(item.mark.pen), item.mark.glyph_colour
    return (item.colour,) if isinstance(item, Dots) else (item.colour, item.halo)


def _pen(pen: Pen | None) -> str:
    return pen.colour if pen is not None else ""
