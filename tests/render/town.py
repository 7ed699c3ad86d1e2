"""A small town on paper: three zones in a row, a road that bends, sites and issues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.services.project import Project

X, Y = 437_000.0, 3_093_000.0
CODES = ("A-1", "A-2", "B-3")


def row(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    full = {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry}
    return Change(layer, edits.new_id(), None, full)  # type: ignore[arg-type]


@contextmanager
def town(path: Path, issues: int = 6) -> Iterator[Project]:
    """The project, open. `issues`: in the first zone."""
    project = Project.create(path, Campaign("试验区", office="试验区创建办"), 4548, "甲")
    turn = np.linspace(np.pi, np.pi / 2, 40)
    bend = LineString(np.stack([X + 1000 + 800 * np.cos(turn), Y - 200 + 800 * np.sin(turn)], axis=1))
    rows = [
        row("zone", "A-1", box(X, Y, X + 1000, Y + 800), name="东街第1网格", street="东街", community="河边社区", responsible_unit="区住建局", chief="某某01"),
        row("zone", "A-2", box(X + 1000, Y, X + 1600, Y + 1200), name="东街第2网格", street="东街"),
        row("zone", "B-3", box(X + 1600, Y, X + 3000, Y + 500), name="西街长青门网格", street="西街"),
        row("road", "1", bend, name="人民路"),
        row("road", "2", LineString([(X + 100, Y + 100), (X + 900, Y + 450)]), name="斜坡街"),
        row("road", "3", LineString([(X + 950, Y + 20), (X + 930, Y + 780)]), name="南北大道"),
        row("site", "001", Point(X + 100, Y + 700), name="=人民广场", category="square", responsible_unit="区住建局"),
        row("site", "002", Point(X + 1200, Y + 100), name="第一小学", category="school"),
    ]
    rows += [
        row("issue", f"2024-{n:03d}", Point(X + 30 + 11 * n, Y + 760 - 3 * n), name="坑", description=f"路面破损{n}处，影响通行", status="in_progress")
        for n in range(issues)
    ]
    project.apply(Edit("数据", tuple(rows)))
    try:
        yield project
    finally:
        project.close()
