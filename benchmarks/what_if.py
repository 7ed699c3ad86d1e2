"""A border dragged: ten thousand zones with a million vertices, the step that the hand waits for."""

from __future__ import annotations

import numpy as np

from benchmarks.coverage import zones_of_a_grid
from benchmarks.table import Row, median_of, seconds_of


def what_if() -> list[Row]:
    """Ready for the first touch, taking hold of a vertex, one step of the drag with 20,000 issues and 2,000 sections counted and resolved anew."""
    import shapely

    from chuangwen.domain.feature import Features
    from chuangwen.services.what_if import WhatIf
    from chuangwen.settings import layers_folder
    from chuangwen.store.layer_files import read_layers

    layers, rng = read_layers(layers_folder()), np.random.default_rng(4)
    zones = shapely.set_precision(zones_of_a_grid(), 1e-3, mode="pointwise")
    corner, side = np.array([500_000.0, 3_000_000.0]), 50_000.0

    def table(layer: str, geometry: object, **columns: list[object]) -> Features:
        shapes = np.asarray(geometry, dtype=object)
        codes = [f"{layer[0].upper()}{number:05d}" for number in range(len(shapes))]
        full = {field.name: [None] * len(shapes) for field in layers[layer].fields} | {"code": codes, "name": codes} | columns
        return Features(layers[layer], codes, full, shapes)  # type: ignore[arg-type]

    units = [f"单位{number % 60:02d}" for number in range(len(zones))]
    spots = rng.uniform(corner, corner + side, (20_000, 2))
    spots[:2_000] = rng.uniform(-60, 60, (2_000, 2)) + np.array([525_027, 3_025_007])  # a crowd where the border is dragged
    starts = rng.uniform(corner, corner + side, (2_000, 2))
    starts[:6] = rng.uniform(-200, 200, (6, 2)) + np.array([525_027, 3_025_007])
    lines = shapely.linestrings(np.stack([starts, starts + rng.uniform(-800, 800, starts.shape)], axis=1))
    tables = {
        "zone": table("zone", zones, responsible_unit=list(units)),
        "issue": table("issue", shapely.points(spots), status=["in_progress"] * len(spots)),
        "section": table("section", lines, responsible_unit=list(units[: len(lines)])),
        "unit": table("unit", [None] * 60, name=sorted(set(units))),
    }
    empty = {name: table(name, np.empty(0, dtype=object)) for name in layers if name not in tables}

    class District:
        """A project in memory."""

        def __init__(self) -> None:
            self.layers = layers

        def features(self, layer: str) -> Features:
            """All features of a layer."""
            return tables.get(layer) or empty[layer]

    what = WhatIf(District())
    ready = seconds_of(lambda: WhatIf(District()).nearest(525_000, 3_025_000, 300))
    handle = what.nearest(525_000, 3_025_000, 300)
    assert handle is not None
    take = median_of(lambda: what.take(handle))
    first = seconds_of(lambda: what.drag(20.0, 15.0))
    steps = iter(np.linspace(20, 60, 1000))
    step = median_of(lambda: what.drag(next(steps), 15.0))
    found = what.drag(60.0, 15.0)
    words = f"{found.total('issue')} issues, {len(found.owners)} owners, {sum(one.section_m for one in found.transfers):.0f} m"
    return [
        Row("borders of 10,000 zones ready for the hand", ready * 1000, "", None, "1 M vertices", "ms"),
        Row("a vertex taken", take * 1000, "", None, "", "ms"),
        Row("the first step of a drag (contents read)", first * 1000, "", None, "", "ms"),
        Row("a step of a drag", step * 1000, "≤ 50 ms", None, words, "ms"),
    ]
