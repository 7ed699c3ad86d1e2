"""What the user can ask for, as data: menus, toolbar, shortcuts and the help page are made from this one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QToolBar, QWidget

from chuangwen.text import _
from chuangwen.ui.icons import icon


@dataclass(frozen=True, slots=True)
class Command:
    """`needs`: `project`, `selection`, `point` (one point is selected) or '' for always. `tool`: it stays pressed while its tool is in use."""

    id: str
    menu: str
    title: str
    keys: str = ""
    icon: str = ""
    needs: str = "project"
    tool: bool = False
    bar: bool = False
    rule: bool = False  # a line above it in the menu
    writes: bool = False  # it changes the map: not offered while a past day is shown


FILE, EDIT, VIEW, OBJECT = _("文件"), _("编辑"), _("视图"), _("对象")
CHECK, DUTY, PRINT, HELP = _("检查"), _("督办"), _("打印"), _("帮助")

COMMANDS = (
    Command("new", FILE, _("新建项目…"), "Ctrl+N", "new", ""),
    Command("open", FILE, _("打开项目…"), "Ctrl+O", "open", "", bar=True),
    Command("demo", FILE, _("打开示范项目"), "", "", ""),
    Command("import", FILE, _("导入…"), "Ctrl+I", "import", bar=True, rule=True),
    Command("export", FILE, _("导出当前表…"), "Ctrl+E", "export"),
    Command("export_for", FILE, _("导出当前表给别人…")),
    Command("picture", FILE, _("把地图存为图片…"), "Ctrl+Shift+S"),
    Command("web", FILE, _("导出网页地图…"), "Ctrl+Shift+E"),
    Command("web_return", FILE, _("收巡查回传…"), "Ctrl+Shift+I", writes=True),
    Command("project_settings", FILE, _("项目信息…"), "", "", rule=True),
    Command("calendar", FILE, _("工作日历…")),
    Command("settings", FILE, _("设置…"), "Ctrl+,", "settings", ""),
    Command("quit", FILE, _("退出"), "Ctrl+Q", "", "", rule=True),
    Command("undo", EDIT, _("撤销"), "Ctrl+Z", "undo", bar=True),
    Command("redo", EDIT, _("重做"), "Ctrl+Y", "redo", bar=True),
    Command("find", EDIT, _("查找"), "Ctrl+F", "search", rule=True),
    Command("clear_filter", EDIT, _("取消筛选"), "Ctrl+0"),
    Command("browse", VIEW, _("浏览和选择"), "F2", "browse", tool=True, bar=True),
    Command("box", VIEW, _("框选"), "F3", "box", tool=True, bar=True),
    Command("zoom_box", VIEW, _("拉框放大"), "F4", "zoom_box", tool=True, bar=True),
    Command("measure", VIEW, _("测量距离和面积"), "F6", "measure", tool=True, bar=True),
    Command("who", VIEW, _("此处谁负责"), "F10", "who", tool=True, bar=True),
    Command("zoom_in", VIEW, _("放大"), "Ctrl++", "zoom_in", rule=True),
    Command("zoom_out", VIEW, _("缩小"), "Ctrl+-", "zoom_out"),
    Command("whole", VIEW, _("全图"), "Home", "whole", bar=True),
    Command("show_selection", VIEW, _("缩放到所选"), "Ctrl+Home", "selection", "selection", bar=True),
    Command("labels", VIEW, _("显示或隐藏全部标注"), "Ctrl+L", "labels"),
    Command("past", VIEW, _("看过去某一天的地图…"), "Ctrl+H", rule=True),
    Command("changes", VIEW, _("两天之间的变化…"), "Ctrl+Shift+H"),
    Command("web_view", VIEW, _("网页地图"), "Ctrl+Shift+M", rule=True),
    Command("map_focus", VIEW, _("到地图"), "F7", "", rule=True),
    Command("table_focus", VIEW, _("到表格"), "F8"),
    Command("panel_focus", VIEW, _("到属性面板"), "F9"),
    Command("add_site", OBJECT, _("新增点位"), "Ctrl+Shift+N", "add_site", tool=True, bar=True, writes=True),
    Command("add_issue", OBJECT, _("新增问题"), "Ctrl+Shift+W", "add_issue", tool=True, bar=True, writes=True),
    Command("move", OBJECT, _("移动点"), "Ctrl+M", "move", tool=True, bar=True, writes=True),
    Command("border", OBJECT, _("调整网格边界"), "Ctrl+Shift+B", "border", tool=True, writes=True),
    Command("place", OBJECT, _("放到地图上"), "Ctrl+G", "place", "point", writes=True),
    Command("delete", OBJECT, _("删除所选…"), "Ctrl+Del", "delete", "selection", rule=True),
    Command("check", CHECK, _("盲区检查"), "Ctrl+K", "check", bar=True),
    Command("responsibility", CHECK, _("责任一张图…"), "Ctrl+Shift+K"),
    Command("inbox", DUTY, _("待办箱"), "Ctrl+J", "inbox", bar=True, writes=True),
    Command("orders", DUTY, _("开单…"), "Ctrl+Shift+D", "order", bar=True, writes=True),
    Command("register", DUTY, _("文书台账…"), "Ctrl+Shift+R"),
    Command("split", DUTY, _("按单位拆分问题清单…")),
    Command("ladder", DUTY, _("催督办和扣分…"), "Ctrl+D", rule=True),
    Command("dashboard", DUTY, _("统计…"), "Ctrl+T", "chart", bar=True),
    Command("bulletin", DUTY, _("每日通报…"), "Ctrl+B", rule=True, writes=True),
    Command("unanswered", DUTY, _("未答项清单…")),
    Command("uncleared", DUTY, _("进驻前未清零清单…")),
    Command("unit_card", DUTY, _("单位责任卡…")),
    Command("print", PRINT, _("打印图纸…"), "Ctrl+P", "print", bar=True),
    Command("where_printed", PRINT, _("所选的在哪几页…"), "Ctrl+Shift+P", "", "selection"),
    Command("keys", HELP, _("快捷键"), "F1", "help", ""),
    Command("about", HELP, _("关于"), "", "", ""),
)


def make_actions(window: QWidget, run: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """An action for every command of the table. Raises `KeyError` for a command that nothing runs."""
    made = {}
    for command in COMMANDS:
        action = QAction(command.title, window)
        if command.icon:
            action.setIcon(icon(command.icon))
        if command.keys:
            action.setShortcut(QKeySequence(command.keys))
            words = QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{command.title.rstrip('…')}（{words}）")
        action.setCheckable(command.tool)
        action.triggered.connect(lambda _on=False, work=run[command.id]: work())
        window.addAction(action)
        made[command.id] = action
    return made


def fill(menus: QMenuBar, bar: QToolBar, actions: Mapping[str, QAction]) -> None:
    """Put the actions into menus and toolbar in the order of the table."""
    by_title = {}
    last = ""
    for command in COMMANDS:
        if command.menu not in by_title:
            by_title[command.menu] = menus.addMenu(command.menu)
        if command.rule:
            by_title[command.menu].addSeparator()
        by_title[command.menu].addAction(actions[command.id])
        if command.bar:
            if last and last != command.menu:
                bar.addSeparator()
            bar.addAction(actions[command.id])
            last = command.menu
