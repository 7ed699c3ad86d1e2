"""From when until when something is in force: zones, sections, compounds, territories and rules carry 启用日期 and 停用日期 (domain.md 8.3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features


def as_day(value: object) -> dt.date:
    """The day of a date or moment."""
    return value.date() if isinstance(value, dt.datetime) else value  # type: ignore[return-value]


def in_validity(valid_from: object, valid_to: object, day: dt.date | None) -> bool:
    """Whether something dated is valid on a day: both ends inclusive, an open end has no limit; no day asks for no dates."""
    return day is None or ((valid_from is None or as_day(valid_from) <= day) and (valid_to is None or as_day(valid_to) >= day))


def valid_on(features: Features, day: dt.date | None) -> NDArray[np.bool_]:
    """Which features are in force on a day, (n,); all of a layer that carries no dates."""
    dates = zip(features.column("valid_from"), features.column("valid_to"), strict=True)
    return np.fromiter((in_validity(begin, end, day) for begin, end in dates), dtype=bool, count=len(features))
