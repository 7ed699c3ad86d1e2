"""Figures on the map in shades, and the days one by one (issue 5, figures)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from shapely.geometry import box

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Features
from chuangwen.domain.issue_facts import Facts
from chuangwen.services.choropleth import SHADES, can_show, choropleth
from chuangwen.services.figures import table
from chuangwen.services.trend import trend
from tests.build import feature, issue, layers

NOW = dt.datetime(2024, 6, 3, 8, 30)


class View:
    """Three zones side by side and the issues in them."""

    def __init__(self, *issues: Any) -> None:
        zones = [
            feature("zone", f"A-{at}", box(at * 100, 0, at * 100 + 100, 100), kind="campaign", street="文昌街道" if at < 2 else "站前街道") for at in range(3)
        ]
        self.layers = layers()
        self._features = {"zone": columns(zones), "issue": columns(issues), "unit": columns([], "unit")}

    def features(self, layer: str) -> Features:
        """The features of a layer; none where nothing was said."""
        return self._features.get(layer) or columns([], layer)


def columns(rows: Any, layer: str = "") -> Features:
    """Features in columns."""
    rows = list(rows)
    declared = layers()[rows[0].layer if rows else layer]
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [one.geometry for one in rows]
    return Features(declared, [one.id for one in rows], {one.name: [row.get(one.name) for row in rows] for one in declared.fields}, shapes)


def seen(code: str, x: float, status: str, **values: Any) -> Any:
    """An issue in a zone."""
    return issue(code, (x, 50), status=status, responsible_unit="城管局", **values)


@pytest.fixture
def view() -> View:
    """A-0: one of two closed; A-1: all closed; A-2: none at all."""
    return View(seen("1", 10, "closed"), seen("2", 20, "in_progress"), seen("3", 110, "closed"))


def test_zones_are_shaded_by_a_rate_dark_is_bad_and_nothing_is_not_nought(view: View) -> None:
    """50 % is the darkest class, 100 % the lightest, a zone without issues is 无数据; each zone bears its number."""
    found = choropleth(view.features("zone"), table(view, Campaign(fixed_today=NOW.date()), "zone", indicators=["rectification"]), "rectification")
    assert found.features.column("text_of_figure") == ["50.0%", "100.0%", "—"]
    fills = {symbol.when.get("class_of_figure", ("",))[0]: symbol.fill for symbol in found.features.layer.symbols}
    assert [fills.get(name or "", "") for name in found.features.column("class_of_figure")][:2] == [SHADES[-1], SHADES[0]]
    assert found.features.column("class_of_figure")[2] is None
    assert [(shade.words, shade.count) for shade in found.shades if shade.count] == [("低于 60%", 1), ("100%", 1), ("无数据", 1)]
    assert found.title == "整改率（网格，累计）"


def test_counts_have_classes_of_their_own_and_streets_share_a_shade(view: View) -> None:
    """未销号数 by street: both zones of the street look alike; nought is a class; sums need no place."""
    found = choropleth(view.features("zone"), table(view, Campaign(fixed_today=NOW.date()), "street", indicators=["open"]), "open")
    assert found.features.column("text_of_figure")[0] == found.features.column("text_of_figure")[1]
    assert not can_show(table(view, Campaign(fixed_today=NOW.date()), "category", indicators=["open"]))


def test_shades_grow_darker_step_by_step() -> None:
    """So that they are told apart without colours: each is clearly darker than the one before."""
    light = [0.2126 * int(one[1:3], 16) + 0.7152 * int(one[3:5], 16) + 0.0722 * int(one[5:7], 16) for one in SHADES]
    assert all(first - second > 15 for first, second in pairwise(light))


def test_days_add_up_to_todays_rate() -> None:
    """Found and struck off day by day; the last day's rate is the rate of the tile; days before count too."""
    day = dt.date
    rows = [
        seen("1", 10, "closed", found_at=day(2024, 4, 1), checked_at=day(2024, 4, 9)),
        seen("2", 10, "closed", found_at=day(2024, 6, 1), checked_at=day(2024, 6, 2)),
        seen("3", 10, "in_progress", found_at=day(2024, 6, 2)),
        seen("4", 10, "void", found_at=day(2024, 6, 2)),
        seen("5", 10, "closed"),
    ]
    found = trend(Facts(columns(rows), NOW), NOW.date(), 3)
    assert found.days == (day(2024, 6, 1), day(2024, 6, 2), day(2024, 6, 3))
    assert found.found.tolist() == [1, 1, 0]
    assert found.ended.tolist() == [0, 1, 0]
    assert np.allclose(found.rate, [2 / 3, 3 / 4, 3 / 4])
    assert np.isnan(trend(Facts(columns([], "issue"), NOW), NOW.date(), 2).rate).all()
