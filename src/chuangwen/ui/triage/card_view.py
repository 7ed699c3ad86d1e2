"""The card of one item: what it is, why it is here, who is proposed and why, by when, its photos, and the issue that may be the same."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import STATES
from chuangwen.services.evidence import pairs, photos_by_issue
from chuangwen.services.inbox import KINDS, NOWHERE, RECTIFIED
from chuangwen.services.inbox_card import HANDED, Card
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.parts import card as framed
from chuangwen.ui.parts import words
from chuangwen.ui.photo_pair import PhotoPair


class CardView(QWidget):
    """Shows a card; asks for the reasons in full where its link is pressed."""

    why_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        self.head = words("", "heading")
        self.place = words("", "dim")
        self.text = words()
        self.why = words("", "amber")
        self._answer, inner = framed((10, 8, 10, 8))
        rows = QGridLayout()
        rows.setHorizontalSpacing(10)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(1, 1)
        self.unit, self.unit_why = words(), words("", "dim")
        self.due, self.due_why = words(), words("", "dim")
        self._names = (words(_("单位"), "dim", wrap=False), words(_("时限"), "dim", wrap=False))
        self.link = QPushButton(_("为什么是它？(W)"))
        self.link.setProperty("flat", True)
        self.link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.link.clicked.connect(self.why_asked)
        for row, (name, value, reason) in enumerate(zip(self._names, (self.unit, self.due), (self.unit_why, self.due_why), strict=True)):
            rows.addWidget(name, 3 * row, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(value, 3 * row, 1)
            rows.addWidget(reason, 3 * row + 1, 1)
        rows.setRowMinimumHeight(2, 4)
        inner.addLayout(rows)
        inner.addWidget(self.link, 0, Qt.AlignmentFlag.AlignRight)
        self.twin, twin = framed((10, 8, 10, 8))
        self.twin.setProperty("asks", True)
        self.twin_head, self.twin_text = words("", wrap=True), words("", "dim")
        twin.addWidget(self.twin_head)
        twin.addWidget(self.twin_text)
        self.photos = PhotoPair()
        for part in (self.head, self.place, self.text, self.why, self._answer, self.twin, self.photos):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def answer(self) -> QFrame:
        """The frame with unit and deadline."""
        return self._answer

    def show_card(self, project: Project, shown: Card | None) -> None:
        """Show an item, nothing for None."""
        self.setVisible(shown is not None)
        if shown is None:
            return
        issue, kind = shown.issue, shown.item.kind
        self.head.setText(f"{issue.code or issue.name}　{KINDS[kind]}")
        where = " · ".join(part for part in (_where(issue), _("未定位") if issue.geometry is None and kind != NOWHERE else "") if part)
        self.place.setText(where)
        self.place.setVisible(bool(where))
        self.text.setText(str(issue.get("description") or _("没有描述")))
        self.why.setText(_("为什么在这里：{why}").format(why=shown.why))
        handed = kind in HANDED
        self._answer.setVisible(handed or kind == NOWHERE or (bool(shown.unit) and kind != RECTIFIED))
        unlocated = kind == NOWHERE
        self._names[0].setText(_("位置") if unlocated else _("单位"))
        if unlocated:
            self.unit.setText(shown.place.basis if shown.place is not None else _("看不出在哪里，Enter 以后在地图上点一下"))
            self.unit_why.setText("")
        else:
            self.unit.setText(shown.unit or (_("没有，将转待指定") if handed and shown.item.kind == "registered" else _("还没有")))
            self.unit_why.setText(shown.unit_why)
        self.due.setText(shown.due_words or _("还没有"))
        self.due_why.setText(shown.due_why)
        for part in (self._names[1], self.due):
            part.setVisible(not unlocated)
        for part in (self.unit_why, self.due_why):
            part.setVisible(not unlocated and bool(part.text()))
        self.link.setVisible(handed)
        self._show_twin(shown)
        photos = photos_by_issue(project).get(issue.id, [])
        self.photos.setVisible(bool(photos) or kind == RECTIFIED)
        if photos or kind == RECTIFIED:
            rows = [project.features("photo").feature(photo.id) for photo in photos]
            files = {row.id: project.files_folder / str(row.get("path")) for row in rows if row is not None}
            self.photos.show_pair(*pairs(photos), files)

    def _show_twin(self, shown: Card) -> None:
        twin = shown.twin
        self.twin.setVisible(twin is not None)
        if twin is None:
            return
        head = _("可能与 {code} 重复，描述相似 {likeness:.0f}%（M 合并）")
        self.twin_head.setText(head.format(code=twin.code, likeness=shown.item.likeness))
        state = STATES.get(str(twin.get("status")), "")
        parts = [state, str(twin.get("responsible_unit") or ""), _where(twin)]
        self.twin_text.setText(f"{twin.get('description') or ''}\n{' · '.join(part for part in parts if part)}")


def _where(issue: Feature) -> str:
    parts = dict.fromkeys(str(issue.get(name) or "") for name in ("site_name", "address", "zone_code"))
    return " · ".join(part for part in parts if part)
