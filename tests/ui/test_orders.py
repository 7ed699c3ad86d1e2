"""开单 and 文书台账 in the window, on the demo project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl

from chuangwen.domain import edits
from chuangwen.ui.orders.noting import ReceiptDialog, VoidDialog
from chuangwen.ui.orders.writing import OrderWindow
from tests.ui.conftest import Desk


def codes(desk: Desk, status: str, count: int) -> list[str]:
    """Some issues of a state, those of a unit with a head first."""
    project = desk.session.project
    assert project is not None
    return [one.code for one in project.features("issue") if one.get("status") == status and one.get("responsible_unit")][:count]


def writing(desk: Desk, wanted: list[str]) -> OrderWindow:
    """The window for these issues, with a deadline of its own."""
    project = desk.session.project
    assert project is not None
    desk.session.selection.set("issue", [project.features("issue").coded(code).id for code in wanted], None)  # type: ignore[union-attr]
    window = desk.window.orders.write()
    assert window is not None
    window.form.due.setText("2024-06-08 18:00")
    desk.settle()
    desk.until(lambda: bool(window.drafts) and not window._later.isActive())
    desk.settle()
    return window


def test_orders_are_seen_before_they_are_written(open_desk: Desk, tmp_path: Path) -> None:
    """Grouped by unit, numbers and text shown, warnings said; one press writes files, numbers and moves; one undo takes the moves back."""
    wanted = codes(open_desk, "registered", 3)
    window = writing(open_desk, wanted)
    assert window.form.which.currentData() == "selected"
    assert sum(len(one.lines) for one in window.drafts) == 3
    assert window.list.topLevelItemCount() == len(window.drafts)
    assert "没有整改前照片" in window.list.topLevelItem(0).text(4)
    assert window.drafts[0].code in window.note.text()
    assert "2024年6月8日18:00" in window.preview.toPlainText()

    window.folder.setText(str(tmp_path / "out"))
    window.write.click()
    open_desk.until(lambda: bool(window.issued))
    open_desk.settle()
    assert all(one.path.is_file() for one in window.issued)
    project = open_desk.session.project
    assert project is not None
    assert {project.features("issue").coded(code).get("status") for code in wanted} == {"dispatched"}  # type: ignore[union-attr]
    assert "已写出" in window.progress.text()
    open_desk.session.undo()
    open_desk.settle()
    assert not {draft.code for draft in window.drafts} & set(project.features("order").column("code"))
    window.close()


def test_what_is_in_the_way_is_said_and_nothing_can_be_pressed(open_desk: Desk) -> None:
    """SR-57: a unit without a head stops its order until it is allowed; a date that is none is marked."""
    project = open_desk.session.project
    assert project is not None
    wanted = codes(open_desk, "registered", 1)
    unit = next(one for one in project.features("unit") if one.name == project.features("issue").coded(wanted[0]).get("responsible_unit"))  # type: ignore[union-attr]
    open_desk.session.commit(edits.set_values(project.layers["unit"], [unit], {"head": None}))
    open_desk.settle()
    window = writing(open_desk, wanted)
    assert "没有登记一把手" in window.list.topLevelItem(0).text(4)
    assert not window.write.isEnabled()
    window.form.headless.setChecked(True)
    open_desk.until(window.write.isEnabled)
    window.form.due.setText("下周")
    open_desk.until(lambda: not window.write.isEnabled())
    assert window.form.due.property("wrong")
    window.close()


def test_a_file_in_the_way_is_said_in_the_window(open_desk: Desk, tmp_path: Path) -> None:
    """Nothing is dispatched, and the reason stands beside what was asked."""
    window = writing(open_desk, codes(open_desk, "registered", 1))
    (tmp_path / "out").write_text("no folder", encoding="utf-8")
    window.folder.setText(str(tmp_path / "out"))
    window.write.click()
    open_desk.until(lambda: window.form.said.isVisibleTo(window))
    assert not {draft.code for draft in window.drafts} & set(open_desk.session.project.features("order").column("code"))  # type: ignore[union-attr]
    window.close()


def test_what_the_ladder_hands_over_stays_while_the_map_is_used(open_desk: Desk) -> None:
    """4.6: the issues that were ticked there are the order's, whatever is selected meanwhile."""
    wanted = codes(open_desk, "in_progress", 2)
    window = open_desk.window.orders.write("remind", wanted)
    assert window is not None
    open_desk.settle()
    assert (window.form.kind.currentData(), window.form.which.currentData()) == ("remind", "picked")
    project = open_desk.session.project
    assert project is not None
    open_desk.session.selection.set("issue", [project.features("issue").coded(codes(open_desk, "registered", 1)[0]).id], None)  # type: ignore[union-attr]
    open_desk.settle()
    assert sorted(line.issue.code for one in window.drafts for line in one.lines) == sorted(wanted)
    window.close()


def test_the_register_notes_receipts_and_voids(open_desk: Desk, tmp_path: Path) -> None:
    """Who has not received is named (SR-58); a receipt moves the issue; 作废 asks for a reason; the panel of the unit leads here."""
    project = open_desk.session.project
    assert project is not None
    wanted = codes(open_desk, "registered", 6)
    window = writing(open_desk, wanted)
    window.folder.setText(str(tmp_path / "out"))
    window.write.click()
    open_desk.until(lambda: bool(window.issued))
    open_desk.settle()
    first = window.issued[0]
    window.close()
    register = open_desk.window.orders.register(first.code)
    assert register is not None
    assert register.list.topLevelItemCount() == 1
    assert f"未签收：{first.unit}" in register.said.text()
    register.map.click()
    assert len(open_desk.session.selection.ids) == len(first.issues)

    dialog = ReceiptDialog(register._chosen(), [], project.campaign.now, register)  # type: ignore[arg-type]
    dialog.accept()
    assert dialog.said.text() == "请填写接收人。"
    dialog.who.setText("某某33")
    from chuangwen.services.order_returns import receive

    register._commit(lambda: receive(project, first.code, dialog.receipt()))
    open_desk.settle()
    assert project.features("issue").coded(first.issues[0]).get("status") == "in_progress"  # type: ignore[union-attr]
    assert "1/1（100.0%）" in register.list.topLevelItem(0).text(7)
    assert not register.receive.isEnabled()
    void = VoidDialog(register._chosen(), register)  # type: ignore[arg-type]
    void.accept()
    assert void.said.text() == "请写明原因。"

    unit = next(one for one in project.features("unit") if one.name == first.unit)
    open_desk.session.selection.set("unit", [unit.id], None)
    panel = open_desk.window.panel
    panel.tabs.setCurrentWidget(panel.orders)
    open_desk.settle()
    assert first.code in panel.orders.toPlainText()
    opened: list[str] = []
    panel.orders.asked.connect(opened.append)
    panel.orders.anchorClicked.emit(QUrl(first.code))
    assert opened == [first.code]
    register.close()


def test_the_list_is_split_from_the_window(open_desk: Desk, tmp_path: Path) -> None:
    """SR-04: one workbook for each unit in the folder; said in the bar."""
    (tmp_path / "lists").mkdir()
    open_desk.window.orders.split_to(tmp_path / "lists")
    open_desk.settle(40)
    written = list((tmp_path / "lists").glob("问题清单_*.xlsx"))
    assert len(written) > 20
    assert f"{len(written)} 份问题清单" in open_desk.window.notice.words
