"""The import dialog by mouse and keys: the whole walk and back, questions, conflicts, refusals, cancelling, undo. Real files; plans made by hand where said."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from shapely.geometry import box

from chuangwen.domain import edits
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.findings import GAP, Cleaning, Finding, Resized
from chuangwen.exchange.incoming import Candidate
from chuangwen.exchange.review import CHANGED, CONFLICT, FieldChange, ReviewRow
from chuangwen.progress import Progress
from chuangwen.services.importing import Prepared
from chuangwen.settings import resources_folder
from chuangwen.ui.importing import looking
from chuangwen.ui.importing.dialog import ImportDialog
from chuangwen.ui.importing.file_page import to_import
from chuangwen.ui.importing.first_rows import FirstRows
from chuangwen.ui.importing.going_on import DONE, FILE, FOUND, REVIEW
from chuangwen.ui.importing.review_lines import FINDING, REJECTED, Line
from chuangwen.ui.importing.review_model import ReviewModel
from chuangwen.ui.importing.rows_table import RowsModel
from tests.ui.conftest import Desk

pytestmark = pytest.mark.window
FILES = resources_folder() / "demo" / "files"
ZONES = FILES / "示范区_网格边界.shp"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(open_desk: Desk) -> Iterator[ImportDialog]:
    """The dialog over the demo project, closed afterwards."""
    made = ImportDialog(open_desk.session, open_desk.window)
    made.resize(1100, 680)
    made.show()
    open_desk.settle()
    yield made
    made.close()
    made.deleteLater()
    open_desk.settle()


def press(desk: Desk, widget: QWidget) -> None:
    """Click it where it can be clicked (a radio button only on its words) and wait, also for the look that follows after a moment."""
    QTest.mouseClick(widget, LEFT, pos=QPoint(12, widget.height() // 2))
    dialog = widget.window()
    assert isinstance(dialog, ImportDialog)
    desk.until(lambda: not dialog.looker.busy)
    desk.settle()


def new_list(path: Path, unit: str = "区城管局") -> Path:
    """Four issues below a title, and one that has the number of another."""
    book = Workbook()
    sheet = book.active
    sheet.append(["文昌街道新发现问题清单"])
    sheet.append(["序号", "问题编号", "点位名称", "存在问题", "责任单位", "整改时限", "上报人"])
    for number in range(1, 5):
        sheet.append([number, f"20240603-10{number}", "人民广场", f"座椅破损 <b>{number}</b> & 坡道被占", unit, "2024-06-08", "某某"])
    sheet.append([5, "20240603-104", "人民广场", "路灯不亮", unit, "2024-06-08", "某某"])
    book.save(path)
    return path


def planned(monkeypatch: pytest.MonkeyPatch, change: Callable[[Prepared, dict[str, str]], Prepared]) -> None:
    """Let `change` add to what the service found: what other stages report on files that are harder to make."""
    real = looking.prepare

    def prepare(project: Any, path: Path, layer: str, options: Any, progress: Progress) -> Prepared:
        return change(real(project, path, layer, options, progress), dict(options.answers))

    monkeypatch.setattr(looking, "prepare", prepare)


def test_the_whole_walk_and_back_by_keys_alone(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """Return goes on, Esc goes back, nothing is written before the last step; undo takes everything back."""
    desk = open_desk
    project = desk.session.project
    assert project is not None
    before = len(project.features("issue"))
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    desk.settle()
    assert dialog.file_page.layer.currentData() == "issue"
    assert "读到 5 条" in dialog.file_page.said.text()

    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.pages.currentIndex() == FOUND
    first = dialog.found_page.table.model_.first
    assert first.titles[:3] == ("序号", "问题编号", "点位名称")
    assert [row[1] for row in first.cells] == [f"20240603-10{number}" for number in (1, 2, 3, 4, 4)]
    assert first.rows[0] == 3
    assert set(first.bad) == {4}
    assert "区城" in first.cells[0][4]
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.pages.currentIndex() == REVIEW
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.pages.currentIndex() == FOUND
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.pages.currentIndex() == FILE
    dialog.go_on()
    dialog.go_on()
    assert dialog.next.text().startswith("导入 4 条")
    dialog.review_page.show_kind(REJECTED)
    assert "与第 6 行重复" in dialog.review_page.detail.note.text()
    assert len(project.features("issue")) == before

    QTest.keyClick(dialog, Qt.Key.Key_Return)
    desk.settle()
    assert dialog.pages.currentIndex() == DONE
    assert len(project.features("issue")) == before + 4
    receipt = tmp_path / "回执.xlsx"
    dialog.save_receipt(receipt)
    desk.settle()
    assert "回执已保存" in dialog.done_page.note.text()
    words = [str(cell.value) for row in load_workbook(receipt).worksheets[0].iter_rows() for cell in row if cell.value]
    assert any("与第 6 行重复" in word for word in words)
    press(desk, dialog.done_page.undo)
    assert len(project.features("issue")) == before
    assert "已撤销" in dialog.done_page.head.text()
    assert not dialog.done_page.undo.isEnabled()


def test_zones_show_their_shapes_over_the_district(open_desk: Desk, dialog: ImportDialog) -> None:
    """A GBK shapefile is understood without a question: the verdict is green and the map is drawn."""
    dialog.take(ZONES)
    open_desk.settle()
    press(open_desk, dialog.next)
    page = dialog.found_page
    assert page.verdict.property("state") == "good"
    assert page.map.isVisible()
    assert page.map.picture is not None
    picture = page.map.picture.convertToFormat(page.map.picture.format())
    reds = sum(
        picture.pixelColor(x, y).red() - picture.pixelColor(x, y).blue() > 60 for x in range(0, picture.width(), 4) for y in range(0, picture.height(), 4)
    )
    assert reds > 20
    view = page.map.view
    QTest.mousePress(page.map, LEFT, pos=page.map.rect().center())
    QTest.mouseMove(page.map, page.map.rect().center() + QPointF(30, 0).toPoint())
    QTest.mouseRelease(page.map, LEFT)
    page.map.zoom(2.0)
    assert page.map.view.denominator == pytest.approx(view.denominator / 2)
    QTest.mouseDClick(page.map, LEFT)
    assert page.map.view.denominator == pytest.approx(view.denominator)


def test_a_column_is_sent_to_another_field_and_one_is_left_out(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """The header's list of fields; a repeated look changes nothing, and no second look is made for it."""
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    open_desk.settle()
    press(open_desk, dialog.next)
    table = dialog.found_page.table
    reporter = table.model_.first.titles.index("上报人")
    assert table.model_.first.fields[reporter] == ""
    menu = table.choices(reporter)
    next(action for action in menu.actions() if action.text() == "备注").trigger()
    open_desk.settle()
    assert dict(zip(table.model_.first.titles, table.model_.first.fields, strict=True))["上报人"] == "remark"
    assert table.model_.first.cells[0][reporter] == "某某"
    place = table.model_.first.titles.index("点位名称")
    next(action for action in table.choices(place).actions() if action.text() == "不用这一列").trigger()
    open_desk.settle()
    assert table.model_.first.fields[place] == ""
    assert dialog.look is not None
    assert all("site_name" not in (change.after or {}) or change.after["site_name"] is None for change in dialog.look.prepared.plan.edit.changes)  # type: ignore[index]
    assert not dialog.looker.look(dialog.look.wish)


def test_a_question_waits_for_its_answer(open_desk: Desk, dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """下一步 stays shut until the question that asks is answered; the answer reaches the service; others are folded away."""
    seen: list[dict[str, str]] = []
    possible = Answer("d1", "6月1日"), Answer("d10", "6月10日")

    def change(found: Prepared, answers: dict[str, str]) -> Prepared:
        seen.append(answers)
        asks = Doubt("date:发现时间", "6.1 是 <b>哪一天</b>？", possible, answers.get("date:发现时间", ""), (4, 7), asks=True)
        custom = Doubt("split:存在问题", "要拆开吗？", (Answer("yes", "拆"), Answer("no", "不拆")), answers.get("split:存在问题", "no"))
        return replace(found, plan=replace(found.plan, report=replace(found.plan.report, doubts=(custom, asks))))

    planned(monkeypatch, change)
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    open_desk.settle()
    press(open_desk, dialog.next)
    page = dialog.found_page
    assert not dialog.next.isEnabled()
    assert "还有 1 处" in page.questions.fold.text()
    assert not page.questions.cards["split:存在问题"].isVisible()
    card = page.questions.cards["date:发现时间"]
    assert card.property("asks") is True
    press(open_desk, card.radios["d10"])
    assert seen[-1] == {"date:发现时间": "d10"}
    assert dialog.next.isEnabled()
    assert card.property("asks") is False
    press(open_desk, page.questions.fold)
    other = page.questions.cards["split:存在问题"]
    assert other.radios["no"].isChecked()
    press(open_desk, other.radios["yes"])
    assert seen[-1] == {"date:发现时间": "d10", "split:存在问题": "yes"}
    assert page.questions.cards["split:存在问题"] is other


def test_unplaceable_coordinates_are_asked_on_the_map(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """Degrees from nowhere: the candidates are drawn, the chosen one goes back to the service."""
    path = tmp_path / "路口.csv"
    path.write_text("点位编号,点位名称,经度,纬度\nL1,人民路口,116.3600,27.9500\nL2,建设路口,116.3650,27.9520\n", encoding="gbk")
    dialog.take(path)
    open_desk.settle()
    assert dialog.file_page.layer.currentData() == "site"
    press(open_desk, dialog.next)
    page = dialog.found_page
    press(open_desk, page.buttons["crs"])
    assert not page.is_overview
    assert not dialog.next.isVisible()
    assert {"EPSG:4490", "gcj02", "bd09"} <= set(page.places.radios)
    where = page.places.map.view.centre
    press(open_desk, page.places.radios["bd09"])
    assert page.places.radios["bd09"].isChecked()
    assert page.places.map.note.startswith("百度")
    assert page.places.map.view.centre != where or page.places.map.picture is not None
    press(open_desk, page.places.take)
    assert page.is_overview
    assert dialog.look is not None
    assert dialog.look.prepared.plan.report.crs == "BD-09"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.pages.currentIndex() == FILE


def test_a_place_that_nobody_knows_keeps_the_dialog_asking(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """Points outside the district are not taken in silence: the question stands in step two, and an answer goes on."""
    path = tmp_path / "点位.csv"
    rows = "".join(f"W{number},外区点位{number},{113.2 + number / 1000:.4f},28.1000\n" for number in range(4))
    path.write_text(f"点位编号,点位名称,经度（CGCS2000）,纬度\n{rows}", encoding="utf-8-sig")
    dialog.take(path)
    open_desk.settle()
    assert dialog.refused is not None
    assert dialog.next.isEnabled()
    press(open_desk, dialog.next)
    assert dialog.pages.currentIndex() == FOUND
    assert not dialog.next.isEnabled()
    card = dialog.found_page.questions.cards["outside"]
    assert "区界外面" in card.doubt.question
    press(open_desk, card.radios["keep"])
    assert dialog.look is not None, dialog.found_page.verdict_note.text()
    assert not dialog.next.isEnabled(), "so far away it asks once more, about the coordinates"
    press(open_desk, dialog.found_page.to_places)
    assert not dialog.found_page.is_overview
    press(open_desk, dialog.found_page.places.take)
    assert dialog.found_page.is_overview
    assert not dialog.found_page.ask_place.isVisible()
    assert dialog.next.isEnabled()


def test_another_encoding_is_one_click_away(open_desk: Desk, dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates stand side by side with their samples; choosing one reads again, and the program's own choice comes back as easily."""

    def change(found: Prepared, _answers: dict[str, str]) -> Prepared:
        used = found.plan.report.encoding
        some = (
            Candidate("GB18030", 0.98, ("示山大道", "<b>渡口巷</b>"), chosen="gb" in used.lower()),
            Candidate("UTF-8", 0.0, ("\ufffd\ufffd",), declared=True),
            Candidate("Big5", 0.3, ("尨刓",), chosen="big5" in used.lower()),
        )
        return replace(found, plan=replace(found.plan, report=replace(found.plan.report, candidates=some)))

    planned(monkeypatch, change)
    path = tmp_path / "单位清单.csv"
    path.write_text("单位名称,简称\n示范区城市管理局,城管局\n", encoding="gb18030")
    dialog.take(path)
    open_desk.settle()
    press(open_desk, dialog.next)
    page = dialog.found_page
    press(open_desk, page.buttons["encoding"])
    assert not page.is_overview
    assert not page.encodings.buttons["GB18030"].isEnabled()
    press(open_desk, page.encodings.buttons["Big5"])
    if dialog.refused is None:
        assert dialog.look is not None
        assert dialog.look.wish.encoding == "Big5"
        press(open_desk, page.buttons["encoding"])
        press(open_desk, page.encodings.auto)
    else:
        press(open_desk, dialog.restore)
    assert dialog.look is not None
    assert dialog.look.wish.encoding == "auto"


def conflicting(found: Prepared, answers: dict[str, str]) -> Prepared:
    """Two conflicts and a change, as the comparison reports them."""
    which = Answer("keep", "保留现有"), Answer("take", "采用名单")
    every = answers.get("conflicts", "keep")
    rows, doubts = [], [Doubt("conflicts", "2 条都改过。以哪个为准？", which, every)]
    for at in (0, 1):
        code, row = str(found.plan.values["code"][at]), int(found.plan.incoming.rows[at])
        key = f"conflict:{code}"
        taken = answers.get(key, every) == "take"
        rows.append(ReviewRow(CONFLICT, row, code, "", "x", (FieldChange("status", "状态", "核查<不>合格", "已整改", taken),), key, "核查后改过"))
        doubts.append(Doubt(key, f"{code}：状态。以哪个为准？", which, "take" if taken else "keep", (row,)))
    rows.append(ReviewRow(CHANGED, int(found.plan.incoming.rows[2]), str(found.plan.values["code"][2]), "", "y", (FieldChange("name", "名称", "甲", "乙"),)))
    return replace(found, plan=replace(found.plan, report=replace(found.plan.report, review=tuple(rows), doubts=tuple(doubts))))


def test_conflicts_are_decided_in_place_one_by_one_or_all(open_desk: Desk, dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chip filters, the line shows before and after, the choice is kept on the line in hand; the choice for all reaches the others."""
    planned(monkeypatch, conflicting)
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    open_desk.settle()
    dialog.go_on()
    assert not dialog.found_page.questions.cards, "conflicts are asked where they are seen"
    dialog.go_on()
    page = dialog.review_page
    press(open_desk, page.chips[CONFLICT])
    assert page.model.rowCount() == 2
    row = page.table.visualRect(page.model.index(1, 2)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=row)
    line = page.line
    assert line is not None
    assert "核查&lt;不&gt;合格" in page.detail.fields.text()
    press(open_desk, page.detail.choice.cards[line.key].radios["take"])
    assert dialog.look is not None
    assert dialog.look.wish.answers == {line.key: "take"}
    assert page.line is not None
    assert page.line.code == line.code
    shown = [str(page.model.data(page.model.index(at, 4))) for at in range(2)]
    assert shown[0].startswith("【保留现有】")
    assert shown[1].startswith("【采用名单】")
    press(open_desk, page.questions.cards["conflicts"].radios["take"])
    assert all(str(page.model.data(page.model.index(at, 4))).startswith("【采用名单】") for at in range(2))


def test_findings_lie_on_the_map_and_the_clean_up_needs_consent(open_desk: Desk, dialog: ImportDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click on a finding goes there; the areas before and after stand beside the question, which is answered `no` by itself."""
    seen: list[str] = []

    def change(found: Prepared, answers: dict[str, str]) -> Prepared:
        seen.append(answers.get("clean", ""))
        x, y = found.plan.geometry[5].centroid.coords[0]
        flaws = (Finding(GAP, "WC-05 与 WC-06 之间有缝隙", (5, 6), ("WC-05", "WC-06"), 42.0, box(x, y, x + 3, y + 14)),)
        offered = Cleaning((Resized(5, "WC-05", 1000.0, 1042.0),), done=answers.get("clean") == "yes")
        return replace(found, plan=replace(found.plan, report=replace(found.plan.report, findings=flaws, cleaning=offered)))

    planned(monkeypatch, change)
    dialog.take(ZONES)
    open_desk.settle()
    dialog.go_on()
    dialog.go_on()
    page = dialog.review_page
    open_desk.settle()
    far = page.map.view.denominator
    press(open_desk, page.chips[FINDING])
    assert page.map.view.denominator < far / 5
    assert "1,042.0" in page.detail.areas.text()
    card = page.questions.cards["clean"]
    assert card.radios["no"].isChecked()
    press(open_desk, card.radios["yes"])
    assert seen[-1] == "yes"
    assert page.questions.cards["clean"].radios["yes"].isChecked()


def test_a_refusal_says_why_and_the_dialog_goes_on(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """A drawing, then a web page that calls itself a shapefile, then a good file."""
    (tmp_path / "网格图.dwg").write_bytes(b"AC1032")
    dialog.take(tmp_path / "网格图.dwg")
    open_desk.settle()
    assert "DXF" in dialog.file_page.said.text()
    assert not dialog.next.isEnabled()
    (tmp_path / "网格.shp").write_text("<html>请先登录</html>" * 20, encoding="utf-8")
    dialog.take(tmp_path / "网格.shp")
    open_desk.settle()
    assert not dialog.next.isEnabled()
    assert "--" not in dialog.file_page.said.text()
    dialog.take(ZONES)
    open_desk.settle()
    assert dialog.next.isEnabled()
    dialog.file_page.layer.setCurrentIndex(dialog.file_page.layer.findData("issue"))
    dialog.file_page.layer.activated.emit(dialog.file_page.layer.currentIndex())
    open_desk.settle()
    assert "点" in dialog.file_page.said.text(), "areas are no issues"
    dialog.file_page.layer.setCurrentIndex(dialog.file_page.layer.findData("reference"))
    dialog.file_page.layer.activated.emit(dialog.file_page.layer.currentIndex())
    open_desk.settle()
    assert dialog.look is not None
    assert dialog.look.wish.layer == "reference"


def test_reading_can_be_stopped_and_begun_again(open_desk: Desk, dialog: ImportDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """取消 is heard by the worker; the late answer of an older look is not."""
    started, stopped = threading.Event(), threading.Event()
    real = looking.prepare

    def slow(project: Any, path: Path, layer: str, options: Any, progress: Progress) -> Prepared:
        started.set()
        try:
            for number in range(2_000):
                progress.at(number, 2_000, "慢慢读")
                threading.Event().wait(0.01)
        finally:
            stopped.set()
        return real(project, path, layer, options, progress)

    monkeypatch.setattr(looking, "prepare", slow)
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    open_desk.until(lambda: started.is_set() and dialog.foot.bar.value() > 0)
    assert "慢慢读" in dialog.foot.doing.text()
    assert dialog.stop.isVisible()
    QTest.mouseClick(dialog.stop, LEFT)
    open_desk.until(stopped.is_set)
    open_desk.settle()
    assert dialog.look is None
    assert not dialog.stop.isVisible()
    assert dialog.next.text().startswith("重新读取")
    monkeypatch.setattr(looking, "prepare", real)
    press(open_desk, dialog.next)
    assert dialog.look is not None


def test_closing_in_the_middle_writes_nothing(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """Also while it reads."""
    project = open_desk.session.project
    assert project is not None
    before = len(project.store.steps())
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    dialog.close()
    open_desk.settle()
    assert len(project.store.steps()) == before


def test_a_colleague_in_between_is_noticed(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """What was reviewed no longer holds: nothing is written, the file is looked at again."""
    project = open_desk.session.project
    assert project is not None
    dialog.take(new_list(tmp_path / "新问题.xlsx"))
    open_desk.settle()
    dialog.go_on()
    dialog.go_on()
    press(open_desk, dialog.next)
    press(open_desk, dialog.next)
    assert dialog.pages.currentIndex() == FILE
    book = load_workbook(tmp_path / "新问题.xlsx")
    book.active["D3"] = "座椅已修，坡道仍被占"
    book.save(tmp_path / "新问题.xlsx")
    dialog.take(tmp_path / "新问题.xlsx")
    open_desk.settle()
    dialog.go_on()
    dialog.go_on()
    issue = project.features("issue").coded("20240603-101")
    assert issue is not None
    open_desk.session.commit(edits.set_values(project.layers["issue"], [issue], {"description": "同事改的"}))
    open_desk.settle()
    steps = len(project.store.steps())
    press(open_desk, dialog.next)
    assert dialog.pages.currentIndex() == REVIEW
    assert "什么都没有写入" in dialog.notice.text()
    assert len(project.store.steps()) == steps
    assert dialog.next.isEnabled()


def test_several_files_queue(open_desk: Desk, dialog: ImportDialog, tmp_path: Path) -> None:
    """Dropped together with a shapefile's companions: two files, one after the other."""
    for one in FILES.glob("示范区_网格边界.*"):
        shutil.copy(one, tmp_path)
    new_list(tmp_path / "新问题.xlsx")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(one)) for one in sorted(tmp_path.glob("*.*")) if one.suffix != ".gpkg"])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, dropped, LEFT, Qt.KeyboardModifier.NoModifier)
    dialog.dropEvent(event)
    open_desk.settle()
    assert dialog.file_page.queue.count() == 2
    assert dialog.look is not None
    first = dialog.look.wish.path.name
    dialog.go_on()
    dialog.go_on()
    press(open_desk, dialog.next)
    assert dialog.next.text().startswith("下一个文件")
    press(open_desk, dialog.next)
    assert dialog.pages.currentIndex() == FILE
    assert dialog.look is not None
    assert dialog.look.wish.path.name != first
    assert "已导入" in dialog.file_page.queue.item(0).text()


def test_what_was_dropped_is_sorted_out(tmp_path: Path) -> None:
    """A folder means its files; companions go with their shapefile; a lone .dbf is a file of its own."""
    for name in ("a.shp", "a.shx", "a.dbf", "a.shp.xml", "b.DBF", "c.xlsx", "readme.md"):
        (tmp_path / name).touch()
    assert [one.name for one in to_import([tmp_path])] == ["a.shp", "c.xlsx"]
    photos = tmp_path / "照片"
    photos.mkdir()
    for name in ("1.jpg", "2.jpg"):
        (photos / name).touch()
    assert to_import([photos]) == [photos]
    assert to_import(sorted(photos.iterdir())) == [photos]
    assert to_import([photos / "1.jpg"]) == [photos / "1.jpg"]
    assert [one.name for one in to_import([tmp_path / "a.dbf", tmp_path / "a.shp", tmp_path / "b.DBF"])] == ["a.shp", "b.DBF"]


def test_tables_of_a_hundred_thousand_lines_are_there_at_once() -> None:
    """Nothing is made for a line that is not looked at."""
    lines = [Line(CHANGED, "更新", (number,), str(number), "", "") for number in range(100_000)]
    model = ReviewModel(dark=False)
    model.show(lines, (), {})
    model.show_kind(CHANGED)
    assert model.rowCount() == 100_000
    assert model.data(model.index(99_999, 2)) == "99999"
    rows = RowsModel(dark=False)
    rows.show(FirstRows(("列",), ("",), (3,), (("x" * 500,),), (("x" * 500,),), {0: "不行"}, {}))
    assert len(rows.data(rows.index(0, 0))) < 100
