"""The documents of a unit or an issue, in the panel."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import issue_codes, orders_of
from chuangwen.domain.values import plain
from chuangwen.text import _
from chuangwen.ui.session import Session

LAYERS = ("unit", "issue")


class OrdersView(QTextBrowser):
    """Newest first. `asked` gives the code of a document that was clicked. What comes from a file or a person is escaped."""

    asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(12)
        self.anchorClicked.connect(lambda link: self.asked.emit(link.toString()))

    def show_feature(self, feature: Feature | None) -> None:
        """Show the documents of one feature."""
        project = self._session.project
        if project is None or feature is None:
            self.setHtml(f"<p>{escape(_('选中一个单位或问题，这里显示发给它的文书。'))}</p>")
            return
        orders = project.features("order")
        found = orders_of(orders, feature.code) if feature.layer == "issue" else [one for one in orders if one.get("unit") == feature.name]
        if not found:
            self.setHtml(f"<p>{escape(_('还没有文书。'))}</p>")
            return
        layer = project.layers["order"]
        blocks = []
        for order in reversed(found):
            state = layer.field("status").show(order.get("status"))
            issued = plain(order.get("issued_at"))[:10]
            count = len(issue_codes(order))
            issues = _("，{count} 个问题").format(count=count) if count else ""
            to = f" · {plain(order.get('unit'))}" if feature.layer == "issue" and order.get("unit") else ""
            head = f"<a href='{escape(order.code, quote=True)}'>{escape(order.code)}</a>　<b>{escape(state)}</b>"
            kind = layer.field("kind").show(order.get("kind"))
            blocks.append(f"<p style='margin-bottom:2px'>{head}<br>{escape(kind + issues)}　{escape(issued + to)}</p>")
        self.setHtml("<hr>".join(blocks))
