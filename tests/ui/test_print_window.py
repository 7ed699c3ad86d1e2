"""The print window driven by mouse and keys, on the real demo project and real files."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from chuangwen.domain import edits
from chuangwen.render.output import image
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import PRODUCTS, atlas
from chuangwen.services.paper.defects import ERROR
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.ui.printing import checking
from chuangwen.ui.printing.output_bar import ONE
from chuangwen.ui.printing.paper_area import FIT_WIDTH, HUNDRED
from chuangwen.ui.printing.press import Line, key_of
from chuangwen.ui.printing.window import PrintWindow
from tests.ui.conftest import Desk
from tests.ui.patience import answered_at_once, busy_page

pytestmark = pytest.mark.window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def no_check_by_itself(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pre-flight of all pages takes seconds: it runs only where a test is about it."""
    if "preflight" not in request.node.name:
        monkeypatch.setattr(checking, "PAUSE_MS", 10_000_000)


@pytest.fixture
def printing(open_desk: Desk) -> Iterator[PrintWindow]:
    """The window on all zones of the demo, at rest."""
    yield opened(open_desk)
    open_desk.window.printing.close()
    open_desk.settle()


def opened(desk: Desk) -> PrintWindow:
    """The print window, opened as the user does."""
    desk.window.actions_by_id["print"].trigger()
    found = desk.window.printing.window
    assert found is not None
    found.resize(1366, 700)
    desk.settle()
    return found


def project_of(desk: Desk) -> Project:
    """The open project."""
    assert desk.session.project is not None
    return desk.session.project


def only(desk: Desk, window: PrintWindow, *codes: str) -> None:
    """Tick these zones by mouse."""
    QTest.mouseClick(window.choice.none, LEFT)
    model = window.choice.subjects
    for row, one in enumerate(model.listed):
        if one.code in codes:
            window.choice.list.scrollTo(model.index(row))
            place = window.choice.list.visualRect(model.index(row))
            QTest.mouseClick(window.choice.list.viewport(), LEFT, pos=QPoint(place.left() + 10, place.center().y()))
    desk.settle()


def shown(window: PrintWindow) -> Page:
    """The page on screen."""
    assert window.view.page is not None
    return window.view.page


def at(window: PrintWindow, x: float, y: float) -> QPoint:
    """Where a place of the page (mm) is on screen."""
    return window.view.pixel(x, y).toPoint()


def drag(widget: QWidget, start: QPoint, by: QPoint) -> None:
    """Press, move in steps, let go."""
    QTest.mousePress(widget, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(widget, start + by * share)
        QApplication.processEvents()
    QTest.mouseRelease(widget, LEFT, pos=start + by)


def hover(widget: QWidget, place: QPoint) -> None:
    """The mouse over a place (offscreen windows lie on each other: `QTest.mouseMove` would reach the uppermost)."""
    where = QPointF(place)
    buttons = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, where, QPointF(widget.mapToGlobal(place)), buttons, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, move)


def wheel(widget: QWidget, place: QPoint, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    """Turn the wheel; with Alt Qt turns it sideways."""
    sideways = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    delta = QPoint(120 * steps, 0) if sideways else QPoint(0, 120 * steps)
    where = QPointF(place)
    event = QWheelEvent(where, QPointF(widget.mapToGlobal(place)), QPoint(), delta, Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)


# --- what is printed


def test_the_list_of_pages_is_that_of_the_run(open_desk: Desk, printing: PrintWindow) -> None:
    """All products of the registry are offered; each lists exactly the pages that its run has, the first one is on screen."""
    assert [printing.choice.product.itemData(row) for row in range(printing.choice.product.count())] == list(PRODUCTS)
    for product in ("zone", "section", "wall", "index"):
        printing.choice.product.setCurrentIndex(printing.choice.product.findData(product))
        open_desk.settle(60)
        request = printing.request()
        assert request is not None
        expected = atlas(project_of(open_desk), request).pages
        assert [key_of(page) for page in printing.list.pages.pages] == [key_of(page) for page in expected]
        assert key_of(shown(printing)) == key_of(expected[0])
        assert f"1 / {len(expected)} " in printing.bar.where.text()


def test_ticking_by_mouse_and_nothing_ticked(open_desk: Desk, printing: PrintWindow) -> None:
    """Two zones: their pages alone. None: it says so, and nothing can be put out."""
    only(open_desk, printing, "WC-01", "WC-03")
    assert {page.sheet.code for page in printing.pages} == {"WC-01", "WC-03"}
    assert "2 / 36" in printing.choice.count.text()

    QTest.mouseClick(printing.choice.none, LEFT)
    open_desk.settle()
    assert printing.pages == []
    assert not any(button.isEnabled() for button in printing.output.buttons.values())
    assert "没有选中网格" in printing.choice.why_nothing()


def test_what_is_selected_on_the_map_is_ticked(open_desk: Desk) -> None:
    """One zone selected: only it; another selected while the window is open, and Ctrl+P again: that one."""
    zones = project_of(open_desk).features("zone")
    open_desk.session.selection.set("zone", [zones.ids[4]])
    window = opened(open_desk)
    assert window.codes() == [zones.column("code")[4]]

    open_desk.session.selection.set("zone", [zones.ids[5], zones.ids[6]])
    again = opened(open_desk)
    assert again is window
    assert set(window.codes()) == {zones.column("code")[5], zones.column("code")[6]}
    window.close()


def test_a_search_finds_and_prints_the_same_a_filter_prints_less(open_desk: Desk, printing: PrintWindow) -> None:
    """Pinyin initials narrow the list alone; a street and the issues narrow what is printed, and it is said."""
    QTest.keyClicks(printing.choice.needle, "wcjd")
    open_desk.until(lambda: len(printing.choice.subjects.listed) < 36)
    assert all("文昌街道" in one.name for one in printing.choice.subjects.listed)
    assert len(printing.codes()) == 36
    printing.choice.needle.clear()

    printing.choice.street.setCurrentIndex(printing.choice.street.findData("文昌街道"))
    open_desk.settle()
    assert printing.pages
    assert {page.sheet.group for page in printing.pages} == {"文昌街道"}
    assert "被筛掉，不印" in printing.choice.count.text()

    printing.choice.street.setCurrentIndex(0)
    printing.choice.with_issues.click()
    open_desk.settle()
    assert printing.pages
    with_issues = {page.sheet.code for page in printing.pages if page.sheet.rows["issue"]}
    assert {page.sheet.code for page in printing.pages} == with_issues
    assert len(printing.codes()) < 36


def test_a_scale_typed_into_the_box_is_that_of_every_sheet(open_desk: Desk, printing: PrintWindow) -> None:
    """3000 is read; what is no scale is put back."""
    only(open_desk, printing, "WC-01")
    line = printing.choice.scale.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "3000")
    QTest.keyClick(line, Qt.Key.Key_Return)
    open_desk.settle()
    assert {page.sheet.map.denominator for page in printing.pages} == {3000.0}

    line.selectAll()
    QTest.keyClicks(line, "abc")
    QTest.keyClick(line, Qt.Key.Key_Return)
    open_desk.settle()
    assert line.text() == "1:3 000"


# --- the page


def test_the_page_on_screen_is_the_page_that_is_printed(open_desk: Desk, printing: PrintWindow) -> None:
    """Pixel for pixel, whole and enlarged at the very place that is looked at."""
    picture = printing.view.picture
    assert picture is not None
    assert picture.image == image(shown(printing), picture.dots, picture.part)
    assert picture.part == Rect(0.0, 0.0, shown(printing).width, shown(printing).height)

    middle = printing.view.viewport().rect().center()
    before = printing.view.mm(QPointF(middle))
    wheel(printing.view.viewport(), middle, 4, Qt.KeyboardModifier.ControlModifier)
    open_desk.settle()
    after = printing.view.mm(QPointF(middle))
    assert printing.view.scale == pytest.approx(picture.dots * 1.25**4, rel=1e-6)
    assert after == pytest.approx(before, abs=1.0)
    large = printing.view.picture
    assert large is not None
    assert large.dots == pytest.approx(printing.view.scale)
    assert large.image == image(shown(printing), large.dots, large.part)
    assert large.part.width < shown(printing).width


def test_keys_turn_pages_and_set_the_size(open_desk: Desk, printing: PrintWindow) -> None:
    """PageDown, PageUp, Ctrl+1, Ctrl+2."""
    pages = printing.pages
    QTest.keyClick(printing.view, Qt.Key.Key_PageDown)
    open_desk.settle()
    assert shown(printing) is pages[1]
    assert printing.list.currentIndex().row() == 1
    QTest.keyClick(printing.view, Qt.Key.Key_PageUp)
    open_desk.settle()
    assert shown(printing) is pages[0]

    QTest.keyClick(printing, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    open_desk.settle()
    assert (printing.view.mode, printing.view.percent) == (HUNDRED, 100)
    QTest.keyClick(printing, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    open_desk.settle()
    assert printing.view.mode == FIT_WIDTH
    assert shown(printing).width * printing.view.scale == pytest.approx(printing.view.viewport().width() - 28, abs=1)


def test_the_old_page_stays_until_the_new_one_is_drawn(open_desk: Desk, printing: PrintWindow) -> None:
    """Right after PageDown the window shows what it showed."""
    first, picture = shown(printing), printing.view.picture
    printing.turn(1)
    assert shown(printing) is first
    assert printing.view.picture is picture
    open_desk.settle()
    assert shown(printing) is printing.pages[1]


def test_small_pictures_are_made_for_what_is_in_sight(open_desk: Desk, printing: PrintWindow) -> None:
    """At the top the first ones, none far below; scrolled to the end the last ones."""
    model, pages = printing.list.pages, printing.pages
    assert all(model.is_made(page) for page in pages[:4])
    assert not model.is_made(pages[-1])
    printing.list.scrollToBottom()
    open_desk.settle()
    assert all(model.is_made(page) for page in pages[-4:])
    assert not model.is_made(pages[len(pages) // 2])


# --- from the page to the feature and back


def test_a_row_lights_up_on_the_map_and_opens_there(open_desk: Desk, printing: PrintWindow) -> None:
    """Hovered and clicked: lit up. Double click: the main window has it selected. Asked where it is printed: this page."""
    view = printing.view
    row = next(spot for spot in shown(printing).spots if spot.layer == "issue")
    place = at(printing, row.place.x + row.place.width / 2, row.place.y + row.place.height / 2)

    hover(view.viewport(), place)
    assert view.hovered == ("issue", row.id)
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    assert view.feature == ("issue", row.id)
    QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    open_desk.settle()
    assert (open_desk.session.selection.layer, open_desk.session.selection.ids) == ("issue", (row.id,))

    open_desk.window.actions_by_id["where_printed"].trigger()
    open_desk.settle()
    assert shown(printing).sheet.code in {page.sheet.code for page in printing.list.pages.pages}
    assert 0 < len(printing.list.pages.pages) < len(printing.pages)
    assert printing.view.feature == ("issue", row.id)
    QTest.mouseClick(printing.found.close_it, LEFT)
    open_desk.settle()
    assert len(printing.list.pages.pages) == len(printing.pages)


def test_a_number_on_the_map_lights_up_its_row(open_desk: Desk, printing: PrintWindow) -> None:
    """The label of an issue, clicked: the row that has the same number."""
    place, block = shown(printing).map_blocks[0]
    label = next(one for one in block.scene.labels if one.layer == "issue")
    x, y = label.middle
    QTest.mouseClick(printing.view.viewport(), LEFT, pos=at(printing, place.x + x, place.y + y))

    assert printing.view.feature == ("issue", label.id)
    assert printing.view.spots is not None
    assert printing.view.spots.rows_of(("issue", label.id))


def test_rows_are_gone_through_by_keys(open_desk: Desk, printing: PrintWindow) -> None:
    """Ctrl+Down twice, Return: the second row is on the map."""
    rows = shown(printing).spots
    for _turn in range(2):
        QTest.keyClick(printing.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(printing.view, Qt.Key.Key_Return)
    assert open_desk.session.selection.ids == (rows[1].id,)


# --- by hand


def test_the_map_is_dragged_by_exactly_so_much_ground_and_stays(open_desk: Desk, printing: PrintWindow) -> None:
    """Pixels ÷ zoom × scale; the same after the window was closed and opened, and in the file that is printed."""
    QTest.keyClick(printing, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    open_desk.settle()
    assert printing.view.adjusting
    page = shown(printing)
    place, block = page.map_blocks[0]
    centre, code = block.view.centre, page.sheet.code
    metres = block.view.metres_per_mm / printing.view.scale

    empty = next(
        QPoint(x, y)
        for x, y in ((at(printing, place.x + dx, place.y + dy).toTuple()) for dx in range(20, 100, 7) for dy in range(20, 100, 9))
        if printing.view.spots is not None and printing.view.spots.label_at(*printing.view.mm(QPointF(x, y))) is None
    )
    drag(printing.view.viewport(), empty, QPoint(60, -45))
    open_desk.settle()

    expected = (centre[0] - 60 * metres, centre[1] - 45 * metres)
    assert shown(printing).sheet.map.centre == pytest.approx(expected, abs=0.002)
    assert printing.list.pages.marks[shown(printing).number].by_hand
    printing.close()
    open_desk.settle()
    again = opened(open_desk)
    assert shown(again).sheet.code == code
    assert shown(again).sheet.map.centre == pytest.approx(expected, abs=0.002)
    assert atlas(project_of(open_desk), Request("zone", (code,))).pages[0].sheet.map.centre == pytest.approx(expected, abs=0.002)


def test_scale_label_layer_undo_and_reset(open_desk: Desk, printing: PrintWindow) -> None:
    """Alt and the wheel; a label carried elsewhere; a layer off; Ctrl+Z takes the last back; 复位 all."""
    code, planned = shown(printing).sheet.code, shown(printing).sheet.map
    printing.bar.adjust.click()
    place, block = shown(printing).map_blocks[0]
    wheel(printing.view.viewport(), at(printing, place.x + 50, place.y + 50), 1, Qt.KeyboardModifier.AltModifier)
    open_desk.settle()
    assert shown(printing).sheet.map.denominator < planned.denominator

    place, block = shown(printing).map_blocks[0]
    label = next(one for one in block.scene.labels if one.layer == "issue")
    x, y = label.middle
    drag(printing.view.viewport(), at(printing, place.x + x, place.y + y), QPoint(40, 30))
    open_desk.settle()
    moved = next(one for one in shown(printing).map_blocks[0][1].scene.labels if one.id == label.id)
    assert moved.pinned
    by = (40 / printing.view.scale, 30 / printing.view.scale)
    assert (moved.middle[0] - x, moved.middle[1] - y) == pytest.approx(by, abs=0.6)

    action = next(one for one in printing.adjusting.menu.actions() if one.data() == "road")
    action.trigger()
    open_desk.settle()
    assert not any(layer == "road" for layer, _kind in shown(printing).map_blocks[0][1].counts)

    QTest.keyClick(printing, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    open_desk.settle()
    assert any(layer == "road" for layer, _kind in shown(printing).map_blocks[0][1].counts)
    QTest.mouseClick(printing.adjusting.reset, LEFT)
    open_desk.settle()
    assert (shown(printing).sheet.code, shown(printing).sheet.map) == (code, planned)
    assert not shown(printing).sheet.pinned


# --- output


def test_the_file_that_is_saved_is_the_one_that_the_command_writes(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """Byte for byte; in a folder, a file for each."""
    only(open_desk, printing, "WC-01", "XF-02")
    request = printing.request()
    assert request is not None
    printing.save(tmp_path / "a.pdf")
    open_desk.settle(60)
    write(project_of(open_desk), request, tmp_path / "b.pdf")
    assert hashlib.sha256((tmp_path / "a.pdf").read_bytes()).digest() == hashlib.sha256((tmp_path / "b.pdf").read_bytes()).digest()
    assert "已写入 1 个文件" in printing.output.said.text()

    printing.save(tmp_path / "each")
    open_desk.settle(60)
    assert len(list((tmp_path / "each").glob("*.pdf"))) == 2


def test_cancel_stops_at_once_and_leaves_nothing(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """All zones: the button answers within 0.2 s while a page is still being drawn, no file and no half file is there, and the next run works."""
    with busy_page(open_desk):
        printing.save(tmp_path / "a.pdf")
        open_desk.until(lambda: printing.output.bar.maximum() > 0)
        assert answered_at_once(lambda: QTest.mouseClick(printing.output.cancel, LEFT))
    assert "已取消" in printing.output.said.text()
    assert printing.output.buttons[ONE].isEnabled()
    open_desk.settle(60)
    assert list(tmp_path.glob("a.pdf*")) == []


def test_a_target_that_cannot_be_written_is_told_with_the_remedy(open_desk: Desk, printing: PrintWindow, tmp_path: Path) -> None:
    """A folder that is not there; the window goes on."""
    only(open_desk, printing, "WC-01")
    printing.save(tmp_path / "没有" / "a.pdf")
    open_desk.settle()
    assert "没有文件夹" in printing.output.said.text()
    assert printing.output.said.property("reason")
    assert printing.output.buttons[ONE].isEnabled()


def test_errors_found_before_are_shown_before_anything_is_written(
    open_desk: Desk, printing: PrintWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said, listed, gone to; only who insists writes."""
    page, row = next((page, spot) for page in printing.pages[1:] for spot in page.spots if spot.layer == "issue")
    printing._on_checked([Line(ERROR, "这一页不对", key_of(page), ("issue", row.id))])
    assert "1 处错误" in printing.output.findings.text()
    assert printing.list.pages.marks[page.number].found
    monkeypatch.setattr(QMessageBox, "exec", lambda self: self.setProperty("asked", True) or self.reject())
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda self: next(one for one in self.buttons() if one.text() == "先看看"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: pytest.fail("nobody said yes"))

    QTest.mouseClick(printing.output.buttons[ONE], LEFT)
    assert printing.findings.isVisible()
    QTest.mouseClick(printing.findings.viewport(), LEFT, pos=printing.findings.visualItemRect(printing.findings.item(0)).center())
    open_desk.settle()
    assert shown(printing) is page
    assert printing.view.feature == ("issue", row.id)


def test_the_preflight_runs_by_itself_and_finds_what_is_wrong(open_desk: Desk) -> None:
    """Two zones, one of them made responsible to nobody beforehand: said at the foot, marked on its page, none of the other's."""
    project = project_of(open_desk)
    zones = project.features("zone")
    wanted = [zones.at(zones.by_code[code]) for code in ("WC-01", "WC-02")]
    bare = {"responsible_unit": None, "chief": None, "member": None}
    project.apply(edits.set_values(project.layers["zone"], [wanted[0]], bare))
    open_desk.session.selection.set("zone", [one.id for one in wanted])
    window = opened(open_desk)
    open_desk.until(lambda: bool(window._lines), 60)

    line = next(one for one in window._lines if one.page is not None and one.page[1] == wanted[0].id and one.severity != "note")
    assert "WC-01" in line.words
    assert window.output.findings.isVisible()
    marked = {page.sheet.code for page in window.pages if window.list.pages.marks[page.number].found}
    assert marked == {"WC-01"}
    window.close()
    open_desk.settle()


def test_an_edit_in_the_main_window_is_on_the_page(open_desk: Desk, printing: PrintWindow) -> None:
    """A unit is changed beside it: the page that is shown says so, without being asked."""
    only(open_desk, printing, "WC-01")
    issue = shown(printing).sheet.rows["issue"][0].feature
    layer = project_of(open_desk).layers["issue"]
    open_desk.session.commit(edits.set_values(layer, [issue], {"description": "井盖丢失一处"}))
    open_desk.until(lambda: any("井盖丢失一处" in cell for table in shown(printing).tables for row in table.rows for cell in row))


def test_a_project_without_zones_says_what_to_do(desk: Desk, tmp_path: Path) -> None:
    """Nothing to print, and no error."""
    from chuangwen.domain.campaign import Campaign

    Project.create(tmp_path / "空.gpkg", Campaign("空"), 4548, "甲").close()
    desk.window.open(tmp_path / "空.gpkg")
    desk.settle()
    window = opened(desk)
    assert "请先导入网格" in window.view._note
    assert not any(button.isEnabled() for button in window.output.buttons.values())
    window.close()
    desk.settle()


def test_another_project_ends_the_window_at_once(open_desk: Desk, printing: PrintWindow, project: Path) -> None:
    """A preview in the making is given up; nothing is left that belongs to the old file."""
    printing.turn(1)
    begun = time.monotonic()
    open_desk.window.open(project)
    assert time.monotonic() - begun < 5
    assert not printing.isVisible()
    assert open_desk.window.printing.window is None
    open_desk.settle()


def test_escape_goes_back_one_step_at_a_time(open_desk: Desk, printing: PrintWindow) -> None:
    """What is lit up, then the hand, then the window."""
    printing.bar.adjust.click()
    printing.view.step_row(1)
    printing.view.setFocus()
    QTest.keyClick(printing.view, Qt.Key.Key_Escape)
    assert printing.view.feature is None
    assert printing.view.adjusting
    QTest.keyClick(printing.view, Qt.Key.Key_Escape)
    assert not printing.view.adjusting
    assert printing.isVisible()
    QTest.keyClick(printing.view, Qt.Key.Key_Escape)
    assert open_desk.window.printing.window is None
    open_desk.settle()


def test_two_zones_of_one_number_are_printed_each(open_desk: Desk) -> None:
    """A slip in the office's list: both are ticked and printed, one does not stand for the other."""
    project = project_of(open_desk)
    zones = project.features("zone")
    pair = [zones.at(zones.by_code[code]) for code in ("WC-01", "WC-02")]
    project.apply(edits.set_values(project.layers["zone"], [pair[1]], {"code": "WC-01"}))
    open_desk.session.selection.set("zone", [one.id for one in pair])
    window = opened(open_desk)
    assert {page.sheet.subject.id for page in window.pages if page.sheet.subject is not None} == {one.id for one in pair}
    window.close()
    open_desk.settle()


def test_telephones_are_masked_on_demand(open_desk: Desk, printing: PrintWindow) -> None:
    """What is asked for says so, and the sheets are laid out anew."""
    asked = printing.choice.request()
    assert asked is not None
    assert asked.reader is None
    printing.choice.masked.setChecked(True)
    open_desk.settle()
    asked = printing.choice.request()
    assert asked is not None
    assert asked.reader is not None
    assert asked.reader.masked
    sheet = atlas(project_of(open_desk), asked).sheets[0]
    assert sheet.subject is not None
    assert "****" in str(sheet.subject.get("phone"))
