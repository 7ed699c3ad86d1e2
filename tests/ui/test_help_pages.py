"""The keys: all of them, found by a word, in a window that fits the screen."""

from __future__ import annotations

import pytest

from chuangwen.ui.actions import COMMANDS
from chuangwen.ui.help_pages import rows_of_keys, show_keys
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def test_the_keys_fit_the_screen_and_are_found_by_a_word(desk: Desk) -> None:
    """Sixty rows in one column are higher than an office's screen: then the button at the foot cannot be reached."""
    window = show_keys(desk.window)
    desk.settle()
    room = window.screen().availableGeometry()
    assert window.height() <= room.height()
    assert len(rows_of_keys()) > len([one for one in COMMANDS if one.keys])
    shown = "".join(side.text() for side in window.sides)
    assert all(one.title.rstrip("…") in shown for one in COMMANDS if one.keys)

    window.search.setText("撤销")
    shown = "".join(side.text() for side in window.sides)
    assert "Ctrl+Z" in shown
    assert "打印图纸" not in shown
    window.search.setText("没有这个词")
    assert window.none.isVisible()
    window.close()
