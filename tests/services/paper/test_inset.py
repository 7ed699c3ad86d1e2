"""Where numbers crowd, an inset parts them; where it cannot, or nothing crowds, there is none."""

from __future__ import annotations

import numpy as np

from chuangwen.services.paper.inset import dense_corner

ROOM = (60.0, 60.0)
CHANCE = np.random.default_rng(7)
SCATTERED = np.stack(np.meshgrid(np.arange(0, 1000, 120.0), np.arange(0, 700, 120.0)), axis=-1).reshape(-1, 2)
MARKET = CHANCE.uniform(0, 60, (14, 2)) + np.array([800, 500])


def test_nothing_crowds_nothing_is_shown_again() -> None:
    """120 m are 24 mm at 1:5 000."""
    assert dense_corner(SCATTERED, 5000, ROOM) is None
    assert dense_corner(np.empty((0, 2)), 5000, ROOM) is None


def test_a_market_is_shown_larger() -> None:
    """All but a stray or two, at two to four times the scale, within the room that there is, and less crowded there."""
    found = dense_corner(np.vstack([SCATTERED, MARKET]), 5000, ROOM)
    assert found is not None
    assert 1250 <= found.denominator <= 2500
    ground = found.ground
    assert 12 <= sum(ground.x0 <= x <= ground.x1 and ground.y0 <= y <= ground.y1 for x, y in MARKET.tolist())
    assert max(found.width, found.height) <= 60
    assert found.ground.width * 1000 / found.denominator == found.width


def test_symbols_on_one_spot_are_not_parted_by_an_inset() -> None:
    """Ten issues of one doorway need leader lines."""
    assert dense_corner(np.vstack([SCATTERED, np.full((10, 2), 333.0)]), 5000, ROOM) is None


def test_of_two_crowds_the_greater_one() -> None:
    """And a crowd too wide for the room is shown where it is densest."""
    small = CHANCE.uniform(0, 30, (6, 2))
    found = dense_corner(np.vstack([small, MARKET]), 5000, ROOM)
    assert found is not None
    assert found.ground.x0 > 500
    wide = CHANCE.uniform(0, 400, (400, 2))
    shown = dense_corner(np.vstack([wide, CHANCE.uniform(0, 1, (1, 2))]), 2000, (40.0, 40.0))
    assert shown is None or max(shown.width, shown.height) <= 40
