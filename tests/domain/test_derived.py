"""Columns that are worked out and never stored, and the badges that follow from them."""

from __future__ import annotations

import datetime as dt

import pytest

from chuangwen.domain.derived import DERIVATIONS, badges, derived
from chuangwen.domain.layer_text import parse_layer
from chuangwen.errors import UserError
from tests.build import ROOT, layers
from tests.domain.test_deadline import ISSUES, NOON


def test_the_state_of_time_is_a_column() -> None:
    """逾期 and 临期 as the masks say, nothing where no clock runs; they are no fields of the file."""
    states = dict(zip(ISSUES.column("code"), derived("time_state", ISSUES, NOON), strict=True))

    assert ("overdue", "overdue", "due_soon", None, None) == tuple(states[code] for code in ("passed", "now", "minute", "held", "never"))
    assert not {"time_state", "time_left"} & {one.name for one in layers()["issue"].fields}


def test_what_is_left_is_shown_in_words_and_sorted_by_minutes() -> None:
    """还剩 12 小时 comes after 逾期 1 分钟."""
    left = dict(zip(ISSUES.column("code"), derived("time_left", ISSUES, NOON), strict=True))

    assert (-1, 720, None) == tuple(left[code] for code in ("passed", "day", "never"))
    assert ["逾期 1 分钟", "还剩 12 小时", ""] == [DERIVATIONS["time_left"].show(left[code]) for code in ("passed", "day", "never")]


def test_badges_follow_the_clock() -> None:
    """The number of the badge in the layer's file; a minute later another issue is late."""
    declared = layers()["issue"].badges
    worn = badges(ISSUES, NOON)
    later = badges(ISSUES, NOON + dt.timedelta(minutes=1))

    assert worn is not None
    assert later is not None
    at = ISSUES.by_code["minute"]
    assert ({"time_state": ("due_soon",)}, {"time_state": ("overdue",)}) == (declared[worn[at]].when, declared[later[at]].when)
    assert -1 == worn[ISSUES.by_code["closed"]]
    assert badges(ISSUES.take([]), NOON) is not None


def test_badges_differ_by_shape_and_not_by_colour_alone() -> None:
    """Also on a black-and-white screen shot: another outline, another fill."""
    one, other = (badge.symbol for badge in layers()["issue"].badges)

    assert one.shape != other.shape
    assert (one.in_mono().fill, one.glyph) != (other.in_mono().fill, other.glyph)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('name = "time_left"', 'name = "time_lefd"', ["time_lefd", "time_left"]),
        ('when = { time_state = "overdue" }', 'when = { time_stat = "overdue" }', ["badge[1].when", "time_stat", "time_state"]),
        ('when = { time_state = "overdue" }', 'when = { time_state = "overdew" }', ["badge[1].when.time_state", "overdew", "overdue"]),
        ('shape = "octagon", size = 2.1', 'shape = "octagn", size = 2.1', ["badge[1].symbol.shape", "octagn", "octagon"]),
    ],
)
def test_a_mistake_in_a_derived_column_or_badge_is_named(right: str, wrong: str, said: list[str]) -> None:
    """With the place and the nearest right spelling."""
    text = (ROOT / "layers" / "issue.toml").read_text(encoding="utf-8")
    assert right in text

    with pytest.raises(UserError) as refused:
        parse_layer(text.replace(right, wrong, 1), "issue.toml")
    for word in ["issue.toml", *said]:
        assert word in str(refused.value)
