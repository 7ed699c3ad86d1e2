"""Columns that a layer declares and nobody stores (`[[derived]]`): worked out from what is stored and the time (domain.md 4.1: due_soon, overdue)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.deadline import TIME_STATES, due_soon, left_text, minutes_left, overdue
from chuangwen.domain.values import Scalar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.domain.feature import Features
    from chuangwen.domain.layer import Badge


@dataclass(frozen=True, slots=True)
class Derivation:
    """`values(features, now)` gives the column, `show` one of its values as the user reads it."""

    values: Callable[[Features, dt.datetime], list[Scalar]]
    show: Callable[[Scalar], str]


def _time_state(issues: Features, now: dt.datetime) -> list[Scalar]:
    states = np.full(len(issues), None, dtype=object)
    states[due_soon(issues, now)] = "due_soon"
    states[overdue(issues, now)] = "overdue"
    found: list[Scalar] = states.tolist()
    return found


def _time_left(issues: Features, now: dt.datetime) -> list[Scalar]:
    return [None if minutes != minutes else minutes for minutes in minutes_left(issues, now).tolist()]


DERIVATIONS = {
    "time_state": Derivation(_time_state, lambda value: TIME_STATES.get(str(value), "")),
    "time_left": Derivation(_time_left, lambda value: left_text(float(value)) if isinstance(value, int | float) else ""),
}
"""Every name that a layer may declare under `[[derived]]`."""


def derived(name: str, features: Features, now: dt.datetime) -> list[Scalar]:
    """(n) the values of a derived column at a moment, minutes for a length of time."""
    return DERIVATIONS[name].values(features, now)


def badges(features: Features, now: dt.datetime) -> NDArray[np.int64] | None:
    """(n,) number of the badge in `Layer.badges` that each feature wears at a moment, -1 for none; None where the layer declares none."""
    declared = features.layer.badges
    if not declared:
        return None
    columns = {name: derived(name, features, now) for badge in declared for name in badge.when}
    worn = np.full(len(features), -1, dtype=np.int64)
    for number in range(len(declared) - 1, -1, -1):
        worn[_fits(declared[number], columns, len(features))] = number
    return worn


def _fits(badge: Badge, columns: dict[str, list[Scalar]], count: int) -> NDArray[np.bool_]:
    fits = np.ones(count, dtype=bool)
    for name, wanted in badge.when.items():
        fits &= np.fromiter(map(frozenset(wanted).__contains__, columns[name]), dtype=bool, count=count)
    return fits
