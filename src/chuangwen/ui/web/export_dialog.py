"""导出网页地图: for whom, about what, how locked; written as a job, then opened or shown in its folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from chuangwen.errors import UserError
from chuangwen.exchange.web.content import WrittenPage
from chuangwen.progress import Progress
from chuangwen.services.audiences import audiences
from chuangwen.services.paper.file_names import file_name
from chuangwen.services.project import Project
from chuangwen.services.web_map import check_options, title_of, write_web_map
from chuangwen.services.web_packets import Packets, write_packets
from chuangwen.services.web_subject import KINDS, Subject
from chuangwen.text import _
from chuangwen.ui.parts import as_high_as_needed, button, say_at, sentence, words
from chuangwen.ui.session import Session
from chuangwen.ui.web.reader_form import ReaderForm


class ExportDialog(QDialog):
    """Raises `UserError` at the start where audiences.toml has a mistake."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running: Progress | None = None
        self._written: Path | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: as_high_as_needed(self))
        project = session.project
        assert project is not None
        self.setWindowTitle(_("导出网页地图"))
        self.setMinimumWidth(640)
        selected = session.selection.features()
        layer = session.selection.layer if session.selection.layer in KINDS and len(selected) == 1 else ""
        self.form = ReaderForm(project, audiences(project.files_folder), (layer, selected[0].code if layer else ""))
        self.said = words("", "dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.open_page = button(_("打开"))
        self.open_folder = button(_("打开文件夹"))
        self.stop = button(_("取消"))
        self.close_button = button(_("关闭"))
        self.write = button(_("写网页…"), "main")
        self.write.setDefault(True)
        for made in (self.open_page, self.open_folder, self.stop):
            made.hide()
        row = QHBoxLayout()
        for made in (self.open_page, self.open_folder):
            row.addWidget(made)
        row.addStretch(1)
        for made in (self.stop, self.close_button, self.write):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(words(_("写成一个 html 文件，手机和电脑的浏览器不联网都能打开，可以用微信发。给谁看？")))
        column.addWidget(self.form)
        column.addStretch(1)
        column.addWidget(self.said)
        column.addWidget(self.bar)
        column.addLayout(row)
        self.write.clicked.connect(self._ask)
        self.stop.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self.close)
        self.open_page.clicked.connect(self._open_page)
        self.open_folder.clicked.connect(self._open_folder)
        self.form.changed.connect(self._forget)
        session.jobs.shown.connect(self._on_progress)
        session.closed.connect(self.close)

    def write_to(self, path: Path) -> None:
        """Write the page, or (into the folder `path`) the pages, off the GUI thread. What cannot be is said in the window."""
        try:
            audience, options, each = self.form.audience, self.form.options, self.form.packets
            own_passwords = self.form.own_passwords.isChecked()
            subject = None if each else self.form.subject
        except UserError as error:
            self._refuse(error)
            return
        words_ = {subject.layer: subject.code or subject.title} if subject is not None and subject.feature is not None else {}

        def work(own: Project, progress: Progress) -> WrittenPage | Packets:
            if each:
                return write_packets(own, path, audience, each, options, own_passwords=own_passwords, progress=progress)
            layer, code = next(iter(words_.items()), ("", ""))
            about = Subject(own, layer, own.feature(own.layers[layer], code)) if layer else Subject(own)
            return write_web_map(own, path, audience, about, options, progress)

        self._forget()
        say_at(self.said, _("正在写……"))
        self._running = self._session.run(work, self._on_written, self._refuse)
        self._show()

    def _ask(self) -> None:
        project = self._session.project
        if project is None:
            return
        try:
            check_options(self.form.audience, self.form.options, project.campaign.today)
            each = self.form.packets
            subject = None if each else self.form.subject
        except UserError as error:
            self._refuse(error)
            return
        if subject is None:
            folder = QFileDialog.getExistingDirectory(self, _("网页写到哪个文件夹"), str(project.path.parent))
            if folder:
                self.write_to(Path(folder))
            return
        day = f"{project.campaign.today:%Y%m%d}"
        name = file_name(title_of(self.form.audience, subject), subject.code, subject.title, day, ".html")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("网页存为"), str(project.path.parent / name), _("网页 (*.html)"))
        if chosen:
            path = Path(chosen)
            self.write_to(path if path.suffix.lower() in (".html", ".htm") else path.with_name(path.name + ".html"))

    def _on_written(self, answer: WrittenPage | Packets) -> None:
        self._running = None
        if isinstance(answer, Packets):
            self._written = answer.listed
            text = _("已写 {count} 个文件，共 {size} KB，清单：{listed}。").format(
                count=len(answer.packets), size=-(-answer.size // 1024), listed=answer.listed.name
            )
            if answer.empty:
                text += _("没有内容、没有写的：{names}。").format(names="、".join(one.title for one in answer.empty))
        else:
            self._written = Path(answer.path)
            text = _("已写 {file}：{count} 个对象，{size} KB。").format(file=self._written.name, count=answer.features, size=-(-answer.size // 1024))
        say_at(self.said, text, "good")
        self.open_page.setText(_("打开清单") if isinstance(answer, Packets) else _("打开"))
        self._show()

    def _refuse(self, error: UserError) -> None:
        self._running = None
        say_at(self.said, sentence(error), "reason")
        self._show()

    def _forget(self) -> None:
        """Another choice: what was said of the last one no longer holds."""
        if self._running is None:
            self._written = None
            say_at(self.said, "")
            self._show()

    def _show(self) -> None:
        running, done = self._running is not None, self._written is not None
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.form.setDisabled(running)
        self.write.setDisabled(running)
        self.open_page.setVisible(done)
        self.open_folder.setVisible(done)
        self._soon.start()

    def _on_progress(self, done: int, total: int, _what: str) -> None:
        if self._running is not None:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None
            say_at(self.said, _("已取消，没有写文件。"))
            self._show()

    def _open_page(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))

    def _open_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))
