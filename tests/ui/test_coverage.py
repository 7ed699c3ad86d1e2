"""盲区检查 in the window: counts, findings, places on the map, duplicates merged, the list written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chuangwen.domain import edits
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def opened(desk: Desk) -> None:
    """The page opened by its key; it checks at once."""
    QTest.keyClick(desk.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    desk.settle()


def test_the_page_checks_and_shows_what_it_finds(open_desk: Desk) -> None:
    """SR-63: every check has its mark and its count; a finding is selected and shown, a bare stretch of road is painted on the map itself."""
    window, panel = open_desk.window, open_desk.window.coverage.panel
    assert window.coverage.isHidden()
    opened(open_desk)

    assert window.coverage.isVisible()
    assert len(panel.results) == panel.list.topLevelItemCount()
    assert panel.list.rows["SR-16"].text(1) == "12"
    assert panel.list.rows["CV-01"].text(1) == "0"
    assert panel.list.rows["CV-12"].text(1) in ("无数据", *map(str, range(999)))

    panel.list.choose("SR-16")
    assert panel.found.count() == 12
    panel.found.setCurrentRow(0)
    assert open_desk.session.selection.layer == "site"

    panel.list.choose("CV-04")
    before = window.canvas.grab().toImage()
    panel.found.setCurrentRow(0)
    open_desk.settle()
    assert open_desk.session.selection.ids == ()
    assert window.canvas.grab().toImage() != before
    assert "coverage" in window.canvas._marks
    panel.list.choose("CV-01")
    assert "coverage" not in window.canvas._marks


def test_an_edit_makes_the_result_old(open_desk: Desk) -> None:
    """What is shown is of the moment of the check: an edit is told, and a new check takes it in."""
    panel = open_desk.window.coverage.panel
    opened(open_desk)
    project = open_desk.session.project
    assert project is not None
    zone = project.features("zone").coded("ZQ-03")
    assert zone is not None
    open_desk.session.commit(edits.set_values(project.layers["zone"], [zone], {"kind": "community"}))
    open_desk.settle()
    assert "请重新检查" in panel.said.text()
    assert panel.list.rows["CV-01"].text(1) == "0"
    QTest.mouseClick(panel.start, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert panel.list.rows["CV-01"].text(1) == "1"
    assert "请重新检查" not in panel.said.text()


def test_duplicates_are_merged_and_the_list_is_written(open_desk: Desk, tmp_path: Path) -> None:
    """SR-09: one press makes one of two; undo brings the other back."""
    panel = open_desk.window.coverage.panel
    opened(open_desk)
    panel.list.choose("SR-09")
    panel.found.setCurrentRow(0)
    ids = panel.found.currentItem().data(Qt.ItemDataRole.UserRole).ids
    project = open_desk.session.project
    assert project is not None

    def void() -> list[str]:
        return [row_id for row_id in ids if (one := project.features("issue").feature(row_id)) is not None and one.get("status") == "void"]

    count = panel.found.count()
    QTest.mouseClick(panel.merge, Qt.MouseButton.LeftButton)
    open_desk.settle()
    assert len(void()) == 1
    assert panel.found.count() == count - 1
    open_desk.session.undo()
    open_desk.settle()
    assert void() == []

    panel.write(tmp_path / "表.docx")
    open_desk.settle()
    assert (tmp_path / "表.docx").exists()
