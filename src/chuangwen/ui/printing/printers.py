"""The printers of this computer, and what can be asked of one before anything is sent to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from chuangwen.services.paper.frames import PAPERS
from chuangwen.text import _
from chuangwen.ui.parts import button, words
from chuangwen.ui.small_dialogs import FormDialog

_SIZES = {QPageSize.PageSizeId[name]: name for name in PAPERS}
_DUPLEX = {
    "": QPrinter.DuplexMode.DuplexNone,
    "long": QPrinter.DuplexMode.DuplexLongSide,
    "short": QPrinter.DuplexMode.DuplexShortSide,
}


@dataclass(frozen=True, slots=True)
class Device:
    """A printer. `papers`: names of ours that it has (empty: it does not say); `both_sides`: whether it turns the paper over; `trays`: number and name."""

    name: str
    papers: frozenset[str] = frozenset()
    both_sides: bool = False
    trays: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the printer. `duplex`: '', long or short side; `fresh`: each sheet begins on a new leaf; `pages`: `1-5,8`, '' all."""

    device: str
    copies: int = 1
    duplex: str = ""
    fresh: bool = True
    pages: str = ""
    tray: int = 0


def devices() -> list[Device]:
    """The printers that the system knows, its own choice first."""
    found = sorted(QPrinterInfo.availablePrinters(), key=lambda one: not one.isDefault())
    return [_device(one) for one in found]


def _device(info: QPrinterInfo) -> Device:
    papers = frozenset(_SIZES[size.id()] for size in info.supportedPageSizes() if size.id() in _SIZES)
    both = any(mode in (QPrinter.DuplexMode.DuplexLongSide, QPrinter.DuplexMode.DuplexAuto) for mode in info.supportedDuplexModes())
    sources: list[Any] = getattr(QPrinter(info), "supportedPaperSources", list)()  # Windows alone names its trays
    return Device(info.printerName(), papers, both, tuple((int(source.value), source.name) for source in sources))


def printer_for(order: Order, made: QPrinter | None = None) -> QPrinter:
    """Qt's printer, set as ordered (`made`: one that the driver's dialog has set before). Its page is set sheet by sheet."""
    if made is None or made.printerName() != order.device:
        made = QPrinter(QPrinterInfo.printerInfo(order.device), QPrinter.PrinterMode.HighResolution)
    made.setCopyCount(order.copies)
    made.setCollateCopies(True)
    made.setDuplex(_DUPLEX[order.duplex])
    if order.tray:
        made.setPaperSource(QPrinter.PaperSource(order.tray))
    return made


class PrinterDialog(FormDialog):
    """`paper_asked`: the sheets on another paper, which this printer has."""

    paper_asked = Signal(str)

    def __init__(self, found: list[Device], paper: str, offered: tuple[str, ...], pages: int, parent: QWidget | None = None) -> None:
        super().__init__(_("打印"), parent, 460)
        self._found, self._paper, self._offered = found, paper, offered
        self._printer: QPrinter | None = None
        self.device, self.duplex, self.tray = QComboBox(), QComboBox(), QComboBox()
        self.device.addItems([one.name for one in found])
        for name, title in (("", _("单面")), ("long", _("双面，长边翻")), ("short", _("双面，短边翻"))):
            self.duplex.addItem(title, name)
        self.fresh = QCheckBox(_("每幅图从新的一张纸开始"))
        self.fresh.setChecked(True)
        self.copies = QSpinBox(minimum=1, maximum=99)
        self.copies.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.pages = QLineEdit(placeholderText=_("全部 {count} 页；或 1-5,8,11-").format(count=pages))
        self.more = button(_("打印机属性…"))
        self.more.clicked.connect(self._more)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.device, 1)
        row.addWidget(self.more)
        self.sheet = words("", wrap=True)
        self.other = button("", "link")
        self.other.clicked.connect(self._take_other)
        self.rows.addRow(_("打印机"), row)
        self.rows.addRow(_("纸张"), self.sheet)
        self.rows.addRow("", self.other)
        self.rows.addRow(_("纸盒"), self.tray)
        self.rows.addRow(_("双面"), self.duplex)
        self.rows.addRow("", self.fresh)
        self.rows.addRow(_("份数"), self.copies)
        self.rows.addRow(_("页码"), self.pages)
        self.ok.setText(_("打印"))
        self.device.currentIndexChanged.connect(lambda _row: self._show())
        self.duplex.currentIndexChanged.connect(lambda _row: self.fresh.setEnabled(bool(self.duplex.currentData())))
        self._show()

    @property
    def order(self) -> Order:
        """What was chosen."""
        duplex = self.duplex.currentData() if self.duplex.isEnabled() else ""
        return Order(self.device.currentText(), self.copies.value(), duplex, self.fresh.isChecked(), self.pages.text().strip(), self.tray.currentData() or 0)

    def printer(self) -> QPrinter:
        """The printer as it was set here and in the system's dialog."""
        return printer_for(self.order, self._printer)

    def _show(self) -> None:
        at = self.device.currentIndex()
        there = 0 <= at < len(self._found)
        for part in (self.device, self.more, self.tray, self.duplex, self.copies, self.pages, self.ok):
            part.setEnabled(there)
        if not there:
            self.refuse(_("这台电脑没有可用的打印机。请先在系统里添加打印机，或存为 PDF 拿去打印。"))
            self.fresh.setEnabled(False)
            self.sheet.setText(self._paper)
            self.other.hide()
            self.rows.setRowVisible(self.tray, False)
            return
        device = self._found[at]
        self.tray.clear()
        self.tray.addItem(_("由打印机选"), 0)
        for number, name in device.trays:
            self.tray.addItem(name, number)
        self.rows.setRowVisible(self.tray, bool(device.trays))
        self.duplex.setEnabled(device.both_sides)
        self.duplex.setToolTip("" if device.both_sides else _("这台打印机不能自动双面打印。"))
        self.fresh.setEnabled(device.both_sides and bool(self.duplex.currentData()))
        self._check_paper(device)

    def _check_paper(self, device: Device) -> None:
        """Whether the sheets' paper is in the printer; where not, which other would do."""
        lacking = bool(device.papers) and self._paper not in device.papers
        instead = next((name for name in self._offered if name in device.papers), "") if lacking else ""
        self.other.setVisible(bool(instead))
        self.other.setProperty("paper", instead)
        self.other.setText(_("改用 {paper} 重新排版").format(paper=instead))
        self.said.setVisible(lacking)
        if lacking:
            hint = _("可以改用 {paper}，或换一台打印机。").format(paper=instead) if instead else _("请换一台打印机，或存为 PDF 拿去打印。")
            self.refuse(_("“{device}”没有 {paper} 纸，照印会被裁掉一部分。").format(device=device.name, paper=self._paper) + hint)
        self.sheet.setText(self._paper)

    def _take_other(self) -> None:
        self._paper = str(self.other.property("paper"))
        self.pages.setPlaceholderText(_("全部；或 1-5,8,11-"))
        self.paper_asked.emit(self._paper)
        self._show()

    def _more(self) -> None:
        """The system's own dialog, for what only the driver knows."""
        self._printer = printer_for(self.order, self._printer)
        QPrintDialog(self._printer, self).exec()
