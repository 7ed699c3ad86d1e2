"""Placing labels."""

from __future__ import annotations

import numpy as np

from benchmarks.table import Row, median_of


def lettering() -> list[Row]:
    """3,000 named points wanted in a frame of 500 × 280 mm: as many labels as there is room for."""
    from shapely import points

    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Field, Label, Layer, Symbol
    from chuangwen.render.geometry import flatten
    from chuangwen.render.headless import start
    from chuangwen.render.scene import LayerContent, build
    from chuangwen.render.view import MapView

    start()
    count = 3_000
    layer = Layer("site", "site", geometry="point", fields=(Field("name", "text", "name"),), symbols=(Symbol(size=2.0),), label=Label("{name}", size=2.5))
    places = np.random.default_rng(1).uniform((-2_500, -1_400), (2_500, 1_400), (count, 2))
    features = Features(layer, [str(n) for n in range(count)], {"name": [f"第{n}社区" for n in range(count)]}, points(places))
    content = [LayerContent(features, flatten(features))]
    view = MapView((0.0, 0.0), 10_000, 500, 280, halo="none")
    placed = len(build(content, view).labels)
    return [Row("place labels of 3,000 points", median_of(lambda: build(content, view)), "≤ 0.1 s a thousand", None, f"{placed} placed")]
