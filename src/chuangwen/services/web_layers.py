"""One layer of a project as a page shows it: the rows and fields a reader sees, in the looks and words of the layer's declaration."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.audience import disclosed
from chuangwen.domain.classes import badge_title, classify, symbol_title
from chuangwen.domain.derived import badges
from chuangwen.domain.geo import GEOGRAPHIC
from chuangwen.domain.layer import Symbol
from chuangwen.domain.values import plain
from chuangwen.exchange.source_crs import project_crs
from chuangwen.exchange.web.content import LONG, PHONE, STATE, TEXT, WebClass, WebColumn, WebLayer
from chuangwen.services.paper.colouring import paint_by_value
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from chuangwen.domain.audience import Audience
    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Badge, Field, Layer
    from chuangwen.services.project import Project
    from chuangwen.services.web_subject import Subject

_BRIEF = 6
_FIELD = re.compile(r"\{(\w+)\}")
_PLAIN = Symbol(fill="#e0e0e0", stroke="#606060")


def web_layer(project: Project, audience: Audience, layer: Layer, mask: NDArray[np.bool_]) -> tuple[WebLayer | None, list[str], int]:
    """The features of `mask` as a page shows them, their codes, and how many have no place on the map: they can be found and ticked, their shape is empty;
    where places are coarse they are left out.

    None where nothing is left. Points may stand in the middle of a square, lines and areas be rounded: as exact as the audience may know.
    """
    features = project.features(layer.id).take(mask)
    lost = int((~features.located).sum())
    seen = disclosed(features, audience)
    if audience.grid_m:  # nor what is smaller than a square of the reader's grid
        there = seen.located
        seen, features = seen.take(there), features.take(there)
    if not len(seen):
        return None, [], lost
    kinds, classes = _classes(project, seen)  # of what is seen: a colour tells as much as a word
    used = np.unique(classes)
    columns = _in_order(seen.layer, layer)
    codes = [plain(code) for code in features.column("code")]
    names = [plain(name) for name in seen.column("name")]
    shown = [list(map(one.show, seen.column(one.name))) for one in columns]
    made = WebLayer(
        id=layer.id,
        title=layer.title,
        geometry=_geometry(layer, seen),
        kinds=tuple(kinds[number] for number in used.tolist()),
        columns=tuple(WebColumn(one.title, _kind(one)) for one in columns),
        ids=seen.ids if audience.persons else [str(number) for number in range(1, len(seen) + 1)],
        shapes=list(in_degrees(seen.geometry, project.epsg)),
        classes=np.searchsorted(used, classes).tolist(),
        titles=[name or code for name, code in zip(names, map(plain, seen.column("code")), strict=True)],
        values=list(zip(*shown, strict=True)) if shown else [()] * len(seen),
        keys=_keys(seen, layer),
        label=layer.label,
        labels=_labels(seen, layer),
        brief=_BRIEF,
        visible=layer.visible,
        is_ticked=layer.id in audience.ticks,
        order=layer.order,
    )
    return made, codes, lost


def context_layer(project: Project, audience: Audience, layer: Layer, subject: Subject, frame: tuple[float, float, float, float] | None) -> WebLayer | None:
    """A base layer to be drawn beneath, cut to `frame` (metres; None: whole): names of roads and water are all that is said of it."""
    features = project.features(layer.id)
    features = features.take(features.located & subject.rows(features))
    if frame is not None and len(features):
        features = features.take(shapely.intersects(shapely.box(*frame), features.geometry))
        cut = shapely.clip_by_rect(features.geometry, *frame)
        features = _reshaped(features, np.asarray(cut, dtype=object))
        features = features.take(features.located)
    seen = disclosed(features, audience)
    seen = seen.take(seen.located)
    if not len(seen):
        return None
    kinds, classes = _classes(project, seen)
    used = np.unique(classes)
    return WebLayer(
        id=layer.id,
        title=layer.title,
        geometry=_geometry(layer, seen),
        kinds=tuple(kinds[number] for number in used.tolist()),
        columns=(),
        ids=[str(number) for number in range(1, len(seen) + 1)],
        shapes=list(in_degrees(seen.geometry, project.epsg)),
        classes=np.searchsorted(used, classes).tolist(),
        titles=[plain(name) for name in seen.column("name")],
        values=[()] * len(seen),
        label=layer.label,
        labels=_labels(seen, layer),
        visible=layer.visible,
        is_context=True,
        order=layer.order,
    )


def in_degrees(shapes: NDArray[np.object_], epsg: int) -> NDArray[np.object_]:
    """(n,) shapes of the project's metres in longitude and latitude; an empty point where there is none."""
    source = project_crs(epsg)
    found = np.asarray(shapely.transform(shapes, lambda points: source.to(points, GEOGRAPHIC)), dtype=object)
    found[shapely.is_missing(found)] = shapely.Point()
    return found


def _reshaped(features: Features, geometry: NDArray[np.object_]) -> Features:
    from chuangwen.domain.feature import Features as Made

    return Made(features.layer, features.ids, features.columns, geometry)


def _geometry(layer: Layer, features: Features) -> str:
    """The kind of its shapes: what the layer declares, else (an overlay of any kind) what most of them are."""
    if layer.geometry in ("point", "line", "polygon"):
        return layer.geometry
    counts = np.bincount(shapely.get_dimensions(features.geometry[features.located]), minlength=3)
    return ("point", "line", "polygon")[int(counts.argmax())]


def _classes(project: Project, features: Features) -> tuple[dict[int, WebClass], NDArray[np.int64]]:
    """The looks that there are by number, and the number of each feature's: its symbol, the colour of its layer's palette, its badge (逾期)."""
    layer = features.layer
    symbols = classify(features, layer.symbols)
    areas = shapely.get_dimensions(features.geometry) == 2 if len(features) else np.zeros(0, dtype=bool)
    paints, palette = (
        paint_by_value(features, features.geometry[areas], np.flatnonzero(areas)) if layer.palette is not None else (np.full(len(features), -1), ())
    )
    worn = badges(features, project.campaign.now)
    worn = np.full(len(features), -1) if worn is None else worn
    keys = ((symbols + 1) * (len(palette) + 1) + paints + 1) * (len(layer.badges) + 1) + worn + 1
    found: dict[int, WebClass] = {}
    for key in np.unique(keys).tolist():
        rest, badge = divmod(key, len(layer.badges) + 1)
        symbol, paint = divmod(rest, len(palette) + 1)
        found[key] = _class(layer, symbol - 1, palette[paint - 1] if paint else None, layer.badges[badge - 1] if badge else None)
    return found, keys


def _class(layer: Layer, number: int, paint: tuple[str, str] | None, badge: Badge | None) -> WebClass:
    symbol = layer.symbols[number] if number >= 0 else _PLAIN
    title = symbol_title(layer, symbol)
    if paint is not None:
        symbol = replace(symbol, fill=paint[1])
        title = paint[0] or title
    if badge is not None:
        title = _("{title}（{badge}）").format(title=title, badge=badge_title(layer, badge))
    return WebClass(title, symbol, badge.symbol if badge is not None else None)


def _in_order(seen: Layer, layer: Layer) -> list[Field]:
    """The columns of a pop-up, without the name, which is its title: as the reader's list has them (`Audience.fields`), where it has none first those of the
    table.
    """
    fields = [one for one in seen.fields if one.name != "name"]
    if [one.name for one in fields] != [one.name for one in layer.fields if seen.has(one.name) and one.name != "name"]:
        return fields
    first = {name: at for at, name in enumerate(layer.columns)}
    return sorted(fields, key=lambda one: first.get(one.name, len(first)))


def _kind(one: Field) -> str:
    if one.name == "status":
        return STATE
    if one.name.endswith("phone"):
        return PHONE
    return LONG if one.multiline else TEXT


def _keys(seen: Features, layer: Layer) -> list[str]:
    """What a search looks in besides the title: the layer's own search fields, as far as the reader sees them; no free text, which stands in the pop-up."""
    names = [name for name in dict.fromkeys(("code", *layer.search)) if seen.layer.has(name) and name != "name" and not seen.layer.field(name).multiline]
    columns = [list(map(plain, seen.column(name))) for name in names]
    return [" ".join(word for word in words if word) for words in zip(*columns, strict=True)] if columns else [""] * len(seen)


def _labels(seen: Features, layer: Layer) -> Sequence[str]:
    """What is written at each feature: the layer's template, without what the reader does not see."""
    if layer.label is None:
        return ()
    pieces = _FIELD.split(layer.label.text)
    shown = [list(map(seen.layer.field(name).show, seen.column(name))) if seen.layer.has(name) else [""] * len(seen) for name in pieces[1::2]]
    found = []
    for at in range(len(seen)):
        text = "".join(before + column[at] for before, column in zip(pieces[:-1:2], shown, strict=True)) + pieces[-1]
        found.append(" ".join(text.split()))
    return found
