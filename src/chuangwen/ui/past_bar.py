"""The bar over the map while it shows a past day: which one, the day before and after, what differs from today, back to today."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from chuangwen.domain.feature import Features
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.as_of import PastView
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.day_edit import DayEdit
from chuangwen.ui.icons import icon
from chuangwen.ui.session import Session


class PastBar(QFrame):
    """Shown only while a past day is on the map. `shown` gives its layers; an empty mapping means today again."""

    shown = Signal(object)  # layer → Features
    differences_asked = Signal(object, object)  # the two days

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("bar", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 6, 5)
        row.setSpacing(6)
        row.addWidget(QLabel(_("<b>正在看过去的地图</b>")))
        self.before = self._button("previous", _("前一天"), -1)
        row.addWidget(self.before)
        self.day = DayEdit()
        self.day.dateChanged.connect(lambda _day: self._load())
        row.addWidget(self.day)
        self.after = self._button("next", _("后一天"), 1)
        row.addWidget(self.after)
        self._said = QLabel(wordWrap=True)
        self._said.setProperty("dim", True)
        row.addWidget(self._said, 1)
        compare = QPushButton(_("与今天比较…"))
        compare.clicked.connect(lambda: self.differences_asked.emit(self.day.day, self._today()))
        row.addWidget(compare)
        back = QPushButton(_("回到今天"))
        back.setProperty("main", True)
        back.setToolTip(_("Ctrl+H"))
        back.clicked.connect(self.leave)
        row.addWidget(back)
        session.closed.connect(self.leave)
        session.changed.connect(lambda _touched, _source: self._load() if self.isVisible() else None)
        self.hide()

    def toggle(self) -> None:
        """Show the evening of yesterday, or of the first day where the project is younger; today again where a past day is shown."""
        if not self.isHidden():
            self.leave()
            return
        project = self._session.project
        if project is None:
            return
        if not project.steps():
            self._session.noticed.emit(UserError(_("项目里还没有改过什么，没有过去可看。")))
            return
        today = self._today()
        first = min(project.steps()[0].at.date(), today)
        self.day.blockSignals(True)
        self.day.set_range(first, today)
        self.day.set_day(max(first, today - dt.timedelta(days=1)))
        self.day.blockSignals(False)
        self.show()
        self._load()

    def leave(self) -> None:
        """Today again."""
        if not self.isHidden():
            self.hide()
            self.shown.emit({})

    def _today(self) -> dt.date:
        """The last day with a history: the campaign's, or the calendar's where the demo's clock stands still."""
        project = self._session.project
        last = project.steps()[-1].at.date() if project is not None and project.steps() else dt.date.min
        return max(last, project.campaign.today if project is not None else dt.date.today())

    def _button(self, name: str, words: str, days: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setToolTip(words)
        button.clicked.connect(lambda: self.day.step(days))
        return button

    def _load(self) -> None:
        project = self._session.project
        if project is None:
            return
        day = self.day.day
        self.before.setEnabled(self.day.date() > self.day.minimumDate())
        self.after.setEnabled(self.day.date() < self.day.maximumDate())

        def work(own: Project, progress: Progress) -> dict[str, Features]:
            view = PastView(own, day)
            drawn = own.layers.drawn()
            return {layer.id: view.features(layer.id) for layer in progress.each(drawn, len(drawn), _("读取"))}

        def heard(found: dict[str, Features]) -> None:
            if not self.isHidden() and self.day.day == day:
                issues = found.get("issue")
                self._said.setText(_("只读；表格和属性仍是今天的。当天共 {count} 个问题。").format(count=0 if issues is None else len(issues)))
                self.shown.emit(found)

        self._session.ask("past", work, heard, lambda error: self._said.setText(f"{error.message}{error.hint}"))
