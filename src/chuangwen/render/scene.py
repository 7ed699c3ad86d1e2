"""From features to things to draw: which are visible, how they look, where their labels stand. Thought out once, drawn anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.progress import Progress
from chuangwen.render.content import LayerContent
from chuangwen.render.labels import LabelBox, LabelFault, lettering
from chuangwen.render.pick import pick, pick_box
from chuangwen.render.placing import Box
from chuangwen.render.primitives import Item
from chuangwen.render.symbols import area_items, counted, line_items, point_items
from chuangwen.render.view import MapView

__all__ = ["LabelBox", "LabelFault", "LayerContent", "Scene", "build", "pick", "pick_box"]


@dataclass(frozen=True)
class Scene:
    """What `draw.draw` paints, immutable: `items` in drawing order, lettering last.

    `counts`: (layer id, number of the symbol in `Layer.symbols`, then of the badge) → features at least partly inside the frame, pale neighbours left out.
    `labels`: where each label stands. `unplaced`: those that found no place, `crowded`: those that had to be written across another.

    What counts as unplaced: every point in the frame whose label is not written, also a number that is wider than the frame; every zone whose
    middle (of its largest circle) lies in the frame; a name of lines (road, section) that stands nowhere on the sheet, once, if the middle of its
    longest stretch lies in the frame; a name of water, green or buildings likewise. What does not count: repetitions of a name that stands on the sheet,
    what only reaches into the frame, pale neighbours, layers whose labels are switched off or not written at this scale, and what is smaller than a
    character on base layers and on screens with so many features that `MapView.min_feature` is set. A number in a bracket (`LabelBox.members`) is placed.
    """

    view: MapView
    items: tuple[Item, ...]
    counts: Mapping[tuple[str, int], int]
    labels: tuple[LabelBox, ...]
    unplaced: tuple[LabelFault, ...] = ()
    crowded: tuple[LabelFault, ...] = ()


def build(
    content: Sequence[LayerContent],
    view: MapView,
    progress: Progress | None = None,
    reserved: Sequence[Box] = (),
    between: Sequence[tuple[int, list[Item]]] = (),
) -> Scene:
    """The scene of `content` in `view`; layers lie by their order, those of equal order as given. `reserved`: boxes in mm of the frame where no label may stand
    (scale bar, north arrow). `between`: (order, things to draw that are no features), beneath the layers of that order.

    May run on a worker; needs a QGuiApplication and `fonts.load()`. Raises `Cancelled` when `progress` is asked to stop.
    """
    progress = progress or Progress()
    drawn = [one for one in content if one.is_drawn(view)]
    strata: list[tuple[int, list[Item]]] = list(between)
    counts: dict[tuple[str, int], int] = {}
    for number, one in enumerate(drawn):
        progress.at(number, len(drawn) + 1, one.layer.title)
        washes, areas = area_items(one, view)
        if washes and one.layer.palette:
            strata.append((min(one.layer.palette.order, one.layer.order), washes))
        strata.append((one.layer.order, [*areas, *line_items(one, view), *point_items(one, view)]))
        counts.update({(one.layer.id, kind): count for kind, count in counted(one, view).items()})
    progress.at(len(drawn), len(drawn) + 1)
    text = lettering(drawn, view, progress, reserved)
    strata.sort(key=lambda stratum: stratum[0])  # stable: layers of one order stay as given
    return Scene(view, (*(item for _order, items in strata for item in items), *text.items), counts, text.boxes, text.unplaced, text.crowded)
