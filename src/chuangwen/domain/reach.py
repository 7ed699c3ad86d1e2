"""Whom an order has reached: the unit, or every zone, site and post that it is meant for (SR-58, SR-59)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.domain.campaign import rate_text
from chuangwen.domain.deadline import due_moment
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.values import plain

CASCADED = ("zone", "site", "post")
"""Layers whose every feature a 传达通知 is meant for."""


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to receive an order: `layer` unit, zone, site or post. `received_at` None: nobody has said so. `late`: after the order's deadline."""

    layer: str
    code: str
    name: str
    unit: str
    received_at: dt.datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """The targets of an order. The rate is 签收 ÷ 对象; late receipts count, and are listed."""

    targets: tuple[Target, ...]

    @property
    def received(self) -> list[Target]:
        """Who has received it."""
        return [one for one in self.targets if one.received_at is not None]

    @property
    def unreached(self) -> list[Target]:
        """Who has not."""
        return [one for one in self.targets if one.received_at is None]

    @property
    def late(self) -> list[Target]:
        """Who received it after its deadline."""
        return [one for one in self.targets if one.late]

    @property
    def rate(self) -> str:
        """送达率, — where there is nobody to reach."""
        return rate_text(len(self.received), len(self.targets))


Received = Mapping[tuple[str, str], dt.datetime]
"""(layer, code) of who received an order → when, the first time. The unit itself: ("unit", its name)."""


def received(receipts: Features) -> dict[str, dict[tuple[str, str], dt.datetime]]:
    """Code of an order → who has received it."""
    found: dict[str, dict[tuple[str, str], dt.datetime]] = {}
    columns = (receipts.column(name) for name in ("order_code", "received_at", "target_layer", "target_code", "unit"))
    for code, moment, layer, target, unit in zip(*columns, strict=True):
        if isinstance(moment, dt.datetime):
            got = found.setdefault(plain(code), {})
            key = (plain(layer) or "unit", plain(target) or plain(unit))
            got[key] = min(moment, got.get(key, moment))
    return found


def reach(order: Feature, got: Received, layers: Sequence[Features]) -> Reach:
    """Who is meant by `order` and who has received it. `layers`: zones, sites and posts of the project (what there is of `CASCADED`).

    A 传达通知 is meant for each of them (of one unit where it names one); any other order for the unit it is addressed to. A receipt of the unit itself
    counts for the unit alone: each place needs its own (SR-59).
    """
    due = due_moment(order.values) if order.get("kind") == "cascade" else None

    def found(layer: str, code: str, name: str, unit: str) -> Target:
        moment = got.get((layer, code))
        return Target(layer, code, name, unit, moment, moment is not None and due is not None and moment > due)

    unit = plain(order.get("unit"))
    if order.get("kind") != "cascade":
        return Reach((found("unit", unit, unit, unit),) if unit else ())
    targets = []
    for features in layers:
        units = features.column("unit") if features.layer.has("unit") else features.column("responsible_unit")
        for code, name, of in zip(features.column("code"), features.column("name"), units, strict=True):
            if not unit or plain(of) == unit:
                targets.append(found(features.layer.id, plain(code), plain(name), plain(of)))
    return Reach(tuple(targets))
