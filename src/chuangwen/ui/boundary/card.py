"""The card over the map while a border is moved: from whom to whom, how much, what stands on it; and the question before it is written."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from chuangwen.services.hand_over import who
from chuangwen.services.what_if import Preview, Transfer
from chuangwen.text import _

_COUNTS = (
    ("issue", _("未销号问题")),
    ("site", _("点位")),
    ("compound", _("小区")),
    ("building", _("楼栋")),
    ("shop", _("门店")),
    ("worksite", _("工地")),
    ("crossing", _("路口")),
)
_SHOWN = 4


class Card(QFrame):
    """Counts from → to, two buttons."""

    confirmed = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("boundaryCard")
        self.setStyleSheet("#boundaryCard { background: palette(base); border: 1px solid palette(mid); border-radius: 4px; }")
        self.setFixedWidth(340)
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self.go = QPushButton(_("确定移交…"))
        self.go.setProperty("main", True)
        self.back = QPushButton(_("放弃"))
        for button in (self.go, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.go.clicked.connect(self.confirmed)
        self.back.clicked.connect(self.given_up)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.go)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.addWidget(self.words)
        self._column.addLayout(row)
        self.move(12, 12)

    def show_preview(self, preview: Preview | None, *, changed: bool) -> None:
        """What is told now. `changed`: something was moved and can be handed over."""
        if preview is None:
            text = _("<b>调整网格边界</b><br>指到两个网格的公共边界上，拖动顶点或边；松开后可以接着拖别处，最后一起移交。")
        elif preview.refused:
            text = _("<b>不能这样移</b><br>{why}").format(why=escape(preview.refused))
        else:
            text = told(preview, _SHOWN)
        self.words.setText(text)
        self.go.setVisible(changed)
        self.back.setVisible(changed)
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))
        self.show()


class HandOverDialog(QDialog):
    """All of it once more, then: hand over with the list, without it, or not."""

    def __init__(self, preview: Preview, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("移交"))
        self.resize(620, 380)
        words = QLabel(told(preview, len(preview.transfers)) + _consent(preview), wordWrap=True, textFormat=Qt.TextFormat.RichText)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setContentsMargins(10, 8, 10, 8)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(words)
        note = QLabel(_("只改网格边界和未销号问题所在的网格；正在办理的责任单位不变。可以撤销，原边界留在经过里。"), wordWrap=True)
        note.setProperty("dim", True)
        buttons = QDialogButtonBox()
        self.with_list = buttons.addButton(_("移交并存交接清单…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.with_list.setProperty("main", True)
        self.alone = buttons.addButton(_("只移交"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.with_list.setDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(area, 1)
        column.addWidget(note)
        column.addWidget(buttons)


def told(preview: Preview, most: int) -> str:
    """What goes where, as rich text, for the first so many pairs of zones."""
    if not preview.transfers:
        return _("<b>没有移交</b><br>没有地面换网格。")
    rows = [_told_one(one) for one in preview.transfers[:most]]
    if len(preview.transfers) > most:
        rows.append(_("另有 {count} 对网格").format(count=len(preview.transfers) - most))
    if preview.owners:
        asked = sum(one.needs_consent for one in preview.owners)
        words = _("按规则换责任单位的问题 <b>{count}</b> 件，其中 <b>{asked}</b> 件正在办理，须双方同意").format(count=len(preview.owners), asked=asked)
    else:
        words = _("没有问题要换责任单位")
    return "".join(f"<p style='margin:0 0 6px 0'>{row}</p>" for row in (*rows, words))


def _told_one(one: Transfer) -> str:
    title = f"<b>{escape(who(one.giver))} → {escape(who(one.taker))}</b>"
    counts = [f"{words} {one.count(layer)}" for layer, words in _COUNTS if one.count(layer)]
    roads = [f"{words} {metres:,.0f} m" for words, metres in ((_("路段"), one.section_m), (_("道路"), one.road_m)) if metres >= 0.5]
    return f"{title}<br>" + " · ".join([f"{one.area_m2:,.1f} m²", *roads, *counts])


def _consent(preview: Preview) -> str:
    rows = [f"{escape(one.code)}：{escape(one.before or '—')} → {escape(one.after or '—')}" for one in preview.owners if one.needs_consent]
    return _("<p><b>须征求同意的问题</b><br>{rows}</p>").format(rows="<br>".join(rows)) if rows else ""
