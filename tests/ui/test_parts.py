"""Parts that windows share: no window larger than the screen, a sentence in an empty list, no words of the command line at the window."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem, QWidget

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.project import Project
from chuangwen.ui.dashboard.charts import GroupChart
from chuangwen.ui.day_edit import DayEdit
from chuangwen.ui.parts import fit_to_screen, flat_list, plain_words, say_when_empty, sentence
from chuangwen.ui.todo_bar import TodoBar
from tests.ui.conftest import Desk


def test_a_window_is_never_larger_than_the_screen(desk: Desk) -> None:
    """What fits is as large as asked; what does not leaves room for frame and title."""
    window = QWidget(desk.window)
    fit_to_screen(window, 300, 200)
    assert window.size() == QSize(300, 200)
    fit_to_screen(window, 90_000, 90_000)
    room = desk.window.screen().availableSize()
    assert room.width() - 40 < window.width() < room.width()
    assert room.height() - 60 < window.height() < room.height()


def test_an_empty_list_says_so_and_stops_when_it_has_rows(desk: Desk) -> None:
    """The sentence comes back when the list is emptied."""
    tree = flat_list(("编号", "数"), (0, 60), stretched=0, numbers=(1,))
    said = say_when_empty(tree, "没有问题。")
    assert not said.isHidden()
    tree.addTopLevelItem(QTreeWidgetItem(["A-1", "3"]))
    assert said.isHidden()
    tree.clear()
    assert not said.isHidden()
    assert tree.headerItem().textAlignment(1) & Qt.AlignmentFlag.AlignRight
    assert not tree.headerItem().textAlignment(0) & Qt.AlignmentFlag.AlignRight


def test_words_of_the_command_line_stay_there() -> None:
    """In brackets, or as a sentence of their own; the rest stays whole."""
    assert plain_words("请换角色（命令行：--role inspector）。") == "请换角色。"
    assert plain_words("请换一个坐标系。请用 --crs 指定。") == "请换一个坐标系。"
    assert plain_words("时限（6月5日前）已过。") == "时限（6月5日前）已过。"
    assert sentence(RuleBroken("“作废”须由负责人办理（命令行：--role director）。")) == "“作废”须由负责人办理。"
    assert sentence(UserError("写不了。", hint="请换一个文件夹。")) == "写不了。请换一个文件夹。"


def test_the_number_behind_the_longest_bar_stands_whole(desk: Desk) -> None:
    """However narrow the chart is."""
    chart = GroupChart("#000000", "#ffffff", "#cccccc")
    chart.show_groups([("a", "示范区妇女联合会", 0.75, "73.3%（11/15）", True), ("b", "示范区水利局", 0.5, "50.0%（1/2）", False)])
    chart.show()
    for width in (900, 320):
        chart.resize(width, 200)
        desk.settle()
        box = chart.getPlotItem().vb
        (low, high), pixels = box.viewRange()[0], box.width()
        assert pixels * (1 - 0.75 / (high - low)) >= 73
    chart.close()


def test_the_rate_beside_the_buttons_is_never_cut(open_desk: Desk) -> None:
    """Fewer words where there is less room."""
    place = QWidget()  # without a layout, which would set the size itself
    bar = TodoBar(open_desk.session, place)
    place.show()
    said = set()
    for width in (1100, 760, 700, 640, 600):
        bar.resize(width, bar.height())
        if not bar.rate.isHidden():
            said.add(bar.rate.text())
            assert bar.rate.sizeHint().width() + bar.minimumSizeHint().width() <= width
    place.close()
    assert len(said) >= 2


def test_an_empty_project_says_that_there_is_no_past(desk: Desk, tmp_path: Path) -> None:
    """Neither the past nor the changes stay silent."""
    Project.create(tmp_path / "空.gpkg", Campaign("空"), 4548, "甲").close()
    desk.window.open(tmp_path / "空.gpkg")
    desk.settle()
    for action in ("past", "changes"):
        desk.window.notice.hide()
        desk.window.actions_by_id[action].trigger()
        desk.settle()
        assert desk.window.notice.isVisible()
        assert "还没有改过" in desk.window.notice.words
    desk.window.inbox.toggle()
    desk.settle()
    assert desk.window.inbox.panel.count.text() == "没有要处理的问题"


def test_the_sentence_of_a_closed_list_is_not_spoken_to(desk: Desk) -> None:
    """A list empties itself while it goes, after its parts are gone."""
    tree = flat_list(("编号",), (0,), stretched=0)
    said = say_when_empty(tree, "没有。")
    tree.addTopLevelItem(QTreeWidgetItem(["A-1"]))
    said.deleteLater()
    QApplication.sendPostedEvents(said, QEvent.Type.DeferredDelete)
    tree.clear()
    desk.settle()


def test_the_calendar_of_a_day_speaks_chinese(desk: Desk) -> None:
    """Whatever the language of the desk."""
    edit = DayEdit(dt.date(2024, 6, 2))
    assert edit.calendarWidget().locale().language() == QLocale.Language.Chinese
    assert edit.day == dt.date(2024, 6, 2)
