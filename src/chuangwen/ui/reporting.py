"""What is written for leaders from the menu: 每日通报, 未答项, 进驻前未清零, 单位责任卡. Each asks where to, and writes off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from chuangwen.domain.campaign import Campaign
from chuangwen.progress import Progress
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.session import Session
from chuangwen.ui.unit_bar import write_unit_cards

if TYPE_CHECKING:
    from chuangwen.services.bulletin import Issued
    from chuangwen.services.statement import Statement

_KINDS = _("Word 文档 (*.docx);;Excel 表格 (*.xlsx)")


def reports(parent: QWidget, session: Session) -> dict[str, Callable[[], None]]:
    """Command → what it does."""
    commands = {"bulletin": write_bulletin, "unanswered": write_unanswered, "uncleared": write_uncleared, "unit_card": write_unit_cards}
    return {name: partial(work, parent, session) for name, work in commands.items()}


def write_bulletin(parent: QWidget, session: Session) -> None:
    """Ask for a folder; the bulletin of today as document and workbook, its number taken when they are written."""
    if session.project is None:
        return
    folder = QFileDialog.getExistingDirectory(parent, _("每日通报存到哪个文件夹"), str(session.project.path.parent))
    if not folder:
        return

    def work(own: Project, _progress: Progress) -> Issued:
        from chuangwen.services.bulletin import issue

        return issue(own, Path(folder))

    def done(issued: Issued) -> None:
        names = "、".join(path.name for path in issued.files)
        session.noticed.emit(_("已写出每日通报{number}：{files}。").format(number=issued.number.text, files=names))

    session.run(work, done)


def write_unanswered(parent: QWidget, session: Session) -> None:
    """未答项 (SR-05)."""
    from chuangwen.services.report_lists import unanswered_list

    _write_list(parent, session, _("未答项"), unanswered_list)


def write_uncleared(parent: QWidget, session: Session) -> None:
    """进驻前未清零 (SR-18)."""
    from chuangwen.services.report_lists import uncleared_list

    _write_list(parent, session, _("进驻前未清零"), uncleared_list)


def _write_list(parent: QWidget, session: Session, title: str, listed: Callable[[Project, Campaign], tuple[Statement, list[Any]]]) -> None:
    project = session.project
    if project is None:
        return
    usual = project.path.parent / f"{title}_{project.campaign.today.isoformat()}.docx"
    name, _kind = QFileDialog.getSaveFileName(parent, title, str(usual), _KINDS)
    if not name:
        return

    def work(own: Project, _progress: Progress) -> int:
        from chuangwen.services.statement import write

        made, found = listed(own, own.campaign)
        write(made, Path(name))
        return len(found)

    session.ask(f"list {title}", work, lambda _count: session.noticed.emit(_("已写入 {file}。").format(file=Path(name).name)))
