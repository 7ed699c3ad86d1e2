"""What of a page speaks of which feature: symbols, numbers and names in its maps, rows in its tables."""

from __future__ import annotations

from chuangwen.render.paper.block import Spot
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Page
from chuangwen.render.pick import pick
from chuangwen.render.scene import LabelBox
from chuangwen.services.paper.frames import Rect

_NEAR_MM = 1.2


def holds(place: Rect, x: float, y: float) -> bool:
    """Whether a place of the page (mm) lies in a rectangle."""
    return place.x <= x <= place.right and place.y <= y <= place.bottom


class PageSpots:
    """The spots of one page that is on screen: its maps are thought out by then."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rows = page.spots

    def map_at(self, x: float, y: float) -> tuple[int, Rect, MapBlock] | None:
        """The map under a place of the page: its number on the page, where it stands, and itself."""
        for number, (place, block) in enumerate(self._page.map_blocks):
            if holds(place, x, y):
                return number, place, block
        return None

    def label_at(self, x: float, y: float) -> tuple[Rect, LabelBox] | None:
        """The label under a place of the page, and where its map stands."""
        found = self.map_at(x, y)
        if found is None:
            return None
        _number, place, block = found
        for label in reversed(block.scene.labels):
            if any(box[0] <= x - place.x <= box[2] and box[1] <= y - place.y <= box[3] for box in label.boxes):
                return place, label
        return None

    def feature_at(self, x: float, y: float) -> tuple[str, str] | None:
        """Layer and id of what is spoken of at a place of the page, the smallest first."""
        row = next((spot for spot in self._rows if holds(spot.place, x, y)), None)
        if row is not None:
            return row.layer, row.id
        found = self.map_at(x, y)
        if found is None:
            return None
        label = self.label_at(x, y)
        if label is not None:
            return label[1].layer, label[1].id
        _number, place, block = found
        hits = pick(block.content, block.view, x - place.x, y - place.y, _NEAR_MM)
        kinds = {one.layer.id: one.layer.kind for one in block.content}
        return next((hit for hit in hits if kinds[hit[0]] == "subject"), None)

    def rows_of(self, feature: tuple[str, str]) -> list[Rect]:
        """The rows that speak of a feature."""
        return [spot.place for spot in self._rows if (spot.layer, spot.id) == feature]

    def rows(self) -> list[Spot]:
        """All rows, from top to bottom as they stand on the page."""
        return self._rows


def speaks_of(page: Page, feature: tuple[str, str]) -> bool:
    """Whether a page has a feature on one of its maps or in one of its rows, or is about it."""
    layer, row_id = feature
    subject = page.sheet.subject
    if page.part == 0 and subject is not None and (subject.layer, subject.id) == feature:
        return True
    if any((spot.layer, spot.id) == feature for spot in page.spots):
        return True
    return any(_shows(block, layer, row_id) for _place, block in page.map_blocks)


def _shows(block: MapBlock, layer: str, row_id: str) -> bool:
    import shapely

    for one in block.content:
        if one.layer.id != layer or not one.is_drawn(block.view) or (one.only is not None and row_id not in one.only):
            continue
        feature = one.features.feature(row_id)
        if feature is not None and feature.geometry is not None and shapely.intersects(block.view.frame, feature.geometry):
            return not (one.faded and row_id in one.faded)
    return False
