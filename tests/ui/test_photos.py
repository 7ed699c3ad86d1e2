"""Photos are dropped on the panel, copied into the project, shown, counted, and taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.ui.conftest import Desk

pytestmark = pytest.mark.window


def test_a_photo_is_attached_and_undone(open_desk: Desk, tmp_path: Path) -> None:
    """A file in the project's folder, a row in the file, a figure on the tab; undo takes the row, a text file is refused."""
    window, session = open_desk.window, open_desk.session
    project = session.project
    assert project is not None
    picture = tmp_path / "U盘" / "整改后.png"
    picture.parent.mkdir()
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    assert image.save(str(picture))
    issue = project.features("issue").at(5)
    session.selection.set("issue", [issue.id])
    window.panel.tabs.setCurrentWidget(window.panel.photos)
    open_desk.settle()
    window.panel.photos.kind.setCurrentIndex(window.panel.photos.kind.findData("after"))

    window.panel.photos.add([picture])
    open_desk.settle()

    rows = [row for row in project.features("photo") if row.get("owner_id") == issue.id]
    assert [(row.get("kind"), row.get("owner_id"), row.name) for row in rows] == [("after", issue.id, "整改后.png")]
    assert (project.files_folder / str(rows[0].get("path"))).read_bytes() == picture.read_bytes()
    assert window.panel.photos.list.count() == 1
    assert "1" in window.panel.tabs.tabText(window.panel.tabs.indexOf(window.panel.photos))
    session.undo()
    open_desk.settle()
    assert window.panel.photos.list.count() == 0

    text = tmp_path / "假.jpg"
    text.write_text("不是照片", encoding="utf-8")
    window.panel.photos.add([text])
    open_desk.settle()
    assert "不是照片" in window.notice.words
    assert not [row for row in project.features("photo") if row.get("owner_id") == issue.id]
