"""导出给别人: the table in front as one kind of reader may see it, by the same rules as web maps (decision 0070)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from chuangwen.domain.layer import Layer
from chuangwen.errors import UserError
from chuangwen.exchange.outgoing import Written
from chuangwen.progress import Progress
from chuangwen.services.audiences import audiences
from chuangwen.services.exporting import ExportOptions, run_export
from chuangwen.services.project import Project
from chuangwen.services.web_subject import KINDS, Subject
from chuangwen.text import _
from chuangwen.ui.parts import as_high_as_needed, button, say_at, sentence, words
from chuangwen.ui.session import Session
from chuangwen.ui.taking_out import FILE_KINDS
from chuangwen.ui.web.reader_form import ReaderForm


class ListDialog(QDialog):
    """A layer as it is filtered, for a reader. Raises `UserError` at the start where audiences.toml has a mistake."""

    def __init__(self, session: Session, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._layer = session, layer
        self._path = Path()
        project = session.project
        assert project is not None
        self.setWindowTitle(_("导出{title}给别人").format(title=layer.title))
        self.setMinimumWidth(640)
        selected = session.selection.features()
        kind = session.selection.layer if session.selection.layer in KINDS and len(selected) == 1 else ""
        self.form = ReaderForm(project, audiences(project.files_folder), (kind, selected[0].code if kind else ""), pages=False)
        self.said = words("", "dim")
        self.write = button(_("写文件…"), "main")
        self.write.setDefault(True)
        self.close_button = button(_("关闭"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(words(_("写成表格或图形文件，只有对方可以看的行和栏；表格筛选过的，只写筛选出来的。给谁看？")))
        column.addWidget(self.form)
        column.addStretch(1)
        column.addWidget(self.said)
        column.addLayout(row)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: as_high_as_needed(self))
        self.write.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.close)
        self.form.changed.connect(lambda: self._say(""))
        session.closed.connect(self.close)
        self._soon.start()

    def write_to(self, path: Path) -> None:
        """Write the list off the GUI thread, on the writer's lane: one for the public is noted in the change log. What cannot be is said in the window."""
        try:
            audience, options, subject = self.form.audience, self.form.options, self.form.subject
        except UserError as error:
            self._refuse(error)
            return
        mask = self._session.mask(self._layer.id)
        project = self._session.project
        if project is None:
            return
        features = project.features(self._layer.id)
        ids = set((features if mask is None else features.take(mask)).ids)
        reader = audience.with_masks() if options.masked else audience
        about = (subject.layer, subject.code or subject.title) if subject.feature is not None else ("", "")

        def work(own: Project, _progress: Progress) -> Written:
            table = own.features(self._layer.id)
            shown = table.take([at for at, row_id in enumerate(table.ids) if row_id in ids])
            of = Subject(own, about[0], own.feature(own.layers[about[0]], about[1])) if about[0] else None
            wanted = ExportOptions(audience=reader, subject=of, consent=options.consent, review_number=options.review_number)
            return run_export(own, self._layer, path, wanted, shown)

        self._say(_("正在写……"))
        self.write.setDisabled(True)
        self._path = path
        self._session.run(work, self._on_written, self._refuse)

    def _ask(self) -> None:
        project = self._session.project
        if project is None:
            return
        try:
            subject = self.form.subject
        except UserError as error:
            self._refuse(error)
            return
        name = "_".join(word for word in (self._layer.title, self.form.audience.title, subject.title if subject.feature is not None else "") if word)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("导出{title}").format(title=self._layer.title), str(project.path.parent / f"{name}.xlsx"), FILE_KINDS
        )
        if chosen:
            self.write_to(Path(chosen))

    def _on_written(self, written: Written) -> None:
        self.write.setDisabled(False)
        self._say(" ".join([_("已导出 {count} 条到 {file}。").format(count=written.count, file=self._path.name), *written.notes]), "good")

    def _refuse(self, error: UserError) -> None:
        self.write.setDisabled(False)
        self._say(sentence(error), "reason")

    def _say(self, text: str, look: str = "dim") -> None:
        say_at(self.said, text, look)
        self._soon.start()
