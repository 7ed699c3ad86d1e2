"""What stands behind 帮助: all keys, and what this program is."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from chuangwen import __version__
from chuangwen.domain.lifecycle import STATES
from chuangwen.text import _
from chuangwen.ui.actions import COMMANDS
from chuangwen.ui.parts import scrolled, words

_SIZE = 860, 640
_ROOM = 120  # px that the screen keeps beside the window


def rows_of_keys() -> list[tuple[str, str, str]]:
    """Group, keys, what they do: of every command, then of what needs no menu."""
    rows = [(one.menu, QKeySequence(one.keys).toString(QKeySequence.SequenceFormat.NativeText), one.title.rstrip("…")) for one in COMMANDS if one.keys]
    on_map, in_table, at_print, duty = _("地图上"), _("表格里"), _("打印窗口里"), _("办理")
    return [
        *rows,
        (on_map, "↑ ↓ ← →", _("移动地图（先点一下地图，或按 F7）")),
        (on_map, "+ / -", _("放大 / 缩小")),
        (on_map, "Enter", _("测量时：结束；新增时：放在地图中央")),
        (on_map, "Esc", _("退出当前工具，再按取消选择")),
        (duty, "Ctrl+1 … Ctrl+9", _("所选问题的办理动作：交办、签收、反馈整改……")),
        (duty, "Alt+1 … Alt+6", _("待办：待指定、今日到期、临期、逾期、待核查、未定位")),
        (duty, "J K · Enter · U · T · M · S · Z · D", _("待办箱：下一件、上一件；接受；换单位；改时限；合并重复；跳过；撤销；开单")),
        (in_table, "Enter", _("在地图上显示")),
        (in_table, "Ctrl+C", _("复制选中的行")),
        (at_print, "PageUp / PageDown", _("翻页")),
        (at_print, _("Ctrl+滚轮"), _("放大、缩小；Ctrl+0 适合页面，Ctrl+1 100 %，Ctrl+2 适合宽度，Ctrl+3 实际大小")),
        (at_print, "Ctrl+↑ / Ctrl+↓", _("表格的上一行、下一行；Enter 在地图上看")),
        (at_print, "Ctrl+T", _("调整地图；方向键移动地面，＋ － 改比例尺，Ctrl+Z 撤销")),
    ]


class KeysWindow(QDialog):
    """The keys in two columns, no higher than the screen; what is typed above narrows them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("快捷键"))
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width() - _ROOM), min(_SIZE[1], room.height() - _ROOM))
        column = QVBoxLayout(self)
        self.search = QLineEdit(placeholderText=_("找哪个操作，例如 打印、撤销"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.refresh)
        column.addWidget(self.search)
        inside = QWidget()
        sides = QHBoxLayout(inside)
        sides.setSpacing(28)
        self.sides = (QLabel(), QLabel())
        for side in self.sides:
            side.setTextFormat(Qt.TextFormat.RichText)
            side.setWordWrap(True)
            side.setAlignment(Qt.AlignmentFlag.AlignTop)
            side.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            sides.addWidget(side, 1)
        self.none = words(_("没有这样的操作。"), "dim")
        column.addWidget(self.none)
        column.addWidget(scrolled(inside), 1)
        foot = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        foot.rejected.connect(self.reject)
        column.addWidget(foot)
        self.refresh()
        self.search.setFocus()

    def refresh(self) -> None:
        """Show what fits the words, the groups whole and the two columns about as long."""
        wanted = self.search.text().strip().lower()
        groups: dict[str, list[str]] = {}
        for group, keys, what in rows_of_keys():
            if wanted in f"{group}{keys}{what}".lower():
                row = f"<tr><td width='150'><b>{escape(keys)}</b></td><td>{escape(what)}</td></tr>"
                groups.setdefault(group, []).append(row)
        whole = sum(len(rows) + 2 for rows in groups.values())
        texts, used = ["", ""], 0
        for group, rows in groups.items():
            side = 0 if used < whole / 2 - 2 else 1
            texts[side] += f"<h4>{escape(group)}</h4><table cellpadding='2'>{''.join(rows)}</table>"
            used += len(rows) + 2
        for label, text in zip(self.sides, texts, strict=True):
            label.setText(text)
        self.none.setVisible(not groups)


def show_keys(parent: QWidget) -> KeysWindow:
    """F1."""
    window = KeysWindow(parent)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    return window


def show_about(parent: QWidget) -> None:
    """关于: version, and that nothing goes out."""
    said = _("<h3>创文一张图 {version}</h3><p>区县创建办的迎检地图：点位、网格、路段、问题。</p><p>问题状态 {count} 种，按规定流转；不联网。</p>")
    QMessageBox.about(parent, _("关于"), said.format(version=__version__, count=len(STATES)))
