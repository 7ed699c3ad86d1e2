"""Import in three steps: the file, what was found and what will change, what was done. Back at each step; nothing is written before 导入."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import cast

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.layer import Layer
from chuangwen.errors import UserError
from chuangwen.exchange.importing import ImportReport
from chuangwen.progress import Progress
from chuangwen.services.importing import REFERENCE, ImportOptions, run_import
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.session import Session

_ENCODINGS = ("auto", "GB18030", "UTF-8", "Big5")
_KINDS = _("可以导入的文件 (*.shp *.geojson *.json *.gpkg *.zip *.xlsx *.xls *.csv);;所有文件 (*)")
_GUESSES = (
    ("网格", "zone"),
    ("路段", "section"),
    ("路长", "section"),
    ("问题", "issue"),
    ("点位", "site"),
    ("通讯录", "unit"),
    ("单位", "unit"),
    ("人员", "person"),
    ("区界", "district"),
    ("道路", "road"),
    ("水系", "water"),
    ("河", "water"),
    ("绿地", "green"),
    ("公园", "green"),
    ("建筑", "building_outline"),
    ("楼", "building_outline"),
)
"""Words of a file's name → the layer it most likely is; the user sees and may change it."""
_MANY = 200


class ImportDialog(QDialog):
    """Runs the same service as the command line, first as a trial that writes nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._trial: Progress | None = None
        self._looked_at = ""
        self.setWindowTitle(_("导入"))
        self.resize(720, 560)
        self.setAcceptDrops(True)
        self.path = QLineEdit(placeholderText=_("把文件拖到这里，或按“选择…”"))
        self.path.editingFinished.connect(self._on_file)
        browse = QPushButton(_("选择…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        self.layer = QComboBox()
        project = session.project
        assert project is not None
        kinds = {"subject": 0, "list": 1, "base": 2}
        for layer in sorted((one for one in project.layers.values() if one.kind in kinds), key=lambda one: (kinds[one.kind], -one.order)):
            self.layer.addItem(_("{title}（底图）").format(title=layer.title) if layer.kind == "base" else layer.title, layer.id)
        self.layer.addItem(_("参考图层：只作底衬看"), REFERENCE)
        self.encoding = QComboBox()
        for name in _ENCODINGS:
            self.encoding.addItem(_("自动判断") if name == "auto" else name, name.lower() if name == "auto" else name)
        self.crs = QComboBox()
        self.crs.addItem(_("自动判断"), "auto")
        for code, title in (("EPSG:4490", _("经纬度（CGCS2000 / WGS84）")), ("gcj02", _("高德、腾讯、微信坐标（GCJ-02）")), ("bd09", _("百度坐标（BD-09）"))):
            self.crs.addItem(title, code)
        self.crs.addItem(_("项目坐标系 EPSG:{epsg}").format(epsg=project.epsg), f"EPSG:{project.epsg}")
        rows = QFormLayout()
        rows.setHorizontalSpacing(12)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.addRow(_("文件"), row)
        rows.addRow(_("导入到"), self.layer)
        rows.addRow(_("文字编码"), self.encoding)
        rows.addRow(_("坐标系"), self.crs)
        for box in (self.layer, self.encoding, self.crs):
            box.activated.connect(lambda _number: self.look())
        self.report = QTextBrowser()
        self.report.setHtml(_hello())
        self.pages = QStackedWidget()
        first = QWidget()
        column = QVBoxLayout(first)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        self.pages.addWidget(first)
        self.back = QPushButton(_("再导入一个文件"))
        self.back.clicked.connect(self._again)
        self.save = QPushButton(_("保存未导入的行…"))
        self.save.clicked.connect(self._save)
        self.go = QPushButton(_("导入"))
        self.go.setProperty("main", True)
        self.go.clicked.connect(self.run)
        self.close_button = QPushButton(_("关闭"))
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addWidget(self.save)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 14)
        whole.setSpacing(10)
        whole.addWidget(self.pages)
        whole.addWidget(self.report, 1)
        whole.addLayout(foot)
        self.done_report: ImportReport | None = None
        for button in cast("list[QPushButton]", self.findChildren(QPushButton)):
            button.setAutoDefault(False)  # Return in the file line reads the file and presses nothing
        self._again()

    def take(self, path: Path) -> None:
        """Choose a file, as if it had been dropped here."""
        self.path.setText(str(path))
        self._on_file()

    def look(self) -> None:
        """Try the import on a worker; show what was found and what would change."""
        path, layer, options = self._wanted(dry_run=True)
        if not path.name:
            return
        if self._trial is not None:
            self._trial.cancel()
        self.report.setHtml(f"<p>{escape(_('正在读取 {file} …').format(file=path.name))}</p>")
        self.go.setEnabled(False)
        session = self._session
        project = session.project
        assert project is not None
        where, actor = project.path, project.actor

        def work(progress: Progress) -> ImportReport:
            own = Project.open(where, actor)
            try:
                return run_import(own, path, layer, options, progress)
            finally:
                own.close()

        self._trial = session.jobs.read(work, self._on_tried, self._on_refused, loud=True)

    def run(self) -> None:
        """Import for good: one step, one undo."""
        path, layer, options = self._wanted(dry_run=False)
        self.go.setEnabled(False)
        self.close_button.setEnabled(False)
        self._session.run(lambda project, progress: run_import(project, path, layer, options, progress), self._on_done, self._on_refused)

    def _wanted(self, *, dry_run: bool) -> tuple[Path, str, ImportOptions]:
        path = Path(self.path.text().strip().strip('"'))
        options = ImportOptions(encoding=self.encoding.currentData(), crs=self.crs.currentData(), dry_run=dry_run)
        return path, self.layer.currentData(), options

    def _on_file(self) -> None:
        name = Path(self.path.text().strip().strip('"')).name
        if self.path.text() == self._looked_at:
            return  # the line was only left: pressing 导入 must import, not look again
        self._looked_at = self.path.text()
        guess = next((layer for word, layer in _GUESSES if word in name), None)
        if guess is not None:
            self.layer.setCurrentIndex(self.layer.findData(guess))
        if name:
            self.look()

    def _on_tried(self, report: ImportReport) -> None:
        project = self._session.project
        layer = project.layers.get(report.layer) if project is not None else None
        self.report.setHtml(_found(report, layer) + _will(report))
        there_is = report.added + report.changed > 0
        self.go.setEnabled(there_is)
        self.go.setText(_("导入 {count} 条").format(count=report.added + report.changed) if there_is else _("没有要导入的"))
        self.save.setVisible(bool(report.rejected))
        self.done_report = report

    def _on_refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.close_button.setEnabled(True)
        self.report.setHtml(f"<h3>{escape(_('不能导入'))}</h3><p>{escape(error.message)}{escape(error.hint)}</p>")

    def _on_done(self, report: ImportReport) -> None:
        self.done_report = report
        self.pages.hide()
        self.go.hide()
        self.back.show()
        self.save.setVisible(bool(report.rejected))
        self.close_button.setEnabled(True)
        self.close_button.setText(_("完成"))
        self.report.setHtml(f"<h3>{escape(_('已导入'))}</h3><p>{escape(report.sentence())}</p><p>{escape(_('按 Ctrl+Z 可以整步撤销。'))}</p>" + _rows(report))

    def _again(self) -> None:
        self.pages.show()
        self.back.hide()
        self.save.hide()
        self.go.show()
        self.go.setText(_("导入"))
        self.go.setEnabled(False)
        self.close_button.setText(_("取消"))
        self.path.clear()
        self._looked_at = ""
        self.report.setHtml(_hello())

    def _browse(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("选择要导入的文件"), str(Path(self.path.text()).parent), _KINDS)
        if name:
            self.take(Path(name))

    def _save(self) -> None:
        if self.done_report is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("保存未导入的行"), _("未导入的行.csv"), "CSV (*.csv)")
        if name:
            lines = [_("行号,原因"), *('{},"{}"'.format(one.row, one.reason.replace('"', '""')) for one in self.done_report.rejected)]
            try:
                Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
            except OSError as error:
                self._on_refused(UserError(_("无法写入 {file}：{error}。").format(file=name, error=error.strerror)))

    def reject(self) -> None:
        """Leave; a trial still running is stopped."""
        if self._trial is not None:
            self._trial.cancel()
        if self.close_button.isEnabled():
            super().reject()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take(paths[0])


def _hello() -> str:
    return "".join(
        f"<p>{escape(line)}</p>"
        for line in (
            _("矢量文件：shp（选 .shp 那一个，其余自动找到）、geojson、gpkg；表格：xlsx、xls、csv。"),
            _("编码、坐标系、表头都会自动判断，并写明依据。先看结果，按“导入”之前什么都不会改。"),
            _("没有坐标的点位和问题照样导入，列为“未定位”，以后再放到地图上。"),
        )
    )


def _found(report: ImportReport, layer: Layer | None) -> str:
    lines = [(_("文字编码"), report.encoding, report.encoding_evidence), (_("坐标系"), report.crs, report.crs_evidence)]
    rows = "".join(
        f"<tr><td>{escape(title)}&nbsp;&nbsp;</td><td><b>{escape(value)}</b>　{escape(why)}</td></tr>" for title, value, why in lines if value or why
    )
    named = [
        (source, layer.field_by_name[target].title if layer is not None and target in layer.field_by_name else target)
        for source, target in report.columns.items()
        if target
    ]
    unused = [source for source, target in report.columns.items() if not target]
    pairs = "、".join(f"{escape(source)} → <b>{escape(title)}</b>" if source != title else f"<b>{escape(title)}</b>" for source, title in named)
    rows += f"<tr><td>{escape(_('对上的列'))}&nbsp;&nbsp;</td><td>{pairs or escape(_('没有'))}</td></tr>"
    if unused:
        rows += f"<tr><td>{escape(_('没有用到'))}&nbsp;&nbsp;</td><td>{escape('、'.join(unused))}</td></tr>"
    return f"<h3>{escape(_('发现了什么'))}</h3><table cellpadding='2'>{rows}</table>"


def _will(report: ImportReport) -> str:
    words = _("读取 {read} 条：新增 <b>{added}</b>，更新 <b>{changed}</b>，不变 {unchanged}，不能导入 <b>{rejected}</b>。").format(
        read=report.read, added=report.added, changed=report.changed, unchanged=report.unchanged, rejected=len(report.rejected)
    )
    return f"<h3>{escape(_('将会怎样'))}</h3><p>{words}</p>" + _rows(report)


def _rows(report: ImportReport) -> str:
    blocks = []
    if report.warnings:
        blocks.append(f"<p><b>{escape(_('请注意'))}</b></p><ul>" + "".join(f"<li>{escape(one)}</li>" for one in report.warnings) + "</ul>")
    for title, entries in (
        (_("不能导入的行"), [(one.row, one.reason) for one in report.rejected]),
        (_("已修复的行"), [(one.row, one.what) for one in report.repaired]),
    ):
        if entries:
            rows = "".join(f"<tr><td align='right'>{row}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>" for row, text in entries[:_MANY])
            more = _("……还有 {count} 行").format(count=len(entries) - _MANY) if len(entries) > _MANY else ""
            blocks.append(f"<p><b>{escape(title)}</b>（{escape(_('行号：原因'))}）</p><table cellpadding='1'>{rows}</table><p>{escape(more)}</p>")
    return "".join(blocks)
