"""Which zones count: 创建网格, beside which a project may hold the community's and the units' own grids (domain.md 8.4)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.validity import valid_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features

CAMPAIGN = "campaign"
"""The kind of the zones that responsibility is counted by."""


def in_force(zones: Features, day: dt.date | None = None, kind: str = CAMPAIGN) -> NDArray[np.bool_]:
    """Which zones are of a kind and in force on a day, (n,). A zone that says no kind is of the layer's default; no day asks for no dates."""
    default = zones.layer.field("kind").default
    kinds = np.fromiter(((one or default) == kind for one in zones.column("kind")), dtype=bool, count=len(zones))
    return kinds & valid_on(zones, day)
