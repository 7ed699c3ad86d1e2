"""The planner's lists as buttons: a count each, pressed it filters table and map; beside them the rate that must become 100."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from chuangwen.domain.campaign import TODOS, rate_text, rectification_rate
from chuangwen.domain.feature import Features
from chuangwen.domain.filter import Filter
from chuangwen.text import _
from chuangwen.ui.session import Session

UNLOCATED = "unlocated"
_MARGIN, _GAP = 16, 6
"""px left and right of the row, and between its parts."""


class TodoBar(QWidget):
    """待指定 · 今日到期 · 临期 · 逾期 · 待核查 · 未定位, Alt+1 … Alt+6."""

    issues_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(_GAP)
        self._rates: list[str] = []  # from long to short
        self._lead = QLabel(_("待办"))
        row.addWidget(self._lead)
        self.rate = QLabel()
        self.buttons: dict[str, QPushButton] = {}
        self._titles = {todo.id: todo.title for todo in TODOS} | {UNLOCATED: _("未定位")}
        for number, (name, title) in enumerate(self._titles.items()):
            button = QPushButton(title)
            button.setCheckable(True)
            button.setProperty("todo", True)
            button.setShortcut(f"Alt+{number + 1}")
            button.setToolTip(_("只看这些问题（Alt+{number}），再按一次恢复").format(number=number + 1))
            button.toggled.connect(partial(self._toggled, name))
            self.buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.rate)
        for signal in (session.opened, session.closed):
            signal.connect(self.refresh)
        session.minute.ticked.connect(self.refresh)
        session.changed.connect(lambda touched, _source: self.refresh() if "issue" in touched else None)
        session.filtered.connect(self._on_filtered)
        self.refresh()

    def refresh(self) -> None:
        """Count anew."""
        project = self._session.project
        self.setEnabled(project is not None)
        if project is None:
            self._rates = []
            self.rate.clear()
            for name, button in self.buttons.items():
                button.setText(self._titles[name])
            return
        issues = project.features("issue")
        now = project.campaign.now
        counts = {todo.id: int(todo.mask(issues, now).sum()) for todo in TODOS} | {UNLOCATED: int((~issues.located).sum())}
        for name, button in self.buttons.items():
            button.setText(f"{self._titles[name]} {counts[name]:,}".replace(",", " "))
        closed, counted = rectification_rate(issues)
        share = rate_text(closed, counted)
        counts_of = {"closed": f"{closed:,}".replace(",", " "), "all": f"{counted:,}".replace(",", " ")}
        self._rates = [
            _("整改率 <b>{share}</b>（{closed} / {all}）").format(share=share, **counts_of),
            _("<b>{share}</b> {closed}/{all}").format(share=share, **counts_of),
            _("<b>{share}</b>").format(share=share),
        ]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as with the short words: the window must not be wider than the screen because of them."""
        return QSize(sum(button.sizeHint().width() + _GAP for button in self.buttons.values()) - _GAP + _MARGIN, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Fewer words where there is no room for all."""
        room = self.width() - self.minimumSizeHint().width() - 2 * _GAP
        lead = self._lead.sizeHint().width() + _GAP
        shown = False
        for words in self._rates:
            self.rate.setText(words)
            shown = self.rate.sizeHint().width() <= room
            if shown:
                break
        self.rate.setVisible(shown)
        self._lead.setVisible(shown and self.rate.sizeHint().width() + lead <= room)
        self.rate.setToolTip(self._rates[0] if self._rates else "")

    def _toggled(self, name: str, on: bool) -> None:
        project = self._session.project
        if project is None:
            return
        if not on:
            if not any(button.isChecked() for button in self.buttons.values()):
                self._session.set_filter("issue", None)
            return
        for other, button in self.buttons.items():
            if other != name:
                button.setChecked(False)
        if name == UNLOCATED:
            self._session.set_filter("issue", Filter(located=False), self._titles[name])
        else:
            todo = next(todo for todo in TODOS if todo.id == name)

            def mask(issues: Features) -> object:
                return todo.mask(issues, project.campaign.now)

            self._session.set_filter("issue", Filter(), self._titles[name], mask)
        self.issues_asked.emit()

    def _on_filtered(self, layer: str) -> None:
        if layer == "issue" and not self._session.filter_title("issue"):
            for button in self.buttons.values():
                button.blockSignals(True)
                button.setChecked(False)
                button.blockSignals(False)
