"""What was changed on a sheet by hand: scale, place, the way it is turned, labels, layers. Kept for each sheet in the project, whatever is imported later."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from chuangwen.errors import UserError
from chuangwen.services.paper.sheet import MapPart, Sheet
from chuangwen.store.base import SheetKey, Store
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

SCALES = (100.0, 1_000_000.0)
"""The N of 1:N that a sheet may be given by hand."""
_FARTHEST = 200_000.0  # metres: a map dragged farther is lost
_Some = TypeVar("_Some", bound=Sheet)


@dataclass(frozen=True, slots=True)
class Handwork:
    """`denominator`: the N of 1:N, None as planned. `shift`: of the map's middle, metres east and north. `landscape`: how the paper is turned, None as
    planned. `labels`: (layer, feature id) → where the label was moved to, mm as in `LayerContent.pinned`. `hidden`: layers that are not drawn.
    """

    denominator: float | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    landscape: bool | None = None
    labels: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything was changed."""
        return self != Handwork()

    def checked(self) -> Handwork:
        """Itself. Raises `UserError` for a scale or a place that cannot be."""
        if self.denominator is not None and not SCALES[0] <= self.denominator <= SCALES[1]:
            raise UserError(_("比例尺 1:{scale} 不能用。").format(scale=f"{self.denominator:.0f}"), hint=_("请用 100 到 1000000 之间的数。"))
        if not math.hypot(*self.shift) <= _FARTHEST or not all(math.hypot(*place) < 1e6 for place in self.labels.values()):
            raise UserError(_("地图移得太远，没有保存。"), hint=_("请把地图拖回图幅附近。"))
        return self

    def dragged(self, dx: float, dy: float, part: MapPart) -> Handwork:
        """After the map in the frame was dragged by so many mm (y down); `part` as it is shown now."""
        turn, metres = math.radians(part.rotation), part.denominator / 1000
        east = (-dx * math.cos(turn) - dy * math.sin(turn)) * metres
        north = (dy * math.cos(turn) - dx * math.sin(turn)) * metres
        return replace(self, shift=(round(self.shift[0] + east, 3), round(self.shift[1] + north, 3)))

    def labelled(self, layer: str, row_id: str, place: tuple[float, float] | None) -> Handwork:
        """After a label was moved; None: back to where the program puts it."""
        labels = {key: value for key, value in self.labels.items() if key != (layer, row_id)}
        return replace(self, labels=labels if place is None else labels | {(layer, row_id): place})

    def placed(self, part: MapPart) -> MapPart:
        """A map part at the scale and place that were chosen by hand."""
        centre = (part.centre[0] + self.shift[0], part.centre[1] + self.shift[1])
        return replace(part, centre=centre, denominator=self.denominator or part.denominator)


def apply(sheet: _Some, hand: Handwork) -> _Some:
    """The sheet as it was changed by hand: its first map, the way it is turned, its labels and layers."""
    if not hand:
        return sheet
    pinned: dict[str, dict[str, tuple[float, float]]] = {}
    for (layer, row_id), place in hand.labels.items():
        pinned.setdefault(layer, {})[row_id] = place
    maps = (hand.placed(sheet.maps[0]), *sheet.maps[1:]) if sheet.maps else ()
    landscape = sheet.landscape if hand.landscape is None or hand.landscape not in sheet.ways else hand.landscape
    return replace(sheet, maps=maps, landscape=landscape, hidden=sheet.hidden | hand.hidden, pinned=pinned)


def key_of(sheet: Sheet) -> SheetKey:
    """By what a sheet is known for good: product, the subject's id, part."""
    return SheetKey(sheet.product, sheet.subject.id if sheet.subject is not None else sheet.code, sheet.part)


def of_project(project: Project) -> dict[SheetKey, Handwork]:
    """All that was changed by hand in a project."""
    return {key: read(content) for key, content in project.store.handwork().items()}


def keep(store: Store, key: SheetKey, hand: Handwork) -> None:
    """Write it to the project, at once; nothing changed forgets the sheet. Raises `UserError` for what cannot be, `FileProblem` where the disk will not."""
    store.keep_handwork(key, written(hand.checked()) if hand else "")


def written(hand: Handwork) -> str:
    """As JSON: only what was changed, in one order."""
    said: dict[str, object] = {}
    if hand.denominator is not None:
        said["scale"] = hand.denominator
    if hand.shift != (0.0, 0.0):
        said["shift"] = hand.shift
    if hand.landscape is not None:
        said["landscape"] = hand.landscape
    if hand.labels:
        said["labels"] = [[*key, *place] for key, place in sorted(hand.labels.items())]
    if hand.hidden:
        said["hidden"] = sorted(hand.hidden)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def read(content: str) -> Handwork:
    """From JSON. What a newer program wrote besides is left out; what is damaged counts as nothing: a sheet prints as planned."""
    try:
        said = json.loads(content)
        landscape, scale = said.get("landscape"), said.get("scale")
        hand = Handwork(
            None if scale is None else float(scale),
            (float(said.get("shift", (0, 0))[0]), float(said.get("shift", (0, 0))[1])),
            None if landscape is None else bool(landscape),
            {(str(layer), str(row_id)): (float(dx), float(dy)) for layer, row_id, dx, dy in said.get("labels", ())},
            frozenset(map(str, said.get("hidden", ()))),
        )
        return hand.checked()
    except (ValueError, TypeError, AttributeError, IndexError, UserError):
        return Handwork()
