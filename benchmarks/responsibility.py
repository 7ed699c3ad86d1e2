"""Who is responsible: a million spots over ten thousand zones, two thousand sections and 132 sites; one spot with every reason."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.table import Row, median_of, seconds_of

_SPOTS, _SECTIONS, _SITES, _SIDE = 1_000_000, 2_000, 132, 50_000.0
_CORNER = (500_000.0, 3_000_000.0)


def responsibility() -> list[Row]:
    """The bulk answer with basis (design.md §8), the reading of the layers before it, and the explanation of one spot."""
    from chuangwen.services.responsibility import Resolver

    view = _district()
    rng = np.random.default_rng(2)
    spots = rng.uniform(_CORNER, np.add(_CORNER, _SIDE), (_SPOTS, 2))
    words = [str(word) for word in rng.choice(["交通类", "环境类", "设施类", "工地类"], _SPOTS)]
    resolver = Resolver(view)
    first = seconds_of(lambda: resolver.units(spots[:1000], words[:1000]))
    found = resolver.units(spots, words)
    assert int((found.unit >= 0).sum()) > 0.99 * _SPOTS
    many = median_of(lambda: resolver.units(spots, words))
    some = spots[:200].tolist()
    one = median_of(lambda: [resolver.explain(x, y, "环境类") for x, y in some]) / len(some)
    bases = "、".join(f"{name} {int((found.basis == number).sum()):,}" for number, name in enumerate(found.bases) if (found.basis == number).any())
    return [
        Row("responsible unit of 1,000,000 spots", many, "≤ 3 s", None, bases),
        Row("the first 1,000 (layers read)", first, ""),
        Row("one spot with every reason", one * 1000, "≤ 5 ms", None, "median of 200", "ms"),
    ]


def _district() -> Any:
    """A project in memory: zones with a hundred corners each, bent sections, sites as points."""
    import shapely

    from benchmarks.coverage import zones_of_a_grid
    from benchmarks.scale import ROOT
    from chuangwen.domain.feature import Features
    from chuangwen.store.layer_files import read_layers

    layers = read_layers(ROOT / "layers")
    rng = np.random.default_rng(1)

    def table(layer: str, shapes: Any, **columns: list[Any]) -> Features:
        count = len(shapes)
        codes = [f"{layer}-{number}" for number in range(count)]
        units: list[Any] = [f"单位{number % 60}" for number in range(count)]
        full: dict[str, list[Any]] = {one.name: [None] * count for one in layers[layer].fields}
        return Features(layers[layer], codes, full | {"code": codes, "name": codes, "responsible_unit": units} | columns, np.asarray(shapes, dtype=object))

    starts = rng.uniform(_CORNER, np.add(_CORNER, _SIDE), (_SECTIONS, 1, 2))
    lines = shapely.linestrings(np.concatenate([starts, starts + rng.uniform(-700, 700, (_SECTIONS, 3, 2))], axis=1))
    sites = shapely.points(rng.uniform(_CORNER, np.add(_CORNER, _SIDE), (_SITES, 2)))
    made = {
        "zone": table("zone", zones_of_a_grid(), kind=["campaign"] * 10_000),
        "section": table("section", lines, side=["both", "both", "left", "right"] * (_SECTIONS // 4), width_m=[24.0] * _SECTIONS),
        "site": table("site", sites, category=["park", "school", "market"] * (_SITES // 3)),
    }

    class District:
        """As `placing.View` has it."""

        def __init__(self) -> None:
            self.layers = layers
            self._empty = {name: Features(layer, [], {}) for name, layer in layers.items()}

        def features(self, layer: str) -> Features:
            """All features of a layer."""
            return made.get(layer, self._empty[layer])

    return District()
