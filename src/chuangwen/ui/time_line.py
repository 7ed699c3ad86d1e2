"""How much time an issue has left, and by which rule, in the panel above its form."""

from __future__ import annotations

import datetime as dt

from PySide6.QtWidgets import QLabel, QWidget

from chuangwen.domain.deadline import due_moment, due_soon, due_text, left_text, minutes_left
from chuangwen.domain.feature import Feature
from chuangwen.errors import UserError
from chuangwen.services.timing import timekeeper
from chuangwen.text import _
from chuangwen.ui.session import Session


class TimeLine(QLabel):
    """One line: 还剩 3 小时 · 2024-06-04 11:30 到期; red once it is late, amber when it soon will be. The rule and what is due on the way as its tip."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True)
        self._session = session
        self._issue: Feature | None = None
        session.minute.ticked.connect(self.refresh)
        self.hide()

    def show_feature(self, feature: Feature | None) -> None:
        """Show the time of an issue; anything else, or an issue without a deadline, hides the line."""
        self._issue = feature if feature is not None and feature.layer == "issue" else None
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        project = self._session.project
        moment = due_moment(self._issue.values) if self._issue is not None else None
        self.setVisible(moment is not None)
        if project is None or self._issue is None or moment is None:
            return
        issues = project.features("issue")
        at = issues.index.get(self._issue.id)
        if at is None:
            self.hide()
            return
        one, now = issues.take([at]), project.campaign.now
        left = left_text(float(minutes_left(one, now)[0]))
        values = one.at(0).values
        held = _("停表") if values.get("status") == "long_term" else ""
        self.setText("　".join(word for word in (f"<b>{left or held}</b>" if left or held else "", _("{due} 到期").format(due=due_text(values))) if word))
        self.setProperty("reason", bool(left) and moment <= now)
        self.setProperty("amber", bool(due_soon(one, now)[0]))
        self.setToolTip(self._rule())
        self.style().unpolish(self)
        self.style().polish(self)

    def _rule(self) -> str:
        """What the rules say of this issue, one thing a line."""
        project, issue = self._session.project, self._issue
        if project is None or issue is None:
            return ""
        dispatched = issue.get("dispatched_at")
        if not isinstance(dispatched, dt.datetime):
            return ""
        try:
            keeper = timekeeper(project)
            due = keeper.due(issue.values, dispatched)
        except UserError as problem:
            return str(problem)
        lines = [due.why, _("按规定 {at:%Y-%m-%d %H:%M} 到期").format(at=due.at) if due.at is not None else "", *due.notes]
        lines += [f"{title}：{at:%m-%d %H:%M}" for title, at in [*due.steps, *(keeper.milestones(dispatched, due.at) if due.at is not None else [])]]
        return "\n".join(line for line in lines if line)
