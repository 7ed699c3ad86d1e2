"""All indicators over 100,000 issues, whole and by unit, zone and source; and the daily bulletin of a large project."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import Row, median_of

_ISSUES, _UNITS, _SIDE = 100_000, 60, 20
_ZONE_M = 1000.0
_TODAY = dt.date(2024, 6, 3)


def figures() -> list[Row]:
    """From the features as a project holds them to the ranked table, nothing kept from the run before."""
    from chuangwen.domain.campaign import Campaign
    from chuangwen.services.bulletin import Number, statement
    from chuangwen.services.bulletin_facts import day_facts
    from chuangwen.services.figures import table
    from chuangwen.services.statement import write

    view, campaign = _Made(), Campaign(fixed_today=_TODAY)
    folder = Path(tempfile.mkdtemp(prefix="chuangwen-bench-"))

    def bulletin() -> None:
        made = statement(day_facts(view, campaign, campaign.now, None, None), Number(2024, 1, 1))
        write(made, folder / "b.docx")

    return [
        Row("all indicators, 100,000 issues", median_of(lambda: table(view, campaign, "level")), "≤ 1 s", None, "the whole and by source level"),
        Row("the same by 60 units, ranked", median_of(lambda: table(view, campaign, "unit")), "≤ 1 s", None, ""),
        Row("the same by 400 zones, by place", median_of(lambda: table(view, campaign, "zone")), "", None, ""),
        Row("daily bulletin of them (docx)", median_of(bulletin), "≤ 5 s", None, "no photos"),
    ]


class _Made:
    """A view of made issues in a square of zones."""

    def __init__(self) -> None:
        import shapely

        from chuangwen.domain.feature import Features
        from chuangwen.domain.lifecycle import STATES
        from chuangwen.settings import layers_folder
        from chuangwen.store.layer_files import read_layers

        self.layers = read_layers(layers_folder())
        rng = np.random.default_rng(0)
        units = [f"示范区第{number}局" for number in range(_UNITS)]
        states = list(STATES)
        days = [_TODAY - dt.timedelta(days=number) for number in range(60)]

        def some(of: list[Any]) -> list[Any]:
            return [of[number] for number in rng.integers(0, len(of), _ISSUES)]

        columns: dict[str, list[Any]] = {one.name: [None] * _ISSUES for one in self.layers["issue"].fields}
        columns |= {
            "code": [f"{number:06d}" for number in range(_ISSUES)],
            "status": some(["closed"] * 40 + states),
            "responsible_unit": some(units),
            "source_level": some(["city", "district", "unit"]),
            "category": some(["设施类", "环境类", "秩序类"]),
            **{name: some(days) for name in ("found_at", "due_at", "done_at", "checked_at")},
            "due_time": some(["", "17:30"]),
            "dispatched_at": [dt.datetime(day.year, day.month, day.day, 9) for day in some(days)],
            "return_count": some([None, None, 1, 2]),
            "rework_count": some([None, None, 1]),
        }
        points = shapely.points(rng.uniform(0, _SIDE * _ZONE_M, (_ISSUES, 2)))
        corners = [(x * _ZONE_M, y * _ZONE_M) for x in range(_SIDE) for y in range(_SIDE)]
        zones = np.array([shapely.box(x, y, x + _ZONE_M, y + _ZONE_M) for x, y in corners], dtype=object)
        codes = [f"G{number:03d}" for number in range(len(zones))]
        self._features = {
            "issue": Features(self.layers["issue"], [f"i{number}" for number in range(_ISSUES)], columns, points),
            "zone": Features(self.layers["zone"], codes, {"code": codes, "name": codes, "kind": ["campaign"] * len(codes)}, zones),
            "unit": Features(self.layers["unit"], units, {"code": units, "name": units}),
            "deduction": Features(self.layers["deduction"], [], {}),
        }

    def features(self, layer: str) -> Any:
        """All features of a layer."""
        from chuangwen.domain.feature import Features

        return self._features.get(layer) or Features(self.layers[layer], [], {})
