"""What the buttons at the foot ask before anything is put out: a file, a folder, a printer, the order of a packet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from chuangwen.render.paper.page import Atlas
from chuangwen.services.paper.index import INDEX
from chuangwen.services.paper.sheet import Request
from chuangwen.text import _
from chuangwen.ui.printing.choice import Choice
from chuangwen.ui.printing.output_bar import EACH, ONE, PACKET, PRINTER
from chuangwen.ui.printing.outputs import Outputs
from chuangwen.ui.printing.packet_dialog import EACH_GROUP, PRINTED, PacketDialog
from chuangwen.ui.printing.printers import Order, PrinterDialog, devices


class PutOut(QObject):
    """`errors` tells how many the pre-flight has found; `show_errors` lists them."""

    def __init__(self, choice: Choice, outputs: Outputs, errors: Callable[[], int], show_errors: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._choice, self._outputs = choice, outputs
        self._errors, self._show_errors = errors, show_errors

    def ask(self, kind: str, run: Atlas) -> None:
        """One of the four buttons, for the run that is shown."""
        if self._errors() and not self._goes_on(self._errors()):
            return
        title = self._choice.made.template.title
        if kind == ONE:
            self._into_file(title, lambda out: self._outputs.save(run.request, out))
        elif kind == EACH:
            self._into_folder(lambda out: self._outputs.save(run.request, out))
        elif kind == PRINTER:
            self._to_printer(run, self._outputs.print_run)
        elif kind == PACKET:
            self._packet(run)

    def _goes_on(self, errors: int) -> bool:
        """Whether the user wants to go on all the same."""
        words = _("预检发现 {count} 处错误，照这样输出会不对或不全。").format(count=errors)
        box = QMessageBox(QMessageBox.Icon.Warning, _("预检"), words, parent=self._over)
        look = box.addButton(_("先看看"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(_("仍然输出"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(look)
        box.exec()
        if box.clickedButton() is look:
            self._show_errors()
            return False
        return True

    def _into_file(self, title: str, work: Callable[[Path], None]) -> None:
        name, _kind = QFileDialog.getSaveFileName(self._over, _("存为 PDF"), f"{title}.pdf", "PDF (*.pdf)")
        if name:
            work(Path(name if name.lower().endswith(".pdf") else f"{name}.pdf"))

    def _into_folder(self, work: Callable[[Path], None]) -> None:
        name = QFileDialog.getExistingDirectory(self._over, _("选择存放的文件夹"))
        if name:
            work(Path(name))

    def _to_printer(self, run: Atlas, work: Callable[[Request, Order, QPrinter], None]) -> None:
        dialog = PrinterDialog(devices(), run.request.paper, self._choice.made.template.papers, len(run.pages), self._over)
        dialog.paper_asked.connect(self._choice.take_paper)
        if dialog.exec():
            work(self._choice.request() or run.request, dialog.order, dialog.printer())

    def _packet(self, run: Atlas) -> None:
        made = self._choice.made
        can_index = bool(made.subject) and made.id != INDEX and any(sheet.maps for sheet in run.sheets)
        dialog = PacketDialog(run.request, len(run.sheets), can_index=can_index, can_compare=self._choice.can_compare, parent=self._over)
        if not dialog.exec():
            return
        asked = dialog.order
        if dialog.where == PRINTED:
            self._to_printer(run, lambda request, order, printer: self._outputs.print_packet(asked.on(request), order, printer))
        elif dialog.where == EACH_GROUP:
            self._into_folder(lambda out: self._outputs.save_packet(asked, out))
        else:
            self._into_file(_("{product}巡查包").format(product=self._choice.made.template.title), lambda out: self._outputs.save_packet(asked, out))
