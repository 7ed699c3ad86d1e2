"""Web maps in the window: a page for a reader, and a returned file that is looked at before anything is taken."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from chuangwen.services.audiences import audience
from chuangwen.services.web_map import page_for
from chuangwen.services.web_subject import subject_of
from chuangwen.ui.web.export_dialog import ExportDialog
from chuangwen.ui.web.return_dialog import ReturnDialog
from tests.exchange.web.reading import whole_text
from tests.ui.conftest import Desk
from tests.web import made

pytestmark = pytest.mark.window


@pytest.fixture
def town(desk: Desk, tmp_path: Path) -> Desk:
    """The window on a small project."""
    project = made.town(tmp_path / "项目.gpkg")
    project.close()
    desk.window.open(project.path)
    desk.settle()
    return desk


def export(town: Desk) -> ExportDialog:
    """The window as the menu opens it."""
    town.window.actions_by_id["web"].trigger()
    town.settle()
    return town.window.findChildren(ExportDialog)[-1]


def test_each_reader_says_what_it_shows_and_asks_what_it_needs(town: Desk) -> None:
    """审图号 and the tick only for the public; masks that are always on cannot be taken off."""
    form = export(town).form

    assert list(form.readers) == ["internal", "unit", "patrol", "public"]
    told = set()
    for name, one in form.readers.items():
        one.click()
        told.add(form.says.text())
        assert form.review.isVisible() == form.consent.isVisible() == (name == "public")
        assert form.masked.isEnabled() == (name != "unit")
    assert len(told) == 4
    form.choose("unit")
    assert form.masked.isChecked()
    assert [form.about.itemData(at) for at in range(form.about.count())] == ["unit", "each:unit"]


def test_a_page_is_written_and_can_be_opened(town: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a job with its answer in the window; what is selected on the map is proposed."""
    project = town.session.project
    assert project is not None
    town.session.selection.set("zone", [project.features("zone").ids[1]])
    dialog = export(town)
    dialog.form.choose("patrol")
    assert dialog.form.which.currentText() == "A-2 东二网格"
    chosen = tmp_path / "给巡查"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(chosen), ""))
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.write.click()
    town.settle()

    assert "给巡查.html" in dialog.said.text()
    assert "井盖缺失" in whole_text(tmp_path / "给巡查.html")
    assert "护栏破损" not in whole_text(tmp_path / "给巡查.html")
    dialog.open_page.click()
    dialog.open_folder.click()
    assert opened == [str(tmp_path / "给巡查.html"), str(tmp_path)]
    dialog.form.choose("internal")
    assert not dialog.open_page.isVisible()


def test_a_public_page_wants_number_and_tick(town: Desk, tmp_path: Path) -> None:
    """Said in the window, nothing written; then written and on record."""
    dialog = export(town)
    dialog.form.choose("public")
    dialog.write.click()
    assert "公开" in dialog.said.text()
    assert "--" not in dialog.said.text()
    dialog.form.consent.setChecked(True)
    dialog.write.click()
    assert "审图号" in dialog.said.text()
    dialog.form.review.setText("示S（2024）001号")
    dialog.write_to(tmp_path / "公开.html")
    town.settle()

    project = town.session.project
    assert project is not None
    assert "公开.html" in project.steps()[-1].label
    assert not [one for one in made.SECRETS if one in whole_text(tmp_path / "公开.html")]


def test_a_page_for_each(town: Desk, tmp_path: Path) -> None:
    """Into a folder, with the list."""
    dialog = export(town)
    dialog.form.choose("patrol")
    dialog.form.about.setCurrentIndex(dialog.form.about.findData("each:zone"))
    assert dialog.form.own_passwords.isVisible()
    dialog.write_to(tmp_path / "包")
    town.settle()

    assert "已写 2 个文件" in dialog.said.text()
    assert len(list((tmp_path / "包").glob("*.html"))) == 2


def returned(town: Desk, folder: Path) -> tuple[Path, dict[str, str]]:
    """A file of a patrol of zone A-1: one tick, and one of an issue that is gone."""
    project = town.session.project
    assert project is not None
    one = audience("patrol")
    form = page_for(project, one, subject_of(project, one, {"zone": "A-1"})).patrol
    assert form is not None
    known = made.ids(project)
    entries = [made.tick(known["20240601-001"], "not_done", form, note="还没有动"), made.tick("gone", "done", form)]
    return made.saved(folder / "回传.json", made.answer(form, entries)), known


def test_a_returned_file_is_reviewed_and_taken(town: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes until it is accepted; a line shows its place; what was taken is not offered again; one undo."""
    path, known = returned(town, tmp_path)
    project = town.session.project
    assert project is not None
    steps = len(project.steps())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_words: (str(path), ""))
    town.window.actions_by_id["web_return"].trigger()
    town.settle()
    dialog = town.window.findChildren(ReturnDialog)[-1]

    assert len(project.steps()) == steps
    assert ["A-1", "20240601-001", "—"] == [item.text(0) for item in dialog.items()]
    assert len(dialog.chosen()) == 2
    dialog.list.setCurrentItem(dialog.items()[1])
    assert town.session.selection.ids == (known["20240601-001"],)
    assert "还没有动" in dialog.detail.text()
    dialog.items()[0].setCheckState(0, Qt.CheckState.Unchecked)
    dialog.accept_button.click()
    town.settle()
    assert len(project.steps()) == steps + 1
    assert "还没有动" in str(project.features("note").at(0).get("text"))
    assert [one.can_accept for one in (item.data(0, Qt.ItemDataRole.UserRole) for item in dialog.items())] == [True, False, False]
    town.session.undo()
    town.settle()
    assert len(project.features("note")) == 0


def test_a_file_that_is_none_is_said(town: Desk, tmp_path: Path) -> None:
    """In the window, and nothing can be accepted."""
    dialog = town.window.web.look_at(made.saved(tmp_path / "x.json", "<html>"))
    town.settle()

    assert "不是巡查回传文件" in dialog.said.text()
    assert not dialog.accept_button.isEnabled()


def test_closed_windows_hear_nothing(town: Desk, tmp_path: Path) -> None:
    """Closed while they wait for their answer."""
    dialog = export(town)
    dialog.write_to(tmp_path / "a.html")
    dialog.close()
    other = town.window.web.look_at(returned(town, tmp_path)[0])
    other.close()
    for one in (dialog, other):
        QApplication.sendPostedEvents(one, QEvent.Type.DeferredDelete)
    town.settle()
    assert (tmp_path / "a.html").exists()


def test_a_list_is_written_for_a_reader(town: Desk, tmp_path: Path) -> None:
    """导出当前表给别人: what the table shows, and of it what the reader may see; the public only with the tick, and on record."""
    window, project = town.window, town.session.project
    assert project is not None
    assert window.web.export_list("") is None
    dialog = window.web.export_list("issue")
    assert dialog is not None
    form = dialog.form
    assert not any(one.isVisible() for one in (form.password, form.until, form.base_map, form.receiver))
    form.choose("unit")
    assert [form.about.itemData(at) for at in range(form.about.count())] == ["unit"]
    form.which.setCurrentIndex(next(at for at in range(form.which.count()) if "第一局" in form.which.itemText(at)))
    dialog.write_to(tmp_path / "一局.xlsx")
    town.settle()
    rows = list(load_workbook(tmp_path / "一局.xlsx").active.values)
    assert "20240601-001" in {row[0] for row in rows}
    assert "20240601-003" not in {row[0] for row in rows}
    assert "没有写入" in dialog.said.text()

    steps = len(project.steps())
    form.choose("public")
    dialog.write_to(tmp_path / "公开.csv")
    town.settle()
    assert "我确认可以公开" in dialog.said.text()
    assert not (tmp_path / "公开.csv").exists()
    form.consent.setChecked(True)
    form.masked.setChecked(True)
    dialog.write_to(tmp_path / "公开.csv")
    town.settle()
    assert (tmp_path / "公开.csv").exists(), dialog.said.text()
    assert not [one for one in made.SECRETS if one in (tmp_path / "公开.csv").read_text(encoding="gb18030")]
    assert len(project.steps()) == steps + 1
    dialog.close()


def test_a_window_that_is_closed_while_its_file_is_written_hears_nothing(town: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is written all the same; nobody speaks to what is gone."""
    wrong: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: wrong.append(error))
    dialog = town.window.web.export_list("issue")
    assert dialog is not None
    dialog.write_to(tmp_path / "a.xlsx")
    dialog.close()
    QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    town.settle()
    assert (tmp_path / "a.xlsx").exists()
    assert wrong == []
