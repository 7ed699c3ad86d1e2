"""The bulletin and the lists for leaders, from the menu."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from PySide6.QtWidgets import QFileDialog

from chuangwen.ui.unit_bar import CardDialog, NoteDialog
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def test_the_bulletin_is_written_from_the_menu_and_its_number_is_a_step(open_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """6.6: a document and a workbook in the folder that was chosen; undo takes the number back; the tile's 1 017 of 1 240 stands in it (SR-08)."""
    window = open_desk.window
    said: list[object] = []
    window.session.noticed.connect(said.append)
    folder = tmp_path / "通报"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(folder))
    window.actions_by_id["bulletin"].trigger()
    open_desk.settle(60)

    assert ["每日通报_第1期_2024-06-03.docx", "每日通报_第1期_2024-06-03.xlsx"] == sorted(path.name for path in folder.iterdir())
    assert any("第1期（总第1期）" in str(one) for one in said)
    words = "\n".join(one.text for one in Document(str(folder / "每日通报_第1期_2024-06-03.docx")).paragraphs)
    assert "整改率 82.0%（1017/1240）" in words
    project = window.session.project
    assert project is not None
    assert project.features("order").column("kind").count("bulletin") == 1
    window.session.undo()
    open_desk.settle()
    assert project.features("order").column("kind").count("bulletin") == 0


def test_the_lists_are_written_where_asked_and_a_refusal_is_told(open_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SR-05 and SR-18; nothing where nobody names a file."""
    window = open_desk.window
    said: list[object] = []
    window.session.noticed.connect(said.append)
    for name, file in (("unanswered", tmp_path / "u.docx"), ("uncleared", tmp_path / "c.xlsx")):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked, file=file: (str(file), ""))
        window.actions_by_id[name].trigger()
        open_desk.settle(60)
        assert file.exists()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / "c.odt"), ""))
    window.actions_by_id["uncleared"].trigger()
    open_desk.settle(60)
    assert any("不能写成“.odt”" in str(one) for one in said)


def test_the_card_of_a_unit_from_its_panel(open_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SR-03: a note is written from the panel, a step of its own; the card of the selected unit lists it; no buttons for other layers."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    bar = window.panel.unit
    unit = project.features("unit").at(9)
    session.selection.set("unit", [unit.id])
    assert (True, True, "记事 1") == (bar.isVisible(), bar.note.isVisible(), bar.newest.text())

    def fill(dialog: NoteDialog) -> int:
        dialog.accept()
        assert "内容" in dialog.said.text()
        dialog.text.setPlainText("再加两班")
        dialog.day.setText("明天")
        dialog.accept()
        assert "2024" in dialog.said.text()
        dialog.day.setText("2024-06-02")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NoteDialog, "exec", fill)
    bar.note.click()
    open_desk.until(lambda: bar.newest.text() == "记事 2")
    assert project.steps()[-1].label == f"记下{unit.name}的表态"

    chosen: list[tuple[tuple[str, ...], bool]] = []
    monkeypatch.setattr(CardDialog, "exec", lambda dialog: chosen.append(dialog.chosen()) or 1)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(tmp_path / "卡.docx"), ""))
    bar.card.click()
    open_desk.settle(60)
    assert [((unit.id,), True)] == chosen
    rows = [[cell.text for cell in row.cells] for row in Document(str(tmp_path / "卡.docx")).tables[-1].rows]
    assert ["2024-06-02", "表态", "再加两班"] == rows[1]

    session.selection.set("unit", project.features("unit").ids[:3])
    assert not bar.note.isVisible()
    session.selection.set("site", project.features("site").ids[:1])
    assert not bar.isVisible()
    dialog = CardDialog(project, [])
    assert 62 == len(dialog.chosen()[0])
