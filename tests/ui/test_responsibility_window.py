"""The responsibility map in a real window: coloured canvas, findings that lead to their place, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from chuangwen.errors import UserError
from chuangwen.ui.responsibility_window import ResponsibilityWindow
from tests.ui.conftest import Desk


def test_the_map_is_coloured_and_let_go(desk: Desk, project: Path) -> None:
    """All units in the legend, a finding moves the map, another category is reckoned, closing takes the colours away."""
    desk.window.open(project)
    desk.settle()
    canvas = desk.window.canvas
    plain = canvas.grab().toImage()
    desk.window.actions_by_id["responsibility"].trigger()
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ResponsibilityWindow))
    desk.until(lambda: window.found is not None)
    desk.settle()
    assert canvas.grab().toImage() != plain
    assert window.found is not None
    assert window.units.topLevelItemCount() == len(window.found.areas())
    centre = canvas.view.centre
    window.places.setCurrentItem(window.places.topLevelItem(0))
    desk.settle()
    assert canvas.view.centre != centre
    window.category.setCurrentIndex(window.category.count() - 1)
    desk.until(lambda: window.found is not None and window.found.category == window.category.currentText())
    assert window.areas["zone"].rowCount() >= 36
    window.close()
    canvas.show_all()
    desk.settle()
    assert canvas.grab().toImage() == plain


def test_it_is_saved_as_a_table_and_as_a_picture(open_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both files are whole: five sheets; a picture higher than the map, as the legend stands below it. Where nothing can be written it is said."""
    open_desk.window.actions_by_id["responsibility"].trigger()
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, ResponsibilityWindow))
    open_desk.until(lambda: window.found is not None)
    open_desk.settle()
    said: list[object] = []
    open_desk.window.session.noticed.connect(said.append)

    def answer(name: str) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(tmp_path / name), ""))

    answer("责任.xlsx")
    window.save.click()
    open_desk.until(lambda: len(said) == 1)
    assert len(openpyxl.load_workbook(tmp_path / "责任.xlsx").sheetnames) == 5
    answer("责任.png")
    window.save_picture.click()
    open_desk.until(lambda: len(said) == 2)
    image = QImage(str(tmp_path / "责任.png"))
    view = open_desk.window.canvas.view
    assert image.width() / image.height() < view.width / view.height
    answer("没有这个文件夹/责任.png")
    window.save_picture.click()
    open_desk.until(lambda: len(said) == 3)
    assert isinstance(said[2], UserError)
    assert sorted(path.name for path in tmp_path.glob("责任*")) == ["责任.png", "责任.xlsx"]
    window.close()
