"""Boundary what-if: the mesh over ten thousand zones, and one step of a drag with everything that is told of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.responsibility import _CORNER, _SIDE, _district
from benchmarks.table import Row, median_of, seconds_of

_ISSUES, _STEPS, _ZONE = 20_000, 40, 5_050


def what_if() -> list[Row]:
    """Opening the tool, and the median and worst step of a vertex dragged to and fro."""
    import time

    from chuangwen.services.what_if import WhatIf

    view = _with_issues()
    made: list[WhatIf] = []
    ready = seconds_of(lambda: made.append(WhatIf(view)))
    tool = made[0]
    place = _free_corner(tool)
    handle = tool.nearest(*place, 1.0)
    assert handle is not None
    tool.take(handle)
    steps, moved = [], 0
    for number in range(_STEPS):
        start = time.perf_counter()
        preview = tool.drag(*_step(number))
        steps.append(time.perf_counter() - start)
        assert not preview.refused
        moved = max(moved, preview.total("issue"))
    hover = median_of(lambda: tool.nearest(*place, 20.0))
    return [
        Row("a drag step of a border, 10,000 zones", float(np.median(steps)) * 1000, "≤ 50 ms", None, f"up to {moved} issues change zone", "ms"),
        Row("the worst of 40", max(steps) * 1000, "", None, "", "ms"),
        Row("tool opened (mesh and rules)", ready, ""),
        Row("what lies under the mouse", hover * 1000, "", None, "", "ms"),
    ]


def _step(number: int) -> tuple[float, float]:
    return 8.0 * math.cos(number / 6), 8.0 * math.sin(number / 6)


def _free_corner(tool: Any) -> tuple[float, float]:
    """A vertex that can be led around in a circle."""
    import shapely

    for x, y in shapely.get_coordinates(tool.zones.geometry[_ZONE]).tolist():
        handle = tool.nearest(x, y, 1.0)
        if handle is not None and len(handle.zones) > 1:
            tool.take(handle)
            if not any(tool.drag(*_step(number)).refused for number in range(_STEPS)):
                return x, y
    raise AssertionError("no vertex can be moved by 8 m")


def _with_issues() -> Any:
    """The district with open issues all over."""
    import shapely

    from chuangwen.domain.feature import Features

    view = _district()
    layer = view.layers["issue"]
    rng = np.random.default_rng(3)
    ids = [f"i{number}" for number in range(_ISSUES)]
    columns: dict[str, list[Any]] = {one.name: [None] * _ISSUES for one in layer.fields}
    columns |= {"code": ids, "status": ["in_progress"] * _ISSUES, "category": ["环境类"] * _ISSUES}
    zone = view.features("zone").geometry[_ZONE]
    spots = rng.uniform(_CORNER, np.add(_CORNER, _SIDE), (_ISSUES, 2))
    corners = shapely.get_coordinates(zone)
    spots[:4000] = corners[rng.integers(0, len(corners), 4000)] + rng.uniform(-15, 15, (4000, 2))
    view._empty["issue"] = Features(layer, ids, columns, shapely.points(spots))  # noqa: SLF001
    return view
