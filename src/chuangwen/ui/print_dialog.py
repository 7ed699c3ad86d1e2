"""Printing zone maps: which zones, which paper; the preview is the page itself, drawn by the code that prints it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.geo import ROUND_SCALES, scale_text
from chuangwen.errors import Cancelled, UserError
from chuangwen.progress import Progress
from chuangwen.render.output import image, print_pages
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.icons import icon
from chuangwen.ui.session import Session

_CODE = Qt.ItemDataRole.UserRole
_ZOOMS = (1.0, 1.5, 2.2, 3.2)


class PrintDialog(QDialog):
    """Left: zones and paper. Right: the page."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._run: Atlas | None = None
        self._page = 0
        self._zoom = 0
        self._running: Progress | None = None
        self.setWindowTitle(_("打印网格巡查图"))
        self.resize(1120, 720)
        self.zones = QListWidget()
        self._fill_zones()
        self.zones.itemChanged.connect(lambda _item: self.refresh())
        self.paper = QComboBox()
        self.paper.addItems(["A4", "A3"])
        self.paper.setCurrentText(session.settings.paper)
        self.scale = QComboBox()
        self.scale.addItem(_("自动取整"), None)
        for one in ROUND_SCALES[:10]:
            self.scale.addItem(scale_text(one), one)
        self.style_box = QComboBox()
        self.style_box.addItem(_("彩色"), False)
        self.style_box.addItem(_("黑白（激光打印机）"), True)
        for box in (self.paper, self.scale, self.style_box):
            box.currentIndexChanged.connect(lambda _number: self.refresh())
        self.preview = PagePreview()
        self.area = QScrollArea()
        self.area.setWidget(self.preview)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setStyleSheet("QScrollArea { background: #8f8d8a; }")
        self.where = QLabel()
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("reason", True)
        self.bar = QProgressBar()
        self.bar.setFormat("%v / %m")
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        all_button, none_button = QPushButton(_("全选")), QPushButton(_("全不选"))
        all_button.clicked.connect(lambda: self._tick(on=True))
        none_button.clicked.connect(lambda: self._tick(on=False))
        ticks = QHBoxLayout()
        ticks.addWidget(all_button)
        ticks.addWidget(none_button)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_("纸张"), self.paper)
        form.addRow(_("比例尺"), self.scale)
        form.addRow(_("样式"), self.style_box)
        self.one_file = QPushButton(_("存为一个 PDF…"))
        self.one_file.setProperty("main", True)
        self.one_file.clicked.connect(self._save_one)
        self.each_file = QPushButton(_("每个网格一个 PDF…"))
        self.each_file.clicked.connect(self._save_each)
        self.printer = QPushButton(_("打印…"))
        self.printer.clicked.connect(self._print)
        self.cancel = QPushButton(_("取消"))
        self.cancel.clicked.connect(self._stop)
        left = QVBoxLayout()
        left.addWidget(QLabel(_("网格")))
        left.addWidget(self.zones, 1)
        left.addLayout(ticks)
        left.addLayout(form)
        left.addWidget(self.said)
        left.addWidget(self.bar)
        left.addWidget(self.cancel)
        for button in (self.one_file, self.each_file, self.printer):
            left.addWidget(button)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(290)
        before, after = QPushButton(icon("previous"), ""), QPushButton(icon("next"), "")
        before.setToolTip(_("上一页（PageUp）"))
        after.setToolTip(_("下一页（PageDown）"))
        before.setShortcut("PgUp")
        after.setShortcut("PgDown")
        before.clicked.connect(lambda: self.turn(-1))
        after.clicked.connect(lambda: self.turn(1))
        larger, smaller = QPushButton(icon("zoom_in"), ""), QPushButton(icon("zoom_out"), "")
        larger.setShortcut("Ctrl++")
        smaller.setShortcut("Ctrl+-")
        larger.clicked.connect(lambda: self._zoomed(1))
        smaller.clicked.connect(lambda: self._zoomed(-1))
        top = QHBoxLayout()
        top.setContentsMargins(8, 6, 8, 6)
        for button in (before, after):
            top.addWidget(button)
        top.addSpacing(8)
        top.addWidget(self.where, 1)
        for button in (smaller, larger):
            top.addWidget(button)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addLayout(top)
        right.addWidget(self.area, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 10)
        whole.addWidget(side)
        whole.addLayout(right, 1)
        self.bar.hide()
        self.cancel.hide()
        for one in cast("list[QPushButton]", self.findChildren(QPushButton)):
            one.setAutoDefault(False)

    def _fill_zones(self) -> None:
        project = self._session.project
        assert project is not None
        zones = project.features("zone")
        chosen = set(self._session.selection.ids) if self._session.selection.layer == "zone" else set(zones.ids)
        rows = sorted(range(len(zones)), key=lambda at: (str(zones.column("street")[at] or ""), str(zones.column("code")[at] or "")))
        for at in rows:
            item = QListWidgetItem(f"{zones.column('code')[at] or ''}　{zones.column('name')[at] or ''}")
            item.setData(_CODE, str(zones.column("code")[at] or zones.ids[at]))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if zones.ids[at] in chosen else Qt.CheckState.Unchecked)
            self.zones.addItem(item)

    def codes(self) -> list[str]:
        """The ticked zones."""
        items = [self.zones.item(row) for row in range(self.zones.count())]
        return [item.data(_CODE) for item in items if item.checkState() == Qt.CheckState.Checked]

    def request(self) -> Request:
        """What is asked for."""
        return Request("zone", tuple(self.codes()), self.paper.currentText(), self.scale.currentData(), bool(self.style_box.currentData()))

    def _tick(self, *, on: bool) -> None:
        self.zones.blockSignals(True)
        for row in range(self.zones.count()):
            self.zones.item(row).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.zones.blockSignals(False)
        self.refresh()

    # --- preview

    def refresh(self) -> None:
        """Plan the run anew and show its first page."""
        project = self._session.project
        codes = self.codes()
        self.said.clear()
        self._run = None
        if project is not None and codes:
            try:
                self._run = atlas(project, self.request())
            except UserError as error:
                self.said.setText(f"{error.message}{error.hint}")
        ready = self._run is not None
        for button in (self.one_file, self.each_file, self.printer):
            button.setEnabled(ready)
        self._page = min(self._page, len(self._run.pages) - 1) if self._run is not None else 0
        self._show()

    def turn(self, by: int) -> None:
        """Another page."""
        if self._run is not None:
            self._page = min(max(self._page + by, 0), len(self._run.pages) - 1)
            self._show()

    def _zoomed(self, by: int) -> None:
        self._zoom = min(max(self._zoom + by, 0), len(_ZOOMS) - 1)
        self._show()

    def _show(self) -> None:
        if self._run is None:
            self.preview.show_picture(QImage(), QSize(10, 10))
            self.where.setText(_("没有选中网格"))
            return
        page = self._run.pages[self._page]
        self.where.setText(
            _("第 {number} 页 共 {count} 页　{name}　{scale}").format(
                number=self._page + 1, count=len(self._run.pages), name=page.name, scale=scale_text(page.sheet.map.denominator)
            )
        )
        room = self.area.viewport().size() - QSize(24, 24)
        fit = min(room.width() / page.width, room.height() / page.height) * _ZOOMS[self._zoom]
        size = QSize(max(round(page.width * fit), 50), max(round(page.height * fit), 50))
        picture = image(page, fit * self.devicePixelRatioF())
        self.preview.show_picture(picture, size)

    # --- output

    def _save_one(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, _("存为 PDF"), _("网格巡查图.pdf"), "PDF (*.pdf)")
        if name:
            self.save(Path(name if name.lower().endswith(".pdf") else f"{name}.pdf"))

    def _save_each(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("每个网格一个 PDF，存到文件夹"))
        if name:
            self.save(Path(name))

    def save(self, out: Path) -> None:
        """Write the ticked zones on a worker, with a project of its own."""
        project = self._session.project
        assert project is not None
        request, where, actor = self.request(), project.path, project.actor
        told = Progress(lambda done, total, what: self._session.jobs.tell(lambda: self._on_progress(done, total, what)))

        def work(progress: Progress) -> list[Path]:
            own = Project.open(where, actor)
            try:
                return write(own, request, out, told)
            finally:
                own.close()

        self._begin(told)
        self._session.jobs.read(work, lambda files: self._end(_("已写入 {count} 个文件：{name}").format(count=len(files), name=out)), self._failed)

    def _print(self) -> None:
        if self._run is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if not printer.isValid():
            self.said.setText(_("这台电脑没有可用的打印机。请先在系统里添加打印机，或存为 PDF 拿去打印。"))
            return
        if QPrintDialog(printer, self).exec() != QDialog.DialogCode.Accepted:
            return
        told = Progress(self._on_progress)
        self._begin(told)
        try:
            print_pages(printer, self._run.pages, told)
            self._end(_("已送到打印机：{count} 页").format(count=len(self._run.pages)))
        except Cancelled:
            self._end("")
        except UserError as error:
            self._failed(error)

    def _begin(self, progress: Progress) -> None:
        self._running = progress
        self.said.clear()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.cancel.show()
        for button in (self.one_file, self.each_file, self.printer):
            button.setEnabled(False)

    def _on_progress(self, done: int, total: int, _what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _end(self, words: str) -> None:
        self._running = None
        self.bar.hide()
        self.cancel.hide()
        self.said.setText(words)
        for button in (self.one_file, self.each_file, self.printer):
            button.setEnabled(self._run is not None)

    def _failed(self, error: Exception) -> None:
        self._end("")
        if not isinstance(error, UserError):
            raise error
        self.said.setText(f"{error.message}{error.hint}")

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._end(_("已取消，没有留下半个文件。"))

    def reject(self) -> None:
        """Leaving stops what runs."""
        self._stop()
        super().reject()


class PagePreview(QWidget):
    """A page on a grey table, with its shadow."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QImage()

    def show_picture(self, picture: QImage, size: QSize) -> None:
        """Show a page, `size` logical pixels large."""
        self._picture = picture
        self.setFixedSize(size + QSize(6, 6))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        page = QRectF(0, 0, self.width() - 6, self.height() - 6)
        painter.fillRect(page.translated(4, 4), Qt.GlobalColor.darkGray)
        painter.drawImage(page, self._picture)
        painter.end()
