"""What happened to a feature: when, who, what it was and what it became."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.history import standing
from chuangwen.domain.roles import ROLES
from chuangwen.services.editing import row_history
from chuangwen.text import _
from chuangwen.ui.session import Session


class HistoryView(QTextBrowser):
    """Newest first. Everything that comes from a file or a person is escaped."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(12)
        self.anchorClicked.connect(lambda link: self._session.undo_number(int(link.toString())))

    def show_feature(self, feature: Feature | None) -> None:
        """Show the history of one feature."""
        project = self._session.project
        if project is None or feature is None:
            self.setHtml(f"<p>{escape(_('选中一个对象，这里显示它的经过。'))}</p>")
            return
        standing_now = standing(project.steps())
        words = {"do": "", "undo": _("撤销："), "redo": _("重做：")}
        blocks = []
        for entry in row_history(project, project.layers[feature.layer], feature):
            changes = "".join(
                f"<tr><td style='padding-right:8px'>{escape(title)}</td><td>{escape(old or _('空'))} → <b>{escape(new or _('空'))}</b></td></tr>"
                for title, (old, new) in entry["changes"].items()
            )
            role = ROLES.get(entry["role"], entry["role"])
            who = _("{name}（{role}）").format(name=entry["by"], role=role) if role else entry["by"]
            head = f"<b>{entry['at']:%Y-%m-%d %H:%M}</b>　{escape(who)}<br>{escape(words[entry['kind']] + entry['label'])}"
            if entry["number"] in standing_now:
                others = _("（连同同一步的 {count} 处改动）").format(count=entry["rows"]) if entry["rows"] > 1 else ""
                head += f"　<a href='{entry['number']}'>{escape(_('撤销这一步') + others)}</a>"
            blocks.append(f"<p style='margin-bottom:2px'>{head}</p><table cellspacing='0'>{changes}</table>")
        self.setHtml("<hr>".join(blocks))
