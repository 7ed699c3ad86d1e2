"""A project in memory for the checks: one line a feature, one line a check."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Layers
from chuangwen.services.checks.check import Result
from chuangwen.services.checks.registry import run
from chuangwen.services.checks.thresholds import Thresholds, thresholds
from tests.build import feature, layers

TODAY = dt.date(2024, 6, 3)
CAMPAIGN = Campaign("示范", "示范区", "示范区创建办", dt.date(2024, 6, 1), dt.date(2024, 6, 24), TODAY)


class Plan:
    """A `View` that holds the features it is given."""

    def __init__(self, *features: Feature, campaign: Campaign = CAMPAIGN, limits: Thresholds | None = None) -> None:
        self.all = list(features)
        self.campaign = campaign
        self.limits = limits or thresholds()

    @property
    def layers(self) -> Layers:
        """The shipped layers."""
        return layers()

    def features(self, layer: str) -> Features:
        """The features of a layer in columns."""
        mine = [one for one in self.all if one.layer == layer]
        geometry = np.empty(len(mine), dtype=object)
        geometry[:] = [one.geometry for one in mine]
        names = [one.name for one in layers()[layer].fields]
        return Features(layers()[layer], [one.id for one in mine], {name: [one.get(name) for one in mine] for name in names}, geometry)

    def result(self, check: str) -> Result:
        """What one check says."""
        return run(self, self.campaign, [check], limits=self.limits)[0]

    def texts(self, check: str) -> list[str]:
        """The sentences of one check."""
        return [one.text for one in self.result(check).findings]

    def count(self, check: str) -> int:
        """How many findings; a check without data is no pass."""
        result = self.result(check)
        assert not result.missing, result.words
        return len(result.findings)


def zone(code: str, shape: BaseGeometry | None = None, **values: Any) -> Feature:
    """A campaign zone."""
    values.setdefault("kind", "campaign")
    return feature("zone", code, shape, **values)


def unit(name: str, **values: Any) -> Feature:
    """A unit of the register."""
    return feature("unit", f"U-{name}", name=name, **values)
