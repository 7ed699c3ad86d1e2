"""What is asked before pages go out: printer, packet, headings; and what then becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from chuangwen.domain import edits
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.ui.printing import checking, put_out
from chuangwen.ui.printing.headings import HeadingsDialog
from chuangwen.ui.printing.output_bar import PACKET, PRINTER
from chuangwen.ui.printing.packet_dialog import EACH_GROUP, PacketDialog
from chuangwen.ui.printing.printers import Device, Order, PrinterDialog
from chuangwen.ui.printing.window import PrintWindow
from tests.ui.conftest import Desk
from tests.ui.patience import answered_at_once, busy_page

pytestmark = pytest.mark.window

LEFT = Qt.MouseButton.LeftButton
LASER = Device("HP LaserJet 1020", frozenset({"A4"}), both_sides=True)
COLOUR = Device("三楼彩机", frozenset({"A4", "A3"}), trays=((7, "纸盒2"),))
FEW = ("WC-01", "WC-02", "XF-01")


@pytest.fixture(autouse=True)
def no_check_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pre-flight is not what these tests are about."""
    monkeypatch.setattr(checking, "PAUSE_MS", 10_000_000)


@pytest.fixture
def printing(open_desk: Desk) -> Iterator[PrintWindow]:
    """The window on three zones."""
    zones = project_of(open_desk).features("zone")
    open_desk.session.selection.set("zone", [zones.coded(code).id for code in FEW])  # type: ignore[union-attr]
    open_desk.window.actions_by_id["print"].trigger()
    found = open_desk.window.printing.window
    assert found is not None
    open_desk.settle()
    yield found
    found.close()
    open_desk.settle()


def project_of(desk: Desk) -> Project:
    """The open project."""
    assert desk.session.project is not None
    return desk.session.project


def paper_printer(path: Path) -> QPrinter:
    """A printer whose paper is a file."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(path))
    return made


def text_of(path: Path) -> list[str]:
    """The text of each page, without blanks."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(path).pages]


# --- printers


def test_a_printer_without_the_paper_says_so_and_another_paper_is_taken(qapp: QApplication) -> None:
    """A3 on an A4 laser: told, A4 offered, taken by a click; on the printer that has it nothing is said."""
    dialog = PrinterDialog([LASER, COLOUR], "A3", ("A4", "A3"), 12)
    dialog.show()
    asked: list[str] = []
    dialog.paper_asked.connect(asked.append)
    assert "没有 A3 纸" in dialog.said.text()
    assert dialog.other.isVisible()
    dialog.device.setCurrentIndex(1)
    assert not dialog.said.isVisible()
    assert not dialog.other.isVisible()
    assert dialog.tray.findText("纸盒2") > 0
    assert not dialog.duplex.isEnabled()

    dialog.device.setCurrentIndex(0)
    QTest.mouseClick(dialog.other, LEFT)
    assert asked == ["A4"]
    assert not dialog.said.isVisible()
    dialog.duplex.setCurrentIndex(1)
    dialog.pages.setText("2-3")
    assert dialog.order == Order("HP LaserJet 1020", 1, "long", True, "2-3")
    dialog.close()


def test_no_printer_at_all_is_said_with_the_way_out(qapp: QApplication) -> None:
    """Nothing can be pressed but 取消."""
    dialog = PrinterDialog([], "A4", ("A4",), 3)
    dialog.show()
    assert "没有可用的打印机" in dialog.said.text()
    assert not dialog.ok.isEnabled()
    dialog.close()


def test_pages_go_to_the_printer_while_the_window_lives(open_desk: Desk, printing: PrintWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the button and the dialog: the chosen pages, of exact size, in order; the result is said."""
    target = tmp_path / "纸.pdf"
    monkeypatch.setattr(put_out, "devices", lambda: [LASER])
    monkeypatch.setattr(PrinterDialog, "exec", lambda self: self.pages.setText("2,1") or True)
    monkeypatch.setattr(PrinterDialog, "printer", lambda self: paper_printer(target))
    QTest.mouseClick(printing.output.buttons[PRINTER], LEFT)
    assert printing.output.running is not None
    open_desk.settle(60)

    reader = PdfReader(target)
    assert len(reader.pages) == 2
    expected = [printing.pages[1], printing.pages[0]]
    for page, wanted in zip(reader.pages, expected, strict=True):
        sides = [float(side) / 72 * 25.4 for side in page.mediabox[2:]]
        assert sides == pytest.approx([wanted.width, wanted.height], abs=0.5)
    assert "已送到打印机“HP LaserJet 1020”：2 页" in printing.output.said.text()
    states = [state for page in reader.pages for state in page["/Resources"].get("/ExtGState", {}).values()]
    assert states
    assert {float(state.get_object().get(name, 1)) for state in states for name in ("/ca", "/CA")} == {1.0}  # what is half transparent becomes a picture


def test_printing_is_cancelled_at_once(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """Said with what may still come out; the next run works."""
    with busy_page(open_desk):
        printing.outputs.print_run(Request("zone"), Order("x"), paper_printer(tmp_path / "a.pdf"))
        open_desk.until(lambda: printing.output.bar.maximum() > 0)
        assert answered_at_once(lambda: QTest.mouseClick(printing.output.cancel, LEFT))
    assert "可能还会打出来" in printing.output.said.text()
    open_desk.settle(60)
    assert printing.output.buttons[PRINTER].isEnabled()


def test_both_sides_begin_each_sheet_on_a_new_leaf(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """A sheet of one page is followed by a white back."""
    request = printing.request()
    assert request is not None
    printing.outputs.print_run(request, Order("x", duplex="long"), paper_printer(tmp_path / "a.pdf"))
    open_desk.settle(60)
    texts = text_of(tmp_path / "a.pdf")
    fronts = [next(at for at, text in enumerate(texts) if f"网格编号{code}" in text) for code in FEW]
    assert all(at % 2 == 0 for at in fronts)


def test_a_page_number_that_does_not_exist_is_refused_before_the_printer_gets_anything(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """99 of a few pages."""
    request = printing.request()
    assert request is not None
    printing.outputs.print_run(request, Order("x", pages="99"), paper_printer(tmp_path / "a.pdf"))
    open_desk.settle(60)
    assert "没有第 99 页" in printing.output.said.text()
    assert not (tmp_path / "a.pdf").exists()


# --- packets


def test_a_packet_is_recorded_and_the_next_prints_what_changed(open_desk: Desk, printing: PrintWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First all, a file for each street. Then nothing has changed, and it is said; an issue changes: its sheet alone is left, with its mark."""
    assert not printing.choice.only_changed.isVisible()
    monkeypatch.setattr(PacketDialog, "exec", lambda self: self.target.setCurrentIndex(self.target.findData(EACH_GROUP)) or True)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_asked: str(tmp_path / "包"))
    QTest.mouseClick(printing.output.buttons[PACKET], LEFT)
    open_desk.settle(60)
    assert len(list((tmp_path / "包").glob("*.pdf"))) == 3  # the index, and two streets
    assert printing.choice.only_changed.isVisible()

    QTest.mouseClick(printing.choice.only_changed, LEFT, pos=QPoint(8, 8))
    open_desk.settle()
    assert printing.pages == []
    assert "没有变化" in printing.view._note

    project = project_of(open_desk)
    issue = next(row.feature for row in _rows(project, "XF-01"))
    open_desk.session.commit(edits.set_values(project.layers["issue"], [issue], {"description": "井盖丢失一处"}))
    open_desk.until(lambda: printing.codes() == ["XF-01"])
    open_desk.settle()
    assert {page.sheet.code for page in printing.pages} == {"XF-01"}
    assert "更正" in printing.list.pages.marks[1].differs


def _rows(project: Project, code: str) -> list:  # type: ignore[type-arg]
    from chuangwen.render.paper.products import sheets

    (sheet,) = sheets(project, Request("zone", (code,)))
    return [row for row in sheet.rows["issue"] if row.number]


# --- headings


def test_headings_are_kept_in_the_project_and_stand_on_the_next_page(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """Typed, 确定: on the page; a logo that is no picture is refused and nothing is lost."""
    project = project_of(open_desk)
    dialog = HeadingsDialog(project, printing)
    dialog.show()
    dialog.lines["heading"].setText("示范区创建指挥部")
    dialog.lines["footer"].setText("用后交回")
    (tmp_path / "标志.png").write_bytes(b"no picture")
    dialog.take_logo(tmp_path / "标志.png")
    assert "不能用作标志" in dialog.said.text()
    picture = QImage(40, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor("#b3261e"))
    picture.save(str(tmp_path / "好.png"))
    dialog.take_logo(tmp_path / "好.png")
    QTest.mouseClick(dialog.ok, LEFT)
    assert not dialog.isVisible()

    printing.save(tmp_path / "a.pdf")
    open_desk.settle(60)
    text = text_of(tmp_path / "a.pdf")[0]
    assert "示范区创建指挥部" in text
    assert "用后交回" in text
    assert (project.files_folder / project.store.imprint.logo).exists()
    again = HeadingsDialog(project, printing)
    assert again.lines["heading"].text() == "示范区创建指挥部"
