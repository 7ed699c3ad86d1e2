"""距进驻还有 N 天, at the right of the toolbar (SR-01): follows the project's dates, and the clock past midnight."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from chuangwen.domain.campaign import PHASES, banner
from chuangwen.text import _
from chuangwen.ui.session import Session


class Countdown(QLabel):
    """The banner of the campaign, its phase, and the day of a demo project. A double click asks for the dates."""

    dates_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setContentsMargins(14, 0, 8, 0)
        session.opened.connect(self.refresh)
        session.closed.connect(self.clear)
        session.minute.ticked.connect(self.refresh)

    def refresh(self) -> None:
        """Say how it stands now."""
        project = self._session.project
        if project is None:
            return
        campaign = project.campaign
        words = f"<b>{banner(campaign)}</b>"
        if campaign.phase != "daily":
            words += f"　{PHASES[campaign.phase]}"
        if campaign.fixed_today is not None:
            words += _("　<span style='color:gray'>演示日期 {day}</span>").format(day=campaign.fixed_today.isoformat())
        if words != self.text():
            self.setText(words)
        dates = [(_("进驻日"), campaign.arrival), (_("测评结束日"), campaign.end)]
        lines = [_("{title}：{day}").format(title=title, day=day.isoformat()) for title, day in dates if day is not None]
        self.setToolTip("\n".join([*lines, _("阶段：{phase}。双击修改").format(phase=PHASES[campaign.phase])]))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self._session.project is not None:
            self.dates_asked.emit()
