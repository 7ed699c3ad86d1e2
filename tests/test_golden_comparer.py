"""The comparer of pictures catches what it is there for."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden import Pixels, compare, side_by_side


@pytest.fixture
def picture() -> Pixels:
    """White paper with a grey block, a thin line and a small dark label."""
    made = np.full((300, 400, 3), 255, dtype=np.uint8)
    made[40:120, 30:200] = (200, 190, 180)
    made[200, 20:380] = (90, 90, 90)
    made[240:250, 100:130] = (30, 30, 30)
    return made


def test_the_same_picture_passes(picture: Pixels) -> None:
    """Nothing differs, nothing is reported; noise of one step is no difference."""
    noisy = picture.copy()
    noisy[::7, ::5] -= 1
    assert compare(picture, picture).within()
    assert compare(noisy, picture).within()


@pytest.mark.parametrize("fault", ["darker", "lighter", "shifted", "missing", "black", "smaller"])
def test_a_planted_fault_is_caught(picture: Pixels, fault: str) -> None:
    """Darker, lighter, moved by a pixel, a label gone, all black, another size: each fails, in both directions."""
    bad = picture.copy()
    if fault == "darker":
        bad[40:120, 30:200] -= 40
    elif fault == "lighter":
        bad[40:120, 30:200] += 40
    elif fault == "shifted":
        bad = np.roll(picture, 1, axis=0)
    elif fault == "missing":
        bad[240:250, 100:130] = 255
    elif fault == "black":
        bad[:] = 0
    else:
        bad = bad[:-1]
    assert not compare(bad, picture).within()
    assert not compare(picture, bad).within()


def test_a_faint_veil_over_the_whole_is_caught(picture: Pixels) -> None:
    """Two steps everywhere: no pixel is far off, but the mean tells."""
    assert not compare((picture.astype(np.int16) - 2).clip(0).astype(np.uint8), picture).within()


def test_the_report_shows_three_pictures(picture: Pixels) -> None:
    """Result, reference, difference, with a margin each."""
    assert (3 * (400 + 8), 300) == (side_by_side(picture, picture).width(), side_by_side(picture, picture).height())
